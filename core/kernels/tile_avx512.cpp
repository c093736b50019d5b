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

/// Tiles that share a load of the model. More of them were faster on data in the cache, and slower on data
/// from memory (of one bit: see dotOneBit).
template <int kWidth>
constexpr int kDotTiles = kWidth == 8 ? 1 : 2;

/// Adds a line of each of kTiles tiles to their dot products: 16 rows in the 16 lanes of a sum, one a field.
/// `load(tile)` gives the line.
template <int kWidth, int kTiles, class Load>
void dotLine(const std::int8_t* model, __m512i (&sums)[kTiles][kFields<kWidth>], const Load& load) {
    __m512i lines[kTiles];
    UNROLL for (int t = 0; t < kTiles; ++t) lines[t] = load(static_cast<std::size_t>(t));
    UNROLL for (int f = 0; f < kFields<kWidth>; ++f) {
        const __m512i weight = _mm512_set1_epi32(*reinterpret_cast<const std::int32_t*>(model + 4 * f));
        UNROLL for (int t = 0; t < kTiles; ++t) sums[t][f] =
            _mm512_dpbusd_epi32(sums[t][f], fieldOf<kWidth>(lines[t], f), weight);
    }
}

/// The dot products of kTiles tiles at once. One tile alone has two sums, for even and odd lines, so that one
/// need not wait for the one before.
template <int kWidth, int kTiles>
void dotTiles(const PartView& part, std::size_t first, const std::int8_t* model, std::int32_t* sums,
              FetchCursor& fetch) {
    constexpr int kF = kFields<kWidth>;
    constexpr int kSteps = kTiles == 1 ? 2 : 1;
    __m512i acc[kSteps][kTiles][kF];
    UNROLL for (int s = 0; s < kSteps; ++s) UNROLL for (int t = 0; t < kTiles; ++t)
        UNROLL for (int f = 0; f < kF; ++f) acc[s][t][f] = _mm512_setzero_si512();
    const unsigned char* at = part.data + first * part.tileStride;
    const auto load = [&at, stride = part.tileStride](std::size_t t) {
        return _mm512_loadu_si512(at + t * stride);
    };
    FetchCursor cursor = fetch;
    std::size_t line = 0;
    for (; line + kSteps <= part.lines; line += kSteps) {
        UNROLL for (int s = 0; s < kSteps; ++s, at += 64, model += 4 * kF)
            dotLine<kWidth, kTiles>(model, acc[s], load);
        UNROLL for (int i = 0; i < kSteps * kTiles / 2; ++i) fetchNext(cursor);
    }
    fetchNext(cursor); // for the lines that are left
    fetch = cursor;
    for (; line < part.lines; ++line, at += 64, model += 4 * kF)
        dotLine<kWidth, kTiles>(model, acc[0], load);
    if (part.tailFeatures > 0)
        dotLine<kWidth, kTiles>(model, acc[0],
                                [&part, first](std::size_t t) { return tailOf<kWidth>(part, first + t); });
    UNROLL for (int t = 0; t < kTiles; ++t) {
        std::int32_t* out = sums + 16 * (first + static_cast<std::size_t>(t));
        __m512i sum = _mm512_loadu_si512(out);
        UNROLL for (int s = 0; s < kSteps; ++s)
            UNROLL for (int f = 0; f < kF; ++f) // an arithmetic shift: a multiple of the field's scale
            sum = _mm512_add_epi32(sum, _mm512_sra_epi32(acc[s][t][f], _mm_cvtsi32_si128(kWidth * f)));
        _mm512_storeu_si512(out, sum);
    }
}

