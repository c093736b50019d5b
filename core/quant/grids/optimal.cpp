#include "core/quant/levels/optimal.h"
#include "core/quant/grids/rows.h"

namespace zipml {
namespace {

std::vector<double> exactly(std::span<const float> sorted, const GridSpec& /*spec*/, std::size_t levels) {
    const IntervalCost cost(sorted);
    return levelsOf(cost, optimalLevels(cost, levels));
}

std::vector<double> allValues(std::span<const float> sorted, const GridSpec& /*spec*/,
                              std::size_t /*levels*/) {
    const IntervalCost all(sorted);
    return {all.positions().begin(), all.positions().end()};
}

} // namespace

constinit const GridPlacement kOptimalGrid{
    .name = "optimal",
    .title = "Variance-optimal",
    .summary = "The levels with the least mean rounding variance on the data, exactly.",
    .place = exactly,
    .points = allValues,
};

} // namespace zipml
