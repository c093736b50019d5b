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

/// The same of many rows, without the spread: every copy has the factor (m.x - b) / k.
void meanFactors(const ScoreBlock& block) {
    const std::size_t copies = block.factors.size();
    const std::size_t rows = block.rows();
    const auto share = static_cast<float>(1.0 / static_cast<double>(copies));
    float* factors = block.factors[0];
    std::fill_n(factors, rows, 0.0F);
    for (std::size_t i = 0; i < copies; ++i)
        for (std::size_t row = 0; row < rows; ++row)
            factors[row] += share * block.scores[i][row];
    for (std::size_t row = 0; row < rows; ++row)
        factors[row] = share * (factors[row] - block.labels[row]);
    for (std::size_t i = 1; i < copies; ++i)
        std::copy_n(factors, rows, block.factors[i]);
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
    .scores = {meanFactors, allCopies, allCopies, true},
};

} // namespace zipml
