// LIBLINEAR's text format (save_model and load_model in its linear.cpp): a header of "key value" lines, then
// a line a feature with one weight a score, the bias feature's last.

#include "core/model/export/folded_model.h"
#include "core/model/export/format.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace zipml::exported {
namespace {

std::string exactly(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.17g", value);
    return text;
}

int intLabel(double label) {
    if (label != std::nearbyint(label) || std::abs(label) > std::numeric_limits<int>::max())
        throw InputError("liblinear: the class label " + exactly(label) +
                         " is not a whole number, which LIBLINEAR wants; use --to onnx or json");
    return static_cast<int>(label);
}

/// Predicted classes do not depend on it; with L2R_LR liblinear-predict -b 1 gives probabilities.
const char* solverType(const FoldedModel& model) {
    if (model.task == Task::Regression)
        return "L2R_L2LOSS_SVR";
    if (model.hasProbabilities())
        return "L2R_LR";
    return model.loss == LossKind::Hinge ? "L2R_L1LOSS_SVC_DUAL" : "L2R_L2LOSS_SVC";
}

} // namespace

static std::string liblinear(const LinearModel& model, const ExportOptions& /*options*/) {
    const FoldedModel folded = fold(model);
    if (folded.unitRows)
        throw InputError("liblinear: rows scaled to unit length cannot be folded into weights; use --to onnx "
                         "or c, or train with another scaling");
    const std::size_t scores = folded.scores();
    std::string text = std::string("solver_type ") + solverType(folded) + "\nnr_class " +
                       std::to_string(std::max<std::size_t>(2, folded.classes())); // 2 for a regression, too
    for (std::size_t c = 0; c < folded.classes(); ++c)
        text += (c == 0 ? "\nlabel " : " ") + std::to_string(intLabel(folded.classLabels[c]));
    text += "\nnr_feature " + std::to_string(folded.features()) + "\nbias 1\nw\n";
    // Of two classes LIBLINEAR takes the first above 0 alone. A score of 0 is the second's, so that it gets
    // the score with the other sign.
    const double sign = folded.classes() == 2 ? -1 : 1;
    std::vector<double> constants = folded.constant;
    const auto addLine = [&](auto&& valueOf) {
        for (std::size_t k = 0; k < scores; ++k)
            text += exactly(sign * valueOf(k)) + (k + 1 < scores ? " " : "\n");
    };
    for (std::size_t f = 0; f < folded.features(); ++f)
        addLine([&](std::size_t k) {
            const double weight = folded.weightsOf(k)[f] * folded.factor[f];
            constants[k] -= weight * folded.centre[f];
            return weight;
        });
    addLine([&](std::size_t k) { return constants[k]; });
    return text;
}

} // namespace zipml::exported

namespace zipml {

constinit const ModelFormat kLiblinearExport{
    .name = "liblinear",
    .extension = "model",
    .title = "LIBLINEAR model",
    .summary = "For liblinear-predict, on data as it is in the file; with -b 1 after logistic loss.",
    .manyClasses = true,
    .doubles = true,
    .write = exported::liblinear,
};

} // namespace zipml
