#include "core/loss/loss.h"

#include "core/base/number_text.h"

#include <algorithm>

namespace zipml {
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

void Loss::toSlopes(std::span<const float> labels, std::span<float> scores) const {
    rowOf(kind).toSlopes(weights, labels, scores);
}

double Loss::largestCurvature() const {
    const double most = isQuadratic() ? 1 : std::max(weights.positive, weights.negative);
    return most * rowOf(kind).largestCurvature;
}

} // namespace zipml
