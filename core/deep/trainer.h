#pragma once
/// Stochastic gradient descent with momentum on full-precision weights, while the network computes with
/// rounded ones (docs/method.md#s6-2).

#include "core/deep/deep_model.h"
#include "core/deep/engine.h"
#include "core/deep/minibatch.h"
#include "core/deep/trained_network.h"

namespace zipml::deep {

class Trainer {
  public:
    /// Starts anew. @param data must outlive this
    Trainer(const DeepSpec& spec, const ImageData& data);
    /// Goes on. @throws InputError when the checkpoint is one of another spec or of other data
    void restore(const Checkpoint& checkpoint);
    [[nodiscard]] Checkpoint checkpoint() const { return {model_, training_}; }

    [[nodiscard]] const Network& network() const { return network_; }
    [[nodiscard]] const Solver& solver() const { return solver_; }
    [[nodiscard]] const Model& model() const { return model_; }
    [[nodiscard]] const Training& training() const { return training_; }
    /// The quantizer of a parameter; null: not rounded.
    [[nodiscard]] const LayerQuantizer* quantizer(std::size_t parameter) const {
        return quantizers_[parameter].get();
    }
    /// As the network last computed with.
    [[nodiscard]] std::span<const float> rounded(std::size_t parameter) const {
        return engine_->parameter(parameter);
    }

    [[nodiscard]] bool finished() const { return model_.iteration >= solver_.iterations; }
    /// Whether the curve gets a point after the step just done.
    [[nodiscard]] bool evaluationDue() const;
    [[nodiscard]] double learningRate() const;
    /// One minibatch. @return its loss, before the step; not finite: the run has diverged
    double step();
    /// On test images, weights to the nearest of the levels as last placed; the point goes to the curve.
    Evaluation evaluateEpoch(const Job& job);
    /// On any. @throws Cancelled
    Evaluation evaluate(const ImageSet& images, const Job& job);

  private:
    void initialise();
    void roundWeights(bool nearest);
    void update(std::size_t parameter, double rate);
    [[nodiscard]] double quantizationError() const;

    const ImageData& data_;
    Network network_;
    Solver solver_;
    Model model_;
    Training training_;
    std::unique_ptr<Engine> engine_;
    std::vector<std::unique_ptr<LayerQuantizer>> quantizers_;
    std::unique_ptr<MinibatchSource> source_;
    std::vector<float> gradient_;
};

} // namespace zipml::deep
