#if defined(__x86_64__)
#include "core/kernels/pack_loops.h"

namespace zipml {
namespace {

class Avx2 {
  public:
    static constexpr std::size_t kFeatures = 32;

    /// One part of a code: `width` bits from `shift` on.
    Avx2(int width, int shift)
        : mask_(_mm256_set1_epi32((1 << width) - 1)), shift_(_mm_cvtsi32_si128(shift)) {}

    /// The words of a row. Neighbouring words of 4 features each are folded together, the right one shifted
    /// by the width, until the bytes are full.
    template <int width>
    void packRow(const std::uint32_t* codes, std::uint32_t* words) const {
        const __m256i first = _mm256_packs_epi32(partOf(codes), partOf(codes + 8));
        const __m256i second = _mm256_packs_epi32(partOf(codes + 16), partOf(codes + 24));
        const __m256i bytes = _mm256_permutevar8x32_epi32(_mm256_packus_epi16(first, second),
                                                          _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
        if constexpr (width == 8) {
            _mm256_store_si256(reinterpret_cast<__m256i*>(words), bytes);
            return;
        }
        const __m256i pairs = _mm256_or_si256(bytes, _mm256_srli_epi64(bytes, 32 - width));
        __m128i folded = _mm256_castsi256_si128(
            _mm256_permutevar8x32_epi32(pairs, _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6)));
        if constexpr (width <= 2)
            folded = _mm_shuffle_epi32(_mm_or_si128(folded, _mm_srli_epi64(folded, 32 - 2 * width)), 0x08);
        if constexpr (width == 1)
            folded = _mm_or_si128(folded, _mm_srli_epi64(folded, 32 - 4 * width));
        _mm_store_si128(reinterpret_cast<__m128i*>(words), folded);
    }

  private:
    /// Of 8 neighbouring codes.
    [[nodiscard]] __m256i partOf(const std::uint32_t* codes) const {
        const __m256i code = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(codes));
        return _mm256_and_si256(_mm256_srl_epi32(code, shift_), mask_);
    }

    __m256i mask_;
    __m128i shift_;
};

} // namespace

void packLinesAvx2(const CodeRows& rows, std::size_t lines, unsigned char* to) {
    packAny<Avx2>(rows, lines, to);
}

} // namespace zipml
#endif
