#include "core/kernels/prefetch.h"
#include "core/kernels/tile_kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

/// Accumulators live in registers only when the loops over them are unrolled.
#define UNROLL _Pragma("GCC unroll 16")

namespace zipml {
namespace {

/// A byte is cut into pieces of at most 4 bits: products of 8-bit codes with 8-bit weights would overflow the
/// 16-bit sums of vpmaddubsw. An 8-bit code has two pieces, its high one counts 16 times.
template <int kWidth>
constexpr int kPieces = kWidth == 8 ? 2 : 8 / kWidth;
template <int kWidth>
constexpr int kScales = kWidth == 8 ? 2 : 1;
template <int kWidth>
constexpr int kPieceBits = kWidth == 8 ? 4 : kWidth;

/// How many pieces fit a 16-bit sum: each adds at most 2 (2^bits - 1) 127.
template <int kWidth>
constexpr int kMostPieces = 32767 / (2 * ((1 << kPieceBits<kWidth>)-1) * 127);

template <int kWidth>
__m256i pieceOf(__m256i bytes, int piece) {
    const int bits = kPieceBits<kWidth>;
    const __m256i moved = piece == 0 ? bytes : _mm256_srli_epi16(bytes, bits * piece);
    return _mm256_and_si256(moved, _mm256_set1_epi8(static_cast<char>((1 << bits) - 1)));
}

__m256i widened(__m256i sums16) {
    return _mm256_madd_epi16(sums16, _mm256_set1_epi16(1));
}

__m256i load(const unsigned char* at) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
}

/// The tail of a tile as one more line, as expandTail of tile_tail.h: where there are few features it is all
/// there is.
void expandTail(int width, const unsigned char* tail, std::size_t features, unsigned char* line) {
    const std::size_t fields = 8U / static_cast<unsigned>(width);
    const std::size_t columns = features / fields;
    const std::size_t bits = (features - columns * fields) * static_cast<unsigned>(width);
    __m128i column[5] = {}; // a byte a row
    for (std::size_t c = 0; c < columns && c < 4; ++c, tail += 16)
        column[c] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(tail));
    const __m128i byteOfRow = _mm_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
    const __m128i bitOfRow = _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
    __m128i& rest = column[columns < 4 ? columns : 4];
    for (unsigned bit = 0; bit < bits; ++bit, tail += 2) {
        std::uint16_t plane;
        __builtin_memcpy(&plane, tail, sizeof plane);
        const __m128i rows = _mm_shuffle_epi8(_mm_cvtsi32_si128(plane), byteOfRow);
        const __m128i isSet = _mm_cmpeq_epi8(_mm_and_si128(rows, bitOfRow), bitOfRow);
        rest = _mm_or_si128(rest, _mm_and_si128(isSet, _mm_set1_epi8(static_cast<char>(1U << bit))));
    }
    const __m128i low[2] = {_mm_unpacklo_epi8(column[0], column[1]), _mm_unpacklo_epi8(column[2], column[3])};
    const __m128i high[2] = {_mm_unpackhi_epi8(column[0], column[1]),
                             _mm_unpackhi_epi8(column[2], column[3])};
    auto* out = reinterpret_cast<__m256i*>(line); // as it is read: it waits for no smaller pieces
    _mm256_storeu_si256(
        out, _mm256_setr_m128i(_mm_unpacklo_epi16(low[0], low[1]), _mm_unpackhi_epi16(low[0], low[1])));
    _mm256_storeu_si256(out + 1, _mm256_setr_m128i(_mm_unpacklo_epi16(high[0], high[1]),
                                                   _mm_unpackhi_epi16(high[0], high[1])));
}

/// Tiles that share a load of the model.
constexpr int kDotTiles = 2;

