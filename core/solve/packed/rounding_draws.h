#pragma once
/// Draws for rounding to integers at random: 16 bits a value, two of them a random word.

#include "core/kernels/random_words.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <vector>

namespace zipml {

/// @param index row of the stream @param begin a multiple of 8 @param draws of all columns
inline void fillDraws(const RandomStream& stream, std::uint32_t index, std::size_t begin, std::size_t end,
                      std::vector<std::uint16_t>& draws) {
    std::uint32_t words[1024];
    for (; begin < end; begin += 2 * std::size(words)) {
        const std::size_t count = std::min(2 * std::size(words), end - begin);
        fillRandomWords(stream, index, static_cast<std::uint32_t>(begin / 8),
                        std::span(words).first((count + 1) / 2));
        std::memcpy(draws.data() + begin, words, count * sizeof(std::uint16_t));
    }
}

/// 0 where nothing is to be rounded.
inline double inverse(double unit) {
    return unit > 0 ? 1 / unit : 0;
}

} // namespace zipml