/// Codes of one bit: 4 of them are a nibble, and a table of 16 entries gives the sum of their weights, so
/// that one lookup does for 4 features. A weight is 8 * high + low, the high part signed and the low part in
/// 0..7: sums of eight of either fit a byte. A line has 2 nibbles a byte, and both have a table of low and
/// one of high parts.
///
/// @return for byte j of a word, in 128 bits j: entry c is the sum of weights[4 i + j] over the bits i of c
__m512i tableOf(__m128i weights) {
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

void buildBitTables(std::size_t lines, const std::int8_t* model, unsigned char* tables) {
    for (std::size_t nibble = 0; nibble < 2 * lines; ++nibble) {
        const __m128i weights = _mm_loadu_si128(reinterpret_cast<const __m128i*>(model + 16 * nibble));
        const __m128i low = _mm_and_si128(weights, _mm_set1_epi8(7));
        // An arithmetic shift of bytes: of 16-bit words, with the sign put back.
        const __m128i moved = _mm_and_si128(_mm_srli_epi16(weights, 3), _mm_set1_epi8(0x1F));
        const __m128i high = _mm_sub_epi8(_mm_xor_si128(moved, _mm_set1_epi8(0x10)), _mm_set1_epi8(0x10));
        _mm512_store_si512(tables + 128 * nibble, tableOf(low));
        _mm512_store_si512(tables + 128 * nibble + 64, tableOf(high));
    }
}

/// Adds the lookups of a line of each of kTiles tiles: high parts to words, low parts to bytes, which hold
/// those of four lines. `load(tile)` gives the line.
template <int kTiles, class Load>
void lookUpLine(const unsigned char* tables, __m512i (&low)[kTiles], __m512i (&high)[kTiles],
                const Load& load) {
    const __m512i slots = _mm512_set1_epi32(0x30201000); // byte j looks into table j
    const __m512i lowNibble = _mm512_set1_epi8(0x0F);
    constexpr int kAndOr = 0xEA; // (codes and mask) or slots
    const __m512i table[4] = {_mm512_load_si512(tables), _mm512_load_si512(tables + 64),
                              _mm512_load_si512(tables + 128), _mm512_load_si512(tables + 192)};
    UNROLL for (int t = 0; t < kTiles; ++t) {
        const __m512i codes = load(static_cast<std::size_t>(t));
        const __m512i first = _mm512_ternarylogic_epi64(codes, lowNibble, slots, kAndOr);
        const __m512i second =
            _mm512_ternarylogic_epi64(_mm512_srli_epi16(codes, 4), lowNibble, slots, kAndOr);
        const __m512i both = _mm512_add_epi8(_mm512_permutexvar_epi8(first, table[1]),
                                             _mm512_permutexvar_epi8(second, table[3]));
        high[t] = _mm512_dpbusd_epi32(high[t], _mm512_set1_epi8(1), both);
        low[t] = _mm512_add_epi8(low[t], _mm512_permutexvar_epi8(first, table[0]));
        low[t] = _mm512_add_epi8(low[t], _mm512_permutexvar_epi8(second, table[2]));
    }
}

template <int kTiles>
void dotBits(const PartView& part, std::size_t first, const unsigned char* tables, std::int32_t* sums,
             FetchCursor& fetch) {
    constexpr std::size_t kLines = 4; // whose low parts a byte holds: 4 * 8 * 7 = 224
    __m512i bytes[kTiles], low[kTiles], high[kTiles];
    UNROLL for (int t = 0; t < kTiles; ++t) bytes[t] = low[t] = high[t] = _mm512_setzero_si512();
    const unsigned char* at = part.data + first * part.tileStride;
    const auto load = [&](std::size_t t) { return _mm512_loadu_si512(at + t * part.tileStride); };
    const auto flush = [&] {
        UNROLL for (int t = 0; t < kTiles; ++t) {
            low[t] = _mm512_dpbusd_epi32(low[t], bytes[t], _mm512_set1_epi8(1));
            bytes[t] = _mm512_setzero_si512();
        }
    };
    FetchCursor cursor = fetch;
    std::size_t line = 0;
    for (; line + kLines <= part.lines; line += kLines) {
        for (std::size_t l = 0; l < kLines; ++l, at += 64, tables += kModelTableBytes) {
            lookUpLine(tables, bytes, high, load);
            UNROLL for (int t = 0; t < kTiles / 2; ++t) fetchNext(cursor);
        }
        flush();
    }
    for (; line < part.lines; ++line, at += 64, tables += kModelTableBytes)
        lookUpLine(tables, bytes, high, load);
    flush();
    fetchNext(cursor); // for the lines that are left
    fetch = cursor;
    if (part.tailFeatures > 0) {
        lookUpLine(tables, bytes, high, [&](std::size_t t) { return tailOf<1>(part, first + t); });
        flush();
    }
    UNROLL for (int t = 0; t < kTiles; ++t) {
        std::int32_t* out = sums + 16 * (first + static_cast<std::size_t>(t));
        const __m512i sum = _mm512_add_epi32(low[t], _mm512_slli_epi32(high[t], 3));
        _mm512_storeu_si512(out, _mm512_add_epi32(_mm512_loadu_si512(out), sum));
    }
}

template <int kWidth>
void dot(const PartView& part, std::size_t tiles, const TileModel& model, std::int32_t* sums,
         FetchCursor& fetch) {
    constexpr int kTiles = kDotTiles<kWidth>;
    std::size_t tile = 0;
    for (; tile + kTiles <= tiles; tile += kTiles)
        dotTiles<kWidth, kTiles>(part, tile, model.weights, sums, fetch);
    for (; tile < tiles; ++tile)
        dotTiles<kWidth, 1>(part, tile, model.weights, sums, fetch);
}

void dotOneBit(const PartView& part, std::size_t tiles, const TileModel& model, std::int32_t* sums,
               FetchCursor& fetch) {
    if (model.tables == nullptr) {
        dot<1>(part, tiles, model, sums, fetch);
        return;
    }
    constexpr std::size_t kTiles = 4;
    std::size_t tile = 0;
    for (; tile + kTiles <= tiles; tile += kTiles)
        dotBits<kTiles>(part, tile, model.tables, sums, fetch);
    for (; tile < tiles; ++tile)
        dotBits<1>(part, tile, model.tables, sums, fetch);
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
void addLines(std::size_t tiles, const std::int8_t* residuals, std::int32_t* gradient, const Load& load,
              FetchCursor& fetch) {
    constexpr int kF = kFields<kWidth>;
    FetchCursor cursor = fetch;
    __m512i acc[kLines][kF];
    UNROLL for (int l = 0; l < kLines; ++l) UNROLL for (int f = 0; f < kF; ++f) acc[l][f] =
        _mm512_setzero_si512();
    for (std::size_t tile = 0; tile < tiles; ++tile) {
        const __m512i rows = spreadResiduals(residuals + 16 * tile);
        UNROLL for (int l = 0; l < kLines; ++l) {
            const __m512i line = transpose4x4(load(tile, l));
            if (l % 2 == 1)
                zipml::fetch(cursor.at + 64 * (l / 2));
            UNROLL for (int f = 0; f < kF; ++f) acc[l][f] =
                _mm512_dpbusd_epi32(acc[l][f], fieldOf<kWidth>(line, f), rows);
        }
        if constexpr (kLines > 1)
            advance(cursor, kLines / 2);
        else if (tile % 2 == 1)
            fetchNext(cursor);
    }
    fetch = cursor;
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

template <int kWidth>
void add(const PartView& part, std::size_t tiles, const std::int8_t* residuals, std::int32_t* gradient,
         FetchCursor& fetch) {
    constexpr int kLines = kWidth == 1 ? 2 : 2 * kWidth; // 16 accumulators
    constexpr int kSome = kLines / 4;                    // at a time, of those left over
    constexpr std::size_t kSlots = 4 * static_cast<std::size_t>(kFields<kWidth>);
    std::size_t line = 0;
    const auto load = [&part, &line](std::size_t tile, int l) {
        return _mm512_loadu_si512(part.data + tile * part.tileStride +
                                  64 * (line + static_cast<std::size_t>(l)));
    };
    for (; line + kLines <= part.lines; line += kLines)
        addLines<kWidth, kLines>(tiles, residuals, gradient + line * kSlots, load, fetch);
    if constexpr (kSome > 1)
        for (; line + kSome <= part.lines; line += kSome)
            addLines<kWidth, kSome>(tiles, residuals, gradient + line * kSlots, load, fetch);
    for (; line < part.lines; ++line)
        addLines<kWidth, 1>(tiles, residuals, gradient + line * kSlots, load, fetch);
    if (part.tailFeatures > 0)
        addLines<kWidth, 1>(
            tiles, residuals, gradient + line * kSlots,
            [&part](std::size_t tile, int) { return tailOf<kWidth>(part, tile); }, fetch);
}

} // namespace

const TileKernels kTileAvx512[4] = {{dotOneBit, add<1>, buildBitTables},
                                    {dot<2>, add<2>, nullptr},
                                    {dot<4>, add<4>, nullptr},
                                    {dot<8>, add<8>, nullptr}};

} // namespace zipml
#endif
