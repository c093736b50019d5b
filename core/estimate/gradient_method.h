#pragma once
/// An estimator with everything that a run fixes: roundings a sample, the model's and the gradient's channel,
/// the correction. The three streams of docs/method.md#s1.

#include "core/estimate/estimator.h"
#include "core/estimate/refetching.h"
#include "core/loss/loss.h"
#include "core/loss/slope_polynomial.h"
#include "core/quant/vector_quantizer.h"

namespace zipml {

struct GradientMethod {
    const Estimator* estimator;
    Loss loss;                ///< whose gradient is estimated
    int copies = 0;           ///< roundings a sample; 0: exact samples
    VectorQuantizer model;    ///< applied to the weights each time the model is sent; the intercept is exact
    VectorQuantizer gradient; ///< likewise for the gradient
    bool integer = false;     ///< train with 8-bit integers for the model and the residuals (packed_sgd.h)
    SlopePolynomial polynomial;             ///< of the estimator polynomial
    std::shared_ptr<Refetching> refetching; ///< of the estimator refetch; null for others
    Eigen::VectorXd
        correction; ///< Dbar (docs/method.md#s3-7), one a feature; empty unless the estimator is corrected

    /// An estimator with its fewest copies, exact channels and no correction yet.
    explicit GradientMethod(EstimatorKind kind, const Loss& ofLoss = {})
        : estimator(&estimatorOf(kind)), loss(ofLoss), copies(estimator->copies) {}

    /// Must be told of each model before gradients are taken at it, not while they are.
    void follow(const LinearParameters& at) const {
        if (refetching)
            refetching->follow(at);
    }
    /// Adds the estimate of one sample's gradient to `sum`, the model being `at`.
    void addGradient(const SampleView& sample, double label, const LinearParameters& at,
                     LinearParameters& sum) const {
        estimator->addGradient(sample, label, *this, at, sum);
    }

    /// Subtracts Dbar o x, x the model `at` which the gradient is taken, for each of the `samples` that `sum`
    /// adds up.
    void correct(LinearParameters& sum, const LinearParameters& at, std::size_t samples) const {
        if (correction.size() > 0)
            sum.weights -= static_cast<double>(samples) * correction.cwiseProduct(at.weights);
    }
    /// Room that a SampleSource needs for a sample.
    [[nodiscard]] std::size_t scratch(std::size_t features) const {
        const auto rows = static_cast<std::size_t>(copies > 0 ? copies : 1);
        return features * (refetching ? rows + 1 : rows);
    }
};

} // namespace zipml
