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

} // namespace

const CopyKernels kCopyAvx2{unpack,      divide, choose, toss,       raise,
                            meanAndSign, spread, join,   keepInside, lookUpPlain};

} // namespace zipml
#endif
