#pragma once
/// The levels of a run in memory, with the arithmetic that reads them.

#include "core/base/job.h"
#include "core/lab/arithmetic_choice.h"
#include "core/quant/grid.h"
#include "core/quant/place_levels.h"

#include <functional>
#include <vector>

namespace zipml {

class ThreadTeam;

struct LevelsFor {
    ArithmeticChoice arithmetic; ///< final
    std::vector<Grid> grids;     ///< one a feature
    std::vector<Grid> exact;     ///< where `grids` are on integers' fine steps: as they were before
};

/// @param at with the training rows
LevelsFor levelsFor(Situation at, ThreadTeam& team, const Job& job);
/// The same where somebody else places the levels. @param at with the training rows' number and width
LevelsFor levelsFor(Situation at, const std::function<std::vector<Grid>(LevelPlaces)>& place);

} // namespace zipml
