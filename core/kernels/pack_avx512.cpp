#include "core/kernels/round_kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace zipml {
namespace {

constexpr std::size_t kFeatures = 64; // of a row at a time
constexpr std::size_t kWords = 16;    // that they make up, at most

/// One part of 16 neighbouring codes.
__m512i partOf(const std::uint32_t* codes, __m512i mask, __m128i shift) {
    return _mm512_and_si512(_mm512_srl_epi32(_mm512_loadu_si512(codes), shift), mask);
}

/// One part of 64 codes, a byte each: byte 4 i + k of the words is code 16 k + i, until they are put in
/// order.
__m512i partBytes(const std::uint32_t* codes, __m512i mask, __m128i shift, __m512i order) {
    const __m512i low =
        _mm512_or_si512(partOf(codes, mask, shift), _mm512_slli_epi32(partOf(codes + 16, mask, shift), 8));
    const __m512i high = _mm512_or_si512(_mm512_slli_epi32(partOf(codes + 32, mask, shift), 16),
                                         _mm512_slli_epi32(partOf(codes + 48, mask, shift), 24));
    return _mm512_permutexvar_epi8(order, _mm512_or_si512(low, high));
}

/// The words of a row. Neighbouring words of 4 features each are folded together, the right one shifted by
/// the width, until the bytes are full.
template <int width>
void packRow(__m512i bytes, std::uint32_t* words) {
    if constexpr (width == 8) {
        _mm512_store_si512(words, bytes);
        return;
    }
    const __m256i half = _mm512_cvtepi64_epi32(_mm512_or_si512(bytes, _mm512_srli_epi64(bytes, 32 - width)));
    if constexpr (width == 4) {
        _mm256_store_si256(reinterpret_cast<__m256i*>(words), half);
        return;
    }
    __m128i quarter = _mm256_cvtepi64_epi32(_mm256_or_si256(half, _mm256_srli_epi64(half, 32 - 2 * width)));
    if constexpr (width == 1)
        quarter = _mm_cvtepi64_epi32(_mm_or_si128(quarter, _mm_srli_epi64(quarter, 32 - 4 * width)));
    _mm_store_si128(reinterpret_cast<__m128i*>(words), quarter);
}

/// Words of 16 rows become lines.
void storeLines(const std::uint32_t* words, std::size_t lines, unsigned char* to) {
    for (std::size_t line = 0; line < lines; line += 4)
        for (std::size_t row = 0; row < 16; row += 4) {
            __m128i r[4];
            for (std::size_t i = 0; i < 4; ++i)
                r[i] = _mm_load_si128(reinterpret_cast<const __m128i*>(words + (row + i) * kWords + line));
            const __m128i low0 = _mm_unpacklo_epi32(r[0], r[1]), low1 = _mm_unpacklo_epi32(r[2], r[3]);
            const __m128i high0 = _mm_unpackhi_epi32(r[0], r[1]), high1 = _mm_unpackhi_epi32(r[2], r[3]);
            const __m128i columns[4] = {_mm_unpacklo_epi64(low0, low1), _mm_unpackhi_epi64(low0, low1),
                                        _mm_unpacklo_epi64(high0, high1), _mm_unpackhi_epi64(high0, high1)};
            for (std::size_t i = 0; i < 4 && line + i < lines; ++i)
                _mm_storeu_si128(reinterpret_cast<__m128i*>(to + (line + i) * 64 + row * 4), columns[i]);
        }
}

template <int width>
void pack(const CodeRows& rows, std::size_t lines, unsigned char* to) {
    constexpr std::size_t kLines = kFeatures * width / 32; // a step
    alignas(64) unsigned char order[64];
    for (int i = 0; i < 64; ++i)
        order[i] = static_cast<unsigned char>(4 * (i % 16) + i / 16);
    const __m512i ordered = _mm512_load_si512(order);
    const __m512i mask = _mm512_set1_epi32((1 << width) - 1);
    const __m128i shift = _mm_cvtsi32_si128(rows.shift);
    const std::uint32_t* codes = rows.codes;
    for (std::size_t line = 0; line < lines; line += kLines, codes += kFeatures) {
        alignas(64) std::uint32_t words[16 * kWords];
        for (std::size_t row = 0; row < 16; ++row)
            packRow<width>(partBytes(codes + row * rows.stride, mask, shift, ordered), words + row * kWords);
        storeLines(words, lines - line < kLines ? lines - line : kLines, to + line * 64);
    }
}

} // namespace

void packLinesAvx512(const CodeRows& rows, std::size_t lines, unsigned char* to) {
    switch (rows.width) {
    case 8:
        return pack<8>(rows, lines, to);
    case 4:
        return pack<4>(rows, lines, to);
    case 2:
        return pack<2>(rows, lines, to);
    default:
        return pack<1>(rows, lines, to);
    }
}

} // namespace zipml
#endif
