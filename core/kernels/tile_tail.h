#pragma once
/// The tail of a part as one more line, so that kernels have one way to read codes.

#include "core/kernels/tile_kernels.h"

namespace zipml {
namespace { // its own copy in each file: those files differ in instruction set (isa.h)

/// @param width of a code. @param tail the bytes behind the tile's last whole line
inline void expandTail(int width, const unsigned char* tail, std::size_t features, unsigned char* line) {
    const std::size_t fields = 8U / static_cast<unsigned>(width);
    const std::size_t columns = features / fields;
    const std::size_t rest = features - columns * fields;
    for (std::size_t i = 0; i < 64; ++i)
        line[i] = 0;
    for (std::size_t column = 0; column < columns && column < 4;
         ++column, tail += 16) // at most 3, as g++ cannot know
        for (std::size_t row = 0; row < 16; ++row)
            line[4 * row + column] = tail[row];
    for (unsigned bit = 0; bit < rest * static_cast<unsigned>(width); ++bit, tail += 2) {
        const unsigned plane = tail[0] | static_cast<unsigned>(tail[1]) << 8U;
        for (std::size_t row = 0; row < 16; ++row)
            line[4 * row + columns] =
                static_cast<unsigned char>(line[4 * row + columns] | ((plane >> row & 1U) << bit));
    }
}

} // namespace
} // namespace zipml
