#if defined(__x86_64__)
#include "core/kernels/float_loops.h"

#include <immintrin.h>

namespace zipml {
namespace {

struct Avx2 {
    static constexpr std::size_t kLanes = 8;
    __m256 value;

    static Avx2 zero() { return {_mm256_setzero_ps()}; }
    static Avx2 all(float value) { return {_mm256_set1_ps(value)}; }
    static Avx2 load(const float* at) { return {_mm256_loadu_ps(at)}; }
    static __m256i maskOf(std::size_t count) {
        return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(count)),
                                  _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    }
    static Avx2 loadPart(const float* at, std::size_t count) {
        return {_mm256_maskload_ps(at, maskOf(count))};
    }
    static Avx2 fromBits(const unsigned char* words, int shift, int mask) {
        const __m256i bits = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(words));
        const __m256i codes =
            _mm256_and_si256(_mm256_srl_epi32(bits, _mm_cvtsi32_si128(shift)), _mm256_set1_epi32(mask));
        return {_mm256_cvtepi32_ps(codes)};
    }
    static Avx2 add(Avx2 a, Avx2 b) { return {_mm256_add_ps(a.value, b.value)}; }
    static Avx2 multiplyAdd(Avx2 a, Avx2 b, Avx2 c) { return {_mm256_fmadd_ps(a.value, b.value, c.value)}; }
    void store(float* at) const { _mm256_storeu_ps(at, value); }
    void storePart(float* at, std::size_t count) const { _mm256_maskstore_ps(at, maskOf(count), value); }
    [[nodiscard]] float sum() const {
        __m128 half = _mm_add_ps(_mm256_castps256_ps128(value), _mm256_extractf128_ps(value, 1));
        half = _mm_add_ps(half, _mm_movehl_ps(half, half));
        return _mm_cvtss_f32(_mm_add_ss(half, _mm_movehdup_ps(half)));
    }
};

} // namespace

const RowKernels kRowsAvx2{dotAllRows<Avx2>, addAllRows<Avx2>};
const TileFloatKernels kTileFloatAvx2[4] = {kTilesInFloat<Avx2, 1>, kTilesInFloat<Avx2, 2>,
                                            kTilesInFloat<Avx2, 4>, kTilesInFloat<Avx2, 8>};

} // namespace zipml
#endif
