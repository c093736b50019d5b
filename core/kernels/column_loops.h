#pragma once
/// The loops of column_kernels.h on vectors of some 128-bit lanes, for the instruction sets that have an
/// instruction which multiplies bytes and adds up four neighbours. `Ops` is what they differ in:
///
///     Bytes             a vector of kLanes lanes; kHalves of them are a line
///     Sums              32-bit sums while they are added up, and where those of 16 bits would overflow, more
///     kPieces           parts that bytes above kMostAtOnce are cut into
///     pieceOf           such a part; its products count 16 times as much as those of the part before
///
/// Included once in each instruction set's file.

#include "core/kernels/column_kernels.h"

/// Sums live in registers only when the loops over them are unrolled.
#define UNROLL _Pragma("GCC unroll 16")

namespace zipml {
namespace {

constexpr std::size_t kRows = 16;
constexpr std::size_t kLine = 64;

inline std::int32_t wordAt(const std::int8_t* four) {
    std::int32_t word;
    __builtin_memcpy(&word, four, sizeof word);
    return word;
}

/// The dot products of kColumns neighbouring columns with one piece of every byte.
template <class Ops, int kColumns>
void dotPiece(const unsigned char* tile, std::size_t lines, const typename Ops::Piece& piece,
              const std::int8_t* columns, std::size_t stride, std::int32_t* sums) {
    constexpr int kHalves = Ops::kHalves;
    typename Ops::Wide total[kHalves][kColumns];
    UNROLL for (int h = 0; h < kHalves; ++h) UNROLL for (int c = 0; c < kColumns; ++c) total[h][c] =
        Ops::noSum();
    for (std::size_t begin = 0; begin < lines; begin += piece.lines) {
        const std::size_t end = lines - begin < piece.lines ? lines : begin + piece.lines;
        typename Ops::Wide sum[kHalves][kColumns];
        UNROLL for (int h = 0; h < kHalves; ++h) UNROLL for (int c = 0; c < kColumns; ++c) sum[h][c] =
            Ops::noSum();
        for (std::size_t line = begin; line < end; ++line) {
            typename Ops::Wide bytes[kHalves];
            UNROLL for (int h = 0; h < kHalves; ++h) bytes[h] =
                piece.of(Ops::load(tile + line * kLine + static_cast<std::size_t>(h) * Ops::kBytes));
            const std::int8_t* at = columns + line * stride;
            UNROLL for (int c = 0; c < kColumns; ++c) {
                const typename Ops::Wide weights = Ops::all(wordAt(at + 4 * c));
                UNROLL for (int h = 0; h < kHalves; ++h) sum[h][c] =
                    Ops::multiplyAdd(sum[h][c], bytes[h], weights);
            }
        }
        UNROLL for (int h = 0; h < kHalves; ++h) UNROLL for (int c = 0; c < kColumns; ++c) total[h][c] =
            Ops::addTo(total[h][c], sum[h][c], piece.scale);
    }
    UNROLL for (int h = 0; h < kHalves; ++h) UNROLL for (int c = 0; c < kColumns; ++c) {
        std::int32_t* out = sums + kRows * static_cast<std::size_t>(c) +
                            static_cast<std::size_t>(h) * (kRows / static_cast<std::size_t>(kHalves));
        Ops::store(out, piece.isFirst ? total[h][c] : Ops::plus(Ops::loadSums(out), total[h][c]));
    }
}

template <class Ops>
void dot(const unsigned char* tile, std::size_t lines, ByteRange range, const std::int8_t* columns,
         std::size_t count, std::int32_t* sums) {
    const std::size_t stride = 4 * count;
    for (int p = 0; p < Ops::pieces(range); ++p) {
        const typename Ops::Piece piece(range, p);
        std::size_t c = 0;
        for (; c + 6 <= count; c += 6)
            dotPiece<Ops, 6>(tile, lines, piece, columns + 4 * c, stride, sums + kRows * c);
        for (; c + 3 <= count; c += 3)
            dotPiece<Ops, 3>(tile, lines, piece, columns + 4 * c, stride, sums + kRows * c);
        for (; c < count; ++c)
            dotPiece<Ops, 1>(tile, lines, piece, columns + 4 * c, stride, sums + kRows * c);
    }
}

/// Some neighbouring lines of all tiles, one a lane: vector 4 (p * tiles + t) + g has piece p of rows 4 g to
/// 4 g + 3 of tile t, those of a feature side by side. Lines behind the last one are 0.
template <class Ops>
struct LineGroup {
    static constexpr int kMostPieces = 2;
    typename Ops::Wide rows[kMostPieces * PlaneTiles::kMost * 4];
    int scales[kMostPieces];
    int pieceCount;

