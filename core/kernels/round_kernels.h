#pragma once
/// The hot loops from float samples to packed codes, one set of functions an instruction set. Every set gives
/// the same bits: arithmetic is in double, operation by operation as in the *_scalar.cpp files.
///
/// Plain declarations only: isa.h says why.

#include <cstddef>
#include <cstdint>

namespace zipml {

enum class Isa;

/// Words of a Philox stream (core/base/random.h): those of blocks block, block + 1, ... of rows row, row + 1,
/// ...
struct PhiloxWords {
    std::uint64_t key;
    std::uint32_t epoch, use, row, block;
    std::size_t rows, count; ///< words of a row, not only whole blocks
};

/// Uniform grids, one entry a feature: a value's place, counted in intervals from the lowest level, is
/// (value - low) * intervalsPerUnit, clamped to [0, intervals].
struct UniformColumns {
    const double *low, *intervalsPerUnit, *intervals;
};

/// Grids of any levels, one entry a feature: level l of feature f is levels[l * stride + f]. Where a grid has
/// fewer than `count` >= 2 levels infinities stand for the rest, and row `count` is all infinities.
struct TableColumns {
    const double* levels;
    std::size_t stride, count;
};

/// How a row is rounded, `copies` >= 1 times: word f of copy c is words[c * stride + f]. No words: to the
/// nearest level, where half way goes up.
struct RoundingDraws {
    const std::uint32_t* words;
    std::size_t stride, copies;
};

/// Codes of 16 rows, row-major, readable up to a multiple of 64 a row, and the part of each to pack: bits
/// [shift, shift + width), width being 1, 2, 4 or 8.
struct CodeRows {
    const std::uint32_t* codes;
    std::size_t stride;
    int width, shift;
};

/// Word i of the r-th row goes to to[r * stride + i].
using FillWords = void(const PhiloxWords& words, std::uint32_t* to, std::size_t stride);
/// Codes of `count` neighbouring values of a row: the sum of the level indices of each copy.
using RoundUniform = void(const float* values, const UniformColumns& grids, const RoundingDraws& draws,
                          std::size_t count, std::uint32_t* codes);
using RoundTable = void(const float* values, const TableColumns& grids, const RoundingDraws& draws,
                        std::size_t count, std::uint32_t* codes);
/// Packs whole lines of 64 bytes (core/quant/tile_layout.h).
using PackLines = void(const CodeRows& rows, std::size_t lines, unsigned char* to);
/// sums += f (1 - f), f being how far a value lies between its two levels: the rounding variance in squared
/// gaps.
using AddVariance = void(const float* values, const UniformColumns& grids, std::size_t count, double* sums);

struct RoundKernels {
    FillWords* fillWords;
    RoundUniform* roundUniform;
    RoundTable* roundTable;
    PackLines* packLines;
    AddVariance* addVariance;
};

/// @param isa an available one
const RoundKernels& roundKernels(Isa isa);

FillWords fillWordsScalar, fillWordsAvx2, fillWordsAvx512;
RoundUniform roundUniformScalar, roundUniformAvx2, roundUniformAvx512;
RoundTable roundTableScalar, roundTableAvx2, roundTableAvx512;
PackLines packLinesScalar, packLinesAvx2, packLinesAvx512;
AddVariance addVarianceScalar, addVarianceAvx2, addVarianceAvx512;

} // namespace zipml
