#pragma once
/// Joins bit planes to codes of 4 bits that the tile kernels read.

#include "core/kernels/tile_kernels.h"

#include <cstddef>

namespace zipml {

/// Planes of one bit, in lines of 16 rows x 32 features (core/quant/tile_layout.h).
struct Planes {
    const unsigned char* digits[7]; ///< `count` of them, the least significant first
    int count;                      ///< 0..7
    const unsigned char* up;        ///< added to the number that the digits make
};

/// Of a tile: whole lines, and features behind them (fewer than 32).
struct PlaneShape {
    std::size_t lines, tailFeatures;
};

struct WeaveKernels {
    /// From every line of the planes, 4 lines of 4-bit codes: line q has the features 4 g + j, g = q (low
    /// nibbles) and g = q + 4 (high ones). @param low of the sum's low 4 bits. @param high of the others,
    /// written where count > 3
    void (*join)(const Planes& planes, std::size_t lines, unsigned char* low, unsigned char* high);
    /// The same for one tile with its tail, and TileKernels::dot on what is joined while it is in registers:
    /// 5 to 10% faster in training than one after the other. nullptr where there is none.
    /// @param models of low and high codes. @param sums of both, 16 each
    void (*joinAndDot)(const Planes& planes, const PlaneShape& shape, unsigned char* low, unsigned char* high,
                       const std::int8_t* const models[2], std::int32_t* const sums[2], FetchCursor& fetch);
};

const WeaveKernels& weaveKernels(Isa isa);

extern const WeaveKernels kWeaveScalar;
extern const WeaveKernels kWeaveAvx2;
extern const WeaveKernels kWeaveAvx512;

} // namespace zipml
