#pragma once
/// The loops of packLines over a type V that packs V::kFeatures codes of a row at a time, compiled once for
/// each x86 instruction set.

#include "core/kernels/round_kernels.h"

#include <immintrin.h>

namespace zipml {
namespace {

/// Words of 16 rows, `stride` apart, become lines.
inline void storeLines(const std::uint32_t* words, std::size_t stride, std::size_t lines, unsigned char* to) {
    for (std::size_t line = 0; line < lines; line += 4)
        for (std::size_t row = 0; row < 16; row += 4) {
            __m128i r[4];
            for (std::size_t i = 0; i < 4; ++i)
                r[i] = _mm_load_si128(reinterpret_cast<const __m128i*>(words + (row + i) * stride + line));
            const __m128i low0 = _mm_unpacklo_epi32(r[0], r[1]), low1 = _mm_unpacklo_epi32(r[2], r[3]);
            const __m128i high0 = _mm_unpackhi_epi32(r[0], r[1]), high1 = _mm_unpackhi_epi32(r[2], r[3]);
            const __m128i columns[4] = {_mm_unpacklo_epi64(low0, low1), _mm_unpackhi_epi64(low0, low1),
                                        _mm_unpacklo_epi64(high0, high1), _mm_unpackhi_epi64(high0, high1)};
            for (std::size_t i = 0; i < 4 && line + i < lines; ++i)
                _mm_storeu_si128(reinterpret_cast<__m128i*>(to + (line + i) * 64 + row * 4), columns[i]);
        }
}

template <class V, int width>
void pack(const CodeRows& rows, std::size_t lines, unsigned char* to) {
    constexpr std::size_t kWords = V::kFeatures / 4;          // that a row's codes make up, at most
    constexpr std::size_t kLines = V::kFeatures * width / 32; // a step
    const V packer(width, rows.shift);
    const std::uint32_t* codes = rows.codes;
    for (std::size_t line = 0; line < lines; line += kLines, codes += V::kFeatures) {
        alignas(64) std::uint32_t words[16 * kWords];
        for (std::size_t row = 0; row < 16; ++row)
            packer.template packRow<width>(codes + row * rows.stride, words + row * kWords);
        storeLines(words, kWords, lines - line < kLines ? lines - line : kLines, to + line * 64);
    }
}

template <class V>
void packAny(const CodeRows& rows, std::size_t lines, unsigned char* to) {
    switch (rows.width) {
    case 8:
        return pack<V, 8>(rows, lines, to);
    case 4:
        return pack<V, 4>(rows, lines, to);
    case 2:
        return pack<V, 2>(rows, lines, to);
    default:
        return pack<V, 1>(rows, lines, to);
    }
}

} // namespace
} // namespace zipml
