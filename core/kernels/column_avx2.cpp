#if defined(__x86_64__)
#include "core/kernels/column_loops.h"

#include <immintrin.h>

namespace zipml {
namespace {

/// vpmaddubsw adds up pairs of products in 16 bits, which several bytes of at most 4 or 5 bits fit.
struct Avx2 {
    using Wide = __m256i;
    static constexpr int kHalves = 2;
    static constexpr std::size_t kBytes = 32;
    static constexpr int kLanes = 2;
    static constexpr int kMostAtOnce = 32; ///< four of them times 127, in pairs, fit 16 bits

    static int pieces(ByteRange range) { return range.most > kMostAtOnce ? 2 : 1; }

    /// The masked bytes, or their low or high nibble.
    struct Piece {
        __m256i mask;
        std::size_t lines; ///< whose products fit 16 bits
        int shift, scale;
        bool isFirst;
        Piece(ByteRange range, int piece)
            : lines(32'767U / (2U * 127U *
                               (range.most > kMostAtOnce ? 15U
                                : range.most > 0         ? range.most
                                                         : 1U))),
              shift(4 * piece), scale(piece == 0 ? 1 : 16), isFirst(piece == 0) {
            const int bits = pieces(range) == 1 ? range.mask : range.mask >> shift & 15;
            mask = _mm256_set1_epi8(static_cast<char>(bits));
        }
        [[nodiscard]] __m256i of(__m256i bytes) const {
            return _mm256_and_si256(_mm256_srl_epi16(bytes, _mm_cvtsi32_si128(shift)), mask);
        }
    };

    static __m256i noSum() { return _mm256_setzero_si256(); }
    static __m256i load(const unsigned char* at) {
        return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    }
    static __m256i all(std::int32_t word) { return _mm256_set1_epi32(word); }
    static __m256i multiplyAdd(__m256i sum, __m256i bytes, __m256i factors) {
        return _mm256_add_epi16(sum, _mm256_maddubs_epi16(bytes, factors));
    }
    static __m256i addTo(__m256i total, __m256i sum, int scale) {
        return _mm256_add_epi32(total, _mm256_madd_epi16(sum, _mm256_set1_epi16(static_cast<short>(scale))));
    }
    static __m256i plus(__m256i a, __m256i b) { return _mm256_add_epi32(a, b); }
    static __m256i loadSums(const std::int32_t* at) {
        return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    }
    static void store(std::int32_t* at, __m256i sums) {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(at), sums);
    }

    /// @param lines that there are
    static void gather(const unsigned char* line, std::size_t lines, __m256i* rows) {
        const __m256i ofFeature =
            _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
        for (int half = 0; half < 2; ++half, line += kBytes) {
            const __m256i first = _mm256_shuffle_epi8(load(line), ofFeature);
            const __m256i second =
                lines > 1 ? _mm256_shuffle_epi8(load(line + kLine), ofFeature) : _mm256_setzero_si256();
            rows[2 * half] = _mm256_permute2x128_si256(first, second, 0x20);
            rows[2 * half + 1] = _mm256_permute2x128_si256(first, second, 0x31);
        }
    }
    static void storeLines(std::int32_t* at, std::size_t lines, __m256i sums) {
        if (lines > 1)
            store(at, sums);
        else
            _mm_storeu_si128(reinterpret_cast<__m128i*>(at), _mm256_castsi256_si128(sums));
    }
    static void addLines(const __m256i (&digits)[kDigits], double unit, std::size_t lines, double* total) {
        for (std::size_t line = 0; line < lines; ++line, total += 4) {
            const auto numbers = [&](int digit) {
                return _mm256_cvtepi32_pd(line == 0 ? _mm256_castsi256_si128(digits[digit])
                                                    : _mm256_extracti128_si256(digits[digit], 1));
            };
            const __m256d upper = _mm256_fmadd_pd(numbers(0), _mm256_set1_pd(128), numbers(1));
            const __m256d all = _mm256_fmadd_pd(upper, _mm256_set1_pd(128), numbers(2));
            const __m256d step = _mm256_mul_pd(_mm256_set1_pd(unit), all);
            _mm256_storeu_pd(total, _mm256_add_pd(_mm256_loadu_pd(total), step));
        }
    }
};

} // namespace

const ColumnKernels kColumnAvx2{dot<Avx2>, add<Avx2>, addDigits<Avx2>};

} // namespace zipml
#endif
