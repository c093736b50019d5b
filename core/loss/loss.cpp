#include "core/loss/loss.h"

#include "core/base/number_text.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace zipml {
namespace {

/// scores[i] = weight * of(margin) * label, with the loop inside so that the loss is chosen once.
template <class Of>
void forEachMargin(const ClassWeights& weights, std::span<const float> labels, std::span<float> scores,
                   Of&& of) {
    const auto positive = static_cast<float>(weights.positive);
    const auto negative = static_cast<float>(weights.negative);
    for (std::size_t i = 0; i < scores.size(); ++i) {
        const float label = labels[i];
        scores[i] = (label > 0 ? positive : negative) * of(label * scores[i]) * label;
    }
}

} // namespace

ClassWeights parseClassWeights(const std::string& text) {
    const auto numbers = parseFiniteList(text);
    if (!numbers || numbers->size() != 2 || !((*numbers)[0] > 0) || !((*numbers)[1] > 0))
        throw InputError("class_weights: '" + text +
                         "': write POS,NEG with two numbers above 0, such as 2,1");
    return {(*numbers)[0], (*numbers)[1]};
}

std::string toString(const ClassWeights& weights) {
    return shortest(weights.positive) + "," + shortest(weights.negative);
}

double Loss::value(double score, double label) const {
    const double margin = label * score;
    const double missing = std::max(0.0, 1 - margin);
    switch (kind) {
    case LossKind::LeastSquares:
    case LossKind::LsSvm:
        return (score - label) * (score - label);
    case LossKind::Logistic: // log(1 + exp(-margin)) without overflow
        return weightOf(label) * (std::log1p(std::exp(-std::abs(margin))) + std::max(0.0, -margin));
    case LossKind::Hinge:
        return weightOf(label) * missing;
    case LossKind::SquaredHinge:
        return 0.5 * weightOf(label) * missing * missing;
    }
    throw std::logic_error("unknown loss");
}

double Loss::slope(double score, double label) const {
    const double margin = label * score;
    switch (kind) {
    case LossKind::LeastSquares:
    case LossKind::LsSvm:
        return score - label;
    case LossKind::Logistic:
        return -weightOf(label) * label / (1 + std::exp(margin));
    case LossKind::Hinge:
        return margin < 1 ? -weightOf(label) * label : 0.0;
    case LossKind::SquaredHinge:
        return -weightOf(label) * label * std::max(0.0, 1 - margin);
    }
    throw std::logic_error("unknown loss");
}

void Loss::toSlopes(std::span<const float> labels, std::span<float> scores) const {
    switch (kind) {
    case LossKind::LeastSquares:
    case LossKind::LsSvm:
        for (std::size_t i = 0; i < scores.size(); ++i)
            scores[i] -= labels[i];
        return;
    case LossKind::Logistic:
        forEachMargin(weights, labels, scores, [](float margin) { return -1 / (1 + std::exp(margin)); });
        return;
    case LossKind::Hinge:
        forEachMargin(weights, labels, scores, [](float margin) { return margin < 1 ? -1.0F : 0.0F; });
        return;
    case LossKind::SquaredHinge:
        forEachMargin(weights, labels, scores, [](float margin) { return std::min(0.0F, margin - 1); });
        return;
    }
}

double Loss::largestCurvature() const {
    const double weight = std::max(weights.positive, weights.negative);
    switch (kind) {
    case LossKind::LeastSquares:
    case LossKind::LsSvm:
        return 1;
    case LossKind::Logistic:
        return weight / 4;
    case LossKind::Hinge:
    case LossKind::SquaredHinge:
        return weight;
    }
    throw std::logic_error("unknown loss");
}

} // namespace zipml
