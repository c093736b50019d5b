// A network as an ONNX graph. In the part that core/model/export/onnx_part.h tells of.

#include "core/base/error.h"
#include "core/base/json_text.h"
#include "core/data/source_name.h"
#include "core/deep/export_network.h"
#include "core/model/export/onnx_graph.h"
#include "core/model/export/onnx_part.h"
#include "core/model/export/onnx_weights.h"
#include "core/model/export/qonnx_graph.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace zipml::deep {
namespace {

using exported::GraphBuilder;
using onnx::TensorProto;
using Extents = std::vector<std::int64_t>;

constexpr const char* kImages = "images";

/// level i = scale * (i - zero), in every set; the scale is the set's.
struct EqualSteps {
    std::uint8_t zero;
    std::vector<float> scales;
};

std::optional<EqualSteps> equalSteps(const LayerQuantizer& quantizer) {
    EqualSteps steps{};
    for (std::size_t set = 0; set < quantizer.sets(); ++set) {
        const auto levels = quantizer.levels(set);
        if (levels.size() < 2)
            return std::nullopt;
        const double scale =
            (double{levels.back()} - levels.front()) / static_cast<double>(levels.size() - 1);
        const double zero = std::round(-levels.front() / scale);
        if (zero < 0 || zero >= static_cast<double>(levels.size()) || (set > 0 && zero != steps.zero))
            return std::nullopt;
        for (std::size_t i = 0; i < levels.size(); ++i)
            if (std::abs(scale * (static_cast<double>(i) - zero) - levels[i]) > 1e-6 * scale)
                return std::nullopt;
        steps.zero = static_cast<std::uint8_t>(zero);
        steps.scales.push_back(static_cast<float>(scale));
    }
    return steps;
}

/// The size of two levels -s and s, in every set the set's; else empty.
std::optional<std::vector<float>> twoSizes(const LayerQuantizer& quantizer) {
    std::vector<float> sizes;
    for (std::size_t set = 0; set < quantizer.sets(); ++set) {
        const auto levels = quantizer.levels(set);
        if (levels.size() != 2 || levels[0] != -levels[1])
            return std::nullopt;
        sizes.push_back(levels[1]);
    }
    return sizes;
}

/// The least bits that hold 0 - zero to levels - 1 - zero.
exported::QuantType quantType(std::size_t levels, int zero) {
    const int high = static_cast<int>(levels) - 1 - zero;
    exported::QuantType type{.bits = 1, .isSigned = zero > 0, .narrow = false};
    if (!type.isSigned) {
        while ((1 << type.bits) - 1 < high)
            ++type.bits;
        return type;
    }
    while (1 << (type.bits - 1) < zero || (1 << (type.bits - 1)) - 1 < high)
        ++type.bits;
    type.narrow = zero < 1 << (type.bits - 1);
    return type;
}

class NetworkGraph {
  public:
    /// @param format empty: QONNX
    NetworkGraph(const Model& model, std::optional<WeightFormat> format, onnx::GraphProto& graph)
        : model_(model), format_(format), network_(networkOf(model)), quantizers_(quantizersOf(model)),
          graph_(graph) {}

    /// @return the name of the last layer's output
    std::string add() {
        const Shape& in = network_.input;
        const auto mean =
            graph_.constant("mean", TensorProto::FLOAT, model_.mean, {in.channels, in.height, in.width});
        const auto centred = graph_.node("Sub", {kImages, mean}, "centred");
        const auto scaled =
            graph_.node("Mul", {centred, graph_.scalar("scale", network_.inputScale)}, "scaled");
        for (const auto& layer : network_.layers)
            outputs_.push_back(
                add(layer, layer.input < 0 ? scaled : outputs_[static_cast<std::size_t>(layer.input)]));
        return outputs_.back();
    }

