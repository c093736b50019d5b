#if defined(__x86_64__)
#include "core/kernels/copy_loops.h"

#include <immintrin.h>

namespace zipml {
namespace {

__m256i load(const unsigned char* at) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
}
void store(unsigned char* at, __m256i value) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(at), value);
}
__m256i tableOf(const unsigned char* entries) {
    return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(entries)));
}

/// code div k is the high half of code * ceil(2^16 / k), for codes of a byte and k up to 8.
void divide(const CopyTables& tables, std::size_t size, unsigned char* codes, unsigned char* ups) {
    const __m256i zero = _mm256_setzero_si256();
    const __m256i copies = _mm256_set1_epi16(static_cast<short>(tables.copies));
    const __m256i inverse = _mm256_set1_epi16(static_cast<short>(65'535 / tables.copies + 1));
    for (std::size_t at = 0; at < size; at += 32) {
        const __m256i code = load(codes + at);
        const __m256i low = _mm256_unpacklo_epi8(code, zero), high = _mm256_unpackhi_epi8(code, zero);
        const __m256i lowerLow = _mm256_mulhi_epu16(low, inverse);
        const __m256i lowerHigh = _mm256_mulhi_epu16(high, inverse);
        const __m256i upsLow = _mm256_sub_epi16(low, _mm256_mullo_epi16(lowerLow, copies));
        const __m256i upsHigh = _mm256_sub_epi16(high, _mm256_mullo_epi16(lowerHigh, copies));
        store(codes + at, _mm256_packus_epi16(lowerLow, lowerHigh));
        store(ups + at, _mm256_packus_epi16(upsLow, upsHigh));
    }
}

void choose(const CopyTables& tables, std::size_t lines, const unsigned char* own,
            const unsigned char* shared, unsigned char* ups) {
    const __m256i zero = _mm256_setzero_si256();
    const __m256i counts = tableOf(tables.count), firsts = tableOf(tables.first);
    const int sixteens = (1 << tables.copies) / 16 + (tables.copies < 4 ? 1 : 0);
    for (std::size_t at = 0; at < lines * kLine; at += 32) {
        std::int32_t word;
        __builtin_memcpy(&word, shared + at / kLine * 4, sizeof word);
        const __m256i rest = _mm256_set1_epi32(word);
        const __m256i draw = load(own + at);
        const __m256i up = load(ups + at);
        const __m256i count = _mm256_shuffle_epi8(counts, up);
        const __m256i low =
            _mm256_mulhi_epu16(_mm256_unpacklo_epi8(rest, draw), _mm256_unpacklo_epi8(count, zero));
        const __m256i high =
            _mm256_mulhi_epu16(_mm256_unpackhi_epi8(rest, draw), _mm256_unpackhi_epi8(count, zero));
        const __m256i choice =
            _mm256_add_epi8(_mm256_packus_epi16(low, high), _mm256_shuffle_epi8(firsts, up));
        const __m256i which = _mm256_and_si256(_mm256_srli_epi16(choice, 4), _mm256_set1_epi8(15));
        const __m256i place = _mm256_and_si256(choice, _mm256_set1_epi8(15));
        __m256i set = zero;
        for (int sixteen = 0; sixteen < sixteens; ++sixteen) {
            const __m256i found = _mm256_shuffle_epi8(tableOf(tables.sets + 16 * sixteen), place);
            const __m256i here = _mm256_cmpeq_epi8(which, _mm256_set1_epi8(static_cast<char>(sixteen)));
            set = _mm256_or_si256(set, _mm256_and_si256(found, here));
        }
        store(ups + at, set);
    }
}

/// The sums of 8 rows by one mask.
void dotHalf(const unsigned char* bytes, std::size_t lines, __m256i mask, const std::int8_t* const* digits,
             double* sums) {
    const __m256i lowBytes = _mm256_set1_epi16(0xFF);
    __m256i sum[3] = {_mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256()};
    for (std::size_t line = 0; line < lines; ++line) {
        const __m256i value = _mm256_and_si256(load(bytes + line * kLine), mask);
        const __m256i even = _mm256_and_si256(value, lowBytes), odd = _mm256_srli_epi16(value, 8);
        for (int digit = 0; digit < 3; ++digit) {
            std::int32_t word;
            __builtin_memcpy(&word, digits[digit] + 4 * line, sizeof word);
            const __m256i weights = _mm256_set1_epi32(word);
            const __m256i evenWeights = _mm256_srai_epi16(_mm256_slli_epi16(weights, 8), 8);
            const __m256i products = _mm256_add_epi32(_mm256_madd_epi16(even, evenWeights),
                                                      _mm256_madd_epi16(odd, _mm256_srai_epi16(weights, 8)));
            sum[digit] = _mm256_add_epi32(sum[digit], products);
        }
    }
    for (int half = 0; half < 2; ++half) {
        const auto numbers = [&](int digit) {
            return _mm256_cvtepi32_pd(half == 0 ? _mm256_castsi256_si128(sum[digit])
                                                : _mm256_extracti128_si256(sum[digit], 1));
        };
        const __m256d upper = _mm256_fmadd_pd(numbers(0), _mm256_set1_pd(128), numbers(1));
        _mm256_storeu_pd(sums + 4 * half, _mm256_fmadd_pd(upper, _mm256_set1_pd(128), numbers(2)));
    }
}

void dot(const unsigned char* bytes, std::size_t lines, const ByteMasks& masks,
         const std::int8_t* const* digits, double* sums) {
    for (int m = 0; m < masks.count; ++m, sums += kRows) {
        const __m256i mask = _mm256_set1_epi8(static_cast<char>(masks.masks[m]));
        dotHalf(bytes, lines, mask, digits, sums);
        dotHalf(bytes + kLine / 2, lines, mask, digits, sums + kRows / 2);
    }
}

void add(const unsigned char* bytes, std::size_t tiles, std::size_t lines, unsigned char mask,
         const std::int8_t* const* digits, double unit, double* total) {
    // Words of 4 rows of a feature; rows 0 and 2 of them are even bytes, 1 and 3 odd ones.
    const __m256i ofFeature =
        _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
    const __m256i lowBytes = _mm256_set1_epi16(0xFF);
    const __m256i masks = _mm256_set1_epi8(static_cast<char>(mask));
    const std::size_t halves = 2 * tiles;
    __m256i factors[2 * kMostAddedTiles][3]; // of 8 rows: 4 in each half
    for (std::size_t half = 0; half < halves; ++half)
        for (std::size_t digit = 0; digit < 3; ++digit) {
            std::int32_t words[2];
            __builtin_memcpy(words, digits[digit] + 8 * half, sizeof words);
            factors[half][digit] = _mm256_setr_m128i(_mm_set1_epi32(words[0]), _mm_set1_epi32(words[1]));
        }
    for (std::size_t line = 0; line < lines; ++line, total += 4) {
        __m256i sum[3] = {_mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256()};
        for (std::size_t half = 0; half < halves; ++half) {
            const unsigned char* at = bytes + (half / 2 * lines + line) * kLine + half % 2 * (kLine / 2);
            const __m256i value = _mm256_shuffle_epi8(_mm256_and_si256(load(at), masks), ofFeature);
            const __m256i even = _mm256_and_si256(value, lowBytes), odd = _mm256_srli_epi16(value, 8);
            for (std::size_t digit = 0; digit < 3; ++digit) {
                const __m256i factor = factors[half][digit];
                const __m256i evenFactors = _mm256_srai_epi16(_mm256_slli_epi16(factor, 8), 8);
                const __m256i products =
                    _mm256_add_epi32(_mm256_madd_epi16(even, evenFactors),
                                     _mm256_madd_epi16(odd, _mm256_srai_epi16(factor, 8)));
                sum[digit] = _mm256_add_epi32(sum[digit], products);
            }
        }
        const auto numbers = [&sum](int digit) {
            return _mm256_cvtepi32_pd(
                _mm_add_epi32(_mm256_castsi256_si128(sum[digit]), _mm256_extracti128_si256(sum[digit], 1)));
        };
        const __m256d upper = _mm256_fmadd_pd(numbers(0), _mm256_set1_pd(128), numbers(1));
        const __m256d all = _mm256_fmadd_pd(upper, _mm256_set1_pd(128), numbers(2));
        _mm256_storeu_pd(total,
                         _mm256_add_pd(_mm256_loadu_pd(total), _mm256_mul_pd(_mm256_set1_pd(unit), all)));
    }
}

} // namespace

const CopyKernels kCopyAvx2{unpack, divide,     choose,      toss, raise, spread,
                            join,   keepInside, lookUpPlain, dot,  add};

} // namespace zipml
#endif
