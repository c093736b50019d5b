#if defined(__x86_64__)
#include "core/kernels/tile_avx512.h"
#include "core/kernels/weave_loops.h"

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

/// The dot products of a tile's rows with lines of 4-bit codes. Even and odd lines have sums of their own, so
/// that one need not wait for the one before; so have both fields of a byte (tile_avx512.cpp).
class TileDot {
  public:
    TileDot() { UNROLL for (int i = 0; i < 4; ++i) sums_[i] = _mm512_setzero_si512(); }
    /// @param model the line's 8 weights
    void add(int line, __m512i codes, const std::int8_t* model) {
        UNROLL for (int field = 0; field < 2; ++field) {
            const __m512i mask = _mm512_set1_epi8(static_cast<char>(field == 0 ? 0x0F : 0xF0));
            __m512i& sum = sums_[2 * (line % 2) + field];
            sum = _mm512_dpbusd_epi32(
                sum, _mm512_and_si512(codes, mask),
                _mm512_set1_epi32(*reinterpret_cast<const std::int32_t*>(model + 4 * field)));
        }
    }
    void addTo(std::int32_t* out) const {
        const __m512i high = _mm512_srai_epi32(_mm512_add_epi32(sums_[1], sums_[3]), 4);
        const __m512i sum = _mm512_add_epi32(_mm512_add_epi32(sums_[0], sums_[2]), high);
        _mm512_storeu_si512(out, _mm512_add_epi32(_mm512_loadu_si512(out), sum));
    }

  private:
    __m512i sums_[4];
};

template <int kCount>
void joinAndDotDigits(const Planes& planes, const PlaneShape& shape, unsigned char* low, unsigned char* high,
                      const std::int8_t* const models[2], std::int32_t* const sums[2], FetchCursor& fetch) {
    constexpr int kParts = kCount > 3 ? 2 : 1;
    TileDot dots[kParts];
    FetchCursor cursor = fetch;
    const auto joinLine = [&](std::size_t line, const auto& load) {
        Avx512 codes[2][4];
        joinVectors<Avx512, kCount>(planes, load, codes[0], codes[1]);
        UNROLL for (int part = 0; part < kParts; ++part) UNROLL for (int q = 0; q < 4; ++q) {
            const auto at = static_cast<std::size_t>(q);
            codes[part][q].store((part == 0 ? low : high) + 256 * line + 64 * at);
            dots[part].add(q, codes[part][q].value, models[part] + 32 * line + 8 * at);
        }
        UNROLL for (int i = 0; i < 2 * kParts; ++i) fetchNext(cursor);
    };
    for (std::size_t line = 0; line < shape.lines; ++line)
        joinLine(line, [line](const unsigned char* plane) { return loadPlane<Avx512>(plane, 64 * line); });
    if (shape.tailFeatures > 0)
        joinLine(shape.lines, [&shape](const unsigned char* plane) {
            return Avx512{tailOf<1>({plane, 0, shape.lines, shape.tailFeatures}, 0)};
        });
    fetch = cursor;
    UNROLL for (int part = 0; part < kParts; ++part) dots[part].addTo(sums[part]);
}

void joinAndDot(const Planes& planes, const PlaneShape& shape, unsigned char* low, unsigned char* high,
                const std::int8_t* const models[2], std::int32_t* const sums[2], FetchCursor& fetch) {
    using Loop = decltype(&joinAndDotDigits<0>);
    constexpr Loop kLoops[] = {joinAndDotDigits<0>, joinAndDotDigits<1>, joinAndDotDigits<2>,
                               joinAndDotDigits<3>, joinAndDotDigits<4>, joinAndDotDigits<5>,
                               joinAndDotDigits<6>, joinAndDotDigits<7>};
    kLoops[planes.count](planes, shape, low, high, models, sums, fetch);
}

} // namespace

const WeaveKernels kWeaveAvx512{join<Avx512>, joinAndDot};

} // namespace zipml
#endif
