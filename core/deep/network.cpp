#include "core/deep/network.h"

#include <algorithm>
#include <cmath>

namespace zipml::deep {
namespace {

/// Adds layers one behind the other.
class Builder {
  public:
    explicit Builder(Network& network) : network_(network) {}

    /// Caffe's rate for biases, twice that of weights, in `biasRate`. @param deviation 0: He et al.'s,
    /// sqrt(2 / inputs)
    void convolution(const std::string& name, int outputs, int kernel, int stride, int padding,
                     double deviation, bool withBias = true) {
        const Shape in = shape();
        Layer layer{LayerKind::Convolution, name, last_};
        layer.kernel = kernel;
        layer.stride = stride;
        layer.padding = padding;
        layer.output = {outputs, steps(in.height, kernel, stride, padding),
                        steps(in.width, kernel, stride, padding)};
        addWeights(layer, {outputs, in.channels, kernel, kernel}, deviation, withBias);
        push(std::move(layer));
    }
    void linear(const std::string& name, int outputs, double deviation) {
        Layer layer{LayerKind::Linear, name, last_};
        layer.output = {outputs, 1, 1};
        addWeights(layer, {outputs, static_cast<int>(shape().size())}, deviation, true);
        push(std::move(layer));
    }
    void relu(const std::string& name) {
        Layer layer{LayerKind::Relu, name, last_};
        layer.range = addBuffer(name + ".range", 1, 0);
        layer.output = shape();
        push(std::move(layer));
    }
    /// At every second place.
    void pool(LayerKind kind, const std::string& name, int kernel = 3) {
        Layer layer{kind, name, last_};
        layer.kernel = kernel;
        layer.stride = 2;
        // Windows reach over the border, but none begins there.
        const auto pooled = [&](int size) {
            const int windows = (size - kernel + 1) / 2 + 1;
            return 2 * (windows - 1) < size ? windows : windows - 1;
        };
        layer.output = {shape().channels, pooled(shape().height), pooled(shape().width)};
        push(std::move(layer));
    }
    void globalAverage(const std::string& name) {
        Layer layer{LayerKind::GlobalAverage, name, last_};
        layer.output = {shape().channels, 1, 1};
        push(std::move(layer));
    }
    void batchNorm(const std::string& name) {
        const int channels = shape().channels;
        const auto size = static_cast<std::size_t>(channels);
        Layer layer{LayerKind::BatchNorm, name, last_};
        layer.weight = addParameter({name + ".scale", Role::Scale, {channels}, 0, 1, 0});
        layer.bias = addParameter({name + ".shift", Role::Shift, {channels}, 0, 1, 0});
        layer.mean = addBuffer(name + ".mean", size, 0);
        layer.variance = addBuffer(name + ".variance", size, 1);
        layer.output = shape();
        push(std::move(layer));
    }
    void padChannels(const std::string& name, int channels) {
        Layer layer{LayerKind::PadChannels, name, last_};
        layer.output = {channels, shape().height, shape().width};
        push(std::move(layer));
    }
    void add(const std::string& name, int other) {
        Layer layer{LayerKind::Add, name, last_, other};
        layer.output = shape();
        push(std::move(layer));
    }

    [[nodiscard]] int last() const { return last_; }
    /// The next layer takes this one's output.
    void from(int layer) { last_ = layer; }
    [[nodiscard]] Shape shape() const {
        return last_ < 0 ? network_.input : network_.layers[static_cast<std::size_t>(last_)].output;
    }
    double biasRate = 1, biasDecay = 0;

  private:
    static int steps(int size, int kernel, int stride, int padding) {
        return (size + 2 * padding - kernel) / stride + 1;
    }
    void push(Layer layer) {
        network_.layers.push_back(std::move(layer));
        last_ = static_cast<int>(network_.layers.size()) - 1;
    }
    int addParameter(Parameter parameter) {
        network_.parameters.push_back(std::move(parameter));
        return static_cast<int>(network_.parameters.size()) - 1;
    }
    int addBuffer(std::string name, std::size_t size, float initial) {
        network_.buffers.push_back({std::move(name), size, initial});
        return static_cast<int>(network_.buffers.size()) - 1;
    }
    void addWeights(Layer& layer, std::vector<int> shape, double deviation, bool withBias) {
        const int outputs = shape.front();
        Parameter weight{layer.name + ".weight", Role::Weight, std::move(shape), deviation};
        if (deviation == 0)
            weight.deviation = std::sqrt(2.0 / static_cast<double>(weight.perOutput()));
        layer.weight = addParameter(std::move(weight));
        if (withBias)
            layer.bias = addParameter({layer.name + ".bias", Role::Bias, {outputs}, 0, biasRate, biasDecay});
    }

