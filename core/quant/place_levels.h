#pragma once
/// Places the levels of one feature as a GridSpec says.

#include "core/quant/grid.h"
#include "core/quant/grid_spec.h"

#include <span>

namespace zipml {

/// Where levels that are not uniform may stand: on any float, or on the Grid::kFineSteps equal steps of the
/// range that integer kernels read.
enum class LevelPlaces { Floats, FineSteps };

/// A grid of at most `levels` >= 2 levels over the values' range. One value only: one level.
///
/// Optimal, candidates and greedy choose among the places for the least mean rounding variance, candidates
/// and greedy among few of them, which include those beside uniform levels: none is worse than uniform ones.
/// On fine steps the places are those beside the values; quantile, Lloyd-Max and logarithmic levels move to
/// the nearest step, and those that fall together become one.
/// @param sorted ascending, not empty
Grid placeLevels(std::span<const float> sorted, const GridSpec& spec, std::size_t levels,
                 LevelPlaces places = LevelPlaces::Floats);

/// Whether a placement seeks the least mean rounding variance, so that uniform levels never have less.
bool minimizesVariance(GridKind kind);

} // namespace zipml
