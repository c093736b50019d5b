#include "core/estimate/variance.h"

#include "core/estimate/row_moments.h"

#include <algorithm>

namespace zipml {
namespace {

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

} // namespace

PredictedVariance predictVariance(const Dataset& data, std::span<const std::uint32_t> rows,
                                  std::span<const Grid> grids, const GradientMethod& method,
                                  const LinearParameters& model, bool intercept,
                                  std::span<const float> labels) {
    const bool samplesRoundAtRandom = method.copies > 0 && method.estimator->rounding != Rounding::Nearest;
    if (!samplesRoundAtRandom && !method.model.on() && !method.gradient.on())
        return {0.0, 0.0}; // exactly, where the sums below would leave their own rounding errors
    if (!method.loss.isQuadratic() || method.estimator->secondMoment == nullptr)
        return {};
    const RowFormula formula(method, model, intercept);
    const double gradientFactor = 1 + method.gradient.varianceBound(model.weights.size());
    double exact = 0;
    double bound = 0;
    bool known = !method.gradient.on();
    for (const std::uint32_t row : rows) {
        const RowMoments moments =
            formula.momentsOf(data.row(row), labels.empty() ? data.labels[row] : labels[row], grids);
        const auto second = method.estimator->secondMoment(moments, method.copies);
        exact +=
            std::max(0.0, second.exact - second.squaredMean); // the difference of equals can round below 0
        bound += std::max(0.0, gradientFactor * second.bound - second.squaredMean);
        known = known && second.known;
    }
    const double count = static_cast<double>(rows.size()) * static_cast<double>(rows.size());
    return {known ? std::optional(exact / count) : std::nullopt, bound / count};
}

} // namespace zipml
