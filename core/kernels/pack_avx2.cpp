#include "core/kernels/round_kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace zipml {
namespace {

constexpr std::size_t kFeatures = 32; // of a row at a time
constexpr std::size_t kWords = 8;     // that they make up, at most

/// One part of 8 neighbouring codes.
__m256i partOf(const std::uint32_t* codes, __m256i mask, __m128i shift) {
    const __m256i code = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(codes));
    return _mm256_and_si256(_mm256_srl_epi32(code, shift), mask);
}

/// The words of a row. Neighbouring words of 4 features each are folded together, the right one shifted by
/// the width, until the bytes are full.
template <int width>
void packRow(const std::uint32_t* codes, __m256i mask, __m128i shift, std::uint32_t* words) {
    const __m256i first = _mm256_packs_epi32(partOf(codes, mask, shift), partOf(codes + 8, mask, shift));
    const __m256i second =
        _mm256_packs_epi32(partOf(codes + 16, mask, shift), partOf(codes + 24, mask, shift));
    const __m256i bytes = _mm256_permutevar8x32_epi32(_mm256_packus_epi16(first, second),
                                                      _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
    if constexpr (width == 8) {
        _mm256_store_si256(reinterpret_cast<__m256i*>(words), bytes);
        return;
    }
    const __m256i pairs = _mm256_or_si256(bytes, _mm256_srli_epi64(bytes, 32 - width));
    __m128i folded =
        _mm256_castsi256_si128(_mm256_permutevar8x32_epi32(pairs, _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6)));
    if constexpr (width <= 2)
        folded = _mm_shuffle_epi32(_mm_or_si128(folded, _mm_srli_epi64(folded, 32 - 2 * width)), 0x08);
    if constexpr (width == 1)
        folded = _mm_or_si128(folded, _mm_srli_epi64(folded, 32 - 4 * width));
    _mm_store_si128(reinterpret_cast<__m128i*>(words), folded);
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
    const __m256i mask = _mm256_set1_epi32((1 << width) - 1);
    const __m128i shift = _mm_cvtsi32_si128(rows.shift);
    const std::uint32_t* codes = rows.codes;
    for (std::size_t line = 0; line < lines; line += kLines, codes += kFeatures) {
        alignas(32) std::uint32_t words[16 * kWords];
        for (std::size_t row = 0; row < 16; ++row)
            packRow<width>(codes + row * rows.stride, mask, shift, words + row * kWords);
        storeLines(words, lines - line < kLines ? lines - line : kLines, to + line * 64);
    }
}

} // namespace

void packLinesAvx2(const CodeRows& rows, std::size_t lines, unsigned char* to) {
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
