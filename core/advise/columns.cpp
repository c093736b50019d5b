#include "core/advise/columns.h"

#include "core/quant/build_grids.h"

#include <cmath>

namespace zipml {
namespace {

struct Moments {
    double variance = 0, skewness = 0;
};

Moments momentsOf(const Dataset& data, std::size_t feature) {
    const auto rows = static_cast<double>(data.rows);
    double mean = 0;
    for (std::size_t r = 0; r < data.rows; ++r)
        mean += data.row(r)[feature] / rows;
    double second = 0;
    double third = 0;
    for (std::size_t r = 0; r < data.rows; ++r) {
        const double difference = data.row(r)[feature] - mean;
        second += difference * difference / rows;
        third += difference * difference * difference / rows;
    }
    return {second, second > 0 ? third / std::pow(second, 1.5) : 0};
}

} // namespace

std::vector<ColumnRounding> columnRoundings(const Dataset& train, ThreadTeam& team, const Job& job) {
    std::vector<ColumnRounding> columns(train.features);
    team.forEachChunk(train.features, [&](std::size_t f) {
        job.checkpoint();
        const Moments moments = momentsOf(train, f);
        columns[f].name = featureName(train, f);
        columns[f].variance = moments.variance;
        columns[f].skewness = moments.skewness;
    });
    for (int bits = 1; bits <= kMostAdvisedBits; ++bits)
        for (const GridKind kind : {GridKind::Uniform, GridKind::Optimal}) {
            job.report((bits - 1.0) / kMostAdvisedBits, "rounding the columns");
            GridSpec spec;
            spec.kind = kind;
            const auto grids = buildGrids(train, spec, bits, false, team, job);
            const auto mean = meanRoundingVariance(train, grids, team, job);
            for (std::size_t f = 0; f < train.features; ++f) {
                ColumnRounding& column = columns[f];
                column.constant = grids[f].levels() == 1;
                auto& shares = kind == GridKind::Uniform ? column.uniform : column.optimal;
                shares[static_cast<std::size_t>(bits - 1)] =
                    column.constant || !(column.variance > 0) ? 0 : mean[f] / column.variance;
            }
        }
    return columns;
}

} // namespace zipml
