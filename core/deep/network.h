#pragma once
/// A network as plain data: layers in the order of computation, with the shapes and the starting values of
/// their parameters. The engine computes it, the exporter writes it to ONNX.

#include "core/base/names.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace zipml::deep {

/// Of one image or of one layer's output.
struct Shape {
    int channels = 0, height = 0, width = 0;
    [[nodiscard]] std::size_t size() const {
        return static_cast<std::size_t>(channels) * static_cast<std::size_t>(height) *
               static_cast<std::size_t>(width);
    }
    bool operator==(const Shape&) const = default;
};

enum class LayerKind {
    Convolution,
    Linear,    ///< of the flattened input
    BatchNorm, ///< per channel
    Relu,
    MaxPool,     ///< windows that reach over the border are clipped to it (Caffe's rule)
    AveragePool, ///< likewise; the mean is over what is left of the window
    GlobalAverage,
    PadChannels, ///< zeros behind the input's channels
    Add,
};

struct Layer {
    LayerKind kind{};
    std::string name;
    int input = -1; ///< number of the layer whose output it takes; -1: the images
    int other = -1; ///< Add: the second summand
    int kernel = 1, stride = 1, padding = 0;
    int weight = -1, bias = -1;   ///< numbers of its parameters; BatchNorm: scale and shift
    int mean = -1, variance = -1; ///< BatchNorm: numbers of its buffers
    int range = -1;               ///< Relu: number of the buffer with its output's running maximum
    Shape output{};
};

enum class Role { Weight, Bias, Scale, Shift };

/// What is trained.
struct Parameter {
    std::string name; ///< "conv1.weight"
    Role role{};
    std::vector<int> shape; ///< outputs first
    double deviation = 0;   ///< of the normal starting values of a weight; scales start at 1, others at 0
    double rate = 1;        ///< multiplies the learning rate
    double decay = 1;       ///< multiplies the weight decay
    [[nodiscard]] std::size_t size() const;
    /// Weights that one output uses.
    [[nodiscard]] std::size_t perOutput() const { return size() / static_cast<std::size_t>(shape.front()); }
};

/// What follows the data without being trained.
struct Buffer {
    std::string name; ///< "bn1.mean"
    std::size_t size = 0;
    float initial = 0;
};

/// How a network is trained where the spec does not say.
struct Solver {
    double learningRate = 0.001;
    double momentum = 0.9;
    double weightDecay = 0;
    int batch = 100;
    int iterations = 5000;
    std::vector<double> drops; ///< shares of the iterations after which the rate falls to a tenth
};

struct Network {
    std::string name;
    Shape input;
    int classes = 0;
    double inputScale = 1; ///< of pixels, 0 to 255, after the mean was subtracted
    std::vector<Layer> layers;
    std::vector<Parameter> parameters;
    std::vector<Buffer> buffers;
    Solver solver;

    [[nodiscard]] std::size_t parameterCount() const;
};

enum class NetworkKind { Cifar10Quick, SmallCnn, Mlp, ResNet20 };

/// @throws InputError when the images are too small for its layers.
Network makeNetwork(NetworkKind kind, const Shape& input, int classes);

} // namespace zipml::deep

namespace zipml {
template <>
std::span<const Named<deep::NetworkKind>> namesOf<deep::NetworkKind>();
}