    LineGroup(const PlaneTiles& tiles, std::size_t line) : pieceCount(Ops::pieces(tiles.range)) {
        typename Ops::Wide* to = rows;
        for (int p = 0; p < pieceCount; ++p) {
            const typename Ops::Piece piece(tiles.range, p);
            scales[p] = piece.scale;
            for (std::size_t t = 0; t < tiles.count; ++t, to += 4) {
                Ops::gather(tiles.at[t] + line * kLine, tiles.lines - line, to);
                UNROLL for (int g = 0; g < 4; ++g) to[g] = piece.of(to[g]);
            }
        }
    }
};

/// The sums of one column: 4 features of each line of the group.
template <class Ops>
typename Ops::Wide sumOf(const LineGroup<Ops>& group, std::size_t tiles, const std::int8_t* factors,
                         std::size_t stride) {
    typename Ops::Wide total = Ops::noSum();
    const typename Ops::Wide* rows = group.rows;
    for (int p = 0; p < group.pieceCount; ++p) {
        const std::int8_t* at = factors;
        for (std::size_t t = 0; t < tiles; ++t, rows += 4, at += stride) {
            typename Ops::Wide sum = Ops::noSum();
            UNROLL for (int g = 0; g < 4; ++g) sum =
                Ops::multiplyAdd(sum, rows[g], Ops::all(wordAt(at + 4 * g)));
            total = Ops::addTo(total, sum, group.scales[p]);
        }
    }
    return total;
}

/// Calls visit(group, its first line, how many lines it has).
template <class Ops, class Visit>
void forEachGroup(const PlaneTiles& tiles, const Visit& visit) {
    constexpr std::size_t kLanes = Ops::kLanes;
    for (std::size_t line = 0; line < tiles.lines; line += kLanes)
        visit(LineGroup<Ops>(tiles, line), line, tiles.lines - line < kLanes ? tiles.lines - line : kLanes);
}

template <class Ops>
void add(const PlaneTiles& tiles, const std::int8_t* factors, std::size_t count, std::int32_t* const* sums) {
    forEachGroup<Ops>(tiles, [&](const LineGroup<Ops>& group, std::size_t line, std::size_t lines) {
        for (std::size_t c = 0; c < count; ++c)
            Ops::storeLines(sums[c] + 4 * line, lines,
                            sumOf<Ops>(group, tiles.count, factors + kRows * c, kRows * count));
    });
}

template <class Ops>
void addDigits(const PlaneTiles& tiles, const std::int8_t* factors, std::size_t models, const double* units,
               double* const* totals) {
    const std::size_t stride = kRows * kDigits * models;
    forEachGroup<Ops>(tiles, [&](const LineGroup<Ops>& group, std::size_t line, std::size_t lines) {
        for (std::size_t m = 0; m < models; ++m) {
            typename Ops::Wide digits[kDigits];
            UNROLL for (std::size_t d = 0; d < kDigits; ++d) digits[d] =
                sumOf<Ops>(group, tiles.count, factors + kRows * (kDigits * m + d), stride);
            Ops::addLines(digits, units[m], lines, totals[m] + 4 * line);
        }
    });
}

} // namespace
} // namespace zipml
