#include "core/loss/losses/margins.h"
#include "core/loss/losses/rows.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

/// Without overflow.
double value(double score, double label, double weight) {
    const double margin = label * score;
    return weight * (std::log1p(std::exp(-std::abs(margin))) + std::max(0.0, -margin));
}

double slope(double score, double label, double weight) {
    return -weight * label / (1 + std::exp(label * score));
}

void toSlopes(const ClassWeights& weights, std::span<const float> labels, std::span<float> scores) {
    forEachMargin(weights, labels, scores, [](float margin) { return -1 / (1 + std::exp(margin)); });
}

double curvature(double score, double label, double weight) {
    const double share = 1 / (1 + std::exp(std::abs(label * score)));
    return weight * share * (1 - share);
}

} // namespace

constinit const LossRow kLogistic{
    .name = "logistic",
    .title = "Logistic",
    .summary = "Classification: mean log(1 + exp(-b a.x)) with labels b of -1 and +1.",
    .form = "logistic loss: mean(C log(1 + exp(-b a.x))), C the class weight",
    .twoClasses = true,
    .value = value,
    .slope = slope,
    .toSlopes = toSlopes,
    .curvature = curvature,
    .largestCurvature = 0.25,
    .onDevices = 1,
};

} // namespace zipml
