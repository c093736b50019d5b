#include "core/loss/losses/margins.h"
#include "core/loss/losses/rows.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

double value(double score, double label, double weight) {
    const double missing = std::max(0.0, 1 - label * score);
    return 0.5 * weight * missing * missing;
}

double slope(double score, double label, double weight) {
    return -weight * label * std::max(0.0, 1 - label * score);
}

void toSlopes(const ClassWeights& weights, std::span<const float> labels, std::span<float> scores) {
    forEachMargin(weights, labels, scores, [](float margin) { return std::min(0.0F, margin - 1); });
}

double curvature(double score, double label, double weight) {
    return label * score < 1 ? weight : 0;
}

} // namespace

constinit const LossRow kSquaredHinge{
    .name = "squared-hinge",
    .title = "Squared hinge",
    .summary = "Classification: mean 1/2 max(0, 1 - b a.x)^2, times the class weight; usually with an l2 "
               "regularizer.",
    .form = "squared hinge loss: mean(1/2 C max(0, 1 - b a.x)^2), C the class weight",
    .twoClasses = true,
    .piecewise = true,
    .value = value,
    .slope = slope,
    .toSlopes = toSlopes,
    .curvature = curvature,
    .onDevices = 3,
};

} // namespace zipml
