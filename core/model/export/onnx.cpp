// ONNX: a graph of plain operators from raw features to score, probabilities and label. In the part that
// onnx_part.h tells of.

#include "core/base/json_text.h"
#include "core/model/export/folded_model.h"
#include "core/model/export/integer_weights.h"
#include "core/model/export/onnx_graph.h"
#include "core/model/export/onnx_part.h"
#include "core/model/export/onnx_weights.h"

#include <algorithm>

namespace zipml::exported {
namespace {

using onnx::TensorProto;
using Extents = std::vector<std::int64_t>;

constexpr const char* kRows = "rows"; // the free dimension

class LinearGraph {
  public:
    LinearGraph(const FoldedModel& model, const ExportOptions& options, onnx::GraphProto& graph)
        : model_(model), options_(options), proto_(graph), graph_(graph),
          features_(static_cast<std::int64_t>(model.features())),
          scores_(static_cast<std::int64_t>(model.scores())) {}

    void add() {
        describe(proto_.add_input(), "features", model_.wide ? TensorProto::DOUBLE : TensorProto::FLOAT,
                 kRows, {features_}, "raw values, one row a sample, columns as in training");
        const std::string columns = addScores(addRows());
        if (scores_ == 1) {
            const auto one = graph_.constant("one_dimension", TensorProto::INT64, Extents{-1}, {1});
            graph_.node("Reshape", {columns, one}, "score");
        }
        if (model_.classes() > 0) {
            addLabel();
            if (model_.hasProbabilities())
                addProbabilities(columns);
        }
        describe(proto_.add_output(), "score", TensorProto::FLOAT, kRows,
                 scores_ == 1 ? Extents{} : Extents{scores_},
                 model_.classes() == 0 ? "the prediction"
                 : scores_ == 1        ? "0 or more: the second class"
                                       : "one a class; the highest decides");
    }

  private:
    /// By feature or by score.
    template <class ValueOf>
    std::string floats(const char* name, std::int64_t count, ValueOf&& valueOf) {
        std::vector<float> values;
        for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i)
            values.push_back(static_cast<float>(valueOf(i)));
        return graph_.constant(name, TensorProto::FLOAT, values, {count});
    }

    std::string addUnitRows(const std::string& rows) {
        const auto axes = graph_.constant("columns", TensorProto::INT64, Extents{1}, {1});
        const auto norm = graph_.node("ReduceL2", {rows, axes}, "norm");
        const auto isZero = graph_.node("Equal", {norm, graph_.scalar("zero_norm", 0)}, "norm_is_zero");
        const auto divisor = graph_.node("Where", {isZero, graph_.scalar("one", 1), norm}, "divisor");
        return graph_.node("Div", {rows, divisor}, "unit_rows");
    }

    /// The features less their centres, which values that floats would merge lose as doubles.
    std::string addRows() {
        std::string rows = "features";
        if (model_.unitRows)
            rows = addUnitRows(rows);
        if (model_.wide) {
            const auto centre = graph_.constant("centre", TensorProto::DOUBLE, model_.centre, {features_});
            const auto less = graph_.node("Sub", {rows, centre}, "centred_doubles");
            rows = graph_.node("Cast", {less}, "centred");
            graph_.attribute("to", std::int64_t{TensorProto::FLOAT});
        } else if (model_.centred()) {
            rows = graph_.node("Sub",
                               {rows, floats("centre", features_, [&](auto f) { return model_.centre[f]; })},
                               "centred");
        }
        return rows;
    }

    /// One a column. Gemm, because ONNX Runtime turns a MatMul of dequantized weights into one that rounds
    /// what it is multiplied with.
    std::string addScores(std::string rows) {
        std::string weights;
        if (options_.bits == ExportOptions::kFloat) {
            weights = addFloatWeights();
        } else {
            // Weights of scaled values are alike in size, those of raw values are not: only the former
            // quantize well.
            const auto factor = floats("factor", features_, [&](auto f) { return model_.factor[f]; });
            rows = graph_.node("Mul", {rows, factor}, "scaled");
            weights = addIntegerWeights();
        }
        const auto constant = floats("constant", scores_, [&](auto k) { return model_.constant[k]; });
        std::string columns =
            graph_.node("Gemm", {rows, weights, constant}, scores_ == 1 ? "score_column" : "score");
        graph_.attribute("transB", std::int64_t{1});
        return columns;
    }

    std::string addFloatWeights() {
        std::vector<float> values;
        for (std::size_t k = 0; k < model_.scores(); ++k)
            for (std::size_t f = 0; f < model_.features(); ++f)
                values.push_back(static_cast<float>(model_.weightsOf(k)[f] * model_.factor[f]));
        return graph_.constant("weights", TensorProto::FLOAT, values, {scores_, features_});
    }

