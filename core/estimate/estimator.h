#pragma once
/// Gradient estimators: how an estimate of slope(a.x, b) a, the gradient of a loss (core/loss/loss.h), is
/// made from rounded copies of a sample (docs/method.md#s3 and #s4). Each estimator is one row of the table
/// in estimator.cpp.

#include "core/base/names.h"
#include "core/loss/loss_kind.h"
#include "core/model/linear_parameters.h"
#include "core/quant/rounding.h"

#include <Eigen/Core>

namespace zipml {

enum class EstimatorKind {
    Full,
    Naive,
    Nearest,
    Double,
    DoublePlain,
    DoubleMean,
    Corrected,
    EndToEnd,
    Polynomial,
    Refetch
};
template <>
std::span<const Named<EstimatorKind>> namesOf<EstimatorKind>();

/// The rounded copies of one sample: `copies` rows of `features` values, one after the other. In doubles, as
/// levels are: a float near a level far from 0 would be biased (core/quant/grid.h).
struct SampleView {
    const double* values;
    Eigen::Index features;
    int copies = 1;
    // For refetching only (refetch_source.h):
    const float* exact = nullptr;  ///< the sample itself
    const double* reach = nullptr; ///< how far each value is at most from that of copy 0
    const float* sketch = nullptr; ///< R (a - copy 0), or null
    float distance = 0;            ///< |a - copy 0|, where the certificate needs it
    [[nodiscard]] Eigen::Map<const Eigen::VectorXd> copy(Eigen::Index index) const {
        return {values + index * features, features};
    }
};

constexpr int kMostCopies = 8;

struct GradientMethod;

struct Estimator {
    EstimatorKind kind;
    int copies;        ///< fewest roundings of a sample that it reads; 0: the exact sample
    int mostCopies;    ///< the most; more of them lower the variance
    Rounding rounding; ///< of those copies
    bool unbiased; ///< for the losses that it is for, least squares if there are several: E estimate = exact
                   ///< gradient, over the roundings (Corrected: and the rows); see isUnbiased
    /// Adds the estimate of one sample's gradient at `model` to `gradient`; for Corrected without the
    /// correction.
    void (*addGradient)(const SampleView& sample, double label, const GradientMethod& method,
                        const LinearParameters& model, LinearParameters& gradient);

    [[nodiscard]] bool quantized() const { return copies > 0; }
    [[nodiscard]] bool corrected() const { return kind == EstimatorKind::Corrected; }
};

const Estimator& estimatorOf(EstimatorKind kind);

/// Whether the estimate's mean is the exact gradient: rounding inside a slope that is not linear biases it
/// even with two independent roundings (docs/method.md#s7-1).
bool isUnbiased(EstimatorKind estimator, LossKind loss);
/// Why an estimator does not go with a loss, in words that fit behind "because", with what does; empty where
/// it does.
std::string whyNotWith(EstimatorKind estimator, LossKind loss);

} // namespace zipml
