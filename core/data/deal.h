#pragma once
/// The random order in which rows are dealt, so that rows that lie side by side make a fair minibatch
/// whatever the order of the file.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace zipml {

/// Row i of the result is row order[i] of the file. The same order for every seed: what a seed changes is the
/// order of the minibatches.
/// @param block of `rows` rows, where a file is too large to be dealt in one go
std::vector<std::uint32_t> dealtOrder(std::size_t rows, std::uint32_t block = 0);

} // namespace zipml
