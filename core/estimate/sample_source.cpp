#include "core/estimate/sample_source.h"

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
    : FreshSource(data, std::make_shared<RowRounder>(grids, method.estimator->rounding), method, seed, draw) {
}

FreshSource::FreshSource(const Dataset& data, std::shared_ptr<const RowRounder> rounder,
                         const GradientMethod& method, std::uint64_t seed, std::uint32_t draw)
    : data_(data), rounder_(std::move(rounder)) {
    for (int copy = 0; copy < method.copies; ++copy)
        streams_.emplace_back(seed, Purpose::BiasRounding, draw, static_cast<std::uint16_t>(copy));
}

SampleView FreshSource::sample(std::uint32_t row, std::span<double> scratch) const {
    const std::size_t features = data_.features;
    for (std::size_t copy = 0; copy < streams_.size(); ++copy)
        rounder_->round(data_.row(row), streams_[copy], row, scratch.data() + copy * features);
    return {scratch.data(), static_cast<Eigen::Index>(features), static_cast<int>(streams_.size())};
}

} // namespace zipml
