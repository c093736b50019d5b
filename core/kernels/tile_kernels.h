#pragma once
/// The inner loops of training on packed codes (core/quant/tile_layout.h draws the tiles), in integers.
///
/// Model and residuals are 8-bit integers, so that one multiply-add instruction handles 4 codes of a row
/// (dot) or of a feature (add). Sums are 32-bit and exact: every set of instructions gives the same bits.

#include "core/kernels/fetch_cursor.h"
#include "core/kernels/isa.h"

#include <cstddef>
#include <cstdint>

namespace zipml {

/// One part (TilePart) of several tiles, or a range of its lines.
struct PartView {
    const unsigned char* data; ///< the first tile's first line of the range
    std::size_t tileStride;    ///< bytes from a tile to the next
    std::size_t lines;         ///< whole lines in the range
    std::size_t tailFeatures;  ///< features behind them, fewer than a line's; 0 where the range ends before
};

/// The weights of a part: one a slot (TilePart::slot), 0 where there is no feature; whole lines.
struct TileModel {
    const std::int8_t* weights;
    const unsigned char* tables = nullptr; ///< what TileKernels::buildTables made of them, if there is one
};
/// Bytes of TileModel::tables, a line.
constexpr std::size_t kModelTableBytes = 256;

/// For codes of one width, 8, 4, 2 or 1 bits. Along the way they fetch a line for every two that they read.
struct TileKernels {
    /// sums[16 t + r] += sum over slots of code * model. Exact while 255 * 127 * slots < 2^31.
    void (*dot)(const PartView& part, std::size_t tiles, const TileModel& model, std::int32_t* sums,
                FetchCursor& fetch);
    /// gradient[slot] += sum over rows of code * residual. Exact while 255 * 127 * rows < 2^31.
    /// @param residuals 16 a tile. @param gradient room for 16 more than the slots: kernels write whole
    /// vectors
    void (*add)(const PartView& part, std::size_t tiles, const std::int8_t* residuals, std::int32_t* gradient,
                FetchCursor& fetch);
    /// nullptr where dot reads the weights. Without tables dot does so, too, which is faster for few tiles. @param tables kModelTableBytes for each of `lines` lines, aligned
    /// to 64
    void (*buildTables)(std::size_t lines, const std::int8_t* weights, unsigned char* tables);
};

/// @param width 8, 4, 2 or 1
const TileKernels& tileKernels(Isa isa, int width);

/// The files of the instruction sets: index log2(width).
extern const TileKernels kTileScalar[4];
extern const TileKernels kTileAvx2[4];
extern const TileKernels kTileAvx512[4];

/// The largest sums that stay exact.
constexpr std::size_t kMostExactTerms = 65'536;

} // namespace zipml
