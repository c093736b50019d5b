#include "core/estimate/estimator.h"

#include "core/estimate/gradient_method.h"

namespace zipml {

template <>
std::span<const Named<EstimatorKind>> namesOf<EstimatorKind>() {
    static constexpr Named<EstimatorKind> table[] = {
        {EstimatorKind::Full, "full", "Full precision", "32-bit samples, not quantized: the reference."},
        {EstimatorKind::Naive, "naive", "Naive stochastic",
         "One stochastic rounding used as if it were exact. Biased: it learns a shrunken model."},
        {EstimatorKind::Nearest, "nearest", "Naive nearest",
         "Each value rounded to its nearest level, used as if it were exact. Biased."},
        {EstimatorKind::Double, "double", "Double sampling",
         "Two independent roundings of each sample, symmetrized. Unbiased; one extra bit a value."},
        {EstimatorKind::DoublePlain, "double-plain", "Double sampling, plain",
         "Two roundings, one for the residual and one for the direction. Unbiased; about twice the "
         "variance."},
        {EstimatorKind::DoubleMean, "double-mean", "Double sampling, mean",
         "The mean of the roundings with the bias of its variance subtracted. Unbiased; the least variance."},
        {EstimatorKind::Corrected, "corrected", "Corrected",
         "One rounding with the known mean rounding variance subtracted. Unbiased over the rows; no extra "
         "bit."},
        {EstimatorKind::EndToEnd, "end-to-end", "End to end",
         "Plain double sampling with the model and the gradient rounded too: set their bits. Unbiased."},
        {EstimatorKind::Polynomial, "polynomial", "Polynomial",
         "A polynomial in the place of the loss's slope, of as many independent roundings as its degree, and "
         "one "
         "more. Unbiased for the polynomial."},
        {EstimatorKind::Refetch, "refetch", "Refetching",
         "One rounding where low precision is certain which side of the hinge a sample is on; else the "
         "sample "
         "itself. Unbiased."},
    };
    return table;
}

namespace {

double scoreOf(const SampleView& sample, Eigen::Index copy, const LinearParameters& model) {
    return model.intercept + sample.copy(copy).dot(model.weights);
}

/// Gradient of the loss at q.x + x0, q taken as exact.
template <class Sample>
void addAt(const Sample& q, double label, const GradientMethod& method, const LinearParameters& model,
           LinearParameters& gradient) {
    const double slope = method.loss.slope(model.intercept + q.dot(model.weights), label);
    gradient.intercept += slope;
    gradient.weights += slope * q;
}

/// Of one copy taken as exact; with the exact sample it is exact.
void addPlain(const SampleView& sample, double label, const GradientMethod& method,
              const LinearParameters& model, LinearParameters& gradient) {
    addAt(sample.copy(0), label, method, model, gradient);
}

/// Q1 slope(Q2.x, b), docs/method.md#eq5.
void addDoublePlain(const SampleView& sample, double label, const GradientMethod& method,
                    const LinearParameters& model, LinearParameters& gradient) {
    const double slope = method.loss.slope(scoreOf(sample, 1, model), label);
    gradient.intercept += slope;
    gradient.weights += slope * sample.copy(0);
}

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

constexpr Estimator kEstimators[] = {
    {EstimatorKind::Full, 0, 0, Rounding::Nearest, true, addPlain},
    {EstimatorKind::Naive, 1, 1, Rounding::Stochastic, false, addPlain},
    {EstimatorKind::Nearest, 1, 1, Rounding::Nearest, false, addPlain},
    {EstimatorKind::Double, 2, kMostCopies, Rounding::Stochastic, true, addSymmetrized},
    {EstimatorKind::DoublePlain, 2, 2, Rounding::Stochastic, true, addDoublePlain},
    {EstimatorKind::DoubleMean, 2, kMostCopies, Rounding::Stochastic, true, addMean},
    {EstimatorKind::Corrected, 1, 1, Rounding::Stochastic, true, addPlain},
    {EstimatorKind::EndToEnd, 2, 2, Rounding::Stochastic, true, addDoublePlain},
    {EstimatorKind::Polynomial, 2, kMostCopies, Rounding::Stochastic, false, addPolynomial},
    {EstimatorKind::Refetch, 2, 2, Rounding::Interval, true, addRefetched},
};

} // namespace

const Estimator& estimatorOf(EstimatorKind kind) {
    for (const auto& estimator : kEstimators)
        if (estimator.kind == kind)
            return estimator;
    throw std::logic_error("an estimator is missing from its table");
}

bool isUnbiased(EstimatorKind estimator, LossKind loss) {
    return estimatorOf(estimator).unbiased &&
           (isQuadratic(loss) || estimator == EstimatorKind::Full || estimator == EstimatorKind::Refetch);
}

std::string whyNotWith(EstimatorKind estimator, LossKind loss) {
    if (estimator == EstimatorKind::Refetch && loss != LossKind::Hinge)
        return "refetch settles on which side of a step a sample is, and only the slope of loss hinge is "
               "one; use " +
               std::string(isQuadratic(loss) ? "double" : "polynomial");
    if (isQuadratic(loss))
        return estimator == EstimatorKind::Polynomial ? "polynomial stands for a slope that is not linear, "
                                                        "and that of least squares is; use double"
                                                      : "";
    if (estimator == EstimatorKind::Corrected || estimator == EstimatorKind::DoubleMean)
        return std::string(nameOf(estimator)) +
               " subtracts a bias that is linear in the model, and that of the " + std::string(nameOf(loss)) +
               " loss is not; use polynomial, double, naive or nearest";
    return {};
}

} // namespace zipml
