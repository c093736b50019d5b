#include "core/quant/grid_columns.h"

#include <algorithm>
#include <limits>

namespace zipml {
namespace {

/// A vector of values is compared with every level up to here; with more a search, value by value, is faster.
constexpr std::size_t kComparedLevels = 32;

} // namespace

GridColumns::GridColumns(std::span<const Grid> grids) : grids_(grids) {
    if (std::ranges::all_of(grids, &Grid::isUniform)) {
        for (const Grid& grid : grids) {
            low_.push_back(grid.low());
            intervalsPerUnit_.push_back(grid.intervalsPerUnit());
            intervals_.push_back(grid.levels() - 1);
        }
        return;
    }
    for (const Grid& grid : grids)
        levelCount_ = std::max<std::size_t>({levelCount_, grid.levels(), 2});
    // A uniform grid among others has its own arithmetic, which the comparison with levels is not.
    if (levelCount_ > kComparedLevels || std::ranges::any_of(grids, &Grid::isUniform))
        return;
    // An odd number of cache lines from level to level, or all levels of a feature might share one set of the
    // cache.
    constexpr std::size_t kLine = 64 / sizeof(double);
    levelStride_ = ((grids.size() + kLine - 1) / kLine | 1U) * kLine;
    levels_.assign((levelCount_ + 1) * levelStride_, std::numeric_limits<double>::infinity());
    for (std::size_t f = 0; f < grids.size(); ++f)
        for (std::uint32_t l = 0; l < grids[f].levels(); ++l)
            levels_[l * levelStride_ + f] = grids[f].level(l);
}

void GridColumns::round(const RoundKernels& kernels, const float* values, std::size_t first,
                        std::size_t count, const RoundingDraws& draws, std::uint32_t* codes) const {
    if (isUniform())
        kernels.roundUniform(values, uniform(first), draws, count, codes);
    else if (!levels_.empty())
        kernels.roundTable(values, {levels_.data() + first, levelStride_, levelCount_}, draws, count, codes);
    else
        roundOneByOne(values, first, count, draws, codes);
}

void GridColumns::roundOneByOne(const float* values, std::size_t first, std::size_t count,
                                const RoundingDraws& draws, std::uint32_t* codes) const {
    constexpr double kWords = 4294967296.0; // 2^32: u < fraction exactly when word < fraction * 2^32
    for (std::size_t f = 0; f < count; ++f) {
        const auto [index, fraction] = grids_[first + f].locate(values[f]);
        codes[f] = 0;
        for (std::size_t copy = 0; copy < draws.copies; ++copy) {
            const bool up = draws.words != nullptr ? draws.words[copy * draws.stride + f] < fraction * kWords
                                                   : fraction >= 0.5;
            codes[f] += index + (up ? 1U : 0U);
        }
    }
}

} // namespace zipml
