#if defined(__x86_64__)
#include "core/kernels/copy_loops.h"

#include <immintrin.h>

namespace zipml {
namespace {

/// 256 bytes in registers.
struct Table {
    __m512i quarters[4];
    explicit Table(const unsigned char* entries)
        : quarters{_mm512_loadu_si512(entries), _mm512_loadu_si512(entries + 64),
                   _mm512_loadu_si512(entries + 128), _mm512_loadu_si512(entries + 192)} {}
    /// @param kEntries so many entries at most are asked for: 64, 128 or 256
    template <int kEntries>
    [[nodiscard]] __m512i at(__m512i places) const {
        if constexpr (kEntries == 64)
            return _mm512_permutexvar_epi8(places, quarters[0]);
        const __m512i low = _mm512_permutex2var_epi8(quarters[0], places, quarters[1]);
        if constexpr (kEntries == 128)
            return low;
        const __m512i high = _mm512_permutex2var_epi8(quarters[2], places, quarters[3]);
        return _mm512_mask_blend_epi8(_mm512_movepi8_mask(places), low, high);
    }
};

__m512i tableOf(const unsigned char* entries) {
    return _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(entries)));
}

template <int kCodes>
void divideUpTo(const CopyTables& tables, std::size_t size, unsigned char* codes, unsigned char* ups) {
    const Table lower(tables.lower), rest(tables.ups);
    for (std::size_t at = 0; at < size; at += kLine) {
        const __m512i code = _mm512_loadu_si512(codes + at);
        _mm512_storeu_si512(ups + at, rest.at<kCodes>(code));
        _mm512_storeu_si512(codes + at, lower.at<kCodes>(code));
    }
}

void divide(const CopyTables& tables, std::size_t size, unsigned char* codes, unsigned char* ups) {
    if (tables.mostCode < 128)
        divideUpTo<128>(tables, size, codes, ups);
    else
        divideUpTo<256>(tables, size, codes, ups);
}

template <int kSets>
void chooseAmong(const CopyTables& tables, std::size_t lines, const unsigned char* own,
                 const unsigned char* shared, unsigned char* ups) {
    const __m512i zero = _mm512_setzero_si512();
    const __m512i counts = tableOf(tables.count), firsts = tableOf(tables.first);
    const Table sets(tables.sets);
    for (std::size_t line = 0; line < lines; ++line, own += kLine, ups += kLine) {
        std::int32_t word;
        __builtin_memcpy(&word, shared + 4 * line, sizeof word);
        const __m512i rest = _mm512_set1_epi32(word);
        const __m512i draw = _mm512_loadu_si512(own);
        const __m512i up = _mm512_loadu_si512(ups);
        const __m512i count = _mm512_shuffle_epi8(counts, up);
        const __m512i low =
            _mm512_mulhi_epu16(_mm512_unpacklo_epi8(rest, draw), _mm512_unpacklo_epi8(count, zero));
        const __m512i high =
            _mm512_mulhi_epu16(_mm512_unpackhi_epi8(rest, draw), _mm512_unpackhi_epi8(count, zero));
        const __m512i choice =
            _mm512_add_epi8(_mm512_packus_epi16(low, high), _mm512_shuffle_epi8(firsts, up));
        _mm512_storeu_si512(ups, sets.at<kSets>(choice));
    }
}

void choose(const CopyTables& tables, std::size_t lines, const unsigned char* own,
            const unsigned char* shared, unsigned char* ups) {
    if (tables.copies <= 6)
        chooseAmong<64>(tables, lines, own, shared, ups);
    else if (tables.copies == 7)
        chooseAmong<128>(tables, lines, own, shared, ups);
    else
        chooseAmong<256>(tables, lines, own, shared, ups);
}

void lookUp(const unsigned char* tables, std::size_t lines, const unsigned char* low,
            const unsigned char* ups, int copy, unsigned char* out, std::size_t apart) {
    const __m512i bit = _mm512_set1_epi8(static_cast<char>(1 << copy));
    const __m512i one = _mm512_set1_epi8(1);
    const __m512i ofFeature = _mm512_set1_epi32(0x30201000);
    for (std::size_t line = 0; line < lines; ++line, out += kLine) {
        const __m512i index = _mm512_add_epi8(_mm512_loadu_si512(low + line * kLine), ofFeature);
        const __mmask64 above = _mm512_test_epi8_mask(_mm512_loadu_si512(ups + line * kLine), bit);
        const __m512i place = _mm512_mask_add_epi8(index, above, index, one);
        for (std::size_t byte = 0; byte < kLevelBytes; ++byte, tables += kNibbleTable)
            _mm512_storeu_si512(out + byte * apart,
                                _mm512_permutexvar_epi8(place, _mm512_loadu_si512(tables)));
    }
}

