#include "core/kernels/round_kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace zipml {
namespace {

/// The lanes of features f to f + 7 that are there.
__mmask8 lanes(std::size_t f, std::size_t count) {
    if (f >= count)
        return 0;
    return static_cast<__mmask8>(count - f < 8 ? (1U << (count - f)) - 1U : 0xFFU);
}

__m512d valuesAt(__mmask8 mask, const float* values) {
    return _mm512_cvtps_pd(_mm256_maskz_loadu_ps(mask, values));
}

__m512i wordsAt(__mmask8 mask, const std::uint32_t* words) {
    return _mm512_cvtepu32_epi64(_mm256_maskz_loadu_epi32(mask, words));
}

__m512d placeOf(__mmask8 mask, const float* values, const UniformColumns& grids, std::size_t f) {
    const __m512d offset =
        _mm512_sub_pd(valuesAt(mask, values + f), _mm512_maskz_loadu_pd(mask, grids.low + f));
    const __m512d place = _mm512_mul_pd(offset, _mm512_maskz_loadu_pd(mask, grids.intervalsPerUnit + f));
    return _mm512_min_pd(_mm512_max_pd(place, _mm512_setzero_pd()),
                         _mm512_maskz_loadu_pd(mask, grids.intervals + f));
}

// A place p becomes an integer with 32 bits after the point: 2^52 + 2^32 p is a double whose mantissa is that
// integer, and kOne is its 2^32. Rounded up it makes the index and the draw one subtraction:
//     floor((ceil(2^32 p) + 2^32 - 1 - word) / 2^32) = floor(p) + (word < 2^32 (p - floor(p)) ? 1 : 0)
// since a word is less than a number exactly when it is less than the integer above. The high half of the
// lane then is the index, and above it the exponent of 2^52.
constexpr double kOne = 4294967296.0, kMantissa = 4503599627370496.0;
constexpr std::uint32_t kExponent = 0x43300000U;

__m512i ceilForDraw(__m512d place) {
    return _mm512_castpd_si512(_mm512_fmadd_round_pd(place, _mm512_set1_pd(kOne),
                                                     _mm512_set1_pd(kMantissa + kOne - 1),
                                                     _MM_FROUND_TO_POS_INF | _MM_FROUND_NO_EXC));
}

/// Half an interval up and then down: the nearest index.
__m512i floorToNearest(__m512d place) {
    return _mm512_castpd_si512(_mm512_fmadd_round_pd(place, _mm512_set1_pd(kOne),
                                                     _mm512_set1_pd(kMantissa + kOne / 2),
                                                     _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC));
}

__m512i highHalves(__m512i first, __m512i second) {
    const __m512i odd = _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    return _mm512_permutex2var_epi32(first, odd, second);
}

/// 16 values, those of them whose lanes are set.
void roundUniform(__mmask8 mask0, __mmask8 mask1, const float* values, const UniformColumns& grids,
                  const RoundingDraws& draws, std::size_t f, std::uint32_t* codes) {
    const auto copies = static_cast<int>(draws.copies);
    const __m512d place0 = placeOf(mask0, values, grids, f), place1 = placeOf(mask1, values, grids, f + 8);
    __m512i sum = _mm512_setzero_si512();
    if (draws.words != nullptr) {
        const __m512i fixed0 = ceilForDraw(place0), fixed1 = ceilForDraw(place1);
        const std::uint32_t* words = draws.words + f;
        for (int copy = 0; copy < copies; ++copy, words += draws.stride)
            sum = _mm512_add_epi32(sum, highHalves(_mm512_sub_epi64(fixed0, wordsAt(mask0, words)),
                                                   _mm512_sub_epi64(fixed1, wordsAt(mask1, words + 8))));
    } else {
        sum = _mm512_mullo_epi32(highHalves(floorToNearest(place0), floorToNearest(place1)),
                                 _mm512_set1_epi32(copies));
    }
    // Of all copies, modulo 2^32.
    const __m512i exponents =
        _mm512_set1_epi32(static_cast<int>(static_cast<std::uint32_t>(copies) * kExponent));
    _mm512_mask_storeu_epi32(codes + f, static_cast<__mmask16>(mask0 | (mask1 << 8)),
                             _mm512_sub_epi32(sum, exponents));
}

void addVariance(__mmask8 mask, const float* values, const UniformColumns& grids, std::size_t f,
                 double* sums) {
    const __m512d place = placeOf(mask, values, grids, f);
    const __m512d fraction =
        _mm512_sub_pd(place, _mm512_roundscale_pd(place, _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC));
    const __m512d variance = _mm512_mul_pd(fraction, _mm512_sub_pd(_mm512_set1_pd(1), fraction));
    _mm512_mask_storeu_pd(sums + f, mask, _mm512_add_pd(_mm512_maskz_loadu_pd(mask, sums + f), variance));
}

} // namespace

