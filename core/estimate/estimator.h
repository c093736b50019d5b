#pragma once
/// Gradient estimators for 1/2 (a.x - b)^2: how an estimate is made from rounded copies of a sample
/// (method.md 3). Each estimator is one row of the table in estimator.cpp.

#include "core/base/names.h"
#include "core/model/linear_parameters.h"
#include "core/quant/rounding.h"

#include <Eigen/Core>
#include <optional>

namespace zipml {

enum class LossKind { LeastSquares };
template <>
std::span<const Named<LossKind>> namesOf<LossKind>();

enum class EstimatorKind { Full, Naive, Nearest, Double };
template <>
std::span<const Named<EstimatorKind>> namesOf<EstimatorKind>();

/// The rounded copies of one sample: `copies` rows of `features` values, one after the other.
struct SampleView {
    const float* values;
    Eigen::Index features;
    [[nodiscard]] Eigen::Map<const Eigen::VectorXf> copy(Eigen::Index index) const {
        return {values + index * features, features};
    }
};

struct Estimator {
    EstimatorKind kind;
    int copies;        ///< roundings of a sample that it reads; 0: the exact sample
    Rounding rounding; ///< of those copies
    bool unbiased;     ///< E gradient estimate = exact gradient, over the roundings
    /// Adds the estimate of one sample's gradient at `model` to `gradient`.
    void (*addGradient)(const SampleView& sample, double label, const LinearParameters& model,
                        LinearParameters& gradient);
    /// The bias of the average gradient by formula, given the mean rounding variance of each feature
    /// (method.md (3)); null where no formula exists (nearest rounding).
    LinearParameters (*predictBias)(const Eigen::VectorXd& meanRoundingVariance,
                                    const LinearParameters& model);
};

const Estimator& estimatorOf(EstimatorKind kind);

} // namespace zipml
