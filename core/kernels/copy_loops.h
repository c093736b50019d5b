#pragma once
/// The loops of copy_kernels.h in words of 4 bytes, compiled once for each instruction set, which makes
/// vectors of them.

#include "core/kernels/copy_kernels.h"

namespace zipml {
namespace {

constexpr std::size_t kRows = 16;
constexpr std::size_t kLine = 64;

/// The words of a line, a row each.
inline void unpackLine(const unsigned char* line, unsigned field, std::uint32_t mask, unsigned left,
                       std::uint32_t* words) {
    std::uint32_t from[kRows];
    __builtin_memcpy(from, line, kLine);
    for (std::size_t row = 0; row < kRows; ++row)
        words[row] |= ((from[row] >> field) & mask) << left;
}

/// A feature that whole lines leave over, for each row: a field of a byte, or planes of 16 bits.
/// @param index of the feature in the tail @param left where its bits go in the words
inline void unpackLeftOver(const PackedPart& part, const unsigned char* tail, std::size_t index,
                           unsigned left, std::uint32_t* words) {
    const auto width = static_cast<unsigned>(part.width);
    const std::size_t fields = 8 / width;
    const std::size_t columns = (part.features - part.lines * 4 * fields) / fields;
    const std::uint32_t mask = (1U << width) - 1U;
    if (index / fields < columns) {
        const unsigned char* column = tail + index / fields * kRows;
        const unsigned field = static_cast<unsigned>(index % fields) * width;
        for (std::size_t row = 0; row < kRows; ++row)
            words[row] |= ((static_cast<std::uint32_t>(column[row]) >> field) & mask) << left;
        return;
    }
    const unsigned char* planes = tail + columns * kRows + (index - columns * fields) * 2 * width;
    for (unsigned bit = 0; bit < width; ++bit) {
        const std::uint32_t plane = planes[2 * bit] | static_cast<std::uint32_t>(planes[2 * bit + 1]) << 8U;
        for (std::uint32_t row = 0; row < kRows; ++row)
            words[row] |= ((plane >> row) & 1U) << (left + bit);
    }
}

inline void unpack(const PackedPart& part, const unsigned char* tile, int left, bool adds,
                   unsigned char* bytes) {
    const auto width = static_cast<unsigned>(part.width);
    const auto moved = static_cast<unsigned>(left);
    const std::size_t fields = 8 / width;
    const std::uint32_t mask = 0x01010101U * ((1U << width) - 1U);
    const std::size_t whole = part.lines * fields;
    const std::size_t all = (part.features + 3) / 4;
    for (std::size_t line = 0; line < all; ++line, bytes += kLine) {
        std::uint32_t words[kRows] = {};
        if (adds)
            __builtin_memcpy(words, bytes, kLine);
        if (line < whole) {
            unpackLine(tile + line / fields * kLine, static_cast<unsigned>(line % fields) * width, mask,
                       moved, words);
        } else {
            for (unsigned j = 0; j < 4 && 4 * line + j < part.features; ++j)
                unpackLeftOver(part, tile + part.lines * kLine, 4 * (line - whole) + j, 8 * j + moved, words);
        }
        __builtin_memcpy(bytes, words, kLine);
    }
}

inline void mask(const unsigned char* bytes, std::size_t size, unsigned char mask, unsigned char* out) {
    for (std::size_t i = 0; i < size; ++i)
        out[i] = static_cast<unsigned char>(bytes[i] & mask);
}

} // namespace
} // namespace zipml
