#include "core/estimate/variance.h"

#include <algorithm>

namespace zipml {
namespace {

/// Moments of one row and the model that the formulas share. With y = Q3(x), f its variance a weight, e the
/// sample's a value, D = diag(e), r = a.x - b (with the intercept's 1 in a, x0 in x):
struct RowMoments {
    double squaredLength = 0; ///< |a|^2
    double total = 0;         ///< TV = sum e
    double residual = 0;      ///< r
    double modelNoise = 0;    ///< A = sum a_i^2 f_i = Var(a.y)
    double sampleNoise = 0;   ///< W = E y'Dy = sum e_i (x_i^2 + f_i)
    double cross = 0;         ///< E (a.y - b) a'Dy = r a'Dx + sum a_i^2 e_i f_i
    double doubled = 0;       ///< E |Dy|^2 = sum e_i^2 (x_i^2 + f_i)
    double largestNoise = 0;  ///< TV |x o x + f| >= W, the lemma's form of it
    double singleMoment = 0;  ///< E |q (q.y - b) - c o y|^2, one rounding q with correction c
    double singleMean = 0;    ///< |E q (q.x - b) - c o x|^2

    [[nodiscard]] double squaredResidual() const {
        return residual * residual + modelNoise;
    } ///< E (a.y - b)^2
    [[nodiscard]] double squaredMean() const { return squaredLength * residual * residual; } ///< |a r|^2
};

class RowFormula {
  public:
    RowFormula(const GradientMethod& method, const LinearParameters& model, bool intercept)
        : method_(method), model_(model), intercept_(intercept ? 1.0 : 0.0),
          modelVariance_(method.model.variance(model.weights)),
          lemmaNorm_((model.weights.cwiseAbs2() + modelVariance_).norm()) {}

    [[nodiscard]] RowMoments momentsOf(std::span<const float> row, double label,
                                       std::span<const Grid> grids) const {
        const auto& x = model_.weights;
        const bool nearest = method_.estimator->rounding == Rounding::Nearest;
        RowMoments m;
        m.squaredLength = intercept_;
        m.residual = model_.intercept - label;
        values_.resize(x.size());
        errors_.resize(x.size());
        for (Eigen::Index i = 0; i < x.size(); ++i) {
            double a = row[static_cast<std::size_t>(i)];
            double e = 0;
            if (method_.copies > 0) {
                const Grid& grid = grids[static_cast<std::size_t>(i)];
                if (nearest) {
                    const auto [index, fraction] = grid.locate(a);
                    a = grid.level(index + (fraction >= 0.5 ? 1U : 0U));
                } else {
                    e = grid.roundingVariance(a);
                }
            }
            values_[i] = a;
            errors_[i] = e;
            m.squaredLength += a * a;
            m.total += e;
            m.residual += a * x[i];
            m.modelNoise += a * a * modelVariance_[i];
            const double second = x[i] * x[i] + modelVariance_[i];
            m.sampleNoise += e * second;
            m.doubled += e * e * second;
        }
        for (Eigen::Index i = 0; i < x.size(); ++i)
            m.cross += values_[i] * errors_[i] * (m.residual * x[i] + values_[i] * modelVariance_[i]);
        m.largestNoise = m.total * lemmaNorm_;
        if (method_.copies == 1 && !nearest)
            addSingle(m, grids);
        return m;
    }

  private:
    /// One rounding, used twice: its coordinates' third and fourth moments come in.
    void addSingle(RowMoments& m, std::span<const Grid> grids) const {
        const auto& x = model_.weights;
        const double all = m.squaredResidual() + m.sampleNoise; // E s^2, s = q.y - b
        m.singleMoment = intercept_ * all;
        m.singleMean = intercept_ * m.residual * m.residual;
        for (Eigen::Index i = 0; i < x.size(); ++i) {
            const double a = values_[i];
            const double e = errors_[i];
            const Grid& grid = grids[static_cast<std::size_t>(i)];
            const Grid::Position place = grid.locate(a);
            const double p = place.fraction;
            const double low = grid.level(place.index);
            const double high = p > 0 ? grid.level(place.index + 1) : low;
            const auto mean = [&](auto&& of) { return (1 - p) * of(low) + p * of(high); };
            const double second = x[i] * x[i] + modelVariance_[i];          // E y_i^2
            const double mixed = m.residual * x[i] + a * modelVariance_[i]; // E (a.y - b) y_i
            const double c = method_.correction.size() > 0 ? method_.correction[i] : 0.0;
            // s = (s without this coordinate's error) + error * y_i
            m.singleMoment += mean([](double q) { return q * q; }) * (all - e * second) +
                              2 * mixed * mean([&](double q) { return q * q * (q - a); }) +
                              second * mean([&](double q) { return q * q * (q - a) * (q - a); });
            m.singleMoment += c * c * second - 2 * c * (a * mixed + e * second);
            const double expected = a * m.residual + (e - c) * x[i];
            m.singleMean += expected * expected;
        }
    }

