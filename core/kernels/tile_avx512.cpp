#if defined(__x86_64__)
#include "core/kernels/tile_avx512.h"
namespace zipml {
namespace {

/// Field `field` of every byte, where it stands: the code times 2^(width * field), which the sum is divided by at
/// the end. Moving it down would cost a shift for every line.
template <int kWidth>
__m512i fieldOf(__m512i line, int field) {
    if constexpr (kWidth == 8)
        return line;
    return _mm512_and_si512(line, _mm512_set1_epi8(static_cast<char>(((1 << kWidth) - 1) << kWidth * field)));
}

/// Tiles that share a load of the model; the first half of them fetches ahead, the second is left to add.
template <int kWidth>
constexpr int kDotTiles = kWidth == 8 ? 8 : kWidth == 4 ? 4 : 2;

/// The dot products of kTiles tiles at once: 16 rows in the 16 lanes of an accumulator, one a field.
template <int kWidth, int kTiles>
void dotTiles(const PartView& part, std::size_t first, const std::int8_t* model, std::int32_t* sums) {
    constexpr int kF = kFields<kWidth>;
    __m512i acc[kTiles][kF];
    UNROLL for (int t = 0; t < kTiles; ++t)
        UNROLL for (int f = 0; f < kF; ++f)
            acc[t][f] = _mm512_setzero_si512();
    const auto addLine = [&acc](const __m512i* lines, const std::int8_t* weights) {
        UNROLL for (int f = 0; f < kF; ++f) {
            const __m512i weight =
                _mm512_set1_epi32(*reinterpret_cast<const std::int32_t*>(weights + 4 * f));
            UNROLL for (int t = 0; t < kTiles; ++t)
                acc[t][f] = _mm512_dpbusd_epi32(acc[t][f], fieldOf<kWidth>(lines[t], f), weight);
        }
    };
    const std::size_t stride = part.tileStride;
    const unsigned char* begin = part.data + first * stride;
    for (std::size_t line = 0; line < part.lines; ++line, begin += 64, model += 4 * kF) {
        __m512i lines[kTiles];
        UNROLL for (int t = 0; t < kTiles; ++t)
            lines[t] = _mm512_loadu_si512(begin + static_cast<std::size_t>(t) * stride);
        if (part.ahead != 0)
            UNROLL for (int t = 0; t < (kTiles + 1) / 2; ++t)
                fetchAhead(begin + static_cast<std::size_t>(t) * stride, part.ahead);
        addLine(lines, model);
    }
    if (part.tailFeatures > 0) {
        __m512i lines[kTiles];
        UNROLL for (int t = 0; t < kTiles; ++t)
            lines[t] = tailOf<kWidth>(part, first + static_cast<std::size_t>(t));
        addLine(lines, model);
    }
    UNROLL for (int t = 0; t < kTiles; ++t) {
        std::int32_t* out = sums + 16 * (first + static_cast<std::size_t>(t));
        __m512i sum = _mm512_loadu_si512(out);
        UNROLL for (int f = 0; f < kF; ++f) // an arithmetic shift: the sum is a multiple of the field's scale
            sum = _mm512_add_epi32(sum, _mm512_sra_epi32(acc[t][f], _mm_cvtsi32_si128(kWidth * f)));
        _mm512_storeu_si512(out, sum);
    }
}

template <int kWidth>
void dot(const PartView& part, std::size_t tiles, const std::int8_t* model, std::int32_t* sums) {
    constexpr int kTiles = kDotTiles<kWidth>;
    std::size_t tile = 0;
    for (; tile + kTiles <= tiles; tile += kTiles)
        dotTiles<kWidth, kTiles>(part, tile, model, sums);
    for (; tile < tiles; ++tile)
        dotTiles<kWidth, 1>(part, tile, model, sums);
}

/// What the sums of four accumulators, from the one of field `first` on, are to be shifted down by.
template <int kWidth>
__m512i scalesFrom(int first) {
    const auto scale = [first](int i) { return (first + i) % kFields<kWidth> * kWidth; };
    return _mm512_inserti32x4(
        _mm512_inserti32x4(_mm512_inserti32x4(_mm512_set1_epi32(scale(0)), _mm_set1_epi32(scale(1)), 1),
                           _mm_set1_epi32(scale(2)), 2),
        _mm_set1_epi32(scale(3)), 3);
}

/// The gradient of kLines lines over all tiles; `load(tile, index)` gives the line.
template <int kWidth, int kLines, class Load>
void addLines(std::size_t tiles, const std::int8_t* residuals, std::int32_t* gradient, const Load& load) {
    constexpr int kF = kFields<kWidth>;
    __m512i acc[kLines][kF];
    UNROLL for (int l = 0; l < kLines; ++l)
        UNROLL for (int f = 0; f < kF; ++f)
            acc[l][f] = _mm512_setzero_si512();
    for (std::size_t tile = 0; tile < tiles; ++tile) {
        const __m512i rows = spreadResiduals(residuals + 16 * tile);
        UNROLL for (int l = 0; l < kLines; ++l) {
            const __m512i line = transpose4x4(load(tile, l));
            UNROLL for (int f = 0; f < kF; ++f)
                acc[l][f] = _mm512_dpbusd_epi32(acc[l][f], fieldOf<kWidth>(line, f), rows);
        }
    }
    // Four accumulators at a time hold the sums of 16 neighbouring slots; past the last one they add 0.
    constexpr int kAll = kLines * kF;
    const auto at = [&acc](int i) { return i < kAll ? acc[i / kF][i % kF] : _mm512_setzero_si512(); };
    UNROLL for (int i = 0; i < kAll; i += 4) {
        const __m512i sums = addQuarters(at(i), at(i + 1), at(i + 2), at(i + 3));
        std::int32_t* out = gradient + 4 * i;
        _mm512_storeu_si512(out, _mm512_add_epi32(_mm512_loadu_si512(out),
                                                  _mm512_srav_epi32(sums, scalesFrom<kWidth>(i))));
    }
}

template <int kWidth>
void add(const PartView& part, std::size_t tiles, const std::int8_t* residuals, std::int32_t* gradient) {
    constexpr int kLines = kWidth == 1 ? 2 : 2 * kWidth; // 16 accumulators
    constexpr std::size_t kSlots = 4 * static_cast<std::size_t>(kFields<kWidth>);
    constexpr std::size_t kFetching = (kDotTiles<kWidth> + 1) / 2;
    std::size_t line = 0;
    const auto load = [&part, &line](std::size_t tile, int l) {
        const unsigned char* at = part.data + tile * part.tileStride + 64 * (line + static_cast<std::size_t>(l));
        if (part.ahead != 0 && (tile & kFetching) != 0)
            fetchAhead(at, part.ahead);
        return _mm512_loadu_si512(at);
    };
    for (; line + kLines <= part.lines; line += kLines)
        addLines<kWidth, kLines>(tiles, residuals, gradient + line * kSlots, load);
    for (; line < part.lines; ++line)
        addLines<kWidth, 1>(tiles, residuals, gradient + line * kSlots, load);
    if (part.tailFeatures > 0)
        addLines<kWidth, 1>(tiles, residuals, gradient + line * kSlots,
                            [&part](std::size_t tile, int) { return tailOf<kWidth>(part, tile); });
}

} // namespace

const TileKernels kTileAvx512[4] = {
    {dot<1>, add<1>}, {dot<2>, add<2>}, {dot<4>, add<4>}, {dot<8>, add<8>}};

} // namespace zipml
#endif
