#pragma once
/// Many draws at once, with the fastest instruction set.

#include "core/base/random.h"

#include <span>

namespace zipml {

/// The words of columns 4 * firstBlock, 4 * firstBlock + 1, ... of a row, as RandomStream::words gives them.
void fillRandomWords(const RandomStream& stream, std::uint32_t row, std::uint32_t firstBlock,
                     std::span<std::uint32_t> words);
/// The first `wordsARow` words of neighbouring rows, one row after the other: faster than a call a row.
void fillRandomRows(const RandomStream& stream, std::uint32_t firstRow, std::size_t wordsARow,
                    std::span<std::uint32_t> words);

} // namespace zipml
