#pragma once
/// How the AVX-512 files read tiles.

#include "core/kernels/prefetch.h"
#include "core/kernels/tile_kernels.h"

#include <immintrin.h>

/// Accumulators live in registers only when the loops over them are unrolled.
#define UNROLL _Pragma("GCC unroll 16")

namespace zipml {
namespace {

template <int kWidth>
constexpr int kFields = 8 / kWidth;

/// The tail of a tile as one more line (expandTail): its columns of 16 bytes beside each other in every row's
/// word, then the planes of 16 bits.
template <int kWidth>
inline __m512i tailOf(const PartView& part, std::size_t tile) {
    const unsigned char* at = part.data + tile * part.tileStride + 64 * part.lines;
    const std::size_t columns = part.tailFeatures / kFields<kWidth>;
    const std::size_t bits = (part.tailFeatures - columns * kFields<kWidth>)*kWidth;
    const __m512i bytes = _mm512_maskz_loadu_epi8((std::uint64_t{1} << (16 * columns)) - 1, at);
    const __m512i row = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m512i column = _mm512_set1_epi32(0x30201000); // byte j comes from column j
    const __m512i place = _mm512_add_epi8(column, _mm512_mullo_epi32(row, _mm512_set1_epi32(0x01010101)));
    __m512i line = _mm512_permutexvar_epi8(place, bytes);
    at += 16 * columns;
    for (std::size_t bit = 0; bit < bits; ++bit, at += 2) {
        const auto rows = static_cast<__mmask16>(at[0] | at[1] << 8);
        line = _mm512_mask_or_epi32(line, rows, line,
                                    _mm512_set1_epi32(static_cast<int>(1U << (8 * columns + bit))));
    }
    return line;
}

/// Turns 4 rows x 4 bytes into 4 bytes x 4 rows in each 128 bits.
inline __m512i transpose4x4(__m512i line) {
    return _mm512_shuffle_epi8(
        line, _mm512_broadcast_i32x4(_mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15)));
}

/// Rows 4 j to 4 j + 3 in every word of the 128 bits j.
inline __m512i spreadResiduals(const std::int8_t* residuals) {
    const __m512i spread = _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
    const __m128i rows = _mm_loadu_si128(reinterpret_cast<const __m128i*>(residuals));
    return _mm512_permutexvar_epi32(spread, _mm512_castsi128_si512(rows));
}

/// Halves of a and b added up: [a0 + a2, a1 + a3, b0 + b2, b1 + b3] in parts of 128 bits.
inline __m512i addHalves(__m512i a, __m512i b) {
    return _mm512_add_epi32(_mm512_shuffle_i64x2(a, b, 0x44), _mm512_shuffle_i64x2(a, b, 0xEE));
}

/// The four 128-bit parts of each accumulator, added up: 4 sums of each.
inline __m512i addQuarters(__m512i a, __m512i b, __m512i c, __m512i d) {
    const __m512i ab = addHalves(a, b);
    const __m512i cd = addHalves(c, d);
    return _mm512_add_epi32(_mm512_shuffle_i64x2(ab, cd, 0x88), _mm512_shuffle_i64x2(ab, cd, 0xDD));
}

} // namespace
} // namespace zipml
