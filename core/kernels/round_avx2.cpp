#include "core/kernels/round_kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace zipml {
namespace {

__m256d valuesAt(const float* values) {
    return _mm256_cvtps_pd(_mm_loadu_ps(values));
}

__m256i wordsAt(const std::uint32_t* words) {
    return _mm256_cvtepu32_epi64(_mm_loadu_si128(reinterpret_cast<const __m128i*>(words)));
}

__m256d placeOf(const float* values, const UniformColumns& grids, std::size_t f) {
    const __m256d offset = _mm256_sub_pd(valuesAt(values + f), _mm256_loadu_pd(grids.low + f));
    const __m256d place = _mm256_mul_pd(offset, _mm256_loadu_pd(grids.intervalsPerUnit + f));
    return _mm256_min_pd(_mm256_max_pd(place, _mm256_setzero_pd()), _mm256_loadu_pd(grids.intervals + f));
}

// Integers with 32 bits after the point in the mantissa of 2^52: round_avx512.cpp explains them.
constexpr double kOne = 4294967296.0, kMantissa = 4503599627370496.0;
constexpr std::uint32_t kExponent = 0x43300000U;

__m256i ceilForDraw(__m256d place) {
    const __m256d above = _mm256_ceil_pd(_mm256_mul_pd(place, _mm256_set1_pd(kOne)));
    return _mm256_castpd_si256(_mm256_add_pd(above, _mm256_set1_pd(kMantissa + kOne - 1)));
}

/// Half an interval up and then down: the nearest index.
__m256i floorToNearest(__m256d place) {
    const __m256d below = _mm256_floor_pd(_mm256_mul_pd(place, _mm256_set1_pd(kOne)));
    return _mm256_castpd_si256(_mm256_add_pd(below, _mm256_set1_pd(kMantissa + kOne / 2)));
}

__m256i highHalves(__m256i first, __m256i second) {
    const __m256 odd = _mm256_shuffle_ps(_mm256_castsi256_ps(first), _mm256_castsi256_ps(second), 0xDD);
    return _mm256_permute4x64_epi64(_mm256_castps_si256(odd), 0xD8);
}

/// A word as a double: below 2^52 in the mantissa of 2^52.
__m256d toDouble(__m256i words) {
    const __m256d mantissa = _mm256_set1_pd(kMantissa);
    return _mm256_sub_pd(_mm256_or_pd(_mm256_castsi256_pd(words), mantissa), mantissa);
}

RoundingDraws drawsFrom(const RoundingDraws& draws, std::size_t f) {
    return {draws.words != nullptr ? draws.words + f : nullptr, draws.stride, draws.copies};
}

} // namespace

void roundUniformAvx2(const float* values, const UniformColumns& grids, const RoundingDraws& draws,
                      std::size_t count, std::uint32_t* codes) {
    const auto copies = static_cast<int>(draws.copies);
    // Of all copies, modulo 2^32.
    const __m256i exponents =
        _mm256_set1_epi32(static_cast<int>(static_cast<std::uint32_t>(copies) * kExponent));
    std::size_t f = 0;
    for (; f + 8 <= count; f += 8) {
        const __m256d place0 = placeOf(values, grids, f), place1 = placeOf(values, grids, f + 4);
        __m256i sum = _mm256_setzero_si256();
        if (draws.words != nullptr) {
            const __m256i fixed0 = ceilForDraw(place0), fixed1 = ceilForDraw(place1);
            const std::uint32_t* words = draws.words + f;
            for (int copy = 0; copy < copies; ++copy, words += draws.stride)
                sum = _mm256_add_epi32(sum, highHalves(_mm256_sub_epi64(fixed0, wordsAt(words)),
                                                       _mm256_sub_epi64(fixed1, wordsAt(words + 4))));
        } else {
            sum = _mm256_mullo_epi32(highHalves(floorToNearest(place0), floorToNearest(place1)),
                                     _mm256_set1_epi32(copies));
        }
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(codes + f), _mm256_sub_epi32(sum, exponents));
    }
    roundUniformScalar(values + f, {grids.low + f, grids.intervalsPerUnit + f, grids.intervals + f},
                       drawsFrom(draws, f), count - f, codes + f);
}

void roundTableAvx2(const float* values, const TableColumns& grids, const RoundingDraws& draws,
                    std::size_t count, std::uint32_t* codes) {
    const __m256i copies = _mm256_set1_epi64x(static_cast<long long>(draws.copies));
    std::size_t f = 0;
    for (; f + 4 <= count; f += 4) {
        const __m256d value = valuesAt(values + f);
        const double* level = grids.levels + f;
        __m256d lower = _mm256_loadu_pd(level);
        level += grids.stride;
        __m256d above = _mm256_loadu_pd(level), upper = above;
        __m256i index = _mm256_setzero_si256(); // a comparison that holds is -1 in every lane
        for (std::size_t l = 1; l < grids.count; ++l) {
            level += grids.stride;
            const __m256d next = _mm256_loadu_pd(level);
            const __m256d reached = _mm256_cmp_pd(value, above, _CMP_GE_OQ);
            lower = _mm256_blendv_pd(lower, above, reached);
            upper = _mm256_blendv_pd(upper, next, reached);
            index = _mm256_sub_epi64(index, _mm256_castpd_si256(reached));
            above = next;
        }
        const __m256d fraction = _mm256_div_pd(_mm256_sub_pd(value, lower), _mm256_sub_pd(upper, lower));
        __m256i sum = _mm256_mul_epu32(index, copies);
        if (draws.words != nullptr) {
            const __m256d limit = _mm256_mul_pd(fraction, _mm256_set1_pd(kOne));
            const std::uint32_t* words = draws.words + f;
            for (std::size_t copy = 0; copy < draws.copies; ++copy, words += draws.stride) {
                const __m256d up = _mm256_cmp_pd(toDouble(wordsAt(words)), limit, _CMP_LT_OQ);
                sum = _mm256_sub_epi64(sum, _mm256_castpd_si256(up));
            }
        } else {
            const __m256d up = _mm256_cmp_pd(fraction, _mm256_set1_pd(0.5), _CMP_GE_OQ);
            sum = _mm256_add_epi64(sum, _mm256_and_si256(_mm256_castpd_si256(up), copies));
        }
        const __m256i low = _mm256_permutevar8x32_epi32(sum, _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(codes + f), _mm256_castsi256_si128(low));
    }
    roundTableScalar(values + f, {grids.levels + f, grids.stride, grids.count}, drawsFrom(draws, f),
                     count - f, codes + f);
}

void addVarianceAvx2(const float* values, const UniformColumns& grids, std::size_t count, double* sums) {
    const __m256d one = _mm256_set1_pd(1);
    std::size_t f = 0;
    for (; f + 4 <= count; f += 4) {
        const __m256d place = placeOf(values, grids, f);
        const __m256d fraction = _mm256_sub_pd(place, _mm256_floor_pd(place));
        const __m256d variance = _mm256_mul_pd(fraction, _mm256_sub_pd(one, fraction));
        _mm256_storeu_pd(sums + f, _mm256_add_pd(_mm256_loadu_pd(sums + f), variance));
    }
    addVarianceScalar(values + f, {grids.low + f, grids.intervalsPerUnit + f, grids.intervals + f}, count - f,
                      sums + f);
}

} // namespace zipml
#endif
