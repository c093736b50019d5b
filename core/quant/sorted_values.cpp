#include "core/quant/sorted_values.h"

#include "core/base/sort_floats.h"
#include "core/data/row_chunks.h"

#include <algorithm>
#include <cmath>

namespace zipml {

SortedValues::SortedValues(std::vector<float> values, ThreadTeam& team, const Job& job)
    : values_(std::move(values)) {
    sortFloats(values_, team, job);
    centre_ = (low() + high()) / 2;
    const std::size_t blocks = values_.size() / kStride;
    sums_.resize(blocks + 1);
    squares_.resize(blocks + 1);
    constexpr std::size_t kBlocksPerChunk = 4096;
    team.forEachChunk((blocks + kBlocksPerChunk - 1) / kBlocksPerChunk, [&](std::size_t chunk) {
        job.checkpoint();
        const std::size_t end = std::min(blocks, (chunk + 1) * kBlocksPerChunk);
        for (std::size_t block = chunk * kBlocksPerChunk; block < end; ++block) {
            double sum = 0;
            double squares = 0;
            for (std::size_t i = block * kStride; i < (block + 1) * kStride; ++i) {
                const double value = double{values_[i]} - centre_;
                sum += value;
                squares += value * value;
            }
            sums_[block + 1] = sum;
            squares_[block + 1] = squares;
        }
    });
    for (std::size_t block = 0; block < blocks; ++block) {
        sums_[block + 1] += sums_[block];
        squares_[block + 1] += squares_[block];
    }
}

std::size_t SortedValues::countBelow(double value) const {
    return static_cast<std::size_t>(std::ranges::lower_bound(values_, value) - values_.begin());
}

std::vector<std::size_t> SortedValues::histogram(double low, double high, std::size_t bins) const {
    std::vector<std::size_t> counts(bins);
    std::size_t before = countBelow(low);
    for (std::size_t bin = 0; bin < bins; ++bin) {
        const bool last = bin + 1 == bins;
        const double edge =
            last ? std::nextafter(high, HUGE_VAL)
                 : low + (high - low) * static_cast<double>(bin + 1) / static_cast<double>(bins);
        const std::size_t upTo = countBelow(edge);
        counts[bin] = upTo - before;
        before = upTo;
    }
    return counts;
}

SortedValues::Sums SortedValues::sumsOf(std::size_t count) const {
    const std::size_t block = count / kStride;
    Sums sums{static_cast<double>(count), sums_[block], squares_[block]};
    for (std::size_t i = block * kStride; i < count; ++i) {
        const double value = double{values_[i]} - centre_;
        sums.sum += value;
        sums.squares += value * value;
    }
    return sums;
}

double SortedValues::meanRoundingVariance(std::span<const double> levels) const {
    double total = 0;
    Sums below = sumsOf(countBelow(levels.front()));
    for (std::size_t i = 1; i < levels.size(); ++i) {
        const Sums upTo = sumsOf(countBelow(levels[i]));
        const double lower = levels[i - 1] - centre_;
        const double upper = levels[i] - centre_;
        const double variance = (lower + upper) * (upTo.sum - below.sum) -
                                lower * upper * (upTo.count - below.count) - (upTo.squares - below.squares);
        total += std::max(variance, 0.0); // all but a value on a level: rounding errors of the sums
        below = upTo;
    }
    return total / static_cast<double>(values_.size());
}

std::vector<float> valuesOf(const Dataset& data, std::optional<std::size_t> feature, std::size_t most,
                            ThreadTeam& team, const Job& job) {
    const std::size_t perRow = feature ? 1 : data.features;
    const std::size_t stride = std::max<std::size_t>((data.rows * perRow + most - 1) / most, 1);
    const std::size_t rows = (data.rows + stride - 1) / stride;
    std::vector<float> values(rows * perRow);
    const std::size_t chunkRows = rowsPerChunk(data.features);
    team.forEachChunk((rows + chunkRows - 1) / chunkRows, [&](std::size_t chunk) {
        job.checkpoint();
        const std::size_t end = std::min(rows, (chunk + 1) * chunkRows);
        for (std::size_t row = chunk * chunkRows; row < end; ++row) {
            const auto from = data.row(row * stride);
            if (feature)
                values[row] = from[*feature];
            else
                std::ranges::copy(from, values.begin() + static_cast<std::ptrdiff_t>(row * perRow));
        }
    });
    return values;
}

UniformYardstick::UniformYardstick(const SortedValues& values) {
    if (!(values.high() > values.low()))
        return;
    for (int bits = 1; bits <= kMostBits; ++bits) {
        const Grid grid = Grid::uniform(values.low(), values.high(), 1U << static_cast<unsigned>(bits));
        std::vector<double> levels(grid.levels());
        for (std::uint32_t i = 0; i < grid.levels(); ++i)
            levels[i] = grid.level(i);
        levels.back() = values.high();
        variances_.push_back(values.meanRoundingVariance(levels));
    }
}

double UniformYardstick::bitsOf(double variance) const {
    if (variances_.empty())
        return kMostBits;
    if (variance >= variances_[0])
        return variance > variances_[0] ? 0 : 1;
    for (std::size_t i = 1; i < variances_.size(); ++i) {
        if (variances_[i] > variance)
            continue;
        const double bits = static_cast<double>(i); // of the one before
        const double before = variances_[i - 1];
        return variances_[i] > 0 ? bits + std::log(before / variance) / std::log(before / variances_[i])
                                 : bits + 1;
    }
    return kMostBits;
}

} // namespace zipml
