#include "core/kernels/column_kernels.h"

namespace zipml {
namespace {

constexpr std::size_t kRows = 16;
constexpr std::size_t kLine = 64;

void dot(const unsigned char* tile, std::size_t lines, ByteRange range, const std::int8_t* columns,
         std::size_t count, std::int32_t* sums) {
    for (std::size_t i = 0; i < count * kRows; ++i)
        sums[i] = 0;
    for (std::size_t line = 0; line < lines; ++line)
        for (std::size_t c = 0; c < count; ++c)
            for (std::size_t i = 0; i < kLine; ++i)
                sums[kRows * c + i / 4] +=
                    (tile[kLine * line + i] & range.mask) * columns[4 * (line * count + c) + i % 4];
}

/// The sum over the rows of all tiles, for one feature and column.
std::int32_t sumOf(const PlaneTiles& tiles, const std::int8_t* factors, std::size_t count, std::size_t column,
                   std::size_t feature) {
    std::int32_t sum = 0;
    for (std::size_t t = 0; t < tiles.count; ++t)
        for (std::size_t row = 0; row < kRows; ++row) {
            const int byte = tiles.at[t][feature / 4 * kLine + 4 * row + feature % 4] & tiles.range.mask;
            sum += byte * factors[kRows * (t * count + column) + row];
        }
    return sum;
}

void add(const PlaneTiles& tiles, const std::int8_t* factors, std::size_t count, std::int32_t* const* sums) {
    for (std::size_t c = 0; c < count; ++c)
        for (std::size_t f = 0; f < 4 * tiles.lines; ++f)
            sums[c][f] = sumOf(tiles, factors, count, c, f);
}

void addDigits(const PlaneTiles& tiles, const std::int8_t* factors, std::size_t models, const double* units,
               double* const* totals) {
    for (std::size_t m = 0; m < models; ++m)
        for (std::size_t f = 0; f < 4 * tiles.lines; ++f) {
            double sum = 0;
            for (std::size_t digit = 0; digit < kDigits; ++digit)
                sum = 128 * sum + sumOf(tiles, factors, kDigits * models, kDigits * m + digit, f);
            totals[m][f] += units[m] * sum;
        }
}

} // namespace

const ColumnKernels kColumnScalar{dot, add, addDigits};

} // namespace zipml
