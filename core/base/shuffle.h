#pragma once
/// Seeded permutations.

#include "core/base/random.h"

#include <span>
#include <vector>

namespace zipml {

/// A uniformly random order of 0 .. count - 1 (Fisher-Yates), the same for equal (seed, purpose, epoch).
std::vector<std::uint32_t> shuffledIndices(std::size_t count, std::uint64_t seed, Purpose purpose,
                                           std::uint32_t epoch = 0);

} // namespace zipml
