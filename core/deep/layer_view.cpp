#include "core/deep/layer_view.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace zipml::deep {
namespace {

/// As the network computes with.
std::vector<float> roundedWeights(const std::vector<float>& weights, const LayerQuantizer* quantizer) {
    std::vector<float> rounded = weights;
    if (quantizer != nullptr)
        quantizer->round(weights, rounded);
    return rounded;
}

/// As the cube root of their number: bins of a few weights each would show noise.
std::size_t binsOf(std::size_t weights) {
    return static_cast<std::size_t>(std::clamp(3 * std::cbrt(static_cast<double>(weights)), 12.0, 120.0));
}

void countInto(LayerView& view, std::span<const float> weights) {
    view.counts.assign(binsOf(weights.size()), 0);
    const double scale =
        view.high > view.low ? static_cast<double>(view.counts.size()) / (view.high - view.low) : 0;
    for (const float weight : weights) {
        const auto bin = static_cast<std::size_t>((weight - view.low) * scale);
        ++view.counts[std::min(bin, view.counts.size() - 1)];
    }
}

LayerView viewOf(const Parameter& parameter, const std::vector<float>& weights,
                 const LayerQuantizer* quantizer) {
    LayerView view;
    view.name = parameter.name;
    view.shape = parameter.shape;
    const auto [low, high] = std::ranges::minmax(weights);
    view.low = low;
    view.high = high;
    for (std::size_t set = 0; quantizer != nullptr && set < quantizer->sets(); ++set) {
        const auto levels = quantizer->levels(set);
        view.levels.emplace_back(levels.begin(), levels.end());
        view.low = std::min<double>(view.low, levels.front());
        view.high = std::max<double>(view.high, levels.back());
    }
    countInto(view, weights);
    const auto rounded = roundedWeights(weights, quantizer);
    double error = 0, total = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const double weight = weights[i];
        error += (weight - rounded[i]) * (weight - rounded[i]);
        total += weight * weight;
    }
    view.error = total > 0 ? error / total : 0;
    return view;
}

} // namespace

std::size_t LayerView::size() const {
    return std::accumulate(shape.begin(), shape.end(), std::size_t{1},
                           [](std::size_t all, int each) { return all * static_cast<std::size_t>(each); });
}

std::vector<LayerView> layerViews(const Model& model) {
    const Network network = networkOf(model);
    const auto quantizers = quantizersOf(model);
    std::vector<LayerView> views;
    for (std::size_t i = 0; i < network.parameters.size(); ++i)
        if (network.parameters[i].role == Role::Weight)
            views.push_back(viewOf(network.parameters[i], model.parameters[i], quantizers[i].get()));
    return views;
}

FilterBank firstFilters(const Model& model, std::size_t most) {
    const Network network = networkOf(model);
    const auto quantizers = quantizersOf(model);
    const auto first = static_cast<std::size_t>(
        std::ranges::find(network.parameters, Role::Weight, &Parameter::role) - network.parameters.begin());
    const Parameter& parameter = network.parameters[first];
    FilterBank bank;
    bank.layer = parameter.name;
    // A fully connected layer takes the flattened image.
    bank.shape = parameter.shape.size() == 4
                     ? Shape{parameter.shape[1], parameter.shape[2], parameter.shape[3]}
                     : network.input;
    bank.total = static_cast<std::size_t>(parameter.shape.front());
    bank.count = std::min(most, bank.total);
    const auto size = static_cast<std::ptrdiff_t>(bank.count * parameter.perOutput());
    const auto& weights = model.parameters[first];
    const auto rounded = roundedWeights(weights, quantizers[first].get());
    bank.full.assign(weights.begin(), weights.begin() + size);
    bank.rounded.assign(rounded.begin(), rounded.begin() + size);
    return bank;
}

} // namespace zipml::deep
