#include "core/estimate/estimators/rows.h"
#include "core/estimate/estimators/slopes.h"
#include "core/estimate/row_moments.h"

namespace zipml {
namespace {

/// m (m.x - b) - (s2 / k) o x, docs/method.md#eq8: m the copies' mean, s2 their sample variance. Least
/// squares only.
void addMean(const SampleView& sample, double label, const GradientMethod& /*method*/,
             const LinearParameters& model, LinearParameters& gradient) {
    const Eigen::Map<const Eigen::MatrixXd> copies(sample.values, sample.features, sample.copies);
    const Eigen::VectorXd mean = copies.rowwise().mean();
    const double residual = model.intercept + mean.dot(model.weights) - label;
    const double scale = 1.0 / (sample.copies * (sample.copies - 1.0));
    gradient.intercept += residual;
    gradient.weights += residual * mean;
    for (int i = 0; i < sample.copies; ++i)
        gradient.weights.array() -= scale * (copies.col(i) - mean).array().square() * model.weights.array();
}

} // namespace

constinit const Estimator kDoubleMean{
    .name = "double-mean",
    .title = "Double sampling, mean",
    .summary = "The mean of the roundings with the bias of its variance subtracted. Unbiased; the least "
               "variance.",
    .copies = 2,
    .mostCopies = kMostCopies,
    .unbiased = true,
    .addGradient = addMean,
    .secondMoment = boundOfPairs,
    .whyNotWith = linearBiasOnly,
    .pairs = Pairs::Mean,
    .onDevices = true,
    .differences = true,
};

} // namespace zipml
