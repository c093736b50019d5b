#include "core/loss/reference/coarse_start.h"

#include "core/loss/reference/search.h"

namespace zipml::reference {
namespace {

Dataset eachOf(const Dataset& data, std::size_t stride) {
    Dataset some;
    some.features = data.features;
    some.rows = (data.rows + stride - 1) / stride;
    some.values.reserve(some.rows * some.features);
    for (std::size_t row = 0; row < data.rows; row += stride) {
        const auto values = data.row(row);
        some.values.insert(some.values.end(), values.begin(), values.end());
        some.labels.push_back(data.labels[row]);
    }
    return some;
}

} // namespace

std::optional<Eigen::VectorXd> coarseStart(const Dataset& data, const ScaledRows& rows, const Loss& loss,
                                           const Regularizer& regularizer, ThreadTeam& team) {
    constexpr std::size_t kRowsAParameter = 32;
    constexpr std::size_t kLeastStride = 4;
    constexpr double kRough = 1e-4;
    const std::size_t stride = data.rows / (kRowsAParameter * static_cast<std::size_t>(rows.size()));
    if (stride < kLeastStride || regularizer.kind != RegularizerKind::L2 || loss.isQuadratic() ||
        rowOf(loss.kind).curvature == nullptr)
        return std::nullopt;
    const Dataset some = eachOf(data, stride);
    const ScaledRows fewer(some, rows.intercept(), team, rows.job());
    // Few rows know little of a parameter that is rarely other than 0: a higher price keeps it from growing.
    Regularizer dearer = regularizer;
    dearer.l2 *= static_cast<double>(stride);
    Search search(fewer, loss, dearer);
    search.approach(kRough);
    return rows.scaled(fewer.unscaled(search.parameters()));
}

} // namespace zipml::reference
