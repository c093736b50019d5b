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

} // namespace

const CopyKernels kCopyAvx512{unpack,      divide, choose, toss,       raise,
                              meanAndSign, spread, join,   keepInside, lookUp};

} // namespace zipml
#endif
