#include "core/quant/build_grids.h"

#include "core/data/row_chunks.h"
#include "core/kernels/isa.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace zipml {
namespace {

std::vector<float> sortedColumn(const Dataset& data, std::size_t feature) {
    std::vector<float> column(data.rows);
    for (std::size_t r = 0; r < data.rows; ++r)
        column[r] = data.row(r)[feature];
    std::ranges::sort(column);
    return column;
}

/// Each feature's least and greatest value.
struct ValueRanges {
    std::vector<float> low, high;

    explicit ValueRanges(std::size_t features)
        : low(features, std::numeric_limits<float>::infinity()),
          high(features, -std::numeric_limits<float>::infinity()) {}

    void widen(const float* lows, const float* highs) {
        for (std::size_t f = 0; f < low.size(); ++f) {
            low[f] = std::min(low[f], lows[f]);
            high[f] = std::max(high[f], highs[f]);
        }
    }
};

ValueRanges rangeOf(const Dataset& data, ThreadTeam& team, const Job& job) {
    const std::size_t chunkRows = rowsPerSum(data.features);
    std::vector<ValueRanges> parts((data.rows + chunkRows - 1) / chunkRows, ValueRanges(data.features));
    team.forEachChunk(parts.size(), [&](std::size_t chunk) {
        job.checkpoint();
        const std::size_t end = std::min(data.rows, (chunk + 1) * chunkRows);
        for (std::size_t r = chunk * chunkRows; r < end; ++r)
            parts[chunk].widen(data.row(r).data(), data.row(r).data());
    });
    ValueRanges range(data.features);
    for (const ValueRanges& part : parts)
        range.widen(part.low.data(), part.high.data());
    return range;
}

/// Adds the rounding variances of rows begin to end, in squared gaps where all grids are uniform.
void addVariances(const Dataset& data, std::span<const Grid> grids, const GridColumns& columns,
                  std::size_t begin, std::size_t end, std::vector<double>& sums) {
    if (!columns.isUniform()) {
        for (std::size_t row = begin; row < end; ++row)
            for (std::size_t f = 0; f < grids.size(); ++f)
                sums[f] += grids[f].roundingVariance(data.row(row)[f]);
        return;
    }
    const RoundKernels& kernels = roundKernels(activeIsa());
    for (; begin < end; begin += kStripRows)
        for (std::size_t first = 0; first < grids.size(); first += Strip::kFeatures) {
            const Strip strip(first, grids.size());
            for (std::size_t row = begin; row < std::min(end, begin + kStripRows); ++row) {
                const float* values = data.row(row).data() + first;
                strip.fetchNext(values);
                kernels.addVariance(values, columns.uniform(first), strip.count, sums.data() + first);
            }
        }
}

} // namespace

std::vector<Grid> buildGrids(const Dataset& data, const GridSpec& spec, int bits, bool shared,
                             ThreadTeam& team, const Job& job, LevelPlaces places) {
    const std::size_t levels = std::size_t{1} << static_cast<unsigned>(bits);
    if (spec.kind == GridKind::Uniform) {
        const ValueRanges range = rangeOf(data, team, job);
        return uniformGrids(range.low, range.high, static_cast<std::uint32_t>(levels), shared);
    }
    std::vector<Grid> grids(data.features);
    if (shared) {
        job.report(0, "placing levels");
        std::vector<float> all = data.values;
        std::ranges::sort(all);
        job.checkpoint();
        std::ranges::fill(grids, placeLevels(all, spec, levels, places));
        return grids;
    }
    team.forEachChunk(data.features, [&](std::size_t f) {
        job.checkpoint();
        grids[f] = placeLevels(sortedColumn(data, f), spec, levels, places);
        job.report(static_cast<double>(f) / static_cast<double>(data.features), "placing levels");
    });
    return grids;
}

std::vector<Grid> uniformGrids(std::span<const float> low, std::span<const float> high, std::uint32_t levels,
                               bool shared) {
    if (shared)
        return {low.size(), Grid::uniform(std::ranges::min(low), std::ranges::max(high), levels)};
    std::vector<Grid> grids(low.size());
    for (std::size_t f = 0; f < low.size(); ++f)
        grids[f] = Grid::uniform(low[f], high[f], levels);
    return grids;
}

void RoundingVariance::add(const Dataset& block, ThreadTeam& team, const Job& job) {
    const std::size_t chunkRows = rowsPerSum(block.features);
    std::vector<std::vector<double>> parts((block.rows + chunkRows - 1) / chunkRows);
    team.forEachChunk(parts.size(), [&](std::size_t chunk) {
        job.checkpoint();
        std::vector<double> part(grids_.size(), 0.0);
        addVariances(block, grids_, columns_, chunk * chunkRows,
                     std::min(block.rows, (chunk + 1) * chunkRows), part);
        parts[chunk] = std::move(part);
    });
    for (const auto& part : parts)
        std::ranges::transform(sums_, part, sums_.begin(), std::plus{});
    rows_ += block.rows;
}

std::vector<double> RoundingVariance::mean() const {
    std::vector<double> mean = sums_;
    for (std::size_t f = 0; f < grids_.size(); ++f) {
        mean[f] /= static_cast<double>(rows_);
        if (columns_.isUniform())
            mean[f] *= grids_[f].gap() * grids_[f].gap();
    }
    return mean;
}

std::vector<double> meanRoundingVariance(const Dataset& data, std::span<const Grid> grids, ThreadTeam& team,
                                         const Job& job) {
    RoundingVariance variance(grids);
    variance.add(data, team, job);
    return variance.mean();
}

std::vector<double> meanRoundingVariance(const Dataset& data, std::span<const std::uint32_t> rows,
                                         std::span<const Grid> grids) {
    std::vector<double> mean(grids.size(), 0.0);
    for (const std::uint32_t row : rows)
        for (std::size_t f = 0; f < grids.size(); ++f)
            mean[f] += grids[f].roundingVariance(data.row(row)[f]);
    for (double& sum : mean)
        sum /= static_cast<double>(rows.size());
    return mean;
}

} // namespace zipml
