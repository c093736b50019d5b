#pragma once
/// The comparison by bits shows how many bits are enough for data: full precision, and the estimators without
/// bias at a few widths.

#include "core/lab/run_spec.h"

#include <vector>

namespace zipml {

/// Full precision first, then double sampling and, where it goes with the loss, the corrected estimator, at
/// 8, 4, 3 and 2 bits each. What of the settings does not go with these becomes the usual.
/// @param grid how levels are placed @throws InputError where the settings do not go at all
std::vector<RunSpec> bitComparison(const RunSpec& settings, const GridSpec& grid);

/// Full precision, naive rounding and double sampling at the settings' bits (4 where they are not quantized): what
/// biased rounding does. @throws InputError where the settings do not go at all
std::vector<RunSpec> biasComparison(const RunSpec& settings);

} // namespace zipml
