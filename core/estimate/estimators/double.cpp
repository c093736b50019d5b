#include "core/estimate/estimators/rows.h"
#include "core/estimate/estimators/slopes.h"
#include "core/estimate/row_moments.h"

namespace zipml {
namespace {

/// All ordered pairs of k copies, docs/method.md#s3-3: [(sum Q_i)(sum d_j) - sum Q_i d_i] / (k (k - 1)), d =
/// slope(Q.x, b). The intercept's sample is 1 in every copy.
void addSymmetrized(const SampleView& sample, double label, const GradientMethod& method,
                    const LinearParameters& model, LinearParameters& gradient) {
    double slopes[kMostCopies];
    double sum = 0;
    for (int i = 0; i < sample.copies; ++i) {
        slopes[i] = method.loss.slope(scoreOf(sample, i, model), label);
        sum += slopes[i];
    }
    const double pairs = sample.copies * (sample.copies - 1);
    gradient.intercept += sum / sample.copies;
    for (int i = 0; i < sample.copies; ++i)
        gradient.weights += (sum - slopes[i]) / pairs * sample.copy(i);
}

/// The same of many rows: copy i has the factor (sum d - d_i) / (k (k - 1)).
void symmetrizedFactors(const ScoreBlock& block) {
    const std::size_t copies = block.factors.size();
    const std::size_t rows = block.rows();
    for (std::size_t i = 0; i < copies; ++i)
        slopesAt(block, i, i);
    const auto share = static_cast<float>(1.0 / static_cast<double>(copies * (copies - 1)));
    for (std::size_t row = 0; row < rows; ++row) {
        float sum = 0;
        for (std::size_t i = 0; i < copies; ++i)
            sum += block.factors[i][row];
        for (std::size_t i = 0; i < copies; ++i)
            block.factors[i][row] = (sum - block.factors[i][row]) * share;
    }
}

} // namespace

constinit const Estimator kDouble{
    .name = "double",
    .title = "Double sampling",
    .summary = "Two independent roundings of each sample, symmetrized. Unbiased; one extra bit a value.",
    .copies = 2,
    .mostCopies = kMostCopies,
    .unbiased = true,
    .addGradient = addSymmetrized,
    .secondMoment = momentOfPairs,
    .pairs = Pairs::Symmetrized,
    .onDevices = true,
    .differences = true,
    .scores = {symmetrizedFactors, allCopies, allCopies},
};

} // namespace zipml
