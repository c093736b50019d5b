// The methods that place weights' levels.

#include "core/base/sort_floats.h"
#include "core/deep/weight_quantizer.h"
#include "core/quant/levels/nearest.h"
#include "core/quant/levels/optimal.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace zipml::deep {
namespace {

constexpr int kMostLevels = 256;

float largestMagnitude(std::span<const float> weights) {
    float most = 0;
    for (const float weight : weights)
        most = std::max(most, std::abs(weight));
    return most;
}

double meanMagnitude(std::span<const float> weights) {
    double sum = 0;
    for (const float weight : weights)
        sum += std::abs(weight);
    return sum / static_cast<double>(weights.size());
}

class Xnor final : public WeightQuantizer {
  public:
    explicit Xnor(int levels) : count_(levels) {}
    void fit(std::span<const float> weights) override {
        if (count_ == 2) {
            const auto size = static_cast<float>(meanMagnitude(weights));
            return setLevels({-size, size});
        }
        const double most = largestMagnitude(weights);
        std::vector<float> levels(static_cast<std::size_t>(count_));
        for (std::size_t i = 0; i < levels.size(); ++i)
            levels[i] = static_cast<float>(most * 2 * (static_cast<double>(i) / (count_ - 1) - 0.5));
        setLevels(std::move(levels));
    }

  private:
    int count_;
};

class Heuristic final : public WeightQuantizer {
  public:
    void fit(std::span<const float> weights) override {
        constexpr std::array<float, 3> kCandidates{0.1F, 0.2F, 0.3F};
        const float most = largestMagnitude(weights);
        const float scale = most > 0 ? 1 / most : 0;
        std::array<double, 3> errors{};
        // Lanes that do not depend on one another can be vectorized.
        constexpr std::size_t kLanes = 16, kBlock = 1024;
        for (std::size_t begin = 0; begin < weights.size(); begin += kBlock) {
            const auto part = weights.subspan(begin, std::min(kBlock, weights.size() - begin));
            for (std::size_t c = 0; c < kCandidates.size(); ++c) {
                const float k = kCandidates[c];
                const auto error = [&](float weight) {
                    const float t = std::abs(weight) * scale;
                    const float nearest = std::min(t, std::min(std::abs(t - k), std::abs(t - 3 * k)));
                    return nearest * nearest;
                };
                std::array<float, kLanes> sums{};
                std::size_t i = 0;
                for (; i + kLanes <= part.size(); i += kLanes)
                    for (std::size_t lane = 0; lane < kLanes; ++lane)
                        sums[lane] += error(part[i + lane]);
                for (; i < part.size(); ++i)
                    sums[0] += error(part[i]);
                for (const float sum : sums)
                    errors[c] += sum;
            }
        }
        const float k =
            kCandidates[static_cast<std::size_t>(std::ranges::min_element(errors) - errors.begin())];
        setLevels({-3 * k * most, -k * most, 0, k * most, 3 * k * most});
    }
};

std::vector<double> leastVariance(std::span<const float> sorted, std::size_t levels) {
    const IntervalCost cost(sorted);
    return levelsOf(cost, optimalLevels(cost, levels));
}

/// By a function of the sorted weights.
class Placed final : public WeightQuantizer {
  public:
    using Place = std::vector<double> (*)(std::span<const float> sorted, std::size_t levels);
    Placed(Place place, int levels) : place_(place), count_(static_cast<std::size_t>(levels)) {}
    void fit(std::span<const float> weights) override {
        sorted_.assign(weights.begin(), weights.end());
        ThreadTeam alone(1);
        sortFloats(sorted_, alone);
        const auto placed = place_(sorted_, count_);
        std::vector<float> levels(placed.size());
        std::ranges::transform(placed, levels.begin(),
                               [](double level) { return static_cast<float>(level); });
        setLevels(std::move(levels));
    }

  private:
    Place place_;
    std::size_t count_;
    std::vector<float> sorted_; ///< kept for its room
};

/// Levels step * {-below, ..., above}; gradients of weights beyond them are 0 (Esser et al., equations 1 to
/// 5).
class Lsq final : public WeightQuantizer {
  public:
    explicit Lsq(int levels) : below_(levels / 2), above_((levels - 1) / 2) {}

