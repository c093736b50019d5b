#pragma once
/// Almost-linear placement of levels by greedy merging (method.md 5.5).

#include "core/quant/levels/interval_cost.h"

namespace zipml {

/// Starts from an interval between every two neighbouring candidates and merges pairs, but not the costliest,
/// until at most 4 * intervals + 1 are left.
/// @return the ends, as candidates' indices. Their cost is at most twice the least cost of `intervals`
/// intervals.
std::vector<std::uint32_t> greedyLevels(const IntervalCost& cost, std::size_t intervals);

} // namespace zipml
