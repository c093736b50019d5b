#if defined(__x86_64__)
#include "core/kernels/weave_loops.h"

#include <immintrin.h>

namespace zipml {
namespace {

struct Avx512 {
    static constexpr std::size_t kBytes = 64;
    __m512i value;

    static Avx512 bytes(int byte) { return {_mm512_set1_epi8(static_cast<char>(byte))}; }
    static Avx512 load(const unsigned char* at) { return {_mm512_loadu_si512(at)}; }
    void store(unsigned char* at) const { _mm512_storeu_si512(at, value); }
    static Avx512 both(Avx512 a, Avx512 b) { return {_mm512_and_si512(a.value, b.value)}; }
    static Avx512 exclusiveOr(Avx512 a, Avx512 b) { return {_mm512_xor_si512(a.value, b.value)}; }
    static Avx512 select(Avx512 mask, Avx512 a, Avx512 b) {
        return {_mm512_ternarylogic_epi64(mask.value, a.value, b.value, 0xCA)};
    }
    template <int kShift>
    static Avx512 shiftLeft(Avx512 a) {
        return {_mm512_slli_epi16(a.value, kShift)};
    }
    template <int kShift>
    static Avx512 shiftRight(Avx512 a) {
        return {_mm512_srli_epi16(a.value, kShift)};
    }
};

} // namespace

const WeaveKernels kWeaveAvx512{join<Avx512>};

} // namespace zipml
#endif
