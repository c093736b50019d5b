// A network as an ONNX graph. In the part that core/model/export/onnx_part.h tells of.

#include "core/base/json_text.h"
#include "core/deep/export_network.h"
#include "core/model/export/onnx_graph.h"
#include "core/model/export/onnx_part.h"

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

class NetworkGraph {
  public:
    NetworkGraph(const Model& model, WeightFormat format, onnx::GraphProto& graph)
        : model_(model), format_(format), network_(networkOf(model)), quantizers_(quantizersOf(model)),
          graph_(graph) {}

    /// @return the name of the last layer's output
    std::string add() {
        const Shape& in = network_.input;
        const auto mean =
            graph_.constant("mean", TensorProto::FLOAT, model_.mean, {1, in.channels, in.height, in.width});
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

    std::string weights(int index) {
        const auto parameter = static_cast<std::size_t>(index);
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
        if (const auto steps = equalSteps(*quantizer))
            return addSteps(name, codes, *steps, extents(parameter));
        return addLookUp(name, codes, *quantizer, extents(parameter));
    }

    std::string addSteps(const std::string& name, const std::vector<std::uint8_t>& codes,
                         const EqualSteps& steps, const Extents& shape) {
        // A scale for all, or one for each output.
        const bool one = steps.scales.size() == 1;
        const Extents size = one ? Extents{} : Extents{static_cast<std::int64_t>(steps.scales.size())};
        const auto numbers = graph_.constant(name + ".codes", TensorProto::UINT8, codes, shape);
        const auto scale = graph_.constant(name + ".scale", TensorProto::FLOAT, steps.scales, size);
        const auto zero = graph_.constant(name + ".zero", TensorProto::UINT8,
                                          std::vector<std::uint8_t>(steps.scales.size(), steps.zero), size);
        std::string output = graph_.node("DequantizeLinear", {numbers, scale, zero}, name);
        if (!one)
            graph_.attribute("axis", std::int64_t{0});
        return output;
    }

    std::string addLookUp(const std::string& name, const std::vector<std::uint8_t>& codes,
                          const LayerQuantizer& quantizer, const Extents& shape) {
        const auto sets = static_cast<std::int64_t>(quantizer.sets());
        const auto each = static_cast<std::int64_t>(codes.size()) / sets;
        std::size_t count = 0;
        for (std::size_t set = 0; set < quantizer.sets(); ++set)
            count = std::max(count, quantizer.levels(set).size());
        std::vector<float> table;
        for (std::size_t set = 0; set < quantizer.sets(); ++set) {
            const auto levels = quantizer.levels(set);
            table.insert(table.end(), levels.begin(), levels.end());
            table.insert(table.end(), count - levels.size(), levels.back()); // no code refers to these
        }
        const auto levels = graph_.constant(name + ".levels", TensorProto::FLOAT, table,
                                            {sets, static_cast<std::int64_t>(count)});
        const auto bytes = graph_.constant(name + ".codes", TensorProto::UINT8, codes, {sets, each});
        const auto indices = graph_.node("Cast", {bytes}, name + ".indices");
        graph_.attribute("to", std::int64_t{TensorProto::INT64});
        const auto values = graph_.node("GatherElements", {levels, indices}, name + ".values");
        graph_.attribute("axis", std::int64_t{1});
        const auto extents = graph_.constant(name + ".shape", TensorProto::INT64, shape,
                                             {static_cast<std::int64_t>(shape.size())});
        return graph_.node("Reshape", {values, extents}, name);
    }

    [[nodiscard]] Shape shapeOf(int layer) const {
        return layer < 0 ? network_.input : network_.layers[static_cast<std::size_t>(layer)].output;
    }

    const Model& model_;
    WeightFormat format_;
    Network network_;
    std::vector<std::unique_ptr<LayerQuantizer>> quantizers_;
    GraphBuilder graph_;
    std::vector<std::string> outputs_;
};

std::string onnxOf(const Model& model, WeightFormat format) {
    auto proto = exported::newOnnxModel(
        "zipml_network", "A network on pixels from 0 to 255; subtracting the mean is part of it.");
    exported::addMetadata(proto, "zipml.spec", jsonText(toJson(model.spec)));
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

} // namespace
} // namespace zipml::deep

std::string zipml::exported::onnxOfNetwork(const deep::Model& model, deep::WeightFormat format) {
    return deep::onnxOf(model, format);
}
