#pragma once
/// A grid: the levels that the values of one feature are rounded to (docs/method.md#s2). Whoever decodes a
/// code takes level(index) as it is, in double: rounding is unbiased for these levels, and not for the
/// nearest floats, which far from 0 differ from equally spaced levels by more than the noise.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace zipml {

/// Strictly increasing levels, in the feature's scaled units. Cheap to copy: copies share their levels.
class Grid {
  public:
    /// One level, at 0.
    Grid() = default;
    /// `levels` >= 2 equally spaced levels from `low` to `high`; one level where low == high.
    static Grid uniform(double low, double high, std::uint32_t levels);
    /// @param levels strictly increasing, at least one
    explicit Grid(std::vector<double> levels);

    /// This many steps make the range of a table of levels that integer kernels can read.
    static constexpr double kFineSteps = 65'535;
    /// The number of the fine step that is nearest to a level. Not of a single level.
    [[nodiscard]] double fineStep(std::uint32_t index) const;
    /// How far integer kernels would move a level at most, as a share of the shorter gap beside it; 0 where
    /// levels were placed on the fine steps, or are uniform.
    [[nodiscard]] double fineStepError() const;

    [[nodiscard]] std::uint32_t levels() const { return intervals_ + 1; }
    [[nodiscard]] double low() const { return low_; }
    [[nodiscard]] double high() const { return high_; }
    [[nodiscard]] double level(std::uint32_t index) const {
        if (levels_)
            return (*levels_)[index];
        return index == intervals_ ? high_ : low_ + index * gap_; // the sum may miss a small `high`
    }
    /// Whether level(i) is low() + i * gap(), and the last one high(), which needs no table.
    [[nodiscard]] bool isUniform() const { return !levels_; }
    /// Whether both have one and the same table of levels, as the grids that all features share do.
    [[nodiscard]] bool sharesLevelsWith(const Grid& other) const {
        return levels_ && levels_ == other.levels_;
    }
    /// Distance between neighbouring levels. Uniform grids only.
    [[nodiscard]] double gap() const { return gap_; }
    /// What a distance is multiplied with to count it in intervals; 0 for one level. Uniform grids only.
    [[nodiscard]] double intervalsPerUnit() const { return intervalsPerUnit_; }

    /// Where a value lies: between level(index) and level(index + 1), at `fraction` in [0, 1] of the way.
    struct Position {
        std::uint32_t index;
        double fraction;
    };
    /// Values outside [low, high] are clamped to it.
    [[nodiscard]] Position locate(double value) const;
    /// Var Q(value) = (upper level - value)(value - lower level), docs/method.md#eq1.
    [[nodiscard]] double roundingVariance(double value) const;

  private:
    double low_ = 0, high_ = 0, gap_ = 0, intervalsPerUnit_ = 0;
    std::uint32_t intervals_ = 0;
    std::shared_ptr<const std::vector<double>> levels_; ///< null: uniform
};

/// Bytes that decoding needs beside the codes: two floats a uniform grid, one a level of any other; features
/// that share levels follow one another.
std::uint64_t codebookBytes(std::span<const Grid> grids);

} // namespace zipml
