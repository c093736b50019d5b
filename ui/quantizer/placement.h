#pragma once
/// A placement is where a strategy puts its levels among values.

#include "core/quant/grid_spec.h"
#include "core/quant/sorted_values.h"

#include <vector>

namespace zipml::ui {

struct Placement {
    GridKind kind = GridKind::Uniform;
    int bits = 0;
    std::vector<double> levels;
    double meanVariance = 0; ///< squared units of the values
};

/// Those that place levels by the values: all but levels by hand.
const std::vector<Named<GridKind>>& strategies();

/// Takes its time: for a background job.
Placement placementOf(GridKind kind, int bits, const SortedValues& values);

/// The levels of a grid, as a list.
std::vector<double> levelsOf(const Grid& grid);

} // namespace zipml::ui