/// 16 sums of digits as doubles.
void storeSums(const __m512i (&sums)[3], double* to) {
    for (int half = 0; half < 2; ++half) {
        const auto numbers = [&](int digit) {
            return _mm512_cvtepi32_pd(half == 0 ? _mm512_castsi512_si256(sums[digit])
                                                : _mm512_extracti64x4_epi64(sums[digit], 1));
        };
        const __m512d upper = _mm512_fmadd_pd(numbers(0), _mm512_set1_pd(128), numbers(1));
        _mm512_storeu_pd(to + 8 * half, _mm512_fmadd_pd(upper, _mm512_set1_pd(128), numbers(2)));
    }
}

template <int kMasks>
void dotMasks(const unsigned char* bytes, std::size_t lines, const unsigned char* masks,
              const std::int8_t* const* digits, double* sums) {
    __m512i sum[kMasks][3], mask[kMasks];
#pragma GCC unroll 8
    for (int m = 0; m < kMasks; ++m) {
        mask[m] = _mm512_set1_epi8(static_cast<char>(masks[m]));
        sum[m][0] = sum[m][1] = sum[m][2] = _mm512_setzero_si512();
    }
    const std::int8_t *first = digits[0], *second = digits[1], *third = digits[2];
    for (std::size_t line = 0; line < lines; ++line) {
        const auto weights = [line](const std::int8_t* digit) {
            std::int32_t word;
            __builtin_memcpy(&word, digit + 4 * line, sizeof word);
            return _mm512_set1_epi32(word);
        };
        const __m512i w0 = weights(first), w1 = weights(second), w2 = weights(third);
        const __m512i value = _mm512_loadu_si512(bytes + line * kLine);
#pragma GCC unroll 8
        for (int m = 0; m < kMasks; ++m) {
            const __m512i part = _mm512_and_si512(value, mask[m]);
            sum[m][0] = _mm512_dpbusd_epi32(sum[m][0], part, w0);
            sum[m][1] = _mm512_dpbusd_epi32(sum[m][1], part, w1);
            sum[m][2] = _mm512_dpbusd_epi32(sum[m][2], part, w2);
        }
    }
#pragma GCC unroll 8
    for (int m = 0; m < kMasks; ++m)
        storeSums(sum[m], sums + m * static_cast<int>(kRows));
}

void dot(const unsigned char* bytes, std::size_t lines, const ByteMasks& masks,
         const std::int8_t* const* digits, double* sums) {
    static constexpr decltype(&dotMasks<1>) kByCount[] = {dotMasks<1>, dotMasks<2>, dotMasks<3>, dotMasks<4>,
                                                          dotMasks<5>, dotMasks<6>, dotMasks<7>, dotMasks<8>};
    kByCount[masks.count - 1](bytes, lines, masks.masks, digits, sums);
}

void add(const unsigned char* bytes, std::size_t tiles, std::size_t lines, unsigned char mask,
         const std::int8_t* const* digits, double unit, double* total) {
    // Words of 4 rows of a feature, and the rows' factors for each of the 4 features.
    const __m512i ofFeature =
        _mm512_broadcast_i32x4(_mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
    const __m512i ofRows = _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
    __m512i factors[kMostAddedTiles][3];
    for (std::size_t tile = 0; tile < tiles; ++tile)
        for (std::size_t digit = 0; digit < 3; ++digit) {
            const __m128i rows =
                _mm_loadu_si128(reinterpret_cast<const __m128i*>(digits[digit] + tile * kRows));
            factors[tile][digit] = _mm512_permutexvar_epi32(ofRows, _mm512_castsi128_si512(rows));
        }
    const __m512i masks = _mm512_set1_epi8(static_cast<char>(mask));
    const std::size_t tileBytes = lines * kLine;
    for (std::size_t line = 0; line < lines; ++line, bytes += kLine, total += 4) {
        __m512i sum[3] = {_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512()};
        const unsigned char* at = bytes;
        for (std::size_t tile = 0; tile < tiles; ++tile, at += tileBytes) {
            const __m512i value =
                _mm512_shuffle_epi8(_mm512_and_si512(_mm512_loadu_si512(at), masks), ofFeature);
            sum[0] = _mm512_dpbusd_epi32(sum[0], value, factors[tile][0]);
            sum[1] = _mm512_dpbusd_epi32(sum[1], value, factors[tile][1]);
            sum[2] = _mm512_dpbusd_epi32(sum[2], value, factors[tile][2]);
        }
        const auto numbers = [&sum](int digit) {
            const __m256i half = _mm256_add_epi32(_mm512_castsi512_si256(sum[digit]),
                                                  _mm512_extracti64x4_epi64(sum[digit], 1));
            return _mm256_cvtepi32_pd(
                _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1)));
        };
        const __m256d step = _mm256_set1_pd(128);
        const __m256d upper = _mm256_add_pd(_mm256_mul_pd(numbers(0), step), numbers(1));
        const __m256d all = _mm256_add_pd(_mm256_mul_pd(upper, step), numbers(2));
        _mm256_storeu_pd(total,
                         _mm256_add_pd(_mm256_loadu_pd(total), _mm256_mul_pd(_mm256_set1_pd(unit), all)));
    }
}

} // namespace

const CopyKernels kCopyAvx512{unpack, divide,     choose, toss, raise, spread,
                              join,   keepInside, lookUp, dot,  add};

} // namespace zipml
#endif
