#include "core/data/row_weights.h"

#include "core/base/number_text.h"
#include "core/data/memory_limit.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace zipml {
namespace {

std::vector<std::size_t> repeatsOf(const Dataset& data) {
    float least = std::numeric_limits<float>::infinity();
    for (const float weight : data.weights)
        if (weight > 0)
            least = std::min(least, weight);
    if (least == std::numeric_limits<float>::infinity())
        throw InputError(data.name + ": all weights are 0; a row that counts has a weight above 0");
    constexpr double kMost = 1000, kWhole = 1e-4;
    std::vector<std::size_t> repeats;
    for (const float weight : data.weights) {
        const double ratio = double{weight} / least;
        if (std::abs(ratio - std::nearbyint(ratio)) > kWhole || ratio > kMost)
            throw InputError(
                data.name + ": the weight " + shortest(double{weight}) + " is " + shortest(ratio) +
                " times the least one; rows are repeated by their weights, which are whole "
                "multiples of the least up to 1000: round them, or leave them out with --ignore");
        repeats.push_back(static_cast<std::size_t>(std::llround(ratio)));
    }
    return repeats;
}

} // namespace

void repeatByWeight(Dataset& data, std::uint64_t memoryLimitBytes) {
    if (data.weights.empty())
        return;
    const auto repeats = repeatsOf(data);
    std::size_t rows = 0;
    for (const std::size_t count : repeats)
        rows += count;
    requireMemory(data.name, static_cast<double>(rows * data.features) * sizeof(float),
                  memoryLimitBytes > 0 ? memoryLimitBytes : availableMemoryBytes());
    Dataset repeated = data;
    repeated.values.clear();
    repeated.values.reserve(rows * data.features);
    repeated.labels.clear();
    repeated.exactLabels.clear();
    repeated.weights.clear();
    for (std::size_t r = 0; r < data.rows; ++r)
        for (std::size_t i = 0; i < repeats[r]; ++i) {
            const auto row = data.row(r);
            repeated.values.insert(repeated.values.end(), row.begin(), row.end());
            repeated.labels.push_back(data.labels[r]);
            if (!data.exactLabels.empty())
                repeated.exactLabels.push_back(data.exactLabels[r]);
        }
    repeated.rows = rows;
    data = std::move(repeated);
}

} // namespace zipml