    const GradientMethod& method_;
    const LinearParameters& model_;
    double intercept_;
    Eigen::VectorXd modelVariance_;
    double lemmaNorm_; ///< |x o x + f|
    mutable Eigen::VectorXd values_, errors_;
};

/// E |g|^2 before the gradient is rounded, exactly and by the lemma, and |E g|^2.
struct SecondMoment {
    double exact, bound, squaredMean;
    bool known = true; ///< whether `exact` is exact, or only above it
};

SecondMoment secondMomentOf(const RowMoments& m, EstimatorKind kind, int copies) {
    const double mean = m.squaredMean();
    switch (kind) {
    case EstimatorKind::Full:
    case EstimatorKind::Nearest: {
        const double exact = m.squaredLength * m.squaredResidual();
        return {exact, exact, mean};
    }
    case EstimatorKind::Naive:
    case EstimatorKind::Corrected:
        return {m.singleMoment, m.singleMoment, m.singleMean};
    default:
        break;
    }
    // (9), and the lemma of docs/method.md#s3-2 (r for a.x, W <= TV |x o x|)
    const double lengths = m.squaredLength + m.total;
    const double plain = lengths * (m.squaredResidual() + m.sampleNoise);
    const double lemma = lengths * (m.squaredResidual() + m.largestNoise);
    if (kind == EstimatorKind::DoublePlain || kind == EstimatorKind::EndToEnd)
        return {plain, lemma, mean};
    // All pairs of k copies are a U-statistic of order 2: Var = 2 (2 (k - 2) one + two) / (k (k - 1)), with
    // `two` the variance (7) of a pair and `one` that of its mean given one copy (Hoeffding 1948).
    const double k = copies;
    const double two =
        0.5 * (m.total * m.squaredResidual() + lengths * m.sampleNoise) + 0.5 * (2 * m.cross + m.doubled);
    const double one = 0.25 * (m.total * m.squaredResidual() + m.squaredLength * m.sampleNoise + 2 * m.cross);
    const double pairs = 2 * (2 * (k - 2) * one + two) / (k * (k - 1));
    const double exact = pairs + m.squaredLength * m.modelNoise + mean;
    return {exact, lemma, mean, kind == EstimatorKind::Double};
}

} // namespace

PredictedVariance predictVariance(const Dataset& data, std::span<const std::uint32_t> rows,
                                  std::span<const Grid> grids, const GradientMethod& method,
                                  const LinearParameters& model, bool intercept,
                                  std::span<const float> labels) {
    const bool samplesRoundAtRandom = method.copies > 0 && method.estimator->rounding != Rounding::Nearest;
    if (!samplesRoundAtRandom && !method.model.on() && !method.gradient.on())
        return {0.0, 0.0}; // exactly, where the sums below would leave their own rounding errors
    if (!method.loss.isQuadratic())
        return {};
    const RowFormula formula(method, model, intercept);
    const double gradientFactor = 1 + method.gradient.varianceBound(model.weights.size());
    double exact = 0;
    double bound = 0;
    bool known = !method.gradient.on();
    for (const std::uint32_t row : rows) {
        const RowMoments moments =
            formula.momentsOf(data.row(row), labels.empty() ? data.labels[row] : labels[row], grids);
        const auto second = secondMomentOf(moments, method.estimator->kind, method.copies);
        exact +=
            std::max(0.0, second.exact - second.squaredMean); // the difference of equals can round below 0
        bound += std::max(0.0, gradientFactor * second.bound - second.squaredMean);
        known = known && second.known;
    }
    const double count = static_cast<double>(rows.size()) * static_cast<double>(rows.size());
    return {known ? std::optional(exact / count) : std::nullopt, bound / count};
}

} // namespace zipml
