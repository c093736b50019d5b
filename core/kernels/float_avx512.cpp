#if defined(__x86_64__)
#include "core/kernels/float_loops.h"

#include <immintrin.h>

namespace zipml {
namespace {

struct Avx512 {
    static constexpr std::size_t kLanes = 16;
    __m512 value;

    static Avx512 zero() { return {_mm512_setzero_ps()}; }
    static Avx512 all(float value) { return {_mm512_set1_ps(value)}; }
    static Avx512 load(const float* at) { return {_mm512_loadu_ps(at)}; }
    static __mmask16 maskOf(std::size_t count) { return static_cast<__mmask16>((1U << count) - 1U); }
    static Avx512 loadPart(const float* at, std::size_t count) {
        return {_mm512_maskz_loadu_ps(maskOf(count), at)};
    }
    static Avx512 fromBits(const unsigned char* words, int shift, int mask) {
        const __m512i codes = _mm512_and_si512(
            _mm512_srl_epi32(_mm512_loadu_si512(words), _mm_cvtsi32_si128(shift)), _mm512_set1_epi32(mask));
        return {_mm512_cvtepi32_ps(codes)};
    }
    static Avx512 add(Avx512 a, Avx512 b) { return {_mm512_add_ps(a.value, b.value)}; }
    static Avx512 multiplyAdd(Avx512 a, Avx512 b, Avx512 c) {
        return {_mm512_fmadd_ps(a.value, b.value, c.value)};
    }
    void store(float* at) const { _mm512_storeu_ps(at, value); }
    void storePart(float* at, std::size_t count) const { _mm512_mask_storeu_ps(at, maskOf(count), value); }
    [[nodiscard]] float sum() const { return _mm512_reduce_add_ps(value); }
};

} // namespace

const RowKernels kRowsAvx512{dotAllRows<Avx512>, addAllRows<Avx512>};
const TileFloatKernels kTileFloatAvx512[4] = {kTilesInFloat<Avx512, 1>, kTilesInFloat<Avx512, 2>,
                                              kTilesInFloat<Avx512, 4>, kTilesInFloat<Avx512, 8>};

} // namespace zipml
#endif
