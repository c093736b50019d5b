#if defined(__x86_64__)
#include "core/kernels/column_loops.h"

#include <immintrin.h>

namespace zipml {
namespace {

/// vpdpbusd adds up four products in 32 bits at once.
struct Avx512 {
    using Wide = __m512i;
    static constexpr int kHalves = 1;
    static constexpr std::size_t kBytes = 64;
    static constexpr int kLanes = 4;

    static int pieces(ByteRange /*range*/) { return 1; }

    struct Piece {
        static constexpr std::size_t lines = std::size_t{1} << 24; ///< all there are
        static constexpr int scale = 1;
        static constexpr bool isFirst = true;
        __m512i mask;
        Piece(ByteRange range, int /*piece*/) : mask(_mm512_set1_epi8(static_cast<char>(range.mask))) {}
        [[nodiscard]] __m512i of(__m512i bytes) const { return _mm512_and_si512(bytes, mask); }
    };

    static __m512i noSum() { return _mm512_setzero_si512(); }
    static __m512i load(const unsigned char* at) { return _mm512_loadu_si512(at); }
    static __m512i all(std::int32_t word) { return _mm512_set1_epi32(word); }
    static __m512i multiplyAdd(__m512i sum, __m512i bytes, __m512i factors) {
        return _mm512_dpbusd_epi32(sum, bytes, factors);
    }
    static __m512i addTo(__m512i total, __m512i sum, int /*scale*/) { return _mm512_add_epi32(total, sum); }
    static __m512i plus(__m512i a, __m512i b) { return _mm512_add_epi32(a, b); }
    static __m512i loadSums(const std::int32_t* at) { return _mm512_loadu_si512(at); }
    static void store(std::int32_t* at, __m512i sums) { _mm512_storeu_si512(at, sums); }

    /// @param lines that there are
    static void gather(const unsigned char* line, std::size_t lines, __m512i* rows) {
        const __m512i ofFeature =
            _mm512_broadcast_i32x4(_mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
        __m512i four[kLanes];
        for (std::size_t l = 0; l < kLanes; ++l)
            four[l] =
                l < lines ? _mm512_shuffle_epi8(load(line + l * kLine), ofFeature) : _mm512_setzero_si512();
        const __m512i lowOfTwo = _mm512_shuffle_i64x2(four[0], four[1], 0x44); // a0 a1 b0 b1
        const __m512i highOfTwo = _mm512_shuffle_i64x2(four[0], four[1], 0xEE);
        const __m512i lowOfNext = _mm512_shuffle_i64x2(four[2], four[3], 0x44);
        const __m512i highOfNext = _mm512_shuffle_i64x2(four[2], four[3], 0xEE);
        rows[0] = _mm512_shuffle_i64x2(lowOfTwo, lowOfNext, 0x88); // a0 b0 c0 d0
        rows[1] = _mm512_shuffle_i64x2(lowOfTwo, lowOfNext, 0xDD);
        rows[2] = _mm512_shuffle_i64x2(highOfTwo, highOfNext, 0x88);
        rows[3] = _mm512_shuffle_i64x2(highOfTwo, highOfNext, 0xDD);
    }
    static void storeLines(std::int32_t* at, std::size_t lines, __m512i sums) {
        _mm512_mask_storeu_epi32(at, static_cast<__mmask16>((1U << (4 * lines)) - 1U), sums);
    }
    static void addLines(const __m512i (&digits)[kDigits], double unit, std::size_t lines, double* total) {
        for (std::size_t two = 0; two < lines; two += 2, total += 8) {
            const auto numbers = [&](int digit) {
                return _mm512_cvtepi32_pd(two == 0 ? _mm512_castsi512_si256(digits[digit])
                                                   : _mm512_extracti64x4_epi64(digits[digit], 1));
            };
            const auto there = static_cast<__mmask8>(lines - two > 1 ? 0xFF : 0x0F);
            const __m512d upper = _mm512_fmadd_pd(numbers(0), _mm512_set1_pd(128), numbers(1));
            const __m512d all = _mm512_fmadd_pd(upper, _mm512_set1_pd(128), numbers(2));
            const __m512d step = _mm512_mul_pd(_mm512_set1_pd(unit), all);
            _mm512_mask_storeu_pd(total, there, _mm512_add_pd(_mm512_maskz_loadu_pd(there, total), step));
        }
    }
};

} // namespace

const ColumnKernels kColumnAvx512{dot<Avx512>, add<Avx512>, addDigits<Avx512>};

} // namespace zipml
#endif
