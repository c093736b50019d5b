#pragma once
/// From images as bytes to what a network is given.

#include "core/deep/deep_spec.h"
#include "core/deep/image_set.h"

namespace zipml::deep {

/// Mean over the images of each pixel; with MeanKind::Channel all of a channel's are its mean.
std::vector<float> meanImage(const ImageSet& images, MeanKind kind);

/// out = (image - mean) * scale
void normalise(std::span<const std::uint8_t> image, std::span<const float> mean, double scale,
               std::span<float> out);

/// Deals training images: a new order and new variations in each epoch, a function of (seed, epoch, image).
class MinibatchSource {
  public:
    /// @param images, mean must outlive this @throws InputError when there are fewer than `batch`
    MinibatchSource(const ImageSet& images, std::span<const float> mean, double scale, int batch,
                    Augmentation augmentation, std::uint64_t seed);

    /// Whole minibatches of an epoch; what is left over takes part in the next one, in another order.
    [[nodiscard]] int batchesAnEpoch() const { return batchesAnEpoch_; }
    /// @param iteration from 0
    void fill(int iteration);
    [[nodiscard]] std::span<const float> images() const { return batchImages_; }
    [[nodiscard]] std::span<const std::int64_t> labels() const { return batchLabels_; }

  private:
    void vary(std::uint32_t image, std::uint32_t epoch, std::span<float> pixels);

    const ImageSet& images_;
    std::span<const float> mean_;
    double scale_;
    int batchesAnEpoch_;
    Augmentation augmentation_;
    std::uint64_t seed_;
    int epoch_ = -1;
    std::vector<std::uint32_t> order_;
    std::vector<float> batchImages_, scratch_;
    std::vector<std::int64_t> batchLabels_;
};

} // namespace zipml::deep
