// ONNX: a graph of plain operators (opset 13) from raw features to score and label. In the part that
// onnx_part.h tells of.

#include "core/base/json_text.h"
#include "core/base/number_text.h"
#include "core/model/export/folded_model.h"
#include "core/model/export/integer_weights.h"
#include "core/model/export/onnx_graph.h"
#include "core/model/export/onnx_part.h"

namespace zipml::exported {
namespace {

using onnx::TensorProto;

constexpr const char* kRows = "rows"; // the free dimension

std::string addUnitRows(GraphBuilder& graph, const std::string& rows) {
    graph.node("ReduceL2", {rows}, "norm");
    graph.attribute("axes", std::vector<std::int64_t>{1});
    const auto isZero = graph.node("Equal", {"norm", graph.scalar("zero", 0)}, "norm_is_zero");
    const auto divisor = graph.node("Where", {isZero, graph.scalar("one", 1), "norm"}, "divisor");
    return graph.node("Div", {rows, divisor}, "unit_rows");
}

/// Values that floats would merge lose what they have in common as doubles.
std::string addWideCentre(GraphBuilder& graph, const std::string& rows, const FoldedModel& folded) {
    const auto less = graph.node("Sub",
                                 {rows, graph.constant("centre", TensorProto::DOUBLE, folded.centre,
                                                       {static_cast<std::int64_t>(folded.features())})},
                                 "centred_doubles");
    const auto narrow = graph.node("Cast", {less}, "centred");
    graph.attribute("to", std::int64_t{TensorProto::FLOAT});
    return narrow;
}

/// Codes of one byte, and from them the weights: levels that are equally spaced by DequantizeLinear, others
/// by a look-up.
std::string addIntegerWeights(GraphBuilder& graph, const IntegerWeights& weights) {
    const auto features = static_cast<std::int64_t>(weights.codes.size());
    const auto codes = graph.constant("weight_codes", TensorProto::UINT8, weights.codes, {features, 1});
    if (weights.grid.isUniform()) {
        const auto steps =
            graph.node("DequantizeLinear", {codes, graph.scalar("level_step", weights.grid.gap())},
                       "weights_above_lowest");
        return graph.node("Add", {steps, graph.scalar("lowest_level", weights.grid.low())}, "weights");
    }
    std::vector<float> levels;
    for (std::uint32_t i = 0; i < weights.grid.levels(); ++i)
        levels.push_back(static_cast<float>(weights.grid.level(i)));
    const auto table =
        graph.constant("levels", TensorProto::FLOAT, levels, {static_cast<std::int64_t>(levels.size())});
    const auto indices = graph.node("Cast", {codes}, "level_indices");
    graph.attribute("to", std::int64_t{TensorProto::INT32});
    return graph.node("Gather", {table, indices}, "weights");
}

void addLabel(GraphBuilder& graph, onnx::GraphProto& proto, const LinearModel& model) {
    const auto positive =
        graph.node("GreaterOrEqual", {"score", graph.scalar("threshold", 0)}, "is_positive");
    const auto add = [&]<class Value>(TensorProto::DataType type, Value) {
        const auto label = [&](const char* name, double value) {
            return graph.constant(name, type, std::vector{static_cast<Value>(value)}, {});
        };
        graph.node("Where",
                   {positive, label("positive_label", model.classLabels[1]),
                    label("negative_label", model.classLabels[0])},
                   "label");
        describe(
            proto.add_output(), "label", type, kRows, {},
            ("the predicted class" + (model.classNames.empty() ? std::string() : ": " + classList(model))));
    };
    wholeLabels(model.classLabels) ? add(TensorProto::INT64, std::int64_t{})
                                   : add(TensorProto::FLOAT, float{});
}

} // namespace

std::string onnxOfLinear(const LinearModel& model, const ExportOptions& options) {
    FoldedModel folded = fold(model);
    if (!folded.wide)
        roundCentres(folded);
    const auto weightOf = folded.weightsOf(0);
    const auto features = static_cast<std::int64_t>(folded.features());
    ::onnx::ModelProto proto = newOnnxModel(
        "zipml_linear_model", "A linear model on raw features; their scaling is part of the graph.");
    addMetadata(proto, "zipml.feature_names", jsonText(model.featureNames));
    addMetadata(proto, "zipml.spec", jsonText(model.spec));
    if (!model.classNames.empty())
        addMetadata(proto, "zipml.class_names", jsonText(model.classNames));
    auto& graphProto = *proto.mutable_graph();
    describe(graphProto.add_input(), "features", folded.wide ? TensorProto::DOUBLE : TensorProto::FLOAT,
             kRows, {features}, "raw values, one row a sample, columns as in training");

    GraphBuilder graph(graphProto);
    const auto vector = [&](const char* name, auto&& valueOf, const std::vector<std::int64_t>& shape) {
        std::vector<float> values;
        for (std::size_t f = 0; f < folded.features(); ++f)
            values.push_back(static_cast<float>(valueOf(f)));
        return graph.constant(name, TensorProto::FLOAT, values, shape);
    };
    std::string rows = "features";
    if (folded.unitRows)
        rows = addUnitRows(graph, rows);
    if (folded.wide)
        rows = addWideCentre(graph, rows, folded);
    else if (folded.centred())
        rows = graph.node(
            "Sub", {rows, vector("centre", [&](auto f) { return folded.centre[f]; }, {features})}, "centred");
    std::string weights;
    if (options.bits == ExportOptions::kFloat) {
        weights = vector("weights", [&](auto f) { return weightOf[f] * folded.factor[f]; }, {features, 1});
    } else {
        // Weights of scaled values are alike in size, those of raw values are not: only the former quantize
        // well.
        rows = graph.node(
            "Mul", {rows, vector("factor", [&](auto f) { return folded.factor[f]; }, {features})}, "scaled");
        weights = addIntegerWeights(graph, quantizeWeights(weightOf, options.bits, options.grid));
    }
    const auto products = graph.node("MatMul", {rows, weights}, "products");
    const auto shifted =
        graph.node("Add", {products, graph.scalar("constant", folded.constant[0])}, "score_column");
    graph.node(
        "Reshape",
        {shifted, graph.constant("one_dimension", TensorProto::INT64, std::vector<std::int64_t>{-1}, {1})},
        "score");
    describe(graphProto.add_output(), "score", TensorProto::FLOAT, kRows, {},
             model.task == Task::Regression ? "the prediction" : "its sign decides the class");
    if (model.task == Task::Classification)
        addLabel(graph, graphProto, model);
    return proto.SerializeAsString();
}

} // namespace zipml::exported
