// ONNX: a graph of plain operators (opset 13) from raw features to score and label.

#include "core/base/number_text.h"
#include "core/model/export/folded_model.h"
#include "core/model/export/integer_weights.h"
#include "core/model/export/writers.h"

#include <onnx/onnx_pb.h>

#include <cstring>

namespace zipml::exported {
namespace {

using onnx::TensorProto;

constexpr int kIrVersion = 7; // of ONNX 1.8 to 1.10, with opset 13: what runtimes since 2020 read
constexpr int kOpset = 13;
constexpr const char* kRows = "rows"; // the free dimension

/// Adds nodes to a graph, in the order of computation; each returns the name of its output.
class GraphBuilder {
  public:
    explicit GraphBuilder(onnx::GraphProto& graph) : graph_(graph) {}

    std::string node(const std::string& type, const std::vector<std::string>& inputs,
                     const std::string& output) {
        auto* node = graph_.add_node();
        node->set_op_type(type);
        node->set_name(output);
        for (const auto& input : inputs)
            node->add_input(input);
        node->add_output(output);
        return output;
    }

    template <class Value>
    std::string constant(const std::string& name, TensorProto::DataType type,
                         const std::vector<Value>& values, const std::vector<std::int64_t>& shape) {
        auto* tensor = graph_.add_initializer();
        tensor->set_name(name);
        tensor->set_data_type(type);
        for (const auto size : shape)
            tensor->add_dims(size);
        tensor->set_raw_data(values.data(), values.size() * sizeof(Value)); // little-endian, as ONNX wants
        return name;
    }
    std::string scalar(const std::string& name, double value) {
        return constant(name, TensorProto::FLOAT, std::vector{static_cast<float>(value)}, {});
    }

    onnx::NodeProto& last() { return *graph_.mutable_node(graph_.node_size() - 1); }

  private:
    onnx::GraphProto& graph_;
};

void describe(onnx::ValueInfoProto* value, const std::string& name, TensorProto::DataType type,
              std::int64_t columns, const std::string& help) {
    value->set_name(name);
    value->set_doc_string(help);
    auto* tensor = value->mutable_type()->mutable_tensor_type();
    tensor->set_elem_type(type);
    tensor->mutable_shape()->add_dim()->set_dim_param(kRows);
    if (columns > 0)
        tensor->mutable_shape()->add_dim()->set_dim_value(columns);
}

void addMetadata(onnx::ModelProto& proto, const std::string& key, const std::string& value) {
    auto* entry = proto.add_metadata_props();
    entry->set_key(key);
    entry->set_value(value);
}

std::string addUnitRows(GraphBuilder& graph, const std::string& rows) {
    graph.node("ReduceL2", {rows}, "norm");
    auto* axes = graph.last().add_attribute();
    axes->set_name("axes");
    axes->set_type(onnx::AttributeProto::INTS);
    axes->add_ints(1);
    const auto isZero = graph.node("Equal", {"norm", graph.scalar("zero", 0)}, "norm_is_zero");
    const auto divisor = graph.node("Where", {isZero, graph.scalar("one", 1), "norm"}, "divisor");
    return graph.node("Div", {rows, divisor}, "unit_rows");
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
    auto* to = graph.last().add_attribute();
    to->set_name("to");
    to->set_type(onnx::AttributeProto::INT);
    to->set_i(TensorProto::INT32);
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
        describe(proto.add_output(), "label", type, 0, "the predicted class");
    };
    wholeLabels(model) ? add(TensorProto::INT64, std::int64_t{}) : add(TensorProto::FLOAT, float{});
}

} // namespace

std::string onnx(const LinearModel& model, const ExportOptions& options) {
    const FoldedModel folded = fold(model);
    const auto features = static_cast<std::int64_t>(folded.features());
    ::onnx::ModelProto proto;
    proto.set_ir_version(kIrVersion);
    proto.set_producer_name("ZipML Lab");
    proto.set_producer_version(ZIPML_VERSION);
    proto.add_opset_import()->set_version(kOpset);
    addMetadata(proto, "zipml.feature_names", nlohmann::json(model.featureNames).dump());
    addMetadata(proto, "zipml.spec", model.spec.dump());
    auto& graphProto = *proto.mutable_graph();
    graphProto.set_name("zipml_linear_model");
    graphProto.set_doc_string("A linear model on raw features; their scaling is part of the graph.");
    describe(graphProto.add_input(), "features", TensorProto::FLOAT, features,
             "raw values, one row a sample, columns as in training");

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
    if (folded.centred())
        rows =
            graph.node("Sub", {rows, graph.constant("centre", TensorProto::FLOAT, folded.centre, {features})},
                       "centred");
    std::string weights;
    if (options.bits == ExportOptions::kFloat) {
        weights =
            vector("weights", [&](auto f) { return folded.weight[f] * folded.factor[f]; }, {features, 1});
    } else {
        // Weights of scaled values are alike in size, those of raw values are not: only the former quantize
        // well.
        rows = graph.node(
            "Mul", {rows, vector("factor", [&](auto f) { return folded.factor[f]; }, {features})}, "scaled");
        weights = addIntegerWeights(graph, quantizeWeights(folded.weight, options.bits, options.grid));
    }
    const auto products = graph.node("MatMul", {rows, weights}, "products");
    const auto shifted =
        graph.node("Add", {products, graph.scalar("constant", folded.constant)}, "score_column");
    graph.node(
        "Reshape",
        {shifted, graph.constant("one_dimension", TensorProto::INT64, std::vector<std::int64_t>{-1}, {1})},
        "score");
    describe(graphProto.add_output(), "score", TensorProto::FLOAT, 0,
             model.task == Task::Regression ? "the prediction" : "its sign decides the class");
    if (model.task == Task::Classification)
        addLabel(graph, graphProto, model);
    return proto.SerializeAsString();
}

} // namespace zipml::exported