void roundUniformAvx512(const float* values, const UniformColumns& grids, const RoundingDraws& draws,
                        std::size_t count, std::uint32_t* codes) {
    std::size_t f = 0;
    for (; f + 16 <= count; f += 16)
        roundUniform(0xFF, 0xFF, values, grids, draws, f, codes);
    if (f < count)
        roundUniform(lanes(f, count), lanes(f + 8, count), values, grids, draws, f, codes);
}

void roundTableAvx512(const float* values, const TableColumns& grids, const RoundingDraws& draws,
                      std::size_t count, std::uint32_t* codes) {
    const __m512i one = _mm512_set1_epi64(1);
    for (std::size_t f = 0; f < count; f += 8) {
        const __mmask8 mask = lanes(f, count);
        const __m512d value = valuesAt(mask, values + f);
        const double* level = grids.levels + f;
        __m512d lower = _mm512_maskz_loadu_pd(mask, level);
        level += grids.stride;
        __m512d above = _mm512_maskz_loadu_pd(mask, level), upper = above;
        __m512i index = _mm512_setzero_si512();
        for (std::size_t l = 1; l < grids.count; ++l) {
            level += grids.stride;
            const __m512d next = _mm512_maskz_loadu_pd(mask, level);
            const __mmask8 reached = _mm512_cmp_pd_mask(value, above, _CMP_GE_OQ);
            lower = _mm512_mask_mov_pd(lower, reached, above);
            upper = _mm512_mask_mov_pd(upper, reached, next);
            index = _mm512_mask_add_epi64(index, reached, index, one);
            above = next;
        }
        const __m512d fraction = _mm512_div_pd(_mm512_sub_pd(value, lower), _mm512_sub_pd(upper, lower));
        __m512i sum = _mm512_mullo_epi64(index, _mm512_set1_epi64(static_cast<long long>(draws.copies)));
        if (draws.words != nullptr) {
            const __m512d limit = _mm512_mul_pd(fraction, _mm512_set1_pd(kOne));
            const std::uint32_t* words = draws.words + f;
            for (std::size_t copy = 0; copy < draws.copies; ++copy, words += draws.stride) {
                const __m512d word = _mm512_cvtepu32_pd(_mm256_maskz_loadu_epi32(mask, words));
                sum = _mm512_mask_add_epi64(sum, _mm512_cmp_pd_mask(word, limit, _CMP_LT_OQ), sum, one);
            }
        } else {
            sum = _mm512_mask_add_epi64(sum, _mm512_cmp_pd_mask(fraction, _mm512_set1_pd(0.5), _CMP_GE_OQ),
                                        sum, _mm512_set1_epi64(static_cast<long long>(draws.copies)));
        }
        _mm256_mask_storeu_epi32(codes + f, mask, _mm512_cvtepi64_epi32(sum));
    }
}

void addVarianceAvx512(const float* values, const UniformColumns& grids, std::size_t count, double* sums) {
    std::size_t f = 0;
    for (; f + 8 <= count; f += 8)
        addVariance(0xFF, values, grids, f, sums);
    if (f < count)
        addVariance(lanes(f, count), values, grids, f, sums);
}

} // namespace zipml
#endif
