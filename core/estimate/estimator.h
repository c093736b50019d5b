#pragma once
/// Gradient estimators for 1/2 (a.x - b)^2: how an estimate is made from rounded copies of a sample
/// (method.md 3 and 4). Each estimator is one row of the table in estimator.cpp.

#include "core/base/names.h"
#include "core/model/linear_parameters.h"
#include "core/quant/rounding.h"

#include <Eigen/Core>

namespace zipml {

enum class EstimatorKind { Full, Naive, Nearest, Double, DoublePlain, DoubleMean, Corrected, EndToEnd };
template <>
std::span<const Named<EstimatorKind>> namesOf<EstimatorKind>();

/// The rounded copies of one sample: `copies` rows of `features` values, one after the other.
struct SampleView {
    const float* values;
    Eigen::Index features;
    int copies = 1;
    [[nodiscard]] Eigen::Map<const Eigen::VectorXf> copy(Eigen::Index index) const {
        return {values + index * features, features};
    }
};

constexpr int kMostCopies = 8;

struct Estimator {
    EstimatorKind kind;
    int copies;        ///< fewest roundings of a sample that it reads; 0: the exact sample
    int mostCopies;    ///< the most; more of them lower the variance
    Rounding rounding; ///< of those copies
    bool
        unbiased; ///< E gradient estimate = exact gradient, over the roundings (Corrected: over the rows too)
    /// Adds the estimate of one sample's gradient at `model` to `gradient`; for Corrected without the
    /// correction.
    void (*addGradient)(const SampleView& sample, double label, const LinearParameters& model,
                        LinearParameters& gradient);

    [[nodiscard]] bool quantized() const { return copies > 0; }
    [[nodiscard]] bool corrected() const { return kind == EstimatorKind::Corrected; }
};

const Estimator& estimatorOf(EstimatorKind kind);

} // namespace zipml
