// A new loss as CONTRIBUTING.md adds one.

#include "core/loss/losses/margins.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

/// The logistic loss at twice the margin, halved.
double value(double score, double label, double weight) {
    const double margin = 2 * label * score;
    return weight / 2 * (std::log1p(std::exp(-std::abs(margin))) + std::max(0.0, -margin));
}

double slope(double score, double label, double weight) {
    return -weight * label / (1 + std::exp(2 * label * score));
}

void toSlopes(const ClassWeights& weights, std::span<const float> labels, std::span<float> scores) {
    forEachMargin(weights, labels, scores, [](float margin) { return -1 / (1 + std::exp(2 * margin)); });
}

double curvature(double score, double label, double weight) {
    const double share = 1 / (1 + std::exp(std::abs(2 * label * score)));
    return 2 * weight * share * (1 - share);
}

constexpr LossRow kToy{
    .name = "toy-steep",
    .title = "Toy: steep logistic",
    .summary = "The logistic loss at twice the margin, halved.",
    .form = "steep logistic loss: mean(C/2 log(1 + exp(-2 b a.x))), C the class weight",
    .twoClasses = true,
    .value = value,
    .slope = slope,
    .toSlopes = toSlopes,
    .curvature = curvature,
    .largestCurvature = 0.5,
};

const LossKind kAdded = addLoss(kToy);

} // namespace
} // namespace zipml
