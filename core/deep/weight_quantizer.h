#pragma once
/// Low-precision weights: what the network computes with, from the full-precision weights that are trained
/// (docs/method.md#s6). Gradients go straight through to the latter.

#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/deep/network.h"
#include "core/quant/rounding.h"

#include <memory>
#include <optional>

namespace zipml::deep {

enum class WeightMethod {
    Full,
    Xnor,      ///< XNOR-Net's rule: 2 levels sign(w) mean|w|; more: equally spaced over [-max|w|, max|w|]
    Heuristic, ///< the published optimal-5: M {-3k, -k, 0, k, 3k}, the best k of 0.1, 0.2, 0.3
    Optimal,   ///< least rounding variance, exactly (core/quant/levels)
    LloydMax,  ///< least squared error of rounding to the nearest
    Lsq,       ///< equally spaced by a step that is trained (Esser et al., ICLR 2020)
};

/// What shares one set of levels.
enum class LevelScope { Layer, Channel };

/// The levels that one set of weights is rounded to.
class WeightQuantizer {
  public:
    virtual ~WeightQuantizer() = default;
    /// Places the levels for these weights. @param weights not empty
    virtual void fit(std::span<const float> weights) = 0;
    /// Strictly increasing; of `fit` or `restore`, and `train`.
    [[nodiscard]] std::span<const float> levels() const { return levels_; }
    /// Each to its nearest level, of two equally near ones to the lower (0 in the binary case: to the upper).
    void roundToNearest(std::span<const float> weights, std::span<float> rounded) const;
    /// Each up or down at random, its mean the weight; beyond the levels, to the nearest.
    /// @param row of the draws' stream
    void roundAtRandom(std::span<const float> weights, std::span<float> rounded, const RandomStream& stream,
                       std::uint32_t row) const;
    /// Turns the loss's gradient at the rounded weights into that at the weights. Straight through: nothing.
    virtual void backward(std::span<const float> /*weights*/, std::span<float> /*gradient*/) {}
    /// Steps what is trained of the levels, after `backward`.
    virtual void train(double /*rate*/, double /*momentum*/) {}

    /// All that later calls depend on; restore takes what state gave.
    [[nodiscard]] virtual std::vector<double> state() const;
    virtual void restore(std::span<const double> state);

  protected:
    /// @param levels increasing; equal ones become one
    void setLevels(std::vector<float> levels);

  private:
    std::vector<float> levels_, thresholds_; ///< the latter: the least value that goes to level i + 1
};

struct QuantizerEntry {
    WeightMethod method;
    int fewest, most; ///< levels
    std::unique_ptr<WeightQuantizer> (*make)(int levels);
};
/// One for each method but Full: a new method is a line here and in the table of names.
std::span<const QuantizerEntry> weightQuantizers();
/// @throws InputError when the method does not know that many levels. @param method not Full
void checkLevels(WeightMethod method, int levels);

/// The quantizers of one weight blob.
class LayerQuantizer {
  public:
    LayerQuantizer(WeightMethod method, int levels, LevelScope scope, const Parameter& parameter);

    void fit(std::span<const float> weights);
    /// @param stream given: at random
    void round(std::span<const float> weights, std::span<float> rounded,
               const std::optional<RandomStream>& stream = {}) const;
    void backward(std::span<const float> weights, std::span<float> gradient);
    void train(double rate, double momentum);

    /// One a layer or one a channel; each owns as many weights as the others, in order.
    [[nodiscard]] std::size_t sets() const { return quantizers_.size(); }
    [[nodiscard]] std::span<const float> levels(std::size_t set) const { return quantizers_[set]->levels(); }
    [[nodiscard]] std::vector<std::vector<double>> state() const;
    void restore(const std::vector<std::vector<double>>& state);

  private:
    template <class Span>
    Span part(Span all, std::size_t set) const {
        const std::size_t size = all.size() / quantizers_.size();
        return all.subspan(set * size, size);
    }
    std::vector<std::unique_ptr<WeightQuantizer>> quantizers_;
};

} // namespace zipml::deep

namespace zipml {
template <>
std::span<const Named<deep::WeightMethod>> namesOf<deep::WeightMethod>();
template <>
std::span<const Named<deep::LevelScope>> namesOf<deep::LevelScope>();
} // namespace zipml
