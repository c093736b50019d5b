#pragma once
/// Many draws at once.

#include "core/base/random.h"

#include <span>

namespace zipml {

/// The words of columns 4 * firstBlock, 4 * firstBlock + 1, ... of a row, as RandomStream::words gives them.
inline void fillRandomWords(const RandomStream& stream, std::uint32_t row, std::uint32_t firstBlock,
                            std::span<std::uint32_t> words) {
    for (std::size_t at = 0; at < words.size(); at += 4) {
        const RandomWords block = stream.words(row, firstBlock + static_cast<std::uint32_t>(at / 4));
        for (std::size_t i = at; i < words.size() && i < at + 4; ++i)
            words[i] = block[i - at];
    }
}

} // namespace zipml
