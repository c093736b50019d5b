#pragma once
/// An engine with a model's weights in it.

#include "core/deep/deep_model.h"
#include "core/deep/engine.h"
#include "core/deep/image_set.h"

namespace zipml::deep {

class TrainedNetwork {
  public:
    /// Weights rounded to the nearest level. @throws RunError without libtorch
    explicit TrainedNetwork(Model model, int threads = 0);

    [[nodiscard]] const Model& model() const { return model_; }
    /// @throws InputError when the images are of another shape or have labels that it has no class for;
    /// Cancelled
    Evaluation evaluate(const ImageSet& images, const Job& job = {});
    /// Of each image, one number a class. @throws as evaluate
    std::vector<float> outputs(const ImageSet& images, const Job& job = {});
    /// Probability of each class. @param image as ImageSet::image
    std::vector<double> classify(std::span<const std::uint8_t> image);

  private:
    void requireShape(const ImageSet& images) const;

    Model model_;
    Network network_;
    std::unique_ptr<Engine> engine_;
};

/// Outputs as probabilities. @param outputs not empty
std::vector<double> softmax(std::span<const float> outputs);

/// What an engine makes of images with the weights that are in it. @throws Cancelled
std::vector<float> outputsOf(Engine& engine, const Network& network, const ImageSet& images,
                             std::span<const float> mean, const Job& job);
Evaluation evaluate(Engine& engine, const Network& network, const ImageSet& images,
                    std::span<const float> mean, const Job& job);

} // namespace zipml::deep
