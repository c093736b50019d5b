#pragma once
/// The inner loops of training in float32: on rows of floats (the full-precision baseline), and on packed
/// codes where the model is not rounded. Sums are float32 in the order that suits the vectors, so instruction
/// sets agree within rounding only.

#include "core/kernels/tile_kernels.h"

namespace zipml {

struct RowKernels {
    /// sums[r] = row r . model. @param ahead bytes to rows that are needed next, fetched along the way; 0:
    /// none
    void (*dot)(const float* rows, std::size_t count, std::size_t features, std::size_t ahead,
                const float* model, float* sums);
    /// gradient += sum over rows of residual * row
    void (*add)(const float* rows, std::size_t count, std::size_t features, std::size_t ahead,
                const float* residuals, float* gradient);
};
/// With AVX-512, short rows that do not begin at cache lines are read by AVX2's loops: nearly every load of
/// 64 bytes would cross a line (n = 90: 3.9 Gvalue/s against 6.4). Long rows are faster with AVX-512 all the
/// same (n = 5,000).
const RowKernels& rowKernels(Isa isa, std::size_t features);
extern const RowKernels kRowsScalar;
extern const RowKernels kRowsAvx2;
extern const RowKernels kRowsAvx512;

/// As TileKernels, with float weights, residuals and sums.
struct TileFloatKernels {
    void (*dot)(const PartView& part, std::size_t tiles, const float* model, float* sums, FetchCursor& fetch);
    void (*add)(const PartView& part, std::size_t tiles, const float* residuals, float* gradient,
                FetchCursor& fetch);
};
/// @param width 8, 4, 2 or 1
const TileFloatKernels& tileFloatKernels(Isa isa, int width);
extern const TileFloatKernels kTileFloatScalar[4];
extern const TileFloatKernels kTileFloatAvx2[4];
extern const TileFloatKernels kTileFloatAvx512[4];

} // namespace zipml
