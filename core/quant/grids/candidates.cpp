#include "core/quant/levels/candidates.h"
#include "core/quant/grids/rows.h"
#include "core/quant/levels/optimal.h"

namespace zipml {
namespace {

/// Those beside uniform levels too, so that none is worse than these.
std::vector<double> pointsAmong(std::span<const float> sorted, const GridSpec& spec, std::size_t levels) {
    return withNeighbours(candidatePoints(sorted, spec.candidates), sorted, uniformLevels(sorted, levels));
}

std::vector<double> amongCandidates(std::span<const float> sorted, const GridSpec& spec, std::size_t levels) {
    const IntervalCost cost(sorted, pointsAmong(sorted, spec, levels));
    return levelsOf(cost, optimalLevels(cost, levels));
}

} // namespace

constinit const GridPlacement kCandidatesGrid{
    .name = "candidates",
    .title = "Optimal on candidates",
    .summary =
        "The best levels among M of the values, dense where rounding costs most: faster, nearly optimal.",
    .place = amongCandidates,
    .points = pointsAmong,
};

} // namespace zipml
