#include "core/deep/minibatch.h"

#include "core/base/shuffle.h"

#include <algorithm>

namespace zipml::deep {
namespace {

constexpr int kLargestShift = 4;

/// A stream of its own beside the order's, which is copy 0.
RandomStream variations(std::uint64_t seed, std::uint32_t epoch) {
    return {seed, Purpose::Shuffle, epoch, 1};
}

} // namespace

std::vector<float> meanImage(const ImageSet& images, MeanKind kind) {
    const std::size_t size = images.shape.size();
    std::vector<std::uint64_t> sums(size);
    for (std::size_t i = 0; i < images.size(); ++i) {
        const auto image = images.image(i);
        for (std::size_t p = 0; p < size; ++p)
            sums[p] += image[p];
    }
    std::vector<float> mean(size);
    const auto count = static_cast<double>(images.size());
    for (std::size_t p = 0; p < size; ++p)
        mean[p] = static_cast<float>(static_cast<double>(sums[p]) / count);
    if (kind == MeanKind::Pixel)
        return mean;
    const std::size_t plane = size / static_cast<std::size_t>(images.shape.channels);
    for (std::size_t begin = 0; begin < size; begin += plane) {
        std::uint64_t sum = 0;
        for (std::size_t p = begin; p < begin + plane; ++p)
            sum += sums[p];
        std::fill_n(mean.begin() + static_cast<std::ptrdiff_t>(begin), plane,
                    static_cast<float>(static_cast<double>(sum) / (count * static_cast<double>(plane))));
    }
    return mean;
}

void normalise(std::span<const std::uint8_t> image, std::span<const float> mean, double scale,
               std::span<float> out) {
    const auto factor = static_cast<float>(scale);
    for (std::size_t p = 0; p < image.size(); ++p)
        out[p] = (static_cast<float>(image[p]) - mean[p]) * factor;
}

MinibatchSource::MinibatchSource(const ImageSet& images, std::span<const float> mean, double scale, int batch,
                                 Augmentation augmentation, std::uint64_t seed)
    : images_(images), mean_(mean), scale_(scale),
      batchesAnEpoch_(static_cast<int>(images.size() / static_cast<std::size_t>(batch))),
      augmentation_(augmentation), seed_(seed),
      batchImages_(static_cast<std::size_t>(batch) * images.shape.size()), scratch_(images.shape.size()),
      batchLabels_(static_cast<std::size_t>(batch)) {
    if (batchesAnEpoch_ < 1)
        throw InputError("batch: " + std::to_string(batch) + " images a minibatch are more than the " +
                         std::to_string(images.size()) + " training images");
}

void MinibatchSource::fill(int iteration) {
    const int epoch = iteration / batchesAnEpoch_;
    if (epoch != epoch_) {
        order_ = shuffledIndices(images_.size(), seed_, Purpose::Shuffle, static_cast<std::uint32_t>(epoch));
        epoch_ = epoch;
    }
    const std::size_t size = images_.shape.size();
    const std::size_t begin = static_cast<std::size_t>(iteration % batchesAnEpoch_) * batchLabels_.size();
    for (std::size_t i = 0; i < batchLabels_.size(); ++i) {
        const std::uint32_t image = order_[begin + i];
        batchLabels_[i] = images_.labels[image];
        const auto pixels = std::span(batchImages_).subspan(i * size, size);
        normalise(images_.image(image), mean_, scale_, pixels);
        if (augmentation_ != Augmentation::None)
            vary(image, static_cast<std::uint32_t>(epoch), pixels);
    }
}

void MinibatchSource::vary(std::uint32_t image, std::uint32_t epoch, std::span<float> pixels) {
    const auto words = variations(seed_, epoch).words(image, 0);
    const bool mayFlip = augmentation_ == Augmentation::Flip || augmentation_ == Augmentation::CropFlip;
    const bool mayShift = augmentation_ == Augmentation::Crop || augmentation_ == Augmentation::CropFlip;
    const bool flip = mayFlip && (words[0] & 1U) != 0;
    const auto shift = [&](std::uint32_t word) {
        constexpr std::uint64_t kShifts = 2 * kLargestShift + 1;
        return mayShift ? static_cast<int>(word * kShifts >> 32) - kLargestShift : 0;
    };
    const int down = shift(words[1]), right = shift(words[2]);
    const Shape& shape = images_.shape;
    std::ranges::copy(pixels, scratch_.begin());
    std::size_t place = 0;
    for (int c = 0; c < shape.channels; ++c)
        for (int y = 0; y < shape.height; ++y)
            for (int x = 0; x < shape.width; ++x, ++place) {
                const int fromY = y - down;
                const int fromX = (flip ? shape.width - 1 - x : x) - right;
                const bool inside = fromY >= 0 && fromY < shape.height && fromX >= 0 && fromX < shape.width;
                // Outside is the mean, which is 0 by now.
                pixels[place] =
                    inside ? scratch_[(static_cast<std::size_t>(c) * static_cast<std::size_t>(shape.height) +
                                       static_cast<std::size_t>(fromY)) *
                                          static_cast<std::size_t>(shape.width) +
                                      static_cast<std::size_t>(fromX)]
                           : 0;
            }
}

} // namespace zipml::deep
