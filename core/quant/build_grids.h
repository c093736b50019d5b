#pragma once
/// From data to grids: the levels of each feature, placed as a GridSpec says.

#include "core/base/job.h"
#include "core/base/parallel.h"
#include "core/data/dataset.h"
#include "core/quant/grid.h"
#include "core/quant/grid_spec.h"

namespace zipml {

/// A grid of at most `levels` >= 2 levels over the values' range. One value only: one level.
/// @param sorted ascending, not empty
Grid placeLevels(std::span<const float> sorted, const GridSpec& spec, std::size_t levels);

/// One grid a feature with up to 2^bits levels, from the data; levels that are not uniform stand on fine steps
/// (Grid::onFineSteps), so that what integer kernels read is what values were rounded to.
/// @param bits 1..16
/// @param shared one grid for all features, over all values together
std::vector<Grid> buildGrids(const Dataset& data, const GridSpec& spec, int bits, bool shared,
                             ThreadTeam& team, const Job& job = {});

/// Mean over all rows of each feature's rounding variance: the diagonal Dbar of method.md 3.7.
std::vector<double> meanRoundingVariance(const Dataset& data, std::span<const Grid> grids, ThreadTeam& team,
                                         const Job& job = {});
/// The same over some rows.
std::vector<double> meanRoundingVariance(const Dataset& data, std::span<const std::uint32_t> rows,
                                         std::span<const Grid> grids);

} // namespace zipml