/// Adds `lines` lines of kTiles tiles, few enough for 16-bit sums. `halves[t]` are the 8 + 8 rows of tile t.
template <int kWidth, int kTiles>
void dotLines(const unsigned char* begin, std::size_t stride, std::size_t lines, const std::int8_t* model,
              __m256i (&acc)[kTiles][2][kScales<kWidth>], FetchCursor& fetch) {
    FetchCursor cursor = fetch;
    __m256i sums[kTiles][2][kScales<kWidth>];
    UNROLL for (int t = 0; t < kTiles; ++t) UNROLL for (int h = 0; h < 2; ++h)
        UNROLL for (int s = 0; s < kScales<kWidth>; ++s) sums[t][h][s] = _mm256_setzero_si256();
    for (std::size_t line = 0; line < lines; ++line, begin += 64, model += 32 / kWidth) {
        UNROLL for (int t = 0; t < kTiles / 2; ++t) fetchNext(cursor);
        UNROLL for (int p = 0; p < kPieces<kWidth>; ++p) {
            const std::int8_t* weights = model + (kWidth == 8 ? 0 : 4 * p);
            const __m256i weight = _mm256_set1_epi32(*reinterpret_cast<const std::int32_t*>(weights));
            UNROLL for (int t = 0; t < kTiles; ++t) UNROLL for (int h = 0; h < 2; ++h) {
                const __m256i bytes = load(begin + static_cast<std::size_t>(t) * stride + 32 * h);
                __m256i& sum = sums[t][h][kWidth == 8 ? p : 0];
                sum = _mm256_add_epi16(sum, _mm256_maddubs_epi16(pieceOf<kWidth>(bytes, p), weight));
            }
        }
    }
    fetch = cursor;
    UNROLL for (int t = 0; t < kTiles; ++t) UNROLL for (int h = 0; h < 2; ++h)
        UNROLL for (int s = 0; s < kScales<kWidth>; ++s) acc[t][h][s] =
            _mm256_add_epi32(acc[t][h][s], widened(sums[t][h][s]));
}

template <int kWidth, int kTiles>
void dotTiles(const PartView& part, std::size_t first, const std::int8_t* model, std::int32_t* sums,
              FetchCursor& fetch) {
    constexpr std::size_t kBlock = kMostPieces<kWidth> / (kWidth == 8 ? 1 : kPieces<kWidth>);
    __m256i acc[kTiles][2][kScales<kWidth>];
    UNROLL for (int t = 0; t < kTiles; ++t) UNROLL for (int h = 0; h < 2; ++h)
        UNROLL for (int s = 0; s < kScales<kWidth>; ++s) acc[t][h][s] = _mm256_setzero_si256();
    const unsigned char* begin = part.data + first * part.tileStride;
    for (std::size_t line = 0; line < part.lines; line += kBlock) {
        const std::size_t count = part.lines - line < kBlock ? part.lines - line : kBlock;
        dotLines<kWidth, kTiles>(begin + 64 * line, part.tileStride, count, model + line * (32 / kWidth), acc,
                                 fetch);
    }
    if (part.tailFeatures > 0) {
        alignas(64) unsigned char tails[kTiles][64];
        for (std::size_t t = 0; t < kTiles; ++t)
            expandTail(kWidth, begin + t * part.tileStride + 64 * part.lines, part.tailFeatures, tails[t]);
        dotLines<kWidth, kTiles>(tails[0], 64, 1, model + part.lines * (32 / kWidth), acc, fetch);
    }
    UNROLL for (int t = 0; t < kTiles; ++t) UNROLL for (int h = 0; h < 2; ++h) {
        auto* out = reinterpret_cast<__m256i*>(sums + 16 * (first + static_cast<std::size_t>(t)) + 8 * h);
        __m256i sum = _mm256_add_epi32(_mm256_loadu_si256(out), acc[t][h][0]);
        if constexpr (kScales<kWidth> == 2)
            sum = _mm256_add_epi32(sum, _mm256_slli_epi32(acc[t][h][1], 4));
        _mm256_storeu_si256(out, sum);
    }
}

template <int kWidth>
void dot(const PartView& part, std::size_t tiles, const TileModel& model, std::int32_t* sums,
         FetchCursor& fetch) {
    std::size_t tile = 0;
    for (; tile + kDotTiles <= tiles; tile += kDotTiles)
        dotTiles<kWidth, kDotTiles>(part, tile, model.weights, sums, fetch);
    for (; tile < tiles; ++tile)
        dotTiles<kWidth, 1>(part, tile, model.weights, sums, fetch);
}

/// Turns 4 rows x 4 bytes into 4 bytes x 4 rows in each 128 bits.
__m256i transpose4x4(__m256i bytes) {
    return _mm256_shuffle_epi8(bytes, _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2,
                                                                                6, 10, 14, 3, 7, 11, 15)));
}

/// Of 8 rows' residuals, rows 0 to 3 in every word of the low 128 bits and rows 4 to 7 in the high ones.
__m256i spreadResiduals(const std::int8_t* residuals) {
    const __m128i rows = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(residuals));
    return _mm256_permutevar8x32_epi32(_mm256_castsi128_si256(rows),
                                       _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1));
}

