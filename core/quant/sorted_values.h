#pragma once
/// Values, sorted, with sums of every 64 of them: their histogram follows in O(log N) an edge, the rounding
/// variance on any levels in O(N / 64), and nothing cancels (levels/stretch.h). What the screen needs while a
/// level is dragged.

#include "core/base/job.h"
#include "core/base/parallel.h"
#include "core/data/dataset.h"
#include "core/quant/grid.h"
#include "core/quant/levels/stretch.h"

#include <optional>
#include <span>
#include <vector>

namespace zipml {

class SortedValues {
  public:
    /// Sorts them. @param values finite, at least one
    SortedValues(std::vector<float> values, ThreadTeam& team, const Job& job = {});

    [[nodiscard]] std::span<const float> values() const { return values_; }
    [[nodiscard]] std::size_t size() const { return values_.size(); }
    [[nodiscard]] double low() const { return double{values_.front()}; }
    [[nodiscard]] double high() const { return double{values_.back()}; }

    /// How many are less than `value`.
    [[nodiscard]] std::size_t countBelow(double value) const;
    /// How many lie in each of `bins` >= 1 equally wide bins from `low` to `high` > `low`. A value on an edge
    /// counts to the right of it, but at `high` to the left.
    [[nodiscard]] std::vector<std::size_t> histogram(double low, double high, std::size_t bins) const;
    /// Mean of (upper level - x)(x - lower level), docs/method.md#eq1 and #eq11. A value outside the levels
    /// is clamped to the nearest, as in Grid, and counts 0. @param levels strictly increasing, at least one
    [[nodiscard]] double meanRoundingVariance(std::span<const double> levels) const;

  private:
    /// Of sorted values begin to end, between two neighbouring levels.
    [[nodiscard]] double varianceBetween(double lower, double upper, std::size_t begin,
                                         std::size_t end) const;

    /// Sums are kept for every so many values: a little memory, and a level adds up few values.
    static constexpr std::size_t kStride = 64;

    std::vector<float> values_;
    std::vector<Stretch> blocks_; ///< of kStride values each, the last ones left out
};

/// One feature's values, or with no feature all of them; at most about `most`, from rows that are equally far
/// apart.
std::vector<float> valuesOf(const Dataset& data, std::optional<std::size_t> feature, std::size_t most,
                            ThreadTeam& team, const Job& job = {});

/// Mean rounding variance of uniform levels from the least to the greatest value, by bits: a yardstick for
/// other levels.
class UniformYardstick {
  public:
    static constexpr int kMostBits = 16;

    explicit UniformYardstick(const SortedValues& values);
    /// The bits b at which 2^b uniform levels have this variance: between whole ones on a log scale.
    /// @return 1 to kMostBits, or 0 where 1 bit has less; kMostBits where all values are equal
    [[nodiscard]] double bitsOf(double variance) const;

  private:
    std::vector<double> variances_; ///< at 1, 2, ... bits; empty where all values are equal
};

} // namespace zipml
