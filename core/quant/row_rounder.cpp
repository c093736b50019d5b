#include "core/quant/row_rounder.h"

#include "core/kernels/isa.h"

#include <algorithm>
#include <array>

namespace zipml {
namespace {

constexpr std::size_t kRoundedAtOnce = 512; ///< features; words and codes stay in the first cache

} // namespace

RowRounder::RowRounder(std::span<const Grid> grids, Rounding rounding)
    : grids_(grids), columns_(grids), rounding_(rounding), kernels_(roundKernels(activeIsa())) {
    if (!columns_.isUniform())
        return;
    for (const Grid& grid : grids) {
        low_.push_back(grid.low());
        gap_.push_back(grid.levels() > 1 ? grid.gap() : 0.0);
        high_.push_back(grid.high());
        intervals_.push_back(static_cast<std::int32_t>(grid.levels() - 1));
    }
}

void RowRounder::round(std::span<const float> row, const RandomStream& stream, std::uint32_t rowIndex,
                       double* levels) const {
    std::array<std::uint32_t, kRoundedAtOnce> words, codes;
    const bool draws = rounding_ == Rounding::Stochastic;
    for (std::size_t first = 0; first < row.size(); first += kRoundedAtOnce) {
        const std::size_t count = std::min(kRoundedAtOnce, row.size() - first);
        if (draws)
            kernels_.fillWords({stream.seed(), stream.epoch(), stream.use(), rowIndex,
                                static_cast<std::uint32_t>(first / 4), 1, count},
                               words.data(), kRoundedAtOnce);
        columns_.round(kernels_, row.data() + first, first, count,
                       {draws ? words.data() : nullptr, kRoundedAtOnce, 1}, codes.data());
        decode(codes.data(), first, count, levels + first);
    }
}

/// Grid::level of each code.
void RowRounder::decode(const std::uint32_t* codes, std::size_t first, std::size_t count,
                        double* levels) const {
    if (!columns_.isUniform()) {
        for (std::size_t f = 0; f < count; ++f)
            levels[f] = grids_[first + f].level(codes[f]);
        return;
    }
    const double *low = low_.data() + first, *gap = gap_.data() + first, *high = high_.data() + first;
    const std::int32_t* intervals = intervals_.data() + first;
    for (std::size_t f = 0; f < count; ++f) {
        const auto code = static_cast<std::int32_t>(codes[f]);
        const double level = low[f] + code * gap[f];
        levels[f] = code == intervals[f] ? high[f] : level;
    }
}

} // namespace zipml
