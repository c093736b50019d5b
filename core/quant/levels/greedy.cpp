#include "core/quant/levels/greedy.h"

#include "core/quant/levels/candidates.h"
#include "core/quant/levels/optimal.h"

#include <algorithm>
#include <numeric>

namespace zipml {
namespace {

/// From one end to the next.
struct SummedInterval {
    std::uint32_t end;
    double cost = 0;
};

/// Joins by the sums of IntervalCost.
class SummedJoin {
  public:
    using Interval = SummedInterval;
    explicit SummedJoin(const IntervalCost& cost) : cost_(cost) {}
    /// @param begin of the left one
    [[nodiscard]] Interval operator()(std::uint32_t begin, const Interval& /*left*/,
                                      const Interval& right) const {
        return {right.end, cost_(begin, right.end)};
    }

  private:
    const IntervalCost& cost_;
};

/// With the data strictly between the ends: their number and the sums of their distances from either end.
struct DirectInterval {
    std::uint32_t end;
    double cost = 0;
    double count = 0, above = 0, below = 0;
};

/// Joins without cancellation, as in stretch.h.
class DirectJoin {
  public:
    using Interval = DirectInterval;
    explicit DirectJoin(const IntervalCost& cost) : place_(cost.positions()), count_(place_.size()) {
        std::size_t at = 0;
        for (const float value : cost.sorted()) {
            at += double{value} > place_[at] ? 1U : 0U;
            count_[at] += 1;
        }
    }
    [[nodiscard]] Interval operator()(std::uint32_t begin, const Interval& left,
                                      const Interval& right) const {
        const double toLeft = place_[left.end] - place_[begin];
        const double toRight = place_[right.end] - place_[left.end];
        const double between = count_[left.end];
        return {right.end,
                left.cost + toRight * left.above + right.cost + toLeft * right.below +
                    between * toLeft * toRight,
                left.count + between + right.count,
                left.above + between * toLeft + right.above + toLeft * right.count,
                right.below + between * toRight + left.below + toRight * left.count};
    }

  private:
    std::span<const double> place_;
    std::vector<double> count_; ///< of the values at each place
};

/// The ends after merging, and their cost.
struct Merged {
    std::vector<std::uint32_t> ends;
    double cost = 0;
};

template <class Join>
Merged merge(const IntervalCost& cost, std::size_t intervals) {
    const std::size_t kept = 2 * intervals; // K = (1 + gamma) k with gamma = 1, for the factor 1 + 1/gamma
    const Join join(cost);
    std::vector<typename Join::Interval> parts(cost.size() - 1);
    for (std::size_t i = 0; i < parts.size(); ++i)
        parts[i].end = static_cast<std::uint32_t>(i + 1);
    std::vector<typename Join::Interval> joined;
    std::vector<double> order;
    while (parts.size() > 2 * kept + 1) {
        const std::size_t pairs = parts.size() / 2;
        joined.resize(pairs);
        order.resize(pairs);
        std::uint32_t begin = 0;
        for (std::size_t p = 0; p < pairs; ++p) {
            joined[p] = join(begin, parts[2 * p], parts[2 * p + 1]);
            order[p] = joined[p].cost;
            begin = joined[p].end;
        }
        const auto threshold = order.begin() + static_cast<std::ptrdiff_t>(kept - 1);
        std::nth_element(order.begin(), threshold, order.end(), std::greater{});
        // Exactly `kept` pairs stay split: all above the threshold, and of those on it as many as fit.
        auto onThreshold =
            static_cast<std::ptrdiff_t>(kept) -
            std::count_if(order.begin(), threshold, [&](double each) { return each > *threshold; });
        std::size_t out = 0;
        for (std::size_t p = 0; p < pairs; ++p) {
            const double each = joined[p].cost;
            if (each > *threshold || (each == *threshold && onThreshold-- > 0)) {
                parts[out++] = parts[2 * p];
                parts[out++] = parts[2 * p + 1];
            } else {
                parts[out++] = joined[p];
            }
        }
        if (parts.size() % 2 == 1)
            parts[out++] = parts.back(); // an odd last interval stays
        parts.resize(out);
    }
    Merged result{{0}, 0};
    for (const auto& part : parts) {
        result.ends.push_back(part.end);
        result.cost += part.cost;
    }
    return result;
}

} // namespace

std::vector<std::uint32_t> greedyLevels(const IntervalCost& cost, std::size_t intervals) {
    constexpr double kTolerance = 1e-6;
    Merged merged = merge<SummedJoin>(cost, intervals);
    if (cost.noise() * static_cast<double>(merged.ends.size()) > kTolerance * merged.cost)
        merged = merge<DirectJoin>(cost, intervals);
    return std::move(merged.ends);
}

std::vector<double> greedyPlacement(std::span<const float> sorted, std::size_t levels,
                                    std::span<const double> also) {
    const IntervalCost all(sorted);
    if (all.size() <= levels || levels < 3)
        return levelsOf(all, optimalLevels(all, levels));
    const auto points = withNeighbours(levelsOf(all, greedyLevels(all, levels - 1)), sorted, also);
    const IntervalCost ends(sorted, points);
    const auto path = optimalLevels(ends, levels);
    const double cost = totalCost(ends, path);
    const double saved =
        totalCost(ends, optimalLevels(ends, levels - 1)) - totalCost(ends, optimalLevels(ends, levels + 1));
    if (all.noise() > 1e-3 * cost || cost > 2 * leastCostAbove(all, levels - 1, saved / 2))
        return levelsOf(all, optimalLevels(all, levels));
    return levelsOf(ends, path);
}

} // namespace zipml
