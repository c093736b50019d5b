#pragma once
/// Rounds one row of scaled values to level indices. The scalar reference for every store builder.

#include "core/base/random.h"
#include "core/quant/grid.h"
#include "core/quant/rounding.h"

#include <span>

namespace zipml {

/// @param stream draws for this copy; unused for nearest rounding (ties go up)
/// @param indices one level index a feature
void roundRow(std::span<const float> row, std::span<const Grid> grids, Rounding rounding,
              const RandomStream& stream, std::uint32_t rowIndex, std::span<std::uint32_t> indices);

} // namespace zipml
