#pragma once
/// A trained model with its weights rounded after training: what few bits cost without training for them.

#include "core/model/linear_model.h"
#include "core/quant/grid_spec.h"

namespace zipml {

/// Each weight of scaled features is the nearest of at most 2^bits levels, which are placed for each score's
/// weights; intercepts stay. @param bits 1..8 @throws InputError where the levels cannot be placed so
LinearModel roundedModel(LinearModel model, int bits, const GridSpec& grid);

} // namespace zipml
