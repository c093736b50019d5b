#include "core/quant/levels/greedy.h"
#include "core/quant/grids/rows.h"
#include "core/quant/levels/candidates.h"

namespace zipml {
namespace {

std::vector<double> merged(std::span<const float> sorted, const GridSpec& /*spec*/, std::size_t levels) {
    return greedyPlacement(sorted, levels, uniformLevels(sorted, levels));
}

std::vector<double> endsOfMerged(std::span<const float> sorted, const GridSpec& /*spec*/,
                                 std::size_t levels) {
    const IntervalCost all(sorted);
    return withNeighbours(levelsOf(all, greedyLevels(all, levels - 1)), sorted,
                          uniformLevels(sorted, levels));
}

} // namespace

constinit const GridPlacement kGreedyGrid{
    .name = "greedy",
    .title = "Greedy",
    .summary =
        "Intervals are merged greedily, then the best levels among their ends are taken: at most twice the "
        "least variance.",
    .place = merged,
    .points = endsOfMerged,
};

} // namespace zipml
