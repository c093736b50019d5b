#include "core/estimate/sample_source.h"

#include "core/quant/round_row.h"

#include <algorithm>

namespace zipml {

SampleView ExactSource::sample(std::uint32_t row, std::span<double> scratch) const {
    const auto values = data_.row(row);
    std::ranges::copy(values, scratch.begin());
    return {scratch.data(), static_cast<Eigen::Index>(values.size()), 1};
}

SampleView StoreSource::sample(std::uint32_t row, std::span<double> scratch) const {
    store_.decode(row, epoch_, scratch);
    return {scratch.data(), static_cast<Eigen::Index>(store_.grids().size()), store_.copies()};
}

FreshSource::FreshSource(const Dataset& data, std::span<const Grid> grids, const GradientMethod& method,
                         std::uint64_t seed, std::uint32_t draw)
    : data_(data), grids_(grids), rounding_(method.estimator->rounding) {
    for (int copy = 0; copy < method.copies; ++copy)
        streams_.emplace_back(seed, Purpose::BiasRounding, draw, static_cast<std::uint16_t>(copy));
}

SampleView FreshSource::sample(std::uint32_t row, std::span<double> scratch) const {
    const std::size_t features = grids_.size();
    thread_local std::vector<std::uint32_t> indices; // reused: this runs once a row a draw
    indices.resize(features);
    for (std::size_t copy = 0; copy < streams_.size(); ++copy) {
        roundRow(data_.row(row), grids_, rounding_, streams_[copy], row, indices);
        for (std::size_t f = 0; f < features; ++f)
            scratch[copy * features + f] = grids_[f].level(indices[f]);
    }
    return {scratch.data(), static_cast<Eigen::Index>(features), static_cast<int>(streams_.size())};
}

} // namespace zipml