  private:
    std::string add(const Layer& layer, const std::string& input) {
        switch (layer.kind) {
        case LayerKind::Convolution:
            return addConvolution(layer, input);
        case LayerKind::Linear: {
            const auto flat = graph_.node("Flatten", {input}, layer.name + ".input");
            if (!format_)
                return addProduct(layer, flat);
            std::string output = graph_.node("Gemm", withBias(layer, flat), layer.name);
            graph_.attribute("transB", std::int64_t{1});
            return output;
        }
        case LayerKind::BatchNorm: {
            std::string output = graph_.node(
                "BatchNormalization",
                {input, floats(layer.weight), floats(layer.bias), buffer(layer.mean), buffer(layer.variance)},
                layer.name);
            graph_.attribute("epsilon", 1e-5F);
            return output;
        }
        case LayerKind::Relu:
            return addRounding(layer, graph_.node("Relu", {input}, layer.name));
        case LayerKind::MaxPool:
        case LayerKind::AveragePool:
            return addPool(layer, input);
        case LayerKind::GlobalAverage:
            return graph_.node("GlobalAveragePool", {input}, layer.name);
        case LayerKind::PadChannels: {
            const std::int64_t more = layer.output.channels - shapeOf(layer.input).channels;
            const auto pads = graph_.constant(layer.name + ".pads", TensorProto::INT64,
                                              Extents{0, 0, 0, 0, 0, more, 0, 0}, {8});
            return graph_.node("Pad", {input, pads}, layer.name);
        }
        case LayerKind::Add:
            return graph_.node("Add", {input, outputs_[static_cast<std::size_t>(layer.other)]}, layer.name);
        }
        throw std::logic_error("a kind of layer is missing");
    }

    /// Of QONNX, whose readers know no Gemm: a product with whole numbers, then what they are worth.
    std::string addProduct(const Layer& layer, const std::string& input) {
        const auto parameter = static_cast<std::size_t>(layer.weight);
        const auto [numbers, scales, type] = wholeWeights(parameter);
        const std::string& name = network_.parameters[parameter].name;
        const auto outputs = extents(parameter).front();
        const std::size_t inputs = numbers.size() / static_cast<std::size_t>(outputs);
        std::vector<float> turned(numbers.size());
        for (std::size_t i = 0; i < numbers.size(); ++i)
            turned[i % inputs * static_cast<std::size_t>(outputs) + i / inputs] = numbers[i];
        const Extents shape{static_cast<std::int64_t>(inputs), outputs};
        std::string output;
        if (scales.empty()) {
            const auto weights = graph_.constant(name, TensorProto::FLOAT, turned, shape);
            output = graph_.node("MatMul", {input, weights}, layer.name + ".products");
        } else {
            const auto one = graph_.scalar(name + ".whole", 1);
            const auto weights = addQuantized(name, turned, shape, one, type);
            const auto products = graph_.node("MatMul", {input, weights}, layer.name + ".products");
            std::vector<float> each = scales;
            each.resize(static_cast<std::size_t>(outputs), scales.back());
            const auto steps = graph_.constant(layer.name + ".steps", TensorProto::FLOAT, each, {outputs});
            output = graph_.node("Mul", {products, steps}, layer.name + ".sums");
        }
        return layer.bias < 0 ? output : graph_.node("Add", {output, floats(layer.bias)}, layer.name);
    }

    std::string addConvolution(const Layer& layer, const std::string& input) {
        std::string output = graph_.node("Conv", withBias(layer, input), layer.name);
        graph_.attribute("kernel_shape", Extents{layer.kernel, layer.kernel})
            .attribute("strides", Extents{layer.stride, layer.stride})
            .attribute("pads", Extents(4, layer.padding));
        return output;
    }

    std::string addPool(const Layer& layer, const std::string& input) {
        const Shape in = shapeOf(layer.input);
        const auto whole = [&](int size) { return (size - layer.kernel) / layer.stride + 1; };
        const bool reachesOver =
            layer.output.height > whole(in.height) || layer.output.width > whole(in.width);
        std::string output =
            graph_.node(layer.kind == LayerKind::MaxPool ? "MaxPool" : "AveragePool", {input}, layer.name);
        graph_.attribute("kernel_shape", Extents{layer.kernel, layer.kernel})
            .attribute("strides", Extents{layer.stride, layer.stride})
            .attribute("ceil_mode", std::int64_t{reachesOver ? 1 : 0});
        return output;
    }

    /// As the engine rounds activations.
    std::string addRounding(const Layer& layer, const std::string& input) {
        const int bits = model_.spec.activationBits;
        const double most = model_.buffers[static_cast<std::size_t>(layer.range)].front();
        if (bits >= 32 || !(most > 0))
            return input;
        const auto named = [&](const char* suffix) { return layer.name + suffix; };
        if (!format_) {
            const auto size = graph_.scalar(named(".step"), most / static_cast<double>((1 << bits) - 1));
            return addQuant(graph_, input, size, {.bits = bits, .isSigned = false}, named(".rounded"));
        }
        const auto clipped =
            graph_.node("Min", {input, graph_.scalar(named(".range"), most)}, named(".clipped"));
        const auto step = graph_.scalar(named(".step"), most / static_cast<double>((1 << bits) - 1));
        const auto places = graph_.node("Div", {clipped, step}, named(".places"));
        const auto numbers = graph_.node("Round", {places}, named(".numbers"));
        return graph_.node("Mul", {numbers, step}, named(".rounded"));
    }

