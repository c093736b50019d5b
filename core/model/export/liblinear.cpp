// LIBLINEAR's text format (save_model and load_model in its linear.cpp): a header of "key value" lines, then
// one weight a line, the bias feature's last.

#include "core/model/export/folded_model.h"
#include "core/model/export/format.h"

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

} // namespace

static std::string liblinear(const LinearModel& model, const ExportOptions& /*options*/) {
    if (model.scaling.kind == ScalingKind::RowUnit)
        throw InputError("liblinear: rows scaled to unit length cannot be folded into weights; use --to onnx "
                         "or c, or train with another scaling");
    const auto& weights = model.parameters.weights;
    const bool classes = model.task == Task::Classification;
    std::string text = classes ? "solver_type L2R_L2LOSS_SVC\n" : "solver_type L2R_L2LOSS_SVR\n";
    text += "nr_class 2\n"; // LIBLINEAR writes 2 for a regression, too
    if (classes)            // the first is that of a positive score
        text += "label " + std::to_string(intLabel(model.classLabels[1])) + " " +
                std::to_string(intLabel(model.classLabels[0])) + "\n";
    text += "nr_feature " + std::to_string(weights.size()) + "\nbias 1\nw\n";
    double constant = model.parameters.intercept;
    for (Eigen::Index f = 0; f < weights.size(); ++f) {
        const auto at = static_cast<std::size_t>(f);
        const double weight = weights[f] * model.scaling.factor[at];
        constant -= weight * model.scaling.offset[at];
        text += exactly(weight) + "\n";
    }
    return text + exactly(constant) + "\n";
}

} // namespace zipml::exported

namespace zipml {

constinit const ModelFormat kLiblinearExport{
    .name = "liblinear",
    .extension = "model",
    .title = "LIBLINEAR model",
    .summary = "For liblinear-predict, on data as it is in the file.",
    .doubles = true,
    .write = exported::liblinear,
};

} // namespace zipml