    /// Only the first time: from then on the step is trained.
    void fit(std::span<const float> weights) override {
        if (step_ > 0)
            return;
        gradientScale_ = 1 / std::sqrt(static_cast<double>(weights.size()) * above_);
        place(2 * meanMagnitude(weights) / std::sqrt(above_));
    }

    void backward(std::span<const float> weights, std::span<float> gradient) override {
        if (!(step_ > 0)) // all weights were 0
            return;
        const auto step = static_cast<float>(step_);
        const auto below = static_cast<float>(-below_), above = static_cast<float>(above_);
        double sum = 0;
        for (std::size_t i = 0; i < weights.size(); ++i) {
            const float steps = weights[i] / step;
            const float kept = std::clamp(steps, below, above);
            if (kept == steps) {
                sum += double{gradient[i]} * (std::nearbyint(steps) - steps);
            } else {
                sum += double{gradient[i]} * kept;
                gradient[i] = 0;
            }
        }
        stepGradient_ = sum * gradientScale_;
    }

    void train(double rate, double momentum) override {
        velocity_ = momentum * velocity_ + rate * stepGradient_;
        // A step cannot pass through 0: it at most halves.
        place(std::max(step_ - velocity_, step_ / 2));
    }

    [[nodiscard]] std::vector<double> state() const override { return {step_, velocity_, gradientScale_}; }
    void restore(std::span<const double> state) override {
        velocity_ = state[1];
        gradientScale_ = state[2];
        place(state[0]);
    }

  private:
    void place(double step) {
        step_ = step;
        std::vector<float> levels;
        for (int i = -below_; i <= above_; ++i)
            levels.push_back(static_cast<float>(step * i));
        setLevels(std::move(levels));
    }

    int below_, above_;
    double step_ = 0, velocity_ = 0, stepGradient_ = 0, gradientScale_ = 1;
};

template <class Quantizer>
std::unique_ptr<WeightQuantizer> make(int levels) {
    return std::make_unique<Quantizer>(levels);
}

template <Placed::Place place>
std::unique_ptr<WeightQuantizer> makePlaced(int levels) {
    return std::make_unique<Placed>(place, levels);
}

} // namespace

std::span<const QuantizerEntry> weightQuantizers() {
    static const QuantizerEntry kTable[] = {
        {WeightMethod::Xnor, 2, kMostLevels, make<Xnor>},
        {WeightMethod::Heuristic, 5, 5,
         [](int) -> std::unique_ptr<WeightQuantizer> { return std::make_unique<Heuristic>(); }},
        {WeightMethod::Optimal, 2, kMostLevels, makePlaced<leastVariance>},
        {WeightMethod::LloydMax, 2, kMostLevels, makePlaced<nearestLevels>},
        {WeightMethod::Lsq, 3, kMostLevels, make<Lsq>},
    };
    return kTable;
}

} // namespace zipml::deep

namespace zipml {

template <>
std::span<const Named<deep::WeightMethod>> namesOf<deep::WeightMethod>() {
    using deep::WeightMethod;
    static constexpr Named<WeightMethod> kNames[] = {
        {WeightMethod::Full, "full", "Full precision", "Weights as floats."},
        {WeightMethod::Xnor, "xnor", "XNOR",
         "XNOR-Net's rule: 2 levels of the mean magnitude, or more, equally spaced up to the largest."},
        {WeightMethod::Heuristic, "heuristic", "Published optimal-5",
         "Five levels M {-3k, -k, 0, k, 3k} with the best k of 0.1, 0.2 and 0.3, as in the authors' code."},
        {WeightMethod::Optimal, "optimal", "Optimal",
         "Levels with the least rounding variance, found exactly."},
        {WeightMethod::LloydMax, "lloyd-max", "Lloyd-Max",
         "Levels with the least squared error of rounding to the nearest."},
        {WeightMethod::Lsq, "lsq", "LSQ", "Equally spaced levels whose step is trained with the weights."},
    };
    return kNames;
}

} // namespace zipml
