#if defined(__x86_64__)
#include "core/kernels/table_kernels.h"
#include "core/kernels/tile_avx512.h"

namespace zipml {
namespace {

/// The places of field `field`'s entries in a table of four slots, 16 a slot: the code, and the slot's number
/// times 16.
template <int kWidth>
__m512i placesOf(__m512i line, int field, __m512i slots) {
    const __m512i codes = field == 0 ? line : _mm512_srl_epi16(line, _mm_cvtsi32_si128(kWidth * field));
    constexpr int kAndOr = 0xEA; // (codes and mask) or slots
    return _mm512_ternarylogic_epi64(codes, _mm512_set1_epi8((1 << kWidth) - 1), slots, kAndOr);
}

constexpr int kDotTiles = 4;

template <int kWidth, int kTiles>
void dotTiles(const PartView& part, std::size_t first, const LevelTables& tables, const std::int8_t* model,
              std::int32_t* low, std::int32_t* high, FetchCursor& fetch) {
    constexpr int kF = kFields<kWidth>;
    const __m512i slots = _mm512_set1_epi32(0x30201000); // byte j of a word is slot j
    __m512i lowSums[kTiles], highSums[kTiles];
    UNROLL for (int t = 0; t < kTiles; ++t) lowSums[t] = highSums[t] = _mm512_setzero_si512();
    const auto addLine = [&](const __m512i* lines, std::size_t index) {
        UNROLL for (int f = 0; f < kF; ++f) {
            const std::size_t slot = 4 * (index * kF + static_cast<std::size_t>(f));
            const __m512i weight = _mm512_set1_epi32(*reinterpret_cast<const std::int32_t*>(model + slot));
            const __m512i lowTable = _mm512_loadu_si512(tables.low + 16 * slot);
            const __m512i highTable = _mm512_loadu_si512(tables.high + 16 * slot);
            UNROLL for (int t = 0; t < kTiles; ++t) {
                const __m512i places = placesOf<kWidth>(lines[t], f, slots);
                lowSums[t] =
                    _mm512_dpbusd_epi32(lowSums[t], _mm512_permutexvar_epi8(places, lowTable), weight);
                highSums[t] =
                    _mm512_dpbusd_epi32(highSums[t], _mm512_permutexvar_epi8(places, highTable), weight);
            }
        }
    };
    const unsigned char* begin = part.data + first * part.tileStride;
    FetchCursor cursor = fetch;
    __m512i lines[kTiles];
    for (std::size_t line = 0; line < part.lines; ++line, begin += 64) {
        UNROLL for (int t = 0; t < kTiles; ++t) lines[t] =
            _mm512_loadu_si512(begin + static_cast<std::size_t>(t) * part.tileStride);
        UNROLL for (int t = 0; t < kTiles / 2; ++t) fetchNext(cursor);
        addLine(lines, line);
    }
    fetch = cursor;
    if (part.tailFeatures > 0) {
        UNROLL for (int t = 0; t < kTiles; ++t) lines[t] =
            tailOf<kWidth>(part, first + static_cast<std::size_t>(t));
        addLine(lines, part.lines);
    }
    UNROLL for (int t = 0; t < kTiles; ++t) {
        const std::size_t row = 16 * (first + static_cast<std::size_t>(t));
        _mm512_storeu_si512(low + row, _mm512_add_epi32(_mm512_loadu_si512(low + row), lowSums[t]));
        _mm512_storeu_si512(high + row, _mm512_add_epi32(_mm512_loadu_si512(high + row), highSums[t]));
    }
}

template <int kWidth>
void dot(const PartView& part, std::size_t tiles, const LevelTables& tables, const std::int8_t* model,
         std::int32_t* low, std::int32_t* high, FetchCursor& fetch) {
    std::size_t tile = 0;
    for (; tile + kDotTiles <= tiles; tile += kDotTiles)
        dotTiles<kWidth, kDotTiles>(part, tile, tables, model, low, high, fetch);
    for (; tile < tiles; ++tile)
        dotTiles<kWidth, 1>(part, tile, tables, model, low, high, fetch);
}

void addTo(std::int32_t* out, __m512i sums) {
    _mm512_storeu_si512(out, _mm512_add_epi32(_mm512_loadu_si512(out), sums));
}

/// The gradient of kGroups groups of 4 slots, fields of kGroups / fields lines, over all tiles. `load(tile,
/// line)` gives a line.
template <int kWidth, int kGroups, class Load>
void addGroups(std::size_t tiles, const unsigned char* lowTables, const unsigned char* highTables,
               const std::int8_t* residuals, std::int32_t* low, std::int32_t* high, const Load& load,
               FetchCursor& fetch) {
    constexpr int kF = kFields<kWidth>;
    const __m512i slots = _mm512_broadcast_i32x4(_mm_setr_epi32(0, 0x10101010, 0x20202020, 0x30303030));
    __m512i lowSums[kGroups], highSums[kGroups];
    UNROLL for (int g = 0; g < kGroups; ++g) lowSums[g] = highSums[g] = _mm512_setzero_si512();
    FetchCursor cursor = fetch;
    for (std::size_t tile = 0; tile < tiles; ++tile) {
        const __m512i rows = spreadResiduals(residuals + 16 * tile);
        UNROLL for (int i = 0; i < kGroups / kF / 2; ++i) fetchNext(cursor);
        UNROLL for (int l = 0; l < kGroups / kF; ++l) {
            const __m512i line = transpose4x4(load(tile, l));
            UNROLL for (int f = 0; f < kF; ++f) {
                const int g = l * kF + f;
                const __m512i places = placesOf<kWidth>(line, f, slots);
                const __m512i lowTable = _mm512_loadu_si512(lowTables + 64 * g);
                const __m512i highTable = _mm512_loadu_si512(highTables + 64 * g);
                lowSums[g] = _mm512_dpbusd_epi32(lowSums[g], _mm512_permutexvar_epi8(places, lowTable), rows);
                highSums[g] =
                    _mm512_dpbusd_epi32(highSums[g], _mm512_permutexvar_epi8(places, highTable), rows);
            }
        }
    }
    fetch = cursor;
    const __m512i none = _mm512_setzero_si512();
    UNROLL for (int g = 0; g < kGroups; g += 4) {
        const auto at = [&](const __m512i* sums, int i) { return i < kGroups ? sums[i] : none; };
        addTo(low + 4 * g,
              addQuarters(at(lowSums, g), at(lowSums, g + 1), at(lowSums, g + 2), at(lowSums, g + 3)));
        addTo(high + 4 * g,
              addQuarters(at(highSums, g), at(highSums, g + 1), at(highSums, g + 2), at(highSums, g + 3)));
    }
}

template <int kWidth>
void add(const PartView& part, std::size_t tiles, const LevelTables& tables, const std::int8_t* residuals,
         std::int32_t* low, std::int32_t* high, FetchCursor& fetch) {
    constexpr int kF = kFields<kWidth>;
    constexpr int kLines = 8 / kF; // 16 accumulators
    constexpr std::size_t kSlots = 4 * kF;
    std::size_t line = 0;
    const auto load = [&part, &line](std::size_t tile, int l) {
        return _mm512_loadu_si512(part.data + tile * part.tileStride +
                                  64 * (line + static_cast<std::size_t>(l)));
    };
    const auto tables16 = [&tables, &line](bool isLow) {
        return (isLow ? tables.low : tables.high) + 16 * kSlots * line;
    };
    for (; line + kLines <= part.lines; line += kLines)
        addGroups<kWidth, 8>(tiles, tables16(true), tables16(false), residuals, low + line * kSlots,
                             high + line * kSlots, load, fetch);
    for (; line < part.lines; ++line)
        addGroups<kWidth, kF>(tiles, tables16(true), tables16(false), residuals, low + line * kSlots,
                              high + line * kSlots, load, fetch);
    if (part.tailFeatures > 0)
        addGroups<kWidth, kF>(
            tiles, tables16(true), tables16(false), residuals, low + line * kSlots, high + line * kSlots,
            [&part](std::size_t tile, int) { return tailOf<kWidth>(part, tile); }, fetch);
}

} // namespace

const TableKernels kTableAvx512[3] = {{dot<1>, add<1>}, {dot<2>, add<2>}, {dot<4>, add<4>}};

} // namespace zipml
#endif
