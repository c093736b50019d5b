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
    const std::uint32_t mask = 0x01010101U * ((1U << width) - 1U);
    const std::size_t features = part.features;
    const std::size_t all = (features + 3) / 4;
    std::size_t line = 0;
    const auto begin = [&](std::uint32_t* words) {
        if (adds)
            __builtin_memcpy(words, bytes + line * kLine, kLine);
        else
            __builtin_memset(words, 0, kLine);
    };
    std::uint32_t words[kRows];
    for (const unsigned char* from = tile; from != tile + part.lines * kLine; from += kLine)
        for (unsigned field = 0; field < 8; field += width, ++line) {
            begin(words);
            unpackLine(from, field, mask, moved, words);
            __builtin_memcpy(bytes + line * kLine, words, kLine);
        }
    for (std::size_t index = 0; line < all; ++line, index += 4) {
        begin(words);
        for (unsigned j = 0; j < 4 && 4 * line + j < features; ++j)
            unpackLeftOver(part, tile + part.lines * kLine, index + j, 8 * j + moved, words);
        __builtin_memcpy(bytes + line * kLine, words, kLine);
    }
}

inline void toss(const unsigned char* __restrict heads, std::size_t size, unsigned char* __restrict ups) {
    for (std::size_t i = 0; i < size; ++i)
        ups[i] = static_cast<unsigned char>(2 * ups[i] - (ups[i] & heads[i]));
}

inline void mask(const unsigned char* __restrict bytes, std::size_t size, unsigned char mask,
                 unsigned char* __restrict out) {
    for (std::size_t i = 0; i < size; ++i)
        out[i] = static_cast<unsigned char>(bytes[i] & mask);
}

inline void spread(const unsigned char* __restrict ups, std::size_t size, int copies,
                   unsigned char* __restrict out) {
    const auto all = static_cast<unsigned char>(copies);
    for (std::size_t i = 0; i < size; ++i)
        out[i] = static_cast<unsigned char>(ups[i] * (all - ups[i]));
}

inline void join(const JoinedParts& parts, std::size_t size, unsigned char* __restrict low,
                 unsigned char* __restrict high, unsigned char* __restrict ups) {
    const std::int32_t copies = parts.copies;
    const float inverse = 1.0F / static_cast<float>(copies);
    for (std::size_t at = 0; at < size; at += kRows) {
        std::int32_t codes[kRows] = {};
        for (int p = 0; p < parts.count; ++p) {
            const unsigned char* __restrict from = parts.bytes[p] + at;
            const int shift = parts.shift[p];
            for (std::size_t i = 0; i < kRows; ++i)
                codes[i] |= static_cast<std::int32_t>(from[i]) << shift;
        }
        for (std::size_t i = 0; i < kRows; ++i) {
            // A code has at most 19 bits, so that the quotient stays clear of the next integer.
            const auto lower = static_cast<std::int32_t>((static_cast<float>(codes[i]) + 0.5F) * inverse);
            low[at + i] = static_cast<unsigned char>(lower);
            high[at + i] = static_cast<unsigned char>(lower >> 8);
            ups[at + i] = static_cast<unsigned char>(codes[i] - lower * copies);
        }
    }
}

inline void keepInside(std::uint32_t last, const unsigned char* high, std::size_t size,
                       unsigned char* __restrict low, unsigned char* __restrict ups) {
    const auto lastLow = static_cast<unsigned char>(last); // is not 0
    const auto lastHigh = static_cast<unsigned char>(last >> 8U);
    const auto keep = [&](std::size_t i, unsigned char isLast) {
        low[i] = static_cast<unsigned char>(low[i] - isLast);
        ups[i] = static_cast<unsigned char>(2 * (ups[i] | isLast));
    };
    if (high == nullptr)
        for (std::size_t i = 0; i < size; ++i)
            keep(i, low[i] == lastLow ? 1 : 0);
    else
        for (std::size_t i = 0; i < size; ++i)
            keep(i, low[i] == lastLow && high[i] == lastHigh ? 1 : 0);
}

inline void lookUpPlain(const unsigned char* tables, std::size_t lines, const unsigned char* __restrict low,
                        const unsigned char* __restrict ups, int copy, unsigned char* __restrict out,
                        std::size_t apart) {
    for (std::size_t line = 0; line < lines; ++line, tables += kLevelBytes * kNibbleTable)
        for (std::size_t i = 0; i < kLine; ++i) {
            const std::size_t at = line * kLine + i;
            const unsigned char* level = tables + 16 * (i % 4) + low[at] + (ups[at] >> copy & 1);
            for (std::size_t byte = 0; byte < kLevelBytes; ++byte)
                out[byte * apart + at] = level[byte * kNibbleTable];
        }
}

} // namespace
} // namespace zipml
