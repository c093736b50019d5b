#include "core/kernels/round_kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace zipml {
namespace {

constexpr std::uint32_t kM0 = 0xD2511F53U, kM1 = 0xCD9E8D57U; // Philox' multipliers
constexpr std::uint32_t kW0 = 0x9E3779B9U, kW1 = 0xBB67AE85U; // what its key grows by each round
constexpr int kRounds = 10;
constexpr std::size_t kWords = 32; // a step: 8 blocks, one in every 64-bit lane

/// The low half of every lane holds a word, the high half anything: a product's high word then is one shift
/// away and its low word is in place.
__m512i broadcast(std::uint32_t word) {
    return _mm512_set1_epi64(word);
}

__m512i xor3(__m512i a, __m512i b, __m512i c) {
    return _mm512_ternarylogic_epi64(a, b, c, 0x96);
}

/// `count` of 16 words, or all of them.
void store(std::uint32_t* to, std::size_t count, __m512i words) {
    _mm512_mask_storeu_epi32(to, static_cast<__mmask16>(count < 16 ? (1U << count) - 1U : 0xFFFFU), words);
}

} // namespace

void fillWordsAvx512(const PhiloxWords& words, std::uint32_t* to, std::size_t stride) {
    const __m512i m0 = broadcast(kM0), m1 = broadcast(kM1);
    const auto key0 = static_cast<std::uint32_t>(words.key),
               key1 = static_cast<std::uint32_t>(words.key >> 32);
    __m512i keys0[kRounds], keys1[kRounds];
    for (std::uint32_t round = 0; round < kRounds; ++round) {
        keys0[round] = broadcast(key0 + round * kW0);
        keys1[round] = broadcast(key1 + round * kW1);
    }
    const __m512i low = _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11);
    const __m512i high = _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15);
    const __m512i blocks =
        _mm512_add_epi64(broadcast(words.block), _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7));
    const std::uint64_t product1 = std::uint64_t{kM1} * words.epoch;
    for (std::uint32_t row = 0; row < words.rows; ++row, to += stride) {
        // In round 1 all blocks of a row have the same products.
        const std::uint64_t product0 = std::uint64_t{kM0} * (words.row + row);
        const __m512i first0 = broadcast(static_cast<std::uint32_t>(product1 >> 32) ^ key0);
        const __m512i first1 = broadcast(static_cast<std::uint32_t>(product1));
        const __m512i first2 = broadcast(static_cast<std::uint32_t>(product0 >> 32) ^ words.use ^ key1);
        const __m512i first3 = broadcast(static_cast<std::uint32_t>(product0));
        __m512i block = blocks;
        for (std::size_t begin = 0; begin < words.count; begin += kWords) {
            __m512i c0 = _mm512_xor_si512(block, first0), c1 = first1, c2 = first2, c3 = first3;
            for (int round = 1; round < kRounds; ++round) {
                const __m512i p0 = _mm512_mul_epu32(c0, m0), p1 = _mm512_mul_epu32(c2, m1);
                c0 = xor3(_mm512_srli_epi64(p1, 32), c1, keys0[round]);
                c2 = xor3(_mm512_srli_epi64(p0, 32), c3, keys1[round]);
                c1 = p1;
                c3 = p0;
            }
            const __m512i c01 = _mm512_mask_shuffle_epi32(c0, 0xAAAA, c1, _MM_PERM_CCAA);
            const __m512i c23 = _mm512_mask_shuffle_epi32(c2, 0xAAAA, c3, _MM_PERM_CCAA);
            const std::size_t left = words.count - begin;
            store(to + begin, left, _mm512_permutex2var_epi64(c01, low, c23));
            if (left > 16)
                store(to + begin + 16, left - 16, _mm512_permutex2var_epi64(c01, high, c23));
            block = _mm512_add_epi64(block, broadcast(8));
        }
    }
}

} // namespace zipml
#endif