    std::vector<std::string> withBias(const Layer& layer, const std::string& input) {
        std::vector<std::string> inputs{input, weights(layer.weight)};
        if (layer.bias >= 0)
            inputs.push_back(floats(layer.bias));
        return inputs;
    }

    [[nodiscard]] Extents extents(std::size_t parameter) const {
        const auto& shape = network_.parameters[parameter].shape;
        return {shape.begin(), shape.end()};
    }

    std::string floats(int index) {
        const auto parameter = static_cast<std::size_t>(index);
        return graph_.constant(network_.parameters[parameter].name, TensorProto::FLOAT,
                               model_.parameters[parameter], extents(parameter));
    }

    std::string buffer(int index) {
        const auto& values = model_.buffers[static_cast<std::size_t>(index)];
        return graph_.constant(network_.buffers[static_cast<std::size_t>(index)].name, TensorProto::FLOAT,
                               values, {static_cast<std::int64_t>(values.size())});
    }

    /// For QONNX: weight = scale * number, one scale for all or one an output.
    struct WholeWeights {
        std::vector<float> numbers, scales;      ///< weights themselves, and none, where they are not rounded
        std::optional<exported::QuantType> type; ///< empty: -1 and 1
    };

    WholeWeights wholeWeights(std::size_t parameter) const {
        const auto& quantizer = quantizers_[parameter];
        WholeWeights whole{model_.parameters[parameter], {}, std::nullopt};
        if (!quantizer)
            return whole;
        quantizer->round(model_.parameters[parameter], whole.numbers);
        if (const auto sizes = twoSizes(*quantizer)) {
            whole.scales = *sizes;
        } else if (const auto steps = equalSteps(*quantizer)) {
            whole.scales = steps->scales;
            whole.type = quantType(quantizer->levels(0).size(), steps->zero);
        } else {
            throw InputError("qonnx: the levels of " + network_.parameters[parameter].name +
                             " are not equally spaced around 0, as hardware's integers are; train with "
                             "--weights xnor or lsq, or use --to onnx");
        }
        const std::size_t each = whole.numbers.size() / whole.scales.size();
        for (std::size_t i = 0; i < whole.numbers.size(); ++i)
            whole.numbers[i] = std::round(whole.numbers[i] / whole.scales[i / each]);
        return whole;
    }

    /// @param values of the shape @param scale a name of a constant
    std::string addQuantized(const std::string& name, const std::vector<float>& values, const Extents& shape,
                             const std::string& scale, const std::optional<exported::QuantType>& type) {
        const auto all = graph_.constant(name + ".values", TensorProto::FLOAT, values, shape);
        return type ? addQuant(graph_, all, scale, *type, name) : addBipolarQuant(graph_, all, scale, name);
    }

    /// Of a convolution: the weights with their scales.
    std::string quantWeights(std::size_t parameter) {
        auto [values, scales, type] = wholeWeights(parameter);
        const std::string& name = network_.parameters[parameter].name;
        if (scales.empty())
            return graph_.constant(name, TensorProto::FLOAT, values, extents(parameter));
        const std::size_t each = values.size() / scales.size();
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] *= scales[i / each];
        Extents shape(extents(parameter).size(), 1);
        shape.front() = static_cast<std::int64_t>(scales.size());
        const auto scale = graph_.constant(name + ".scale", TensorProto::FLOAT, scales,
                                           scales.size() == 1 ? Extents{} : shape);
        return addQuantized(name, values, extents(parameter), scale, type);
    }

