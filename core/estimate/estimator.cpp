#include "core/estimate/estimator.h"

namespace zipml {

template <>
std::span<const Named<LossKind>> namesOf<LossKind>() {
    static constexpr Named<LossKind> table[] = {
        {LossKind::LeastSquares, "least-squares", "Least squares",
         "Mean squared error; labels -1 and +1 for classification."},
    };
    return table;
}

template <>
std::span<const Named<EstimatorKind>> namesOf<EstimatorKind>() {
    static constexpr Named<EstimatorKind> table[] = {
        {EstimatorKind::Full, "full", "Full precision", "32-bit samples, not quantized: the reference."},
        {EstimatorKind::Naive, "naive", "Naive stochastic",
         "One stochastic rounding used as if it were exact. Biased: it learns a shrunken model."},
        {EstimatorKind::Nearest, "nearest", "Naive nearest",
         "Each value rounded to its nearest level, used as if it were exact. Biased."},
        {EstimatorKind::Double, "double", "Double sampling",
         "Two independent roundings of each sample, symmetrized. Unbiased; one extra bit a value."},
    };
    return table;
}

namespace {

/// Gradient of 1/2 (q.x + x0 - b)^2 for one copy taken as exact; with the exact sample it is exact.
void addPlain(const SampleView& sample, double label, const LinearParameters& model,
              LinearParameters& gradient) {
    const auto q = sample.copy(0).cast<double>();
    const double residual = model.intercept + q.dot(model.weights) - label;
    gradient.intercept += residual;
    gradient.weights += residual * q;
}

/// 1/2 [Q1 (Q2.x - b) + Q2 (Q1.x - b)], method.md 3.3 (7). The intercept's sample is 1 in both copies.
void addSymmetrized(const SampleView& sample, double label, const LinearParameters& model,
                    LinearParameters& gradient) {
    const auto q1 = sample.copy(0).cast<double>();
    const auto q2 = sample.copy(1).cast<double>();
    const double half1 = 0.5 * (model.intercept + q1.dot(model.weights) - label);
    const double half2 = 0.5 * (model.intercept + q2.dot(model.weights) - label);
    gradient.intercept += half1 + half2;
    gradient.weights += half2 * q1 + half1 * q2;
}

LinearParameters noBias(const Eigen::VectorXd& /*meanRoundingVariance*/, const LinearParameters& model) {
    return LinearParameters::zero(model.weights.size());
}

/// mean D_a x, method.md (3); the intercept is exact.
LinearParameters naiveBias(const Eigen::VectorXd& meanRoundingVariance, const LinearParameters& model) {
    return {0, meanRoundingVariance.cwiseProduct(model.weights)};
}

constexpr Estimator kEstimators[] = {
    {EstimatorKind::Full, 0, Rounding::Nearest, true, addPlain, noBias},
    {EstimatorKind::Naive, 1, Rounding::Stochastic, false, addPlain, naiveBias},
    {EstimatorKind::Nearest, 1, Rounding::Nearest, false, addPlain, nullptr},
    {EstimatorKind::Double, 2, Rounding::Stochastic, true, addSymmetrized, noBias},
};

} // namespace

const Estimator& estimatorOf(EstimatorKind kind) {
    for (const auto& estimator : kEstimators)
        if (estimator.kind == kind)
            return estimator;
    throw std::logic_error("an estimator is missing from its table");
}

} // namespace zipml
