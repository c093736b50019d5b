#include "core/data/split.h"

#include "core/base/shuffle.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

Dataset pickRows(const Dataset& data, std::span<const std::uint32_t> rows) {
    Dataset part;
    part.name = data.name;
    part.rows = rows.size();
    part.features = data.features;
    part.featureNames = data.featureNames;
    part.schema = data.schema;
    part.values.reserve(rows.size() * data.features);
    for (const std::uint32_t row : rows) {
        const auto values = data.row(row);
        part.values.insert(part.values.end(), values.begin(), values.end());
        part.labels.push_back(data.labels[row]);
        if (!data.exactLabels.empty())
            part.exactLabels.push_back(data.exactLabels[row]);
        if (!data.weights.empty())
            part.weights.push_back(data.weights[row]);
    }
    return part;
}

} // namespace

Dataset splitOffTest(Dataset& data, double share, std::uint64_t seed) {
    if (share >= 1.0)
        return {};
    if (data.rows < 2)
        throw InputError("split: " + data.name + " has too few rows to split; use split 1");
    const auto wanted = static_cast<std::size_t>(std::llround(share * static_cast<double>(data.rows)));
    const std::size_t training = std::clamp<std::size_t>(wanted, 1, data.rows - 1);
    auto order = shuffledIndices(data.rows, seed, Purpose::Split);
    const auto middle = order.begin() + static_cast<std::ptrdiff_t>(training);
    std::sort(order.begin(), middle);
    std::sort(middle, order.end());
    Dataset test = pickRows(data, {order.data() + training, data.rows - training});
    data = pickRows(data, {order.data(), training});
    return test;
}

} // namespace zipml
