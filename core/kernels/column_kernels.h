#pragma once
/// Products of planes of bytes (copy_kernels.h) with several vectors of 8-bit integers at a time, which are
/// called columns: the digits of one model or of many, and of their factors. What is loaded of a plane serves
/// all of them. Sums are integers and exact, so that all instruction sets give the same.

#include "core/kernels/isa.h"

#include <cstddef>
#include <cstdint>

namespace zipml {

/// Digits of a number: 2^14 d_0 + 2^7 d_1 + d_2.
constexpr std::size_t kDigits = 3;

/// Which bits of every byte count, and the largest number that they make.
struct ByteRange {
    unsigned char mask = 0xFF;
    unsigned char most = 0xFF;
};

/// Tiles of planes whose products are added up.
struct PlaneTiles {
    static constexpr std::size_t kMost = 64;
    const unsigned char* at[kMost]; ///< each of `lines` lines of 64 bytes
    std::size_t count;
    std::size_t lines;
    ByteRange range;
};

struct ColumnKernels {
    /// sums[16 c + r] = sum over features of (byte & mask) * column c. Exact while 255 * 127 * features < 2^31.
    /// @param columns of line l, 4 numbers of column c, at 4 (l * count + c)
    void (*dot)(const unsigned char* tile, std::size_t lines, ByteRange range, const std::int8_t* columns,
                std::size_t count, std::int32_t* sums);
    /// sums[c][f] = sum over rows of all tiles of (byte & mask) * factor c, f up to 4 a line.
    /// @param factors 16 a tile and column: of row r at 16 (t * count + c) + r
    void (*add)(const PlaneTiles& tiles, const std::int8_t* factors, std::size_t count,
                std::int32_t* const* sums);
    /// The same of numbers in digits, added up as doubles: totals[m][f] += units[m] * the exact sum.
    /// @param factors the columns kDigits m to kDigits m + 2 are the digits of model m
    void (*addDigits)(const PlaneTiles& tiles, const std::int8_t* factors, std::size_t models,
                      const double* units, double* const* totals);
};

const ColumnKernels& columnKernels(Isa isa);

extern const ColumnKernels kColumnScalar;
extern const ColumnKernels kColumnAvx2;
extern const ColumnKernels kColumnAvx512;

} // namespace zipml