/// The gradient of kLines lines over all tiles; `lineOf(tile)` is where the first of them begins.
template <int kWidth, int kLines, class LineOf>
void addLines(std::size_t tiles, const std::int8_t* residuals, std::int32_t* gradient, const LineOf& lineOf,
              FetchCursor& fetch) {
    FetchCursor cursor = fetch;
    constexpr int kP = kPieces<kWidth>;
    constexpr int kSums = kLines * kP;
    constexpr std::size_t kBlock = kMostPieces<kWidth> / 2; // two halves a tile
    __m256i acc[kSums];
    UNROLL for (int i = 0; i < kSums; ++i) acc[i] = _mm256_setzero_si256();
    for (std::size_t first = 0; first < tiles; first += kBlock) {
        const std::size_t end = tiles - first < kBlock ? tiles : first + kBlock;
        __m256i sums[kSums];
        UNROLL for (int i = 0; i < kSums; ++i) sums[i] = _mm256_setzero_si256();
        for (std::size_t tile = first; tile < end; ++tile) {
            const unsigned char* line = lineOf(tile);
            UNROLL for (int l = 0; l < kLines / 2; ++l) fetchNext(cursor);
            if (kLines == 1 && tile % 2 == 1)
                fetchNext(cursor);
            UNROLL for (int h = 0; h < 2; ++h) {
                const __m256i rows = spreadResiduals(residuals + 16 * tile + 8 * h);
                UNROLL for (int l = 0; l < kLines; ++l) {
                    const __m256i bytes = transpose4x4(load(line + 64 * l + 32 * h));
                    UNROLL for (int p = 0; p < kP; ++p) {
                        __m256i& sum = sums[l * kP + p];
                        sum = _mm256_add_epi16(sum, _mm256_maddubs_epi16(pieceOf<kWidth>(bytes, p), rows));
                    }
                }
            }
        }
        UNROLL for (int i = 0; i < kSums; ++i) acc[i] = _mm256_add_epi32(acc[i], widened(sums[i]));
    }
    fetch = cursor;
    constexpr int kS = kScales<kWidth>;
    UNROLL for (int i = 0; i < kSums / kS; ++i) {
        __m256i fields = acc[i * kS];
        if constexpr (kS == 2)
            fields = _mm256_add_epi32(fields, _mm256_slli_epi32(acc[i * kS + 1], 4));
        const __m128i sum =
            _mm_add_epi32(_mm256_castsi256_si128(fields), _mm256_extracti128_si256(fields, 1));
        auto* out = reinterpret_cast<__m128i*>(gradient + 4 * i);
        _mm_storeu_si128(out, _mm_add_epi32(_mm_loadu_si128(out), sum));
    }
}

template <int kWidth>
void add(const PartView& part, std::size_t tiles, const std::int8_t* residuals, std::int32_t* gradient,
         FetchCursor& fetch) {
    constexpr std::size_t kSlots = 32 / kWidth;
    constexpr std::size_t kLines = kWidth >= 4 ? 4 : static_cast<std::size_t>(kWidth); // 8 sums
    std::size_t line = 0;
    const auto lineOf = [&part, &line](std::size_t tile) {
        return part.data + tile * part.tileStride + 64 * line;
    };
    for (; line + kLines <= part.lines; line += kLines)
        addLines<kWidth, kLines>(tiles, residuals, gradient + line * kSlots, lineOf, fetch);
    for (; line < part.lines; ++line)
        addLines<kWidth, 1>(tiles, residuals, gradient + line * kSlots, lineOf, fetch);
    if (part.tailFeatures > 0) {
        alignas(64) unsigned char tail[64];
        addLines<kWidth, 1>(
            tiles, residuals, gradient + part.lines * kSlots,
            [&](std::size_t tile) {
                expandTail(kWidth, lineOf(tile), part.tailFeatures, tail);
                return static_cast<const unsigned char*>(tail);
            },
            fetch);
    }
}

} // namespace

const TileKernels kTileAvx2[4] = {{dot<1>, add<1>, nullptr},
                                  {dot<2>, add<2>, nullptr},
                                  {dot<4>, add<4>, nullptr},
                                  {dot<8>, add<8>, nullptr}};

} // namespace zipml
#endif
