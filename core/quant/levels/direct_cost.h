#pragma once
/// Interval costs as sums of terms that are never negative, so that nothing cancels however far apart the
/// values are (stretch.h): V(i, j) to about 1e-15 of itself. In O(1), but ten times as slow as IntervalCost.
///
/// Stretches are kept from each value to both ends of its block, and from each block to the middles of the
/// 2, 4, 8, ... blocks that it is among (a disjoint sparse table), so that four of them cover any range.

#include "core/quant/levels/interval_cost.h"
#include "core/quant/levels/stretch.h"

#include <memory>

namespace zipml {

class DirectCost {
  public:
    /// Of the same data and candidates.
    explicit DirectCost(const IntervalCost& cost);
    /// A choice of another cost's candidates, over the same data.
    DirectCost(const DirectCost& all, std::span<const std::uint32_t> chosen);

    [[nodiscard]] std::size_t size() const { return position_.size(); }
    [[nodiscard]] std::span<const double> positions() const { return position_; }
    /// V(i, j), i <= j.
    [[nodiscard]] double operator()(std::size_t i, std::size_t j) const;
    /// Sum of the distances from candidate i, of the data above it and up to candidate j.
    [[nodiscard]] double distanceAbove(std::size_t i, std::size_t j) const;
    /// Sum of the distances from candidate j, of the data between it and candidate i.
    [[nodiscard]] double distanceBelow(std::size_t i, std::size_t j) const;

  private:
    /// Adds up part(stretch) over the data between two candidates.
    template <class Part>
    double sumOver(std::size_t i, std::size_t j, const Part& part) const;

    /// The distinct values, with what is known of them.
    struct Values {
        std::vector<double> place, count;
        std::vector<Stretch> toEnd, fromBegin;    ///< a value: to its block's end, from its block's begin
        std::vector<std::vector<Stretch>> blocks; ///< [level][block]: to or from the middle
    };
    static constexpr std::size_t kBlock = 32;

    static Values valuesOf(std::span<const float> sorted);

    std::shared_ptr<const Values> values_;
    std::vector<double> position_;
    std::vector<std::uint32_t> above_; ///< a candidate's: the first value above it
    std::vector<std::uint32_t> upTo_;  ///< a candidate's: one past the last value below it
};

} // namespace zipml
