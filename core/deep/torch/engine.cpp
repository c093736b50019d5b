// The engine on libtorch. The only file that includes its headers, which take long to compile.

#include "core/deep/engine.h"

#include <torch/torch.h>

#include <thread>

namespace zipml::deep {
namespace {

std::span<float> values(torch::Tensor& tensor) {
    return {tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

/// Runs `work`; what libtorch throws becomes one line that a person can read.
template <class Work>
auto guarded(const Work& work) {
    try {
        return work();
    } catch (const c10::Error& error) {
        throw RunError("libtorch: " + std::string(error.what_without_backtrace()));
    }
}

class TorchEngine final : public Engine {
  public:
    TorchEngine(const Network& network, const EngineOptions& options) : network_(network), options_(options) {
        at::set_num_threads(options.threads > 0 ? options.threads
                                                : static_cast<int>(std::thread::hardware_concurrency()));
        for (const auto& parameter : network.parameters) {
            const std::vector<std::int64_t> shape(parameter.shape.begin(), parameter.shape.end());
            parameters_.push_back(torch::zeros(shape).set_requires_grad(true));
        }
        for (const auto& buffer : network.buffers)
            buffers_.push_back(torch::full({static_cast<std::int64_t>(buffer.size)}, buffer.initial));
    }

    std::span<float> parameter(std::size_t index) override { return values(parameters_.at(index)); }
    [[nodiscard]] std::span<const float> gradient(std::size_t index) const override {
        const auto& gradient = gradients_.at(index);
        return {gradient.data_ptr<float>(), static_cast<std::size_t>(gradient.numel())};
    }
    std::span<float> buffer(std::size_t index) override { return values(buffers_.at(index)); }

    StepResult step(std::span<const float> images, std::span<const std::int64_t> labels) override {
        return guarded([&] {
            const auto targets = torch::from_blob(const_cast<std::int64_t*>(labels.data()),
                                                  {static_cast<std::int64_t>(labels.size())}, torch::kInt64);
            const auto outputs = forward(tensorOf(images), true);
            const auto loss = torch::nn::functional::cross_entropy(outputs, targets);
            const auto found = torch::autograd::grad({loss}, {parameters_.begin(), parameters_.end()});
            gradients_.clear();
            for (const auto& gradient : found)
                gradients_.push_back(gradient.contiguous());
            const torch::NoGradGuard noGradients;
            return StepResult{loss.item<double>(), outputs.argmax(1).eq(targets).sum().item<int>()};
        });
    }

    void infer(std::span<const float> images, std::span<float> outputs) override {
        guarded([&] {
            const torch::NoGradGuard noGradients;
            const auto found = forward(tensorOf(images), false).contiguous();
            if (static_cast<std::size_t>(found.numel()) != outputs.size())
                throw std::logic_error("outputs' size does not fit the images");
            std::copy_n(found.data_ptr<float>(), outputs.size(), outputs.begin());
        });
    }

  private:
    /// With channels as the fastest index: convolutions then take what the layer before wrote as it is, and a
    /// step takes two thirds of the time.
    torch::Tensor tensorOf(std::span<const float> images) const {
        const auto& shape = network_.input;
        const auto count = static_cast<std::int64_t>(images.size() / shape.size());
        return torch::from_blob(const_cast<float*>(images.data()),
                                {count, shape.channels, shape.height, shape.width})
            .contiguous(at::MemoryFormat::ChannelsLast);
    }

    torch::Tensor forward(const torch::Tensor& images, bool training) {
        std::vector<torch::Tensor> outputs;
        outputs.reserve(network_.layers.size());
        for (const auto& layer : network_.layers) {
            const auto& input = layer.input < 0 ? images : outputs[static_cast<std::size_t>(layer.input)];
            outputs.push_back(apply(layer, input, outputs, training));
        }
        return outputs.back();
    }

    torch::Tensor apply(const Layer& layer, const torch::Tensor& x, const std::vector<torch::Tensor>& outputs,
                        bool training) {
        const auto parameter = [&](int index) {
            return index < 0 ? torch::Tensor() : parameters_[static_cast<std::size_t>(index)];
        };
        const auto kernel = static_cast<std::int64_t>(layer.kernel);
        const auto stride = static_cast<std::int64_t>(layer.stride);
        switch (layer.kind) {
        case LayerKind::Convolution:
            return torch::conv2d(x, parameter(layer.weight), parameter(layer.bias), stride,
                                 static_cast<std::int64_t>(layer.padding));
        case LayerKind::Linear:
            return torch::linear(x.flatten(1), parameter(layer.weight), parameter(layer.bias));
        case LayerKind::BatchNorm: {
            constexpr double kMomentum = 0.1, kEpsilon = 1e-5;
            return torch::batch_norm(x, parameter(layer.weight), parameter(layer.bias),
                                     buffers_[static_cast<std::size_t>(layer.mean)],
                                     buffers_[static_cast<std::size_t>(layer.variance)], training, kMomentum,
                                     kEpsilon, false);
        }
        case LayerKind::Relu:
            return rounded(torch::relu(x), layer, training);
        case LayerKind::MaxPool:
            return torch::max_pool2d(x, kernel, stride, 0, 1, true);
        case LayerKind::AveragePool:
            return torch::avg_pool2d(x, kernel, stride, 0, true, false);
        case LayerKind::GlobalAverage:
            return x.mean({2, 3}, true);
        case LayerKind::PadChannels:
            return torch::constant_pad_nd(x, {0, 0, 0, 0, 0, layer.output.channels - x.size(1)});
        case LayerKind::Add:
            return x + outputs[static_cast<std::size_t>(layer.other)];
        }
        throw std::logic_error("a kind of layer is missing");
    }

    /// To 2^bits equally spaced levels from 0 to the running maximum, gradients straight through.
    torch::Tensor rounded(const torch::Tensor& x, const Layer& layer, bool training) {
        if (options_.activationBits >= 32)
            return x;
        auto& range = buffers_[static_cast<std::size_t>(layer.range)];
        float& most = *range.data_ptr<float>();
        if (training) {
            constexpr float kMemory = 0.9F;
            const float now = x.detach().max().item<float>();
            most = most > 0 ? kMemory * most + (1 - kMemory) * now : now;
        }
        if (!(most > 0))
            return x;
        const double step = most / static_cast<double>((1 << options_.activationBits) - 1);
        const auto clipped = x.clamp_max(most);
        return clipped + ((clipped / step).round() * step - clipped).detach();
    }

    Network network_;
    EngineOptions options_;
    std::vector<torch::Tensor> parameters_, gradients_, buffers_;
};

} // namespace
} // namespace zipml::deep

// All of a part is hidden but this, which is looked up.
extern "C" __attribute__((visibility("default"))) zipml::deep::Engine*
zipmlMakeEngine(const zipml::deep::Network& network, const zipml::deep::EngineOptions& options) {
    return zipml::deep::guarded([&] { return new zipml::deep::TorchEngine(network, options); });
}
