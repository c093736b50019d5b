#include "core/estimate/estimators/rows.h"
#include "core/estimate/estimators/slopes.h"

namespace zipml {
namespace {

/// slope Q where copy 0 is certain of the slope, else slope a, docs/method.md#s7-3.
void addRefetched(const SampleView& sample, double label, const GradientMethod& method,
                  const LinearParameters& model, LinearParameters& gradient) {
    const Side side = method.refetching->decide(sample, label);
    if (side == Side::NotBelow)
        return;
    if (side == Side::Below) {
        const double slope = -method.loss.weightOf(label) * label;
        gradient.intercept += slope;
        gradient.weights += slope * sample.copy(1);
        return;
    }
    method.refetching->countFetch();
    const Eigen::Map<const Eigen::VectorXf> exact(sample.exact, sample.features);
    addAt(exact.cast<double>(), label, method, model, gradient);
}

/// The same of many rows.
void refetchedFactors(const ScoreBlock& block) {
    const auto positive = static_cast<float>(block.method.loss.weights.positive);
    const auto negative = static_cast<float>(block.method.loss.weights.negative);
    const float below = 1 - block.radius;
    const float above = 1 + block.radius;
    const std::size_t rows = block.rows();
    const float* labels = block.labels.data();
    const float* scores = block.scores[0];
    float* __restrict factors = block.factors[1];
    unsigned char* __restrict fetches = block.fetches;
    for (std::size_t row = 0; row < rows; ++row) { // without branches, which nobody could predict
        const float isBelow = labels[row] * scores[row] < below ? -1.0F : 0.0F;
        factors[row] = labels[row] * (labels[row] > 0 ? positive : negative) * isBelow;
    }
    for (std::size_t row = 0; row < rows; ++row) {
        const float margin = labels[row] * scores[row];
        fetches[row] = static_cast<unsigned char>((margin >= below ? 1 : 0) & (margin < above ? 1 : 0));
    }
}

std::string stepOnly(const Estimator& /*self*/, LossKind loss) {
    if (loss == LossKind::Hinge)
        return {};
    return "refetch settles on which side of a step a sample is, and only the slope of loss hinge is one; "
           "use " +
           std::string(isQuadratic(loss) ? "double" : "polynomial");
}

} // namespace

constinit const Estimator kRefetch{
    .name = "refetch",
    .title = "Refetching",
    .summary = "One rounding where low precision is certain which side of the hinge a sample is on; else the "
               "sample itself. Unbiased.",
    .copies = 2,
    .mostCopies = 2,
    .rounding = Rounding::Interval,
    .unbiased = true,
    .unbiasedInEverySlope = true,
    .needs = Needs::ExactRows,
    .exactModel = true,
    .addGradient = addRefetched,
    .whyNotWith = stepOnly,
    .whyRowByRow = "refetching decides sample by sample",
    .scores = {refetchedFactors, firstCopy, secondCopy},
};

} // namespace zipml
