#include "core/estimate/estimators/rows.h"
#include "core/estimate/estimators/slopes.h"

namespace zipml {
namespace {

/// b C Phat Q_(d+1), Phat = sum_i m_i prod_(j<=i) b Q_j.x, docs/method.md#eq14.
void addPolynomial(const SampleView& sample, double label, const GradientMethod& method,
                   const LinearParameters& model, LinearParameters& gradient) {
    const auto& coefficients = method.polynomial.coefficients;
    double estimate = coefficients[0];
    double product = 1;
    for (int i = 1; i < static_cast<int>(coefficients.size()); ++i) {
        product *= label * scoreOf(sample, i - 1, model);
        estimate += coefficients[static_cast<std::size_t>(i)] * product;
    }
    const double slope = label * method.loss.weightOf(label) * estimate;
    gradient.intercept += slope;
    gradient.weights += slope * sample.copy(sample.copies - 1);
}

/// The same of many rows, by Horner's rule: m_0 + b Q_1.x (m_1 + b Q_2.x (m_2 + ...)).
void polynomialFactors(const ScoreBlock& block) {
    const auto& coefficients = block.method.polynomial.coefficients;
    const std::size_t rows = block.rows();
    float* estimate = block.factors.back();
    std::fill_n(estimate, rows, static_cast<float>(coefficients.back()));
    for (std::size_t i = coefficients.size() - 1; i > 0; --i) {
        const auto coefficient = static_cast<float>(coefficients[i - 1]);
        const float* scores = block.scores[i - 1];
        for (std::size_t row = 0; row < rows; ++row)
            estimate[row] = coefficient + block.labels[row] * scores[row] * estimate[row];
    }
    const auto positive = static_cast<float>(block.method.loss.weights.positive);
    const auto negative = static_cast<float>(block.method.loss.weights.negative);
    for (std::size_t row = 0; row < rows; ++row) {
        const float label = block.labels[row];
        estimate[row] *= label * (label > 0 ? positive : negative);
    }
}

std::string curvedSlopeOnly(const Estimator& /*self*/, LossKind loss) {
    return isQuadratic(loss) ? "polynomial stands for a slope that is not linear, and that of least squares "
                               "is; use double"
                             : "";
}

} // namespace

constinit const Estimator kPolynomial{
    .name = "polynomial",
    .title = "Polynomial",
    .summary = "A polynomial in the place of the loss's slope, of as many independent roundings as its "
               "degree, and one more. Unbiased for the polynomial.",
    .copies = 2,
    .mostCopies = kMostCopies,
    .needs = Needs::Polynomial,
    .exactModel = true,
    .twiceTheNoise = true,
    .addGradient = addPolynomial,
    .whyNotWith = curvedSlopeOnly,
    .whyRowByRow = "a polynomial is a product of several roundings",
    .scores = {polynomialFactors, allButLast, lastCopy},
};

} // namespace zipml
