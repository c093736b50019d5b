#if defined(__x86_64__)
#include "core/kernels/pack_loops.h"

namespace zipml {
namespace {

class Avx512 {
  public:
    static constexpr std::size_t kFeatures = 64;

    /// One part of a code: `width` bits from `shift` on.
    Avx512(int width, int shift)
        : mask_(_mm512_set1_epi32((1 << width) - 1)), shift_(_mm_cvtsi32_si128(shift)) {
        alignas(64) unsigned char order[64];
        for (int i = 0; i < 64; ++i)
            order[i] = static_cast<unsigned char>(4 * (i % 16) + i / 16);
        order_ = _mm512_load_si512(order);
    }

    /// The words of a row. Neighbouring words of 4 features each are folded together, the right one shifted
    /// by the width, until the bytes are full.
    template <int width>
    void packRow(const std::uint32_t* codes, std::uint32_t* words) const {
        const __m512i bytes = partBytes(codes);
        if constexpr (width == 8) {
            _mm512_store_si512(words, bytes);
            return;
        }
        const __m256i half =
            _mm512_cvtepi64_epi32(_mm512_or_si512(bytes, _mm512_srli_epi64(bytes, 32 - width)));
        if constexpr (width == 4) {
            _mm256_store_si256(reinterpret_cast<__m256i*>(words), half);
            return;
        }
        __m128i quarter =
            _mm256_cvtepi64_epi32(_mm256_or_si256(half, _mm256_srli_epi64(half, 32 - 2 * width)));
        if constexpr (width == 1)
            quarter = _mm_cvtepi64_epi32(_mm_or_si128(quarter, _mm_srli_epi64(quarter, 32 - 4 * width)));
        _mm_store_si128(reinterpret_cast<__m128i*>(words), quarter);
    }

  private:
    /// Of 16 neighbouring codes.
    [[nodiscard]] __m512i partOf(const std::uint32_t* codes) const {
        return _mm512_and_si512(_mm512_srl_epi32(_mm512_loadu_si512(codes), shift_), mask_);
    }
    /// Of 64 codes, a byte each: byte 4 i + k of the words is code 16 k + i, until they are put in order.
    [[nodiscard]] __m512i partBytes(const std::uint32_t* codes) const {
        const __m512i low = _mm512_or_si512(partOf(codes), _mm512_slli_epi32(partOf(codes + 16), 8));
        const __m512i high = _mm512_or_si512(_mm512_slli_epi32(partOf(codes + 32), 16),
                                             _mm512_slli_epi32(partOf(codes + 48), 24));
        return _mm512_permutexvar_epi8(order_, _mm512_or_si512(low, high));
    }

    __m512i mask_, order_;
    __m128i shift_;
};

} // namespace

void packLinesAvx512(const CodeRows& rows, std::size_t lines, unsigned char* to) {
    packAny<Avx512>(rows, lines, to);
}

} // namespace zipml
#endif
