#pragma once
/// Values, sorted, with running sums: their histogram and the rounding variance on any levels follow in
/// O(log N) an edge or level, whatever N is. What the screen needs while a level is dragged.

#include "core/base/job.h"
#include "core/base/parallel.h"
#include "core/data/dataset.h"
#include "core/quant/grid.h"

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
    /// Mean of (upper level - x)(x - lower level), method.md (1) and (11). A value outside the levels is
    /// clamped to the nearest, as in Grid, and counts 0. @param levels strictly increasing, at least one
    [[nodiscard]] double meanRoundingVariance(std::span<const double> levels) const;

  private:
    /// Count, sum and sum of squares of values[0, count), about centre_.
    struct Sums {
        double count, sum, squares;
    };
    [[nodiscard]] Sums sumsOf(std::size_t count) const;

    /// Running sums are kept for every so many values: a little memory, and a level adds up few values.
    static constexpr std::size_t kStride = 64;

    std::vector<float> values_;
    double centre_ = 0; ///< sums are of distances from it: a large common part does not cancel
    std::vector<double> sums_, squares_; ///< of the first i * kStride values
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
