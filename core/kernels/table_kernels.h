#pragma once
/// The inner loops on packed codes whose levels are not equally spaced: a code stands for an entry of its
/// feature's table, a 16-bit number in two bytes. Integers throughout, exact.

#include "core/kernels/tile_kernels.h"

namespace zipml {

/// The entries of 16 codes for every slot, low bytes and high bytes apart: entry c of a slot at 16 * slot +
/// c.
struct LevelTables {
    const unsigned char* low;
    const unsigned char* high;
};

/// For codes of one width, 4, 2 or 1 bits.
struct TableKernels {
    /// As TileKernels::dot with an entry's byte for the code.
    void (*dot)(const PartView& part, std::size_t tiles, const LevelTables& tables, const std::int8_t* model,
                std::int32_t* low, std::int32_t* high, FetchCursor& fetch);
    void (*add)(const PartView& part, std::size_t tiles, const LevelTables& tables,
                const std::int8_t* residuals, std::int32_t* low, std::int32_t* high, FetchCursor& fetch);
};

/// @param width 4, 2 or 1. AVX2 has no byte permutation for it and takes the scalar loops.
const TableKernels& tableKernels(Isa isa, int width);

/// The files of the instruction sets: index log2(width).
extern const TableKernels kTableScalar[3];
extern const TableKernels kTableAvx512[3];

} // namespace zipml
