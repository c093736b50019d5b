#pragma once
/// What several estimators share: scores, and the gradient at one copy taken as exact.

#include "core/estimate/gradient_method.h"

namespace zipml {

inline double scoreOf(const SampleView& sample, Eigen::Index copy, const LinearParameters& model) {
    return model.intercept + sample.copy(copy).dot(model.weights);
}

/// Gradient of the loss at q.x + x0, q taken as exact.
template <class Sample>
void addAt(const Sample& q, double label, const GradientMethod& method, const LinearParameters& model,
           LinearParameters& gradient) {
    const double slope = method.loss.slope(model.intercept + q.dot(model.weights), label);
    gradient.intercept += slope;
    gradient.weights += slope * q;
}

/// Of one copy taken as exact; with the exact sample it is exact.
inline void addPlain(const SampleView& sample, double label, const GradientMethod& method,
                     const LinearParameters& model, LinearParameters& gradient) {
    addAt(sample.copy(0), label, method, model, gradient);
}

/// Q1 slope(Q2.x, b), docs/method.md#eq5.
inline void addOneAtTheOther(const SampleView& sample, double label, const GradientMethod& method,
                             const LinearParameters& model, LinearParameters& gradient) {
    const double slope = method.loss.slope(scoreOf(sample, 1, model), label);
    gradient.intercept += slope;
    gradient.weights += slope * sample.copy(0);
}

/// Of estimators that subtract the rounding's bias, D o x.
inline std::string linearBiasOnly(const Estimator& self, LossKind loss) {
    if (isQuadratic(loss))
        return {};
    return std::string(self.name) + " subtracts a bias that is linear in the model, and that of the " +
           std::string(nameOf(loss)) + " loss is not; use polynomial, double, naive or nearest";
}

} // namespace zipml
