#pragma once
/// The loops of copy_kernels.h in words of 4 bytes, compiled once for each instruction set, which makes
/// vectors of them.

#include "core/kernels/copy_kernels.h"

namespace zipml {
namespace {

constexpr std::size_t kRows = 16;
constexpr std::size_t kLine = 64;

/// A feature that whole lines leave over, for each row: a field of a byte, or planes of 16 bits.
/// @param index of the feature in the tail @param left where its bits go in the words
template <unsigned kWidth>
inline void unpackLeftOver(const unsigned char* tail, std::size_t leftOver, std::size_t index, unsigned left,
                           std::uint32_t* __restrict words) {
    constexpr std::size_t kFields = 8 / kWidth;
    constexpr std::uint32_t kMask = (1U << kWidth) - 1U;
    const std::size_t columns = leftOver / kFields;
    if (index / kFields < columns) {
        unsigned char column[kRows];
        __builtin_memcpy(column, tail + index / kFields * kRows, kRows);
        const auto field = static_cast<unsigned>(index % kFields) * kWidth;
        for (std::size_t row = 0; row < kRows; ++row)
            words[row] |= ((static_cast<std::uint32_t>(column[row]) >> field) & kMask) << left;
        return;
    }
    const unsigned char* planes = tail + columns * kRows + (index - columns * kFields) * 2 * kWidth;
    for (unsigned bit = 0; bit < kWidth; ++bit) {
        const std::uint32_t plane = planes[2 * bit] | static_cast<std::uint32_t>(planes[2 * bit + 1]) << 8U;
        for (std::uint32_t row = 0; row < kRows; ++row)
            words[row] |= ((plane >> row) & 1U) << (left + bit);
    }
}

/// @param kAdds to what is there already
template <unsigned kWidth, bool kAdds>
void unpackWidth(const PackedPart& part, const unsigned char* tile, unsigned left, unsigned char* bytes) {
    constexpr std::uint32_t kMask = 0x01010101U * ((1U << kWidth) - 1U);
    const std::size_t features = part.features;
    const unsigned char* end = tile + part.lines * kLine;
    for (; tile != end; tile += kLine) {
        std::uint32_t from[kRows];
        __builtin_memcpy(from, tile, kLine);
#pragma GCC unroll 8
        for (unsigned field = 0; field < 8; field += kWidth, bytes += kLine) {
            std::uint32_t words[kRows] = {};
            if constexpr (kAdds)
                __builtin_memcpy(words, bytes, kLine);
            for (std::size_t row = 0; row < kRows; ++row)
                words[row] |= ((from[row] >> field) & kMask) << left;
            __builtin_memcpy(bytes, words, kLine);
        }
    }
    const std::size_t leftOver = features - part.lines * (32 / kWidth);
    for (std::size_t index = 0; index < leftOver; index += 4, bytes += kLine) {
        std::uint32_t words[kRows] = {};
        if constexpr (kAdds)
            __builtin_memcpy(words, bytes, kLine);
        for (unsigned j = 0; j < 4 && index + j < leftOver; ++j)
            unpackLeftOver<kWidth>(end, leftOver, index + j, 8 * j + left, words);
        __builtin_memcpy(bytes, words, kLine);
    }
}

inline void unpack(const PackedPart& part, const unsigned char* tile, int left, bool adds,
                   unsigned char* bytes) {
    using Unpack = decltype(&unpackWidth<1, false>);
    static constexpr Unpack kUnpack[4][2] = {{unpackWidth<1, false>, unpackWidth<1, true>},
                                             {unpackWidth<2, false>, unpackWidth<2, true>},
                                             {unpackWidth<4, false>, unpackWidth<4, true>},
                                             {unpackWidth<8, false>, unpackWidth<8, true>}};
    kUnpack[__builtin_ctz(static_cast<unsigned>(part.width))][adds ? 1 : 0](
        part, tile, static_cast<unsigned>(left), bytes);
}

inline void toss(const unsigned char* __restrict heads, std::size_t size, unsigned char* __restrict ups) {
    for (std::size_t i = 0; i < size; ++i)
        ups[i] = static_cast<unsigned char>(2 * ups[i] - (ups[i] & heads[i]));
}

inline void raise(const unsigned char* __restrict low, const unsigned char* __restrict ups, std::size_t size,
                  int copy, unsigned char* __restrict out) {
    const auto bit = static_cast<unsigned char>(1 << copy);
    for (std::size_t i = 0; i < size; ++i)
        out[i] = static_cast<unsigned char>(low[i] + ((ups[i] & bit) != 0 ? 1 : 0));
}

inline void meanAndSign(const unsigned char* __restrict low, const unsigned char* __restrict ups,
                        std::size_t size, unsigned char* __restrict sum, unsigned char* __restrict sign) {
    for (std::size_t i = 0; i < size; ++i) {
        sum[i] = static_cast<unsigned char>(2 * low[i] + (ups[i] != 0 ? 1 : 0));
        sign[i] = static_cast<unsigned char>(1 + (ups[i] & 1) - (ups[i] >> 1 & 1));
    }
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
