#include "core/kernels/copy_loops.h"

namespace zipml {
namespace {

void divide(const CopyTables& tables, std::size_t size, unsigned char* codes, unsigned char* ups) {
    for (std::size_t i = 0; i < size; ++i) {
        ups[i] = tables.ups[codes[i]];
        codes[i] = tables.lower[codes[i]];
    }
}

void choose(const CopyTables& tables, std::size_t lines, const unsigned char* own,
            const unsigned char* shared, unsigned char* ups) {
    for (std::size_t i = 0; i < lines * kLine; ++i) {
        const std::uint32_t draw = own[i] * 256U + shared[i / kLine * 4 + i % 4];
        const std::uint32_t choice = draw * tables.count[ups[i]] >> 16U;
        ups[i] = tables.sets[tables.first[ups[i]] + choice];
    }
}

void dot(const unsigned char* bytes, std::size_t lines, const ByteMasks& masks,
         const std::int8_t* const* digits, double* sums) {
    for (int m = 0; m < masks.count; ++m, sums += kRows) {
        std::int64_t totals[kRows] = {};
        for (std::size_t line = 0; line < lines; ++line) {
            std::int32_t weights[4];
            for (std::size_t j = 0; j < 4; ++j)
                weights[j] = digits[0][4 * line + j] * 16'384 + digits[1][4 * line + j] * 128 +
                             digits[2][4 * line + j];
            for (std::size_t i = 0; i < kLine; ++i)
                totals[i / 4] += std::int64_t{bytes[line * kLine + i] & masks.masks[m]} * weights[i % 4];
        }
        for (std::size_t row = 0; row < kRows; ++row)
            sums[row] = static_cast<double>(totals[row]);
    }
}

void add(const unsigned char* bytes, std::size_t tiles, std::size_t lines, unsigned char mask,
         const std::int8_t* const* digits, double unit, double* total) {
    std::int32_t factors[kMostAddedTiles * kRows];
    for (std::size_t row = 0; row < tiles * kRows; ++row)
        factors[row] = digits[0][row] * 16'384 + digits[1][row] * 128 + digits[2][row];
    for (std::size_t line = 0; line < lines; ++line)
        for (std::size_t j = 0; j < 4; ++j) {
            std::int64_t sum = 0;
            for (std::size_t row = 0; row < tiles * kRows; ++row) {
                const std::size_t at = (row / kRows * lines + line) * kLine + 4 * (row % kRows) + j;
                sum += std::int64_t{bytes[at] & mask} * factors[row];
            }
            total[4 * line + j] += unit * static_cast<double>(sum);
        }
}

} // namespace

const CopyKernels kCopyScalar{unpack, divide,     choose,      toss, raise, spread,
                              join,   keepInside, lookUpPlain, dot,  add};

} // namespace zipml
