#include "core/estimate/refetch_source.h"

#include "core/data/row_chunks.h"
#include "core/quant/round_row.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

struct Interval {
    double middle, half; ///< half of its length
};

/// Of an index of Rounding::Interval: the last level stands for the last interval.
Interval intervalAt(const Grid& grid, std::uint32_t index) {
    if (grid.levels() == 1)
        return {grid.level(0), 0};
    const std::uint32_t lower = std::min(index, grid.levels() - 2);
    const double low = grid.level(lower);
    const double high = grid.level(lower + 1);
    return {(low + high) / 2, (high - low) / 2};
}

/// Length of the longer interval beside the level that a rounding of a value took.
double longestBeside(const Grid& grid, double level) {
    if (grid.levels() == 1)
        return 0;
    if (grid.isUniform())
        return grid.gap();
    const auto [index, fraction] = grid.locate(level);
    const std::uint32_t nearest = index + (fraction >= 0.5 ? 1U : 0U);
    const double below = nearest > 0 ? grid.level(nearest) - grid.level(nearest - 1) : 0;
    const double above = nearest + 1 < grid.levels() ? grid.level(nearest + 1) - grid.level(nearest) : 0;
    return std::max(below, above);
}

/// The float next above, so that a bound stays one.
float roundedUp(double value) {
    return std::nextafter(static_cast<float>(value), HUGE_VALF);
}

/// A view with two copies and reach in scratch.
SampleView viewOf(const Dataset& data, std::uint32_t row, std::span<double> scratch) {
    SampleView view{scratch.data(), static_cast<Eigen::Index>(data.features), 2};
    view.exact = data.row(row).data();
    view.reach = scratch.data() + 2 * data.features;
    return view;
}

void setReachBeside(std::span<const Grid> grids, std::span<double> scratch) {
    const std::size_t features = grids.size();
    for (std::size_t f = 0; f < features; ++f)
        scratch[2 * features + f] = longestBeside(grids[f], scratch[f]);
}

} // namespace

RowExtras::RowExtras(const Dataset& data, std::span<const Grid> grids, const Refetching& refetching,
                     ThreadTeam& team, const Job& job) {
    if (refetching.extraBytes() == 0)
        return;
    distances_.resize(data.rows);
    const Sketch* sketch = refetching.sketch();
    if (sketch != nullptr)
        sketches_.resize(data.rows * kSketchRows);
    const std::size_t rows = rowsPerChunk(data.features);
    team.forEachChunk((data.rows + rows - 1) / rows, [&](std::size_t chunk) {
        job.checkpoint();
        Eigen::VectorXd error(static_cast<Eigen::Index>(data.features));
        for (std::size_t row = chunk * rows; row < std::min(data.rows, (chunk + 1) * rows); ++row) {
            const auto values = data.row(row);
            for (std::size_t f = 0; f < data.features; ++f)
                error[static_cast<Eigen::Index>(f)] =
                    double{values[f]} - intervalAt(grids[f], grids[f].locate(values[f]).index).middle;
            distances_[row] = roundedUp(error.norm());
            if (sketch != nullptr)
                Eigen::Map<Eigen::VectorXf>(sketches_.data() + row * kSketchRows, kSketchRows) =
                    sketch->of(error).cast<float>();
        }
    });
}

void RowExtras::addTo(SampleView& view, std::uint32_t row) const {
    if (!distances_.empty())
        view.distance = distances_[row];
    if (!sketches_.empty())
        view.sketch = sketches_.data() + std::size_t{row} * kSketchRows;
}

SampleView RefetchSource::sample(std::uint32_t row, std::span<double> scratch) const {
    SampleView view = viewOf(data_, row, scratch);
    const std::size_t features = data_.features;
    const auto& grids = store_.grids();
    if (refetching_.kind() == CertificateKind::Sample) {
        store_.decode(row, epoch_, scratch);
        setReachBeside(grids, scratch);
        return view;
    }
    thread_local std::vector<std::uint32_t> codes; // reused: this runs once a row a step
    codes.resize(features);
    store_.layout().unpackRow(store_.tile(row / kTileRows), row % kTileRows, codes.data());
    for (std::size_t f = 0; f < features; ++f) {
        const Interval interval = intervalAt(grids[f], codes[f] / 2);
        scratch[f] = interval.middle;
        scratch[features + f] = grids[f].level(codes[f] / 2 + codes[f] % 2);
        scratch[2 * features + f] = interval.half;
    }
    refetching_.extras->addTo(view, row);
    return view;
}

FreshRefetchSource::FreshRefetchSource(const Dataset& data, std::span<const Grid> grids,
                                       const Refetching& refetching,
                                       std::shared_ptr<const RowRounder> rounder, std::uint64_t seed,
                                       std::uint32_t draw)
    : data_(data), grids_(grids), refetching_(refetching), rounder_(std::move(rounder)),
      first_(seed, Purpose::BiasRounding, draw, 0), second_(seed, Purpose::BiasRounding, draw, 1) {}

SampleView FreshRefetchSource::sample(std::uint32_t row, std::span<double> scratch) const {
    SampleView view = viewOf(data_, row, scratch);
    const std::size_t features = data_.features;
    const auto round = [&](const RandomStream& stream, std::size_t copy) {
        rounder_->round(data_.row(row), stream, row, scratch.data() + copy * features);
    };
    round(second_, 1);
    if (refetching_.kind() == CertificateKind::Sample) {
        round(first_, 0);
        setReachBeside(grids_, scratch);
        return view;
    }
    for (std::size_t f = 0; f < features; ++f) {
        const Interval interval = intervalAt(grids_[f], grids_[f].locate(view.exact[f]).index);
        scratch[f] = interval.middle;
        scratch[2 * features + f] = interval.half;
    }
    refetching_.extras->addTo(view, row);
    return view;
}

} // namespace zipml
