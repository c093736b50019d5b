#if defined(__x86_64__)
#include "core/kernels/philox_loops.h"

#include <immintrin.h>

namespace zipml {
namespace {

struct Avx2 {
    static constexpr std::uint32_t kLanes = 4;
    __m256i value;

    static Avx2 all(std::uint32_t word) { return {_mm256_set1_epi64x(word)}; }
    static Avx2 places() { return {_mm256_setr_epi64x(0, 1, 2, 3)}; }
    static Avx2 sum(Avx2 a, Avx2 b) { return {_mm256_add_epi64(a.value, b.value)}; }
    static Avx2 product(Avx2 a, Avx2 b) { return {_mm256_mul_epu32(a.value, b.value)}; }
    static Avx2 highWords(Avx2 a) { return {_mm256_srli_epi64(a.value, 32)}; }
    static Avx2 exclusiveOr(Avx2 a, Avx2 b) { return {_mm256_xor_si256(a.value, b.value)}; }
    static Avx2 exclusiveOr(Avx2 a, Avx2 b, Avx2 c) { return exclusiveOr(a, exclusiveOr(b, c)); }

    /// The words of 4 blocks, or the `left` first ones of them.
    static void store(Avx2 c0, Avx2 c1, Avx2 c2, Avx2 c3, std::size_t left, std::uint32_t* to) {
        const __m256i c01 = _mm256_blend_epi32(c0.value, _mm256_slli_epi64(c1.value, 32), 0xAA);
        const __m256i c23 = _mm256_blend_epi32(c2.value, _mm256_slli_epi64(c3.value, 32), 0xAA);
        const __m256i even = _mm256_unpacklo_epi64(c01, c23); // blocks 0 and 2
        const __m256i odd = _mm256_unpackhi_epi64(c01, c23);  // blocks 1 and 3
        constexpr std::size_t kWords = 4 * kLanes;
        alignas(32) std::uint32_t last[kWords];
        std::uint32_t* at = left >= kWords ? to : last;
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(at), _mm256_permute2x128_si256(even, odd, 0x20));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(at + 8), _mm256_permute2x128_si256(even, odd, 0x31));
        if (at == last)
            __builtin_memcpy(to, last, left * sizeof *to);
    }
};

} // namespace

void fillWordsAvx2(const PhiloxWords& words, std::uint32_t* to, std::size_t stride) {
    fillWords<Avx2>(words, to, stride);
}

} // namespace zipml
#endif
