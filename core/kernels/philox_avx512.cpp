#if defined(__x86_64__)
#include "core/kernels/philox_loops.h"

#include <immintrin.h>

namespace zipml {
namespace {

struct Avx512 {
    static constexpr std::uint32_t kLanes = 8;
    __m512i value;

    static Avx512 all(std::uint32_t word) { return {_mm512_set1_epi64(word)}; }
    static Avx512 places() { return {_mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7)}; }
    static Avx512 sum(Avx512 a, Avx512 b) { return {_mm512_add_epi64(a.value, b.value)}; }
    static Avx512 product(Avx512 a, Avx512 b) { return {_mm512_mul_epu32(a.value, b.value)}; }
    static Avx512 highWords(Avx512 a) { return {_mm512_srli_epi64(a.value, 32)}; }
    static Avx512 exclusiveOr(Avx512 a, Avx512 b) { return {_mm512_xor_si512(a.value, b.value)}; }
    static Avx512 exclusiveOr(Avx512 a, Avx512 b, Avx512 c) {
        return {_mm512_ternarylogic_epi64(a.value, b.value, c.value, 0x96)};
    }

    /// The words of 8 blocks, or the `left` first ones of them.
    static void store(Avx512 c0, Avx512 c1, Avx512 c2, Avx512 c3, std::size_t left, std::uint32_t* to) {
        const __m512i low = _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11);
        const __m512i high = _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15);
        const __m512i c01 = _mm512_mask_shuffle_epi32(c0.value, 0xAAAA, c1.value, _MM_PERM_CCAA);
        const __m512i c23 = _mm512_mask_shuffle_epi32(c2.value, 0xAAAA, c3.value, _MM_PERM_CCAA);
        storeHalf(_mm512_permutex2var_epi64(c01, low, c23), left, to);
        if (left > 16)
            storeHalf(_mm512_permutex2var_epi64(c01, high, c23), left - 16, to + 16);
    }

  private:
    static void storeHalf(__m512i words, std::size_t left, std::uint32_t* to) {
        _mm512_mask_storeu_epi32(to, static_cast<__mmask16>(left < 16 ? (1U << left) - 1U : 0xFFFFU), words);
    }
};

} // namespace

void fillWordsAvx512(const PhiloxWords& words, std::uint32_t* to, std::size_t stride) {
    fillWords<Avx512>(words, to, stride);
}

} // namespace zipml
#endif
