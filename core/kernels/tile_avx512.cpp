#if defined(__x86_64__)
#include "core/kernels/tile_avx512.h"
namespace zipml {
namespace {

/// Field `field` of every byte, where it stands: the code times 2^(width * field), which the sum is divided
/// by at the end. Moving it down would cost a shift for every line.
template <int kWidth>
__m512i fieldOf(__m512i line, int field) {
    if constexpr (kWidth == 8)
        return line;
    return _mm512_and_si512(line, _mm512_set1_epi8(static_cast<char>(((1 << kWidth) - 1) << kWidth * field)));
}

/// Tiles that share a load of the model; the first half of them fetches ahead, the second is left to add.
template <int kWidth>
constexpr int kDotTiles = kWidth >= 4 ? 4 : 2; // of one bit: see dotOneBit

/// The dot products of kTiles tiles at once: 16 rows in the 16 lanes of an accumulator, one a field.
template <int kWidth, int kTiles, class Fetch>
void dotTiles(const PartView& part, std::size_t first, const std::int8_t* model, std::int32_t* sums) {
    constexpr int kF = kFields<kWidth>;
    __m512i acc[kTiles][kF];
    UNROLL for (int t = 0; t < kTiles; ++t) UNROLL for (int f = 0; f < kF; ++f) acc[t][f] =
        _mm512_setzero_si512();
    const auto addLine = [&acc](const __m512i* lines, const std::int8_t* weights) {
        UNROLL for (int f = 0; f < kF; ++f) {
            const __m512i weight = _mm512_set1_epi32(*reinterpret_cast<const std::int32_t*>(weights + 4 * f));
            UNROLL for (int t = 0; t < kTiles; ++t) acc[t][f] =
                _mm512_dpbusd_epi32(acc[t][f], fieldOf<kWidth>(lines[t], f), weight);
        }
    };
    const std::size_t stride = part.tileStride;
    const unsigned char* begin = part.data + first * stride;
    for (std::size_t line = 0; line < part.lines; ++line, begin += 64, model += 4 * kF) {
        __m512i lines[kTiles];
        UNROLL for (int t = 0; t < kTiles; ++t) lines[t] =
            _mm512_loadu_si512(begin + static_cast<std::size_t>(t) * stride);
        UNROLL for (int t = 0; t < (kTiles + 1) / 2; ++t) Fetch::fetch(
            part, first + static_cast<std::size_t>(t), line, begin + static_cast<std::size_t>(t) * stride);
        addLine(lines, model);
    }
    if (part.tailFeatures > 0) {
        __m512i lines[kTiles];
        UNROLL for (int t = 0; t < kTiles; ++t) lines[t] =
            tailOf<kWidth>(part, first + static_cast<std::size_t>(t));
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

/// Codes of one bit: 4 of them are a nibble, and a table of 16 entries gives the sum of their weights, so
/// that one lookup does for 4 features. A weight is 4 * high + low, the high part signed and the low part in
/// 0..3: sums of four of either fit a byte.
class BitTables {
  public:
    static constexpr std::size_t kLines = 16; ///< of 32 features, at a time

    /// @param model 32 weights a line
    void build(std::size_t lines, const std::int8_t* model) {
        for (std::size_t line = 0; line < lines; ++line)
            for (std::size_t nibble = 0; nibble < 2; ++nibble) {
                const __m128i weights =
                    _mm_loadu_si128(reinterpret_cast<const __m128i*>(model + 32 * line + 16 * nibble));
                const __m128i low = _mm_and_si128(weights, _mm_set1_epi8(3));
                // An arithmetic shift of bytes: of 16-bit words, with the sign put back.
                const __m128i moved = _mm_and_si128(_mm_srli_epi16(weights, 2), _mm_set1_epi8(0x3F));
                const __m128i high =
                    _mm_sub_epi8(_mm_xor_si128(moved, _mm_set1_epi8(0x20)), _mm_set1_epi8(0x20));
                _mm512_store_si512(tables_[line][nibble][0], tableOf(low));
                _mm512_store_si512(tables_[line][nibble][1], tableOf(high));
            }
    }
    [[nodiscard]] __m512i low(std::size_t line, int nibble) const {
        return _mm512_load_si512(tables_[line][nibble][0]);
    }
    [[nodiscard]] __m512i high(std::size_t line, int nibble) const {
        return _mm512_load_si512(tables_[line][nibble][1]);
    }

  private:
    /// For byte j of a word, in 128 bits j: entry c is the sum of weights[4 i + j] over the bits i of c.
    static __m512i tableOf(__m128i weights) {
        constexpr std::uint64_t kBitSet[4] = {0xAAAAAAAAAAAAAAAA, 0xCCCCCCCCCCCCCCCC, 0xF0F0F0F0F0F0F0F0,
                                              0xFF00FF00FF00FF00}; // of which entries bit i is set
        const __m512i all = _mm512_broadcast_i32x4(weights);
        const __m512i first =
            _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_setr_m128i(_mm_set1_epi8(0), _mm_set1_epi8(1))),
                               _mm256_setr_m128i(_mm_set1_epi8(2), _mm_set1_epi8(3)), 1);
        __m512i table = _mm512_setzero_si512();
        UNROLL for (int i = 0; i < 4; ++i) {
            const __m512i place = _mm512_add_epi8(first, _mm512_set1_epi8(static_cast<char>(4 * i)));
            table = _mm512_mask_add_epi8(table, kBitSet[i], table, _mm512_shuffle_epi8(all, place));
        }
        return table;
    }

    alignas(64) unsigned char tables_[kLines][2][2][64];
};

/// Adds the lookups of `lines` lines to the sums of kTiles tiles; `load(tile, line)` gives a line.
template <int kTiles, class Load>
void dotBits(std::size_t first, std::size_t lines, const BitTables& tables, std::int32_t* sums,
             const Load& load) {
    const __m512i slots = _mm512_set1_epi32(0x30201000); // byte j looks into table j
    const __m512i ones = _mm512_set1_epi8(1);
    constexpr int kAndOr = 0xEA; // (codes and mask) or slots
    __m512i low[kTiles], high[kTiles];
    UNROLL for (int t = 0; t < kTiles; ++t) low[t] = high[t] = _mm512_setzero_si512();
    for (std::size_t line = 0; line < lines; ++line) {
        __m512i codes[kTiles];
        UNROLL for (int t = 0; t < kTiles; ++t) codes[t] = load(first + static_cast<std::size_t>(t), line);
        UNROLL for (int nibble = 0; nibble < 2; ++nibble) {
            const __m512i lowTable = tables.low(line, nibble);
            const __m512i highTable = tables.high(line, nibble);
            UNROLL for (int t = 0; t < kTiles; ++t) {
                const __m512i moved = nibble == 0 ? codes[t] : _mm512_srli_epi16(codes[t], 4);
                const __m512i places =
                    _mm512_ternarylogic_epi64(moved, _mm512_set1_epi8(0x0F), slots, kAndOr);
                low[t] = _mm512_dpbusd_epi32(low[t], ones, _mm512_permutexvar_epi8(places, lowTable));
                high[t] = _mm512_dpbusd_epi32(high[t], ones, _mm512_permutexvar_epi8(places, highTable));
            }
        }
    }
    UNROLL for (int t = 0; t < kTiles; ++t) {
        std::int32_t* out = sums + 16 * (first + static_cast<std::size_t>(t));
        const __m512i sum = _mm512_add_epi32(low[t], _mm512_slli_epi32(high[t], 2));
        _mm512_storeu_si512(out, _mm512_add_epi32(_mm512_loadu_si512(out), sum));
    }
}

/// Tiles that share the loads of tables; the first half of them fetches ahead, the second is left to add.
constexpr std::size_t kBitTiles = 4;

void dotOneBit(const PartView& part, std::size_t tiles, const std::int8_t* model, std::int32_t* sums) {
    BitTables tables;
    const auto addLinesTo = [&](std::size_t lines, const auto& load) {
        std::size_t tile = 0;
        for (; tile + kBitTiles <= tiles; tile += kBitTiles)
            dotBits<kBitTiles>(tile, lines, tables, sums, load);
        for (; tile < tiles; ++tile)
            dotBits<1>(tile, lines, tables, sums, load);
    };
    for (std::size_t begin = 0; begin < part.lines; begin += BitTables::kLines) {
        const std::size_t lines =
            part.lines - begin < BitTables::kLines ? part.lines - begin : BitTables::kLines;
        tables.build(lines, model + 32 * begin);
        addLinesTo(lines, [&part, begin](std::size_t tile, std::size_t line) {
            const unsigned char* at = part.data + tile * part.tileStride + 64 * (begin + line);
            if (part.ahead != 0 && (tile & (kBitTiles / 2)) == 0)
                fetchAhead(at, part.ahead);
            return _mm512_loadu_si512(at);
        });
    }
    if (part.tailFeatures > 0) {
        tables.build(1, model + 32 * part.lines);
        addLinesTo(1, [&part](std::size_t tile, std::size_t) { return tailOf<1>(part, tile); });
    }
}

template <int kWidth, class Fetch>
void dotAll(const PartView& part, std::size_t tiles, const std::int8_t* model, std::int32_t* sums) {
    constexpr int kTiles = kDotTiles<kWidth>;
    std::size_t tile = 0;
    for (; tile + kTiles <= tiles; tile += kTiles)
        dotTiles<kWidth, kTiles, Fetch>(part, tile, model, sums);
    for (; tile < tiles; ++tile)
        dotTiles<kWidth, 1, Fetch>(part, tile, model, sums);
}

template <int kWidth>
void dot(const PartView& part, std::size_t tiles, const std::int8_t* model, std::int32_t* sums) {
    part.streamCount > 0 ? dotAll<kWidth, FetchStreams>(part, tiles, model, sums)
                         : dotAll<kWidth, FetchAhead>(part, tiles, model, sums);
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
    UNROLL for (int l = 0; l < kLines; ++l) UNROLL for (int f = 0; f < kF; ++f) acc[l][f] =
        _mm512_setzero_si512();
    for (std::size_t tile = 0; tile < tiles; ++tile) {
        const __m512i rows = spreadResiduals(residuals + 16 * tile);
        UNROLL for (int l = 0; l < kLines; ++l) {
            const __m512i line = transpose4x4(load(tile, l));
            UNROLL for (int f = 0; f < kF; ++f) acc[l][f] =
                _mm512_dpbusd_epi32(acc[l][f], fieldOf<kWidth>(line, f), rows);
        }
    }
    // Four accumulators at a time hold the sums of 16 neighbouring slots; past the last one they add 0.
    constexpr int kAll = kLines * kF;
    const auto at = [&acc](int i) { return i < kAll ? acc[i / kF][i % kF] : _mm512_setzero_si512(); };
    UNROLL for (int i = 0; i < kAll; i += 4) {
        const __m512i sums = addQuarters(at(i), at(i + 1), at(i + 2), at(i + 3));
        std::int32_t* out = gradient + 4 * i;
        _mm512_storeu_si512(
            out, _mm512_add_epi32(_mm512_loadu_si512(out), _mm512_srav_epi32(sums, scalesFrom<kWidth>(i))));
    }
}

template <int kWidth, class Fetch>
void addAll(const PartView& part, std::size_t tiles, const std::int8_t* residuals, std::int32_t* gradient) {
    constexpr int kLines = kWidth == 1 ? 2 : 2 * kWidth; // 16 accumulators
    constexpr std::size_t kSlots = 4 * static_cast<std::size_t>(kFields<kWidth>);
    constexpr std::size_t kFetching = kWidth == 1 ? kBitTiles / 2 : kDotTiles<kWidth> / 2;
    std::size_t line = 0;
    const auto load = [&part, &line](std::size_t tile, int l) {
        const unsigned char* at =
            part.data + tile * part.tileStride + 64 * (line + static_cast<std::size_t>(l));
        if ((tile & kFetching) != 0)
            Fetch::fetch(part, tile, line + static_cast<std::size_t>(l), at);
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

template <int kWidth>
void add(const PartView& part, std::size_t tiles, const std::int8_t* residuals, std::int32_t* gradient) {
    part.streamCount > 0 ? addAll<kWidth, FetchStreams>(part, tiles, residuals, gradient)
                         : addAll<kWidth, FetchAhead>(part, tiles, residuals, gradient);
}

} // namespace

const TileKernels kTileAvx512[4] = {
    {dotOneBit, add<1>}, {dot<2>, add<2>}, {dot<4>, add<4>}, {dot<8>, add<8>}};

} // namespace zipml
#endif
