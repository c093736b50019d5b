#include "core/quant/sorted_values.h"

#include "core/base/sort_floats.h"
#include "core/data/row_chunks.h"

#include <algorithm>
#include <cmath>

namespace zipml {

SortedValues::SortedValues(std::vector<float> values, ThreadTeam& team, const Job& job)
    : values_(std::move(values)) {
    sortFloats(values_, team, job);
    blocks_.resize(values_.size() / kStride);
    constexpr std::size_t kBlocksPerChunk = 4096;
    team.forEachChunk((blocks_.size() + kBlocksPerChunk - 1) / kBlocksPerChunk, [&](std::size_t chunk) {
        job.checkpoint();
        const std::size_t end = std::min(blocks_.size(), (chunk + 1) * kBlocksPerChunk);
        for (std::size_t block = chunk * kBlocksPerChunk; block < end; ++block) {
            const auto part = std::span<const float>(values_).subspan(block * kStride, kStride);
            Stretch& all = blocks_[block] = Stretch::at(double{part[0]}, 1);
            for (const float value : part.subspan(1))
                all = all.joined(Stretch::at(double{value}, 1));
        }
    });
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

double SortedValues::varianceBetween(double lower, double upper, std::size_t begin, std::size_t end) const {
    double total = 0;
    while (begin < end) {
        if (begin % kStride == 0 && begin + kStride <= end) {
            total += blocks_[begin / kStride].between(lower, upper);
            begin += kStride;
            continue;
        }
        const double value = values_[begin++];
        total += (upper - value) * (value - lower);
    }
    return total;
}

double SortedValues::meanRoundingVariance(std::span<const double> levels) const {
    double total = 0;
    std::size_t begin = countBelow(levels.front());
    for (std::size_t i = 1; i < levels.size(); ++i) {
        const std::size_t end = countBelow(levels[i]);
        total += varianceBetween(levels[i - 1], levels[i], begin, end);
        begin = end;
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