    Network& network_;
    int last_ = -1;
};

/// Caffe's examples/cifar10/cifar10_quick (docs/method.md#s6-2).
void cifar10Quick(Network& network) {
    network.solver = {0.001, 0.9, 0.004, 100, 5000, {0.8}};
    Builder b(network);
    b.biasRate = 2;
    b.biasDecay = 1;
    b.convolution("conv1", 32, 5, 1, 2, 1e-4);
    b.pool(LayerKind::MaxPool, "pool1");
    b.relu("relu1");
    b.convolution("conv2", 32, 5, 1, 2, 0.01);
    b.relu("relu2");
    b.pool(LayerKind::AveragePool, "pool2");
    b.convolution("conv3", 64, 5, 1, 2, 0.01);
    b.relu("relu3");
    b.pool(LayerKind::AveragePool, "pool3");
    b.linear("ip1", 64, 0.1);
    b.linear("ip2", network.classes, 0.1);
}

constexpr double kPixelScale = 1.0 / 64; // photographs' pixels deviate by about that much

void smallCnn(Network& network) {
    network.inputScale = kPixelScale;
    // At twice the rate XNOR with five levels stays at chance on generated shapes, for most seeds.
    network.solver = {0.01, 0.9, 5e-4, 64, 2000, {0.6, 0.85}};
    Builder b(network);
    b.convolution("conv1", 16, 3, 1, 1, 0);
    b.relu("relu1");
    b.pool(LayerKind::MaxPool, "pool1", 2);
    b.convolution("conv2", 32, 3, 1, 1, 0);
    b.relu("relu2");
    b.pool(LayerKind::MaxPool, "pool2", 2);
    b.linear("fc1", 64, 0);
    b.relu("relu3");
    b.linear("fc2", network.classes, 0);
}

void mlp(Network& network) {
    network.inputScale = kPixelScale;
    network.solver = {0.02, 0.9, 5e-4, 64, 2000, {0.6, 0.85}};
    Builder b(network);
    b.linear("fc1", 256, 0);
    b.relu("relu1");
    b.linear("fc2", 128, 0);
    b.relu("relu2");
    b.linear("fc3", network.classes, 0);
}

/// He, Zhang, Ren, Sun 2016, section 4.2: 3 stages of 3 blocks, 16, 32 and 64 channels; shortcuts of type A
/// (every second place, zeros for new channels).
void resNet20(Network& network) {
    network.inputScale = kPixelScale;
    network.solver = {0.1, 0.9, 1e-4, 128, 64000, {0.5, 0.75}};
    Builder b(network);
    b.convolution("conv1", 16, 3, 1, 1, 0, false);
    b.batchNorm("bn1");
    b.relu("relu1");
    for (int stage = 1; stage <= 3; ++stage) {
        const int channels = 8 << stage;
        for (int block = 1; block <= 3; ++block) {
            const std::string name = "block" + std::to_string(stage) + "_" + std::to_string(block) + ".";
            const int stride = stage > 1 && block == 1 ? 2 : 1;
            const int input = b.last();
            int shortcut = input;
            if (stride == 2) {
                b.pool(LayerKind::MaxPool, name + "subsample", 1);
                b.padChannels(name + "pad", channels);
                shortcut = b.last();
                b.from(input);
            }
            b.convolution(name + "conv1", channels, 3, stride, 1, 0, false);
            b.batchNorm(name + "bn1");
            b.relu(name + "relu1");
            b.convolution(name + "conv2", channels, 3, 1, 1, 0, false);
            b.batchNorm(name + "bn2");
            b.add(name + "sum", shortcut);
            b.relu(name + "relu2");
        }
    }
    b.globalAverage("average");
    b.linear("fc", network.classes, 0);
}

} // namespace

std::size_t Parameter::size() const {
    std::size_t size = 1;
    for (const int extent : shape)
        size *= static_cast<std::size_t>(extent);
    return size;
}

std::size_t Network::parameterCount() const {
    std::size_t count = 0;
    for (const auto& parameter : parameters)
        count += parameter.size();
    return count;
}

Network makeNetwork(NetworkKind kind, const Shape& input, int classes) {
    constexpr int kSmallest = 8;
    if (std::min(input.height, input.width) < kSmallest)
        throw InputError("network: images of " + std::to_string(input.width) + " x " +
                         std::to_string(input.height) + " pixels are too small; it needs " +
                         std::to_string(kSmallest) + " x " + std::to_string(kSmallest));
    Network network;
    network.name = nameOf(kind);
    network.input = input;
    network.classes = classes;
    switch (kind) {
    case NetworkKind::Cifar10Quick:
        cifar10Quick(network);
        break;
    case NetworkKind::SmallCnn:
        smallCnn(network);
        break;
    case NetworkKind::Mlp:
        mlp(network);
        break;
    case NetworkKind::ResNet20:
        resNet20(network);
        break;
    }
    return network;
}

} // namespace zipml::deep

namespace zipml {

template <>
std::span<const Named<deep::NetworkKind>> namesOf<deep::NetworkKind>() {
    using deep::NetworkKind;
    static constexpr Named<NetworkKind> kNames[] = {
        {NetworkKind::Cifar10Quick, "cifar10-quick", "cifar10_quick",
         "Caffe's CIFAR-10 tutorial network: three 5 x 5 convolutions and two linear layers."},
        {NetworkKind::SmallCnn, "small-cnn", "Small CNN", "Two 3 x 3 convolutions and two linear layers."},
        {NetworkKind::Mlp, "mlp", "MLP", "Three linear layers."},
        {NetworkKind::ResNet20, "resnet-20", "ResNet-20",
         "Nineteen 3 x 3 convolutions with shortcuts and batch normalization, one linear layer."},
    };
    return kNames;
}

} // namespace zipml
