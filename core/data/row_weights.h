#pragma once
/// Row weights say how much each row counts: a row of weight 2 is two equal rows.

#include "core/data/dataset.h"

#include <cstdint>

namespace zipml {

/// Repeats each row as often as its weight says, beside the least weight above 0; rows of weight 0 go. Losses
/// are means over rows, so that only the weights' ratios count.
/// @param memoryLimitBytes 0: what the machine has available
/// @throws InputError where the ratios are no whole numbers up to 1,000, or the rows do not fit into memory.
void repeatByWeight(Dataset& data, std::uint64_t memoryLimitBytes = 0);

} // namespace zipml
