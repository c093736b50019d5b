#include "core/loss/losses/margins.h"
#include "core/loss/losses/rows.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

double value(double score, double label, double weight) {
    return weight * std::max(0.0, 1 - label * score);
}

double slope(double score, double label, double weight) {
    return label * score < 1 ? -weight * label : 0.0;
}

void toSlopes(const ClassWeights& weights, std::span<const float> labels, std::span<float> scores) {
    forEachMargin(weights, labels, scores, [](float margin) { return margin < 1 ? -1.0F : 0.0F; });
}

} // namespace

constinit const LossRow kHinge{
    .name = "hinge",
    .title = "Hinge (SVM)",
    .summary = "Classification: mean max(0, 1 - b a.x) with labels b of -1 and +1, usually with an l2 "
               "regularizer.",
    .form = "hinge loss: mean(C max(0, 1 - b a.x)), C the class weight",
    .twoClasses = true,
    .piecewise = true,
    .value = value,
    .slope = slope,
    .toSlopes = toSlopes,
    .onDevices = 2,
};

} // namespace zipml
