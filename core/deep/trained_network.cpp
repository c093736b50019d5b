#include "core/deep/trained_network.h"

#include "core/deep/minibatch.h"

#include <algorithm>
#include <cmath>

namespace zipml::deep {
namespace {

constexpr std::size_t kAtOnce = 100; // images: a stop is noticed within that many

/// log of the sum of exponentials
double logSum(std::span<const float> outputs) {
    const double most = std::ranges::max(outputs);
    double sum = 0;
    for (const float output : outputs)
        sum += std::exp(output - most);
    return most + std::log(sum);
}

} // namespace

std::vector<double> softmax(std::span<const float> outputs) {
    const double total = logSum(outputs);
    std::vector<double> probabilities;
    for (const float output : outputs)
        probabilities.push_back(std::exp(output - total));
    return probabilities;
}

std::vector<float> outputsOf(Engine& engine, const Network& network, const ImageSet& images,
                             std::span<const float> mean, const Job& job) {
    const std::size_t size = network.input.size();
    const auto classes = static_cast<std::size_t>(network.classes);
    std::vector<float> pixels(kAtOnce * size), outputs(images.size() * classes);
    for (std::size_t begin = 0; begin < images.size(); begin += kAtOnce) {
        job.checkpoint();
        job.report(static_cast<double>(begin) / static_cast<double>(images.size()), "evaluating");
        const std::size_t count = std::min(kAtOnce, images.size() - begin);
        for (std::size_t i = 0; i < count; ++i)
            normalise(images.image(begin + i), mean, network.inputScale,
                      std::span(pixels).subspan(i * size, size));
        engine.infer(std::span(pixels).first(count * size),
                     std::span(outputs).subspan(begin * classes, count * classes));
    }
    return outputs;
}

Evaluation evaluate(Engine& engine, const Network& network, const ImageSet& images,
                    std::span<const float> mean, const Job& job) {
    Evaluation result;
    result.outputs = outputsOf(engine, network, images, mean, job);
    const auto classes = static_cast<std::size_t>(network.classes);
    std::size_t correct = 0;
    for (std::size_t i = 0; i < images.size(); ++i) {
        const auto answer = std::span(result.outputs).subspan(i * classes, classes);
        const std::size_t label = images.labels[i];
        const auto best = static_cast<std::size_t>(std::ranges::max_element(answer) - answer.begin());
        result.loss += logSum(answer) - answer[label];
        result.predicted.push_back(static_cast<std::uint8_t>(best));
        correct += best == label ? 1 : 0;
    }
    const auto count = static_cast<double>(images.size());
    result.loss /= count;
    result.accuracy = static_cast<double>(correct) / count;
    return result;
}

TrainedNetwork::TrainedNetwork(Model model, int threads)
    : model_(std::move(model)), network_(networkOf(model_)),
      engine_(makeEngine(network_, {threads, model_.spec.activationBits})) {
    const auto quantizers = quantizersOf(model_);
    for (std::size_t i = 0; i < quantizers.size(); ++i)
        if (quantizers[i])
            quantizers[i]->round(model_.parameters[i], engine_->parameter(i));
        else
            std::ranges::copy(model_.parameters[i], engine_->parameter(i).begin());
    for (std::size_t i = 0; i < model_.buffers.size(); ++i)
        std::ranges::copy(model_.buffers[i], engine_->buffer(i).begin());
}

void TrainedNetwork::requireShape(const ImageSet& images) const {
    const auto text = [](const Shape& shape) {
        return std::to_string(shape.channels) + " x " + std::to_string(shape.height) + " x " +
               std::to_string(shape.width);
    };
    if (!(images.shape == model_.input))
        throw InputError("the images are " + text(images.shape) + ", the network was trained on " +
                         text(model_.input));
}

Evaluation TrainedNetwork::evaluate(const ImageSet& images, const Job& job) {
    requireShape(images);
    return deep::evaluate(*engine_, network_, images, model_.mean, job);
}

std::vector<float> TrainedNetwork::outputs(const ImageSet& images, const Job& job) {
    requireShape(images);
    return outputsOf(*engine_, network_, images, model_.mean, job);
}

std::vector<double> TrainedNetwork::classify(std::span<const std::uint8_t> image) {
    std::vector<float> pixels(image.size()), outputs(model_.classes.size());
    normalise(image, model_.mean, network_.inputScale, pixels);
    engine_->infer(pixels, outputs);
    return softmax(outputs);
}

} // namespace zipml::deep
