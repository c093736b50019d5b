// A new estimator as CONTRIBUTING.md adds one: a row in a file of its own, and one line that takes it up.

#include "core/estimate/estimators/slopes.h"

namespace zipml {
namespace {

/// The mean of the roundings, used as if it were exact: biased by the variance that is left.
void addAtTheMean(const SampleView& sample, double label, const GradientMethod& method,
                  const LinearParameters& model, LinearParameters& gradient) {
    const Eigen::Map<const Eigen::MatrixXd> copies(sample.values, sample.features, sample.copies);
    const Eigen::VectorXd mean = copies.rowwise().mean();
    addAt(mean, label, method, model, gradient);
}

constexpr Estimator kToy{
    .name = "toy-mean",
    .title = "Toy: mean of roundings",
    .summary = "The mean of the roundings used as if it were exact. Biased.",
    .copies = 2,
    .mostCopies = kMostCopies,
    .bias = BiasForm::Unknown,
    .addGradient = addAtTheMean,
};

const EstimatorKind kAdded = addEstimator(kToy);

} // namespace
} // namespace zipml
