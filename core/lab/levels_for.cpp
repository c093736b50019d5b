#include "core/lab/levels_for.h"

#include "core/quant/build_grids.h"

#include <algorithm>

namespace zipml {

LevelsFor levelsFor(Situation at, ThreadTeam& team, const Job& job) {
    return levelsFor(at, [&](LevelPlaces places) {
        return buildGrids(*at.train, at.spec.grid, at.spec.bits, at.spec.sharedGrid, team, job, places);
    });
}

LevelsFor levelsFor(Situation at, const std::function<std::vector<Grid>(LevelPlaces)>& place) {
    LevelsFor found{{}, place(LevelPlaces::Floats), {}};
    at.grids = found.grids;
    found.arithmetic = arithmeticOf(at);
    if (found.arithmetic.taken == Arithmetic::Integer &&
        !std::ranges::all_of(found.grids, &Grid::isUniform)) {
        found.exact = std::move(found.grids);
        found.grids = place(LevelPlaces::FineSteps);
    }
    return found;
}

} // namespace zipml