    std::string weights(int index) {
        const auto parameter = static_cast<std::size_t>(index);
        if (!format_)
            return quantWeights(parameter);
        const auto& quantizer = quantizers_[parameter];
        if (!quantizer)
            return floats(index);
        const std::string& name = network_.parameters[parameter].name;
        std::vector<float> rounded(model_.parameters[parameter].size());
        quantizer->round(model_.parameters[parameter], rounded);
        if (format_ == WeightFormat::Float)
            return graph_.constant(name, TensorProto::FLOAT, rounded, extents(parameter));
        const std::size_t each = rounded.size() / quantizer->sets();
        std::vector<std::uint8_t> codes;
        for (std::size_t i = 0; i < rounded.size(); ++i) {
            const auto levels = quantizer->levels(i / each);
            codes.push_back(
                static_cast<std::uint8_t>(std::ranges::lower_bound(levels, rounded[i]) - levels.begin()));
        }
        std::size_t most = 0;
        std::vector<std::vector<float>> levels;
        for (std::size_t set = 0; set < quantizer->sets(); ++set) {
            const auto own = quantizer->levels(set);
            levels.emplace_back(own.begin(), own.end());
            most = std::max(most, own.size());
        }
        const bool packed = format_ == WeightFormat::Packed && most <= exported::kMostPackedLevels;
        const exported::LevelNumbers numbers{name, codes, extents(parameter), packed};
        if (const auto steps = equalSteps(*quantizer))
            return exported::addEqualSteps(graph_, numbers, steps->scales, steps->zero);
        return exported::addLookUp(graph_, numbers, levels);
    }

    [[nodiscard]] Shape shapeOf(int layer) const {
        return layer < 0 ? network_.input : network_.layers[static_cast<std::size_t>(layer)].output;
    }

    const Model& model_;
    std::optional<WeightFormat> format_; ///< empty: QONNX
    Network network_;
    std::vector<std::unique_ptr<LayerQuantizer>> quantizers_;
    GraphBuilder graph_;
    std::vector<std::string> outputs_;
};

std::string onnxOf(const Model& model, WeightFormat format) {
    auto proto = exported::newOnnxModel(
        "zipml_network", "A network on pixels from 0 to 255; subtracting the mean is part of it.");
    exported::addMetadata(proto, "zipml.spec", jsonText(withNamesOnly(toJson(model.spec))));
    exported::addMetadata(proto, "zipml.classes", jsonText(model.classes));
    auto& graph = *proto.mutable_graph();
    exported::describe(graph.add_input(), kImages, TensorProto::FLOAT, kImages,
                       {model.input.channels, model.input.height, model.input.width}, "pixels, 0 to 255");
    const auto last = NetworkGraph(model, format, graph).add();
    GraphBuilder builder(graph);
    const auto classes = static_cast<std::int64_t>(model.classes.size());
    builder.node("Identity", {last}, "logits");
    builder.node("Softmax", {"logits"}, "probabilities");
    builder.attribute("axis", std::int64_t{1});
    builder.node("ArgMax", {"logits"}, "label");
    builder.attribute("axis", std::int64_t{1}).attribute("keepdims", std::int64_t{0});
    exported::describe(graph.add_output(), "logits", TensorProto::FLOAT, kImages, {classes}, "one a class");
    exported::describe(graph.add_output(), "probabilities", TensorProto::FLOAT, kImages, {classes},
                       "one a class; their sum is 1");
    exported::describe(graph.add_output(), "label", TensorProto::INT64, kImages, {},
                       "the most probable class");
    return proto.SerializeAsString();
}

std::string qonnxOf(const Model& model) {
    auto proto = exported::newQonnxModel(
        "zipml_network", "A network on one image, pixels from 0 to 255; subtracting the mean is "
                         "part of it.");
    exported::addMetadata(proto, "zipml.spec", jsonText(withNamesOnly(toJson(model.spec))));
    exported::addMetadata(proto, "zipml.classes", jsonText(model.classes));
    auto& graph = *proto.mutable_graph();
    exported::describeFixed(graph.add_input(), kImages,
                            {1, model.input.channels, model.input.height, model.input.width},
                            "pixels, 0 to 255");
    const auto last = NetworkGraph(model, std::nullopt, graph).add();
    exported::describeFixed(graph.add_output(), last, {1, static_cast<std::int64_t>(model.classes.size())},
                            "one a class; the highest decides");
    return proto.SerializeAsString();
}

} // namespace
} // namespace zipml::deep

std::string zipml::exported::onnxOfNetwork(const deep::Model& model, deep::WeightFormat format) {
    return deep::onnxOf(model, format);
}

std::string zipml::exported::qonnxOfNetwork(const deep::Model& model) {
    return deep::qonnxOf(model);
}
