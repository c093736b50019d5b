#pragma once
/// The rows of the table of placements, one a file of this folder; grids.def lists them.

#include "core/quant/place_levels.h"

namespace zipml {

#define GRID(row) extern const GridPlacement row;
#include "core/quant/grids/grids.def"
#undef GRID

} // namespace zipml
