#include "core/model/export/onnx_weights.h"

#include <algorithm>

namespace zipml::exported {
namespace {

using onnx::TensorProto;
using Extents = std::vector<std::int64_t>;

/// Of opset 21; the headers of libonnx may be older.
constexpr auto kUint4 = static_cast<TensorProto::DataType>(21);

std::string addNumbers(GraphBuilder& graph, const std::string& name, const std::vector<std::uint8_t>& numbers,
                       const Extents& shape, bool packed) {
    if (!packed)
        return graph.constant(name, TensorProto::UINT8, numbers, shape);
    std::vector<std::uint8_t> pairs((numbers.size() + 1) / 2); // the first in the low half
    for (std::size_t i = 0; i < numbers.size(); ++i)
        pairs[i / 2] = static_cast<std::uint8_t>(pairs[i / 2] | numbers[i] << (i % 2 * 4));
    return graph.constant(name, kUint4, pairs, shape);
}

} // namespace

std::string addEqualSteps(GraphBuilder& graph, const LevelNumbers& weights, const std::vector<float>& scales,
                          std::uint8_t zero) {
    const bool one = scales.size() == 1;
    const Extents size = one ? Extents{} : Extents{static_cast<std::int64_t>(scales.size())};
    const auto named = [&](const char* suffix) { return weights.name + suffix; };
    const auto numbers = addNumbers(graph, named(".codes"), weights.numbers, weights.shape, weights.packed);
    const auto scale = graph.constant(named(".scale"), TensorProto::FLOAT, scales, size);
    const auto zeros = addNumbers(graph, named(".zero"), std::vector<std::uint8_t>(scales.size(), zero), size,
                                  weights.packed);
    std::string output = graph.node("DequantizeLinear", {numbers, scale, zeros}, weights.name);
    if (!one)
        graph.attribute("axis", std::int64_t{0});
    return output;
}

std::string addLookUp(GraphBuilder& graph, const LevelNumbers& weights,
                      const std::vector<std::vector<float>>& levels) {
    const auto named = [&](const char* suffix) { return weights.name + suffix; };
    std::vector<float> table;
    std::vector<std::int32_t> starts;
    for (const auto& part : levels) {
        starts.push_back(static_cast<std::int32_t>(table.size()));
        table.insert(table.end(), part.begin(), part.end());
    }
    const auto all = graph.constant(named(".levels"), TensorProto::FLOAT, table,
                                    {static_cast<std::int64_t>(table.size())});
    const auto numbers = addNumbers(graph, named(".codes"), weights.numbers, weights.shape, weights.packed);
    auto indices = graph.node("Cast", {numbers}, named(".numbers"));
    graph.attribute("to", std::int64_t{TensorProto::INT32});
    if (levels.size() > 1) {
        Extents shape(weights.shape.size(), 1);
        shape.front() = weights.shape.front();
        std::vector<std::int32_t> first;
        const std::size_t each = static_cast<std::size_t>(shape.front()) / levels.size();
        for (const std::int32_t start : starts)
            first.insert(first.end(), each, start);
        indices =
            graph.node("Add", {indices, graph.constant(named(".first"), TensorProto::INT32, first, shape)},
                       named(".indices"));
    }
    return graph.node("Gather", {all, indices}, weights.name);
}

} // namespace zipml::exported
