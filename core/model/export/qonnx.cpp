// QONNX (https://github.com/fastmachinelearning/qonnx): ONNX whose weights go through nodes that say their true
// bit width, for compilers of hardware such as hls4ml and FINN. In the part that onnx_part.h tells of.

#include "core/model/export/qonnx_graph.h"

#include "core/base/json_text.h"
#include "core/model/export/folded_model.h"
#include "core/model/export/integer_weights.h"
#include "core/model/export/onnx_part.h"

#include <cmath>
#include <numeric>

namespace zipml::exported {
namespace {

using onnx::TensorProto;

constexpr int kDefaultBits = 8;

/// Weights of scaled values as whole numbers, features x scores, and what a step of each score's is worth.
struct WholeWeights {
    std::vector<float> numbers;
    std::vector<double> steps;
};

WholeWeights wholeWeights(const FoldedModel& model, int bits) {
    const std::size_t features = model.features(), scores = model.scores();
    WholeWeights whole{std::vector<float>(features * scores), {}};
    for (std::size_t k = 0; k < scores; ++k) {
        const auto weights = model.weightsOf(k);
        if (bits == 1) { // of the two levels -s and s the mean size is nearest to all
            const double sum = std::accumulate(weights.begin(), weights.end(), 0.0,
                                               [](double all, double w) { return all + std::abs(w); });
            whole.steps.push_back(sum > 0 ? sum / static_cast<double>(features) : 1);
            for (std::size_t f = 0; f < features; ++f)
                whole.numbers[f * scores + k] = weights[f] < 0 ? -1.0F : 1.0F;
            continue;
        }
        const SignedWeights codes = quantizeSigned(weights, bits);
        whole.steps.push_back(codes.step);
        for (std::size_t f = 0; f < features; ++f)
            whole.numbers[f * scores + k] = codes.codes[f];
    }
    return whole;
}

} // namespace

std::string qonnxOfLinear(const LinearModel& model, const ExportOptions& options) {
    FoldedModel folded = fold(model);
    if (folded.unitRows)
        throw InputError(
            "qonnx: rows scaled to unit length are divided by their norms, which hardware compilers "
            "have no layer for; use --to onnx, or train with another scaling");
    if (folded.wide)
        throw InputError(
            "qonnx: the features lie so far from 0 that floats would merge their values, and hardware "
            "compilers have no doubles; subtract an offset in the data file, or use --to onnx");
    roundCentres(folded);
    const int bits = options.bits == ExportOptions::kFloat ? kDefaultBits : options.bits;
    const auto features = static_cast<std::int64_t>(folded.features());
    const auto scores = static_cast<std::int64_t>(folded.scores());
    ::onnx::ModelProto proto =
        newQonnxModel("zipml_linear_model",
                      "A linear model on one row of raw features; their scaling is part of the graph.");
    addMetadata(proto, "zipml.feature_names", jsonText(model.featureNames));
    addMetadata(proto, "zipml.spec", jsonText(model.spec));
    if (folded.classes() > 0)
        addMetadata(proto, "zipml.class_labels", jsonText(folded.classLabels));
    if (!folded.classNames.empty())
        addMetadata(proto, "zipml.class_names", jsonText(folded.classNames));
    auto& graphProto = *proto.mutable_graph();
    describeFixed(graphProto.add_input(), "features", {1, features}, "raw values, columns as in training");

    GraphBuilder graph(graphProto);
    // Without the row's extent, which hls4ml leaves out of its shapes.
    const auto row = [&](const char* name, const std::vector<double>& values) {
        return graph.constant(name, TensorProto::FLOAT, std::vector<float>(values.begin(), values.end()),
                              {static_cast<std::int64_t>(values.size())});
    };
    std::string rows = "features";
    if (folded.centred())
        rows = graph.node("Sub", {rows, row("centre", folded.centre)}, "centred");
    rows = graph.node("Mul", {rows, row("factor", folded.factor)}, "scaled");
    const WholeWeights whole = wholeWeights(folded, bits);
    const auto numbers =
        graph.constant("weight_numbers", TensorProto::FLOAT, whole.numbers, {features, scores});
    const auto one = graph.scalar("whole", 1);
    const auto weights = bits == 1 ? addBipolarQuant(graph, numbers, one, "weights")
                                   : addQuant(graph, numbers, one,
                                              {.bits = bits, .isSigned = true, .narrow = true}, "weights");
    // Steps follow the product: of a matrix with one a column hls4ml makes no layer.
    const auto products = graph.node("MatMul", {rows, weights}, "products");
    const auto sums = graph.node("Mul", {products, row("step", whole.steps)}, "sums");
    graph.node("Add", {sums, row("constant", folded.constant)}, "score");
    describeFixed(graphProto.add_output(), "score", {1, scores},
                  folded.classes() == 0  ? "the prediction"
                  : folded.scores() == 1 ? "0 or more: the second class"
                                         : "one a class; the highest decides");
    return proto.SerializeAsString();
}

} // namespace zipml::exported
