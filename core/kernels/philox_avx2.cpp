#include "core/kernels/round_kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace zipml {
namespace {

constexpr std::uint32_t kM0 = 0xD2511F53U, kM1 = 0xCD9E8D57U; // Philox' multipliers
constexpr std::uint32_t kW0 = 0x9E3779B9U, kW1 = 0xBB67AE85U; // what its key grows by each round
constexpr int kRounds = 10;
constexpr std::size_t kWords = 16; // a step: 4 blocks, one in every 64-bit lane

/// The low half of every lane holds a word, the high half anything: a product's high word then is one shift
/// away and its low word is in place.
__m256i broadcast(std::uint32_t word) {
    return _mm256_set1_epi64x(word);
}

} // namespace

void fillWordsAvx2(const PhiloxWords& words, std::uint32_t* to, std::size_t stride) {
    const __m256i m0 = broadcast(kM0), m1 = broadcast(kM1);
    const auto key0 = static_cast<std::uint32_t>(words.key),
               key1 = static_cast<std::uint32_t>(words.key >> 32);
    __m256i keys0[kRounds], keys1[kRounds];
    for (std::uint32_t round = 0; round < kRounds; ++round) {
        keys0[round] = broadcast(key0 + round * kW0);
        keys1[round] = broadcast(key1 + round * kW1);
    }
    const __m256i blocks = _mm256_add_epi64(broadcast(words.block), _mm256_setr_epi64x(0, 1, 2, 3));
    const std::uint64_t product1 = std::uint64_t{kM1} * words.epoch;
    for (std::uint32_t row = 0; row < words.rows; ++row, to += stride) {
        // In round 1 all blocks of a row have the same products.
        const std::uint64_t product0 = std::uint64_t{kM0} * (words.row + row);
        const __m256i first0 = broadcast(static_cast<std::uint32_t>(product1 >> 32) ^ key0);
        const __m256i first1 = broadcast(static_cast<std::uint32_t>(product1));
        const __m256i first2 = broadcast(static_cast<std::uint32_t>(product0 >> 32) ^ words.use ^ key1);
        const __m256i first3 = broadcast(static_cast<std::uint32_t>(product0));
        __m256i block = blocks;
        for (std::size_t begin = 0; begin < words.count; begin += kWords) {
            __m256i c0 = _mm256_xor_si256(block, first0), c1 = first1, c2 = first2, c3 = first3;
            for (int round = 1; round < kRounds; ++round) {
                const __m256i p0 = _mm256_mul_epu32(c0, m0), p1 = _mm256_mul_epu32(c2, m1);
                c0 = _mm256_xor_si256(_mm256_srli_epi64(p1, 32), _mm256_xor_si256(c1, keys0[round]));
                c2 = _mm256_xor_si256(_mm256_srli_epi64(p0, 32), _mm256_xor_si256(c3, keys1[round]));
                c1 = p1;
                c3 = p0;
            }
            const __m256i c01 = _mm256_blend_epi32(c0, _mm256_slli_epi64(c1, 32), 0xAA);
            const __m256i c23 = _mm256_blend_epi32(c2, _mm256_slli_epi64(c3, 32), 0xAA);
            const __m256i even = _mm256_unpacklo_epi64(c01, c23); // blocks 0 and 2
            const __m256i odd = _mm256_unpackhi_epi64(c01, c23);  // blocks 1 and 3
            alignas(32) std::uint32_t last[kWords];
            std::uint32_t* at = begin + kWords <= words.count ? to + begin : last;
            _mm256_storeu_si256(reinterpret_cast<__m256i*>(at), _mm256_permute2x128_si256(even, odd, 0x20));
            _mm256_storeu_si256(reinterpret_cast<__m256i*>(at + 8),
                                _mm256_permute2x128_si256(even, odd, 0x31));
            if (at == last)
                __builtin_memcpy(to + begin, last, (words.count - begin) * sizeof *to);
            block = _mm256_add_epi64(block, broadcast(4));
        }
    }
}

} // namespace zipml
#endif
