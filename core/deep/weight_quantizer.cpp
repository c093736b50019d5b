#include "core/deep/weight_quantizer.h"

#include "core/kernels/random_words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace zipml::deep {
namespace {

constexpr std::size_t kAtOnce = 4096; // weights whose level numbers or draws lie in the cache

} // namespace

void WeightQuantizer::setLevels(std::vector<float> levels) {
    levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
    levels_ = std::move(levels);
    thresholds_.clear();
    const bool binary = levels_.size() == 2;
    for (std::size_t i = 0; i + 1 < levels_.size(); ++i) {
        const auto middle = static_cast<float>((double{levels_[i]} + double{levels_[i + 1]}) / 2);
        thresholds_.push_back(binary ? middle
                                     : std::nextafter(middle, std::numeric_limits<float>::infinity()));
    }
}

void WeightQuantizer::roundToNearest(std::span<const float> weights, std::span<float> rounded) const {
    std::array<std::int32_t, kAtOnce> index;
    for (std::size_t begin = 0; begin < weights.size(); begin += kAtOnce) {
        const auto part = weights.subspan(begin, std::min(kAtOnce, weights.size() - begin));
        std::fill_n(index.begin(), part.size(), 0);
        // Level by level, so that the inner loop has neither branches nor look-ups and is vectorized.
        for (const float threshold : thresholds_)
            for (std::size_t i = 0; i < part.size(); ++i)
                index[i] += part[i] >= threshold ? 1 : 0;
        for (std::size_t i = 0; i < part.size(); ++i)
            rounded[begin + i] = levels_[static_cast<std::size_t>(index[i])];
    }
}

void WeightQuantizer::roundAtRandom(std::span<const float> weights, std::span<float> rounded,
                                    const RandomStream& stream, std::uint32_t row) const {
    std::array<std::uint32_t, kAtOnce> words;
    for (std::size_t begin = 0; begin < weights.size(); begin += kAtOnce) {
        const auto part = weights.subspan(begin, std::min(kAtOnce, weights.size() - begin));
        fillRandomWords(stream, row, static_cast<std::uint32_t>(begin / 4), words);
        for (std::size_t i = 0; i < part.size(); ++i) {
            const auto above = std::ranges::upper_bound(levels_, part[i]);
            if (above == levels_.begin() || above == levels_.end()) {
                rounded[begin + i] = above == levels_.begin() ? levels_.front() : levels_.back();
                continue;
            }
            const double low = *(above - 1), high = *above;
            const double chance = (part[i] - low) / (high - low);
            rounded[begin + i] = static_cast<float>(words[i] * 0x1p-32 < chance ? high : low);
        }
    }
}

std::vector<double> WeightQuantizer::state() const {
    return {levels_.begin(), levels_.end()};
}

void WeightQuantizer::restore(std::span<const double> state) {
    std::vector<float> levels;
    for (const double level : state)
        levels.push_back(static_cast<float>(level));
    setLevels(std::move(levels));
}

void checkLevels(WeightMethod method, int levels) {
    for (const auto& entry : weightQuantizers())
        if (entry.method == method && (levels < entry.fewest || levels > entry.most))
            throw InputError("levels: " + std::string(nameOf(method)) + " has " +
                             (entry.fewest == entry.most
                                  ? std::to_string(entry.fewest)
                                  : std::to_string(entry.fewest) + " to " + std::to_string(entry.most)) +
                             " levels, not " + std::to_string(levels));
}

LayerQuantizer::LayerQuantizer(WeightMethod method, int levels, LevelScope scope,
                               const Parameter& parameter) {
    const auto sets = scope == LevelScope::Channel ? static_cast<std::size_t>(parameter.shape.front()) : 1;
    for (const auto& entry : weightQuantizers())
        if (entry.method == method)
            for (std::size_t set = 0; set < sets; ++set)
                quantizers_.push_back(entry.make(levels));
}

void LayerQuantizer::fit(std::span<const float> weights) {
    for (std::size_t set = 0; set < sets(); ++set)
        quantizers_[set]->fit(part(weights, set));
}

void LayerQuantizer::round(std::span<const float> weights, std::span<float> rounded,
                           const std::optional<RandomStream>& stream) const {
    for (std::size_t set = 0; set < sets(); ++set)
        if (stream)
            quantizers_[set]->roundAtRandom(part(weights, set), part(rounded, set), *stream,
                                            static_cast<std::uint32_t>(set));
        else
            quantizers_[set]->roundToNearest(part(weights, set), part(rounded, set));
}

void LayerQuantizer::backward(std::span<const float> weights, std::span<float> gradient) {
    for (std::size_t set = 0; set < sets(); ++set)
        quantizers_[set]->backward(part(weights, set), part(gradient, set));
}

void LayerQuantizer::train(double rate, double momentum) {
    for (const auto& quantizer : quantizers_)
        quantizer->train(rate, momentum);
}

std::vector<std::vector<double>> LayerQuantizer::state() const {
    std::vector<std::vector<double>> states;
    for (const auto& quantizer : quantizers_)
        states.push_back(quantizer->state());
    return states;
}

void LayerQuantizer::restore(const std::vector<std::vector<double>>& state) {
    for (std::size_t set = 0; set < sets(); ++set)
        quantizers_[set]->restore(state.at(set));
}

} // namespace zipml::deep

namespace zipml {

template <>
std::span<const Named<deep::LevelScope>> namesOf<deep::LevelScope>() {
    using deep::LevelScope;
    static constexpr Named<LevelScope> kNames[] = {
        {LevelScope::Layer, "layer", "Per layer", "One set of levels for a layer's whole weight blob."},
        {LevelScope::Channel, "channel", "Per output channel", "One set of levels an output channel."},
    };
    return kNames;
}

} // namespace zipml