    /// Each score has levels of its own.
    std::string addIntegerWeights() {
        LevelNumbers numbers{"weights", {}, {scores_, features_}, options_.packed};
        std::vector<Grid> grids;
        for (std::size_t k = 0; k < model_.scores(); ++k) {
            const auto rounded = quantizeWeights(model_.weightsOf(k), options_.bits, options_.grid);
            numbers.numbers.insert(numbers.numbers.end(), rounded.codes.begin(), rounded.codes.end());
            grids.push_back(rounded.grid);
        }
        if (!std::ranges::all_of(grids, &Grid::isUniform)) {
            std::vector<std::vector<float>> levels(grids.size());
            for (std::size_t k = 0; k < grids.size(); ++k)
                for (std::uint32_t i = 0; i < grids[k].levels(); ++i)
                    levels[k].push_back(static_cast<float>(grids[k].level(i)));
            return addLookUp(graph_, numbers, levels);
        }
        std::vector<float> steps, lowest;
        for (const Grid& grid : grids) {
            steps.push_back(grid.levels() > 1 ? static_cast<float>(grid.gap()) : 1.0F);
            lowest.push_back(static_cast<float>(grid.low()));
        }
        if (std::ranges::all_of(lowest, [](float low) { return low == 0; }))
            return addEqualSteps(graph_, numbers, steps, 0);
        numbers.name = "weights_above_lowest";
        const auto above = addEqualSteps(graph_, numbers, steps, 0);
        return graph_.node("Add",
                           {above, graph_.constant("lowest_level", TensorProto::FLOAT, lowest, {scores_, 1})},
                           "weights");
    }

    void addLabel() {
        std::string index;
        if (scores_ == 1) {
            const auto positive =
                graph_.node("GreaterOrEqual", {"score", graph_.scalar("threshold", 0)}, "is_positive");
            index = graph_.node("Cast", {positive}, "class_index");
            graph_.attribute("to", std::int64_t{TensorProto::INT64});
        } else {
            index = graph_.node("ArgMax", {"score"}, "class_index");
            graph_.attribute("axis", std::int64_t{1}).attribute("keepdims", std::int64_t{0});
        }
        const auto& labels = model_.classLabels;
        const auto classes = static_cast<std::int64_t>(labels.size());
        auto type = TensorProto::DOUBLE;
        std::string all = "class_labels";
        if (!model_.classNames.empty()) {
            type = TensorProto::STRING;
            graph_.texts(all, nlohmann::json::parse(jsonText(model_.classNames))); // in UTF-8
        } else if (wholeLabels(labels)) {
            type = TensorProto::INT64;
            graph_.constant(all, type, Extents(labels.begin(), labels.end()), {classes});
        } else {
            graph_.constant(all, type, labels, {classes});
        }
        graph_.node("Gather", {all, index}, "label");
        describe(proto_.add_output(), "label", type, kRows, {}, "the predicted class");
    }

    /// docs/method.md#s7-5
    void addProbabilities(const std::string& scores) {
        const auto minus = graph_.node("Neg", {scores}, "minus_score");
        if (scores_ == 1) {
            const auto no = graph_.node("Sigmoid", {minus}, "probability_of_first");
            const auto yes = graph_.node("Sigmoid", {scores}, "probability_of_second");
            graph_.node("Concat", {no, yes}, "probabilities");
        } else {
            const auto size = graph_.node("Abs", {scores}, "score_size");
            const auto less = graph_.node("Exp", {graph_.node("Neg", {size}, "minus_score_size")}, "odds");
            const auto more = graph_.node("Add", {less, graph_.scalar("one_more", 1)}, "odds_and_one");
            const auto rest = graph_.node("Log", {more}, "log_odds_and_one");
            const auto low = graph_.node("Min", {scores, graph_.scalar("no_score", 0)}, "score_below_zero");
            const auto logs = graph_.node("Sub", {low, rest}, "log_sigmoid");
            graph_.node("Softmax", {logs}, "probabilities");
        }
        graph_.attribute("axis", std::int64_t{1});
        describe(proto_.add_output(), "probabilities", TensorProto::FLOAT, kRows,
                 {static_cast<std::int64_t>(model_.classes())},
                 "one a class, by ascending label; their sum is 1");
    }

    const FoldedModel& model_;
    const ExportOptions& options_;
    onnx::GraphProto& proto_;
    GraphBuilder graph_;
    std::int64_t features_, scores_;
};

} // namespace

std::string onnxOfLinear(const LinearModel& model, const ExportOptions& options) {
    FoldedModel folded = fold(model);
    if (!folded.wide)
        roundCentres(folded);
    ::onnx::ModelProto proto = newOnnxModel(
        "zipml_linear_model", "A linear model on raw features; their scaling is part of the graph.");
    addMetadata(proto, "zipml.feature_names", jsonText(model.featureNames));
    addMetadata(proto, "zipml.spec", jsonText(model.spec));
    if (!model.classNames.empty())
        addMetadata(proto, "zipml.class_names", jsonText(model.classNames));
    LinearGraph(folded, options, *proto.mutable_graph()).add();
    return proto.SerializeAsString();
}

} // namespace zipml::exported
