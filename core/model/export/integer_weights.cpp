#include "core/model/export/integer_weights.h"

#include "core/quant/build_grids.h"

#include <algorithm>
#include <cmath>

namespace zipml::exported {

IntegerWeights quantizeWeights(std::span<const double> weights, int bits, const GridSpec& spec) {
    std::vector<float> sorted(weights.size());
    std::ranges::transform(weights, sorted.begin(), [](double w) { return static_cast<float>(w); });
    std::ranges::sort(sorted);
    IntegerWeights result{placeLevels(sorted, spec, std::size_t{1} << bits), {}};
    for (const double weight : weights) {
        const auto [index, fraction] = result.grid.locate(weight);
        result.codes.push_back(static_cast<std::uint8_t>(index + (fraction >= 0.5 ? 1 : 0)));
    }
    return result;
}

SignedWeights quantizeSigned(std::span<const double> weights, int bits) {
    double largest = 0;
    for (const double weight : weights)
        largest = std::max(largest, std::abs(weight));
    const int most = (1 << (bits - 1)) - 1;
    SignedWeights result{largest > 0 ? largest / most : 1.0, {}};
    for (const double weight : weights)
        result.codes.push_back(static_cast<std::int8_t>(std::lround(weight / result.step)));
    return result;
}

} // namespace zipml::exported
