#if defined(__x86_64__)
#include "core/kernels/weave_loops.h"

#include <immintrin.h>

namespace zipml {
namespace {

struct Avx2 {
    static constexpr std::size_t kBytes = 32;
    __m256i value;

    static Avx2 bytes(int byte) { return {_mm256_set1_epi8(static_cast<char>(byte))}; }
    static Avx2 load(const unsigned char* at) {
        return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(at))};
    }
    void store(unsigned char* at) const { _mm256_storeu_si256(reinterpret_cast<__m256i*>(at), value); }
    static Avx2 both(Avx2 a, Avx2 b) { return {_mm256_and_si256(a.value, b.value)}; }
    static Avx2 exclusiveOr(Avx2 a, Avx2 b) { return {_mm256_xor_si256(a.value, b.value)}; }
    static Avx2 select(Avx2 mask, Avx2 a, Avx2 b) {
        return {
            _mm256_or_si256(_mm256_and_si256(mask.value, a.value), _mm256_andnot_si256(mask.value, b.value))};
    }
    template <int kShift>
    static Avx2 shiftLeft(Avx2 a) {
        return {_mm256_slli_epi16(a.value, kShift)};
    }
    template <int kShift>
    static Avx2 shiftRight(Avx2 a) {
        return {_mm256_srli_epi16(a.value, kShift)};
    }
};

} // namespace

const WeaveKernels kWeaveAvx2{join<Avx2>, nullptr};

} // namespace zipml
#endif
