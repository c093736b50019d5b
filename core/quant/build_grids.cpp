#include "core/quant/build_grids.h"

#include "core/quant/levels/comparison.h"
#include "core/quant/levels/greedy.h"
#include "core/quant/levels/optimal.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace zipml {
namespace {

Grid onCandidates(const IntervalCost& cost, std::size_t levels) {
    return Grid(levelsOf(cost, optimalLevels(cost, levels)));
}

/// Greedy merging leaves about 4k intervals; the best k + 1 of their ends are the grid's levels.
Grid greedyGrid(std::span<const float> sorted, std::size_t levels) {
    const IntervalCost all(sorted);
    return onCandidates(IntervalCost(all, greedyLevels(all, levels - 1)), levels);
}

std::vector<float> sortedColumn(const Dataset& data, std::size_t feature) {
    std::vector<float> column(data.rows);
    for (std::size_t r = 0; r < data.rows; ++r)
        column[r] = data.row(r)[feature];
    std::ranges::sort(column);
    return column;
}

std::vector<Grid> uniformGrids(const Dataset& data, std::uint32_t levels, bool shared) {
    std::vector<float> low(data.features, std::numeric_limits<float>::infinity());
    std::vector<float> high(data.features, -std::numeric_limits<float>::infinity());
    for (std::size_t r = 0; r < data.rows; ++r) {
        const auto row = data.row(r);
        for (std::size_t f = 0; f < data.features; ++f) {
            low[f] = std::min(low[f], row[f]);
            high[f] = std::max(high[f], row[f]);
        }
    }
    if (shared) {
        std::ranges::fill(low, std::ranges::min(low));
        std::ranges::fill(high, std::ranges::max(high));
    }
    std::vector<Grid> grids(data.features);
    for (std::size_t f = 0; f < data.features; ++f)
        grids[f] = Grid::uniform(low[f], high[f], levels);
    return grids;
}

} // namespace

Grid placeLevels(std::span<const float> sorted, const GridSpec& spec, std::size_t levels) {
    const double low = sorted.front();
    const double high = sorted.back();
    if (!(high > low))
        return Grid(std::vector{low});
    switch (spec.kind) {
    case GridKind::Uniform:
        return Grid::uniform(low, high, static_cast<std::uint32_t>(levels));
    case GridKind::Optimal:
        return onCandidates(IntervalCost(sorted), levels);
    case GridKind::Candidates:
        return onCandidates(IntervalCost(sorted, candidatePoints(sorted, spec.candidates)), levels);
    case GridKind::Greedy:
        return greedyGrid(sorted, levels);
    case GridKind::Quantile:
        return Grid(quantileLevels(sorted, levels));
    case GridKind::LloydMax:
        return Grid(lloydMaxLevels(sorted, levels));
    case GridKind::Logarithmic:
        return Grid(logarithmicLevels(low, high, levels));
    }
    throw std::logic_error("unknown grid");
}

std::vector<Grid> buildGrids(const Dataset& data, const GridSpec& spec, int bits, bool shared,
                             ThreadTeam& team, const Job& job) {
    const std::size_t levels = std::size_t{1} << static_cast<unsigned>(bits);
    if (spec.kind == GridKind::Uniform)
        return uniformGrids(data, static_cast<std::uint32_t>(levels), shared);
    std::vector<Grid> grids(data.features);
    if (shared) {
        job.report(0, "placing levels");
        std::vector<float> all = data.values;
        std::ranges::sort(all);
        job.checkpoint();
        std::ranges::fill(grids, placeLevels(all, spec, levels).onFineSteps());
        return grids;
    }
    team.forEachChunk(data.features, [&](std::size_t f) {
        job.checkpoint();
        grids[f] = placeLevels(sortedColumn(data, f), spec, levels).onFineSteps();
        job.report(static_cast<double>(f) / static_cast<double>(data.features), "placing levels");
    });
    return grids;
}

std::vector<double> meanRoundingVariance(const Dataset& data, std::span<const Grid> grids, ThreadTeam& team,
                                         const Job& job) {
    constexpr std::size_t kRowsPerChunk = 1024;
    std::vector<std::vector<double>> parts((data.rows + kRowsPerChunk - 1) / kRowsPerChunk);
    team.forEachChunk(parts.size(), [&](std::size_t chunk) {
        job.checkpoint();
        std::vector<double> part(grids.size(), 0.0);
        const std::size_t end = std::min(data.rows, (chunk + 1) * kRowsPerChunk);
        for (std::size_t row = chunk * kRowsPerChunk; row < end; ++row)
            for (std::size_t f = 0; f < grids.size(); ++f)
                part[f] += grids[f].roundingVariance(data.row(row)[f]);
        parts[chunk] = std::move(part);
    });
    std::vector<double> mean(grids.size(), 0.0);
    for (const auto& part : parts)
        std::ranges::transform(mean, part, mean.begin(), std::plus{});
    for (double& sum : mean)
        sum /= static_cast<double>(data.rows);
    return mean;
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
