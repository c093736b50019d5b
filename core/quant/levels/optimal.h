#pragma once
/// Variance-optimal levels, exactly (docs/method.md#s5-3 and #s16).

#include "core/quant/levels/interval_cost.h"

namespace zipml {

/// Indices of at most `levels` candidates, the first and the last among them, with the least total cost.
///
/// The cost satisfies the quadrangle inequality, so the least cost T(k) of k intervals is convex in k, and
/// k intervals are found by charging a price for each: one pass finds the best path at a price, in about
/// O(N) (Galil and Park 1992), and a search over the price meets k (Aggarwal, Schieber, Tokuyama 1994, whose
/// path swap settles ties). The price is guessed on a subset of the candidates first, so that the whole set
/// needs one or two passes. Where the sums' rounding errors could cost more than 3e-10 of the least cost, as
/// beside a value that is far from all others, the search runs again on DirectCost.
/// @param levels at least 2, or at least 1 when there is one candidate
std::vector<std::uint32_t> optimalLevels(const IntervalCost& cost, std::size_t levels);

/// A bound that no `intervals` intervals have less cost than, from any price of an interval; the nearer the
/// price is to what one interval more saves, the closer.
double leastCostAbove(const IntervalCost& cost, std::size_t intervals, double price);

} // namespace zipml
