#pragma once
/// Almost-linear placement of levels by greedy merging (docs/method.md#s5-5).

#include "core/quant/levels/interval_cost.h"

namespace zipml {

/// Starts from an interval between every two neighbouring values and merges pairs, but not the costliest,
/// until at most 4 * intervals + 1 are left. Where the sums of `cost` are too noisy for that, costs are added
/// up without cancellation.
/// @param cost every distinct value is a candidate
/// @return the ends, as candidates' indices. Their cost is at most twice the least cost of `intervals`
/// intervals.
std::vector<std::uint32_t> greedyLevels(const IntervalCost& cost, std::size_t intervals);

/// At most `levels` levels whose cost is at most twice the least of so many: the best ones among the ends
/// that merging leaves and the values beside `also`, or the optimum where a bound does not show that.
/// @param also positions within the data's range, ascending
std::vector<double> greedyPlacement(std::span<const float> sorted, std::size_t levels,
                                    std::span<const double> also);

} // namespace zipml
