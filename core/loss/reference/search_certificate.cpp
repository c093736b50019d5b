#include "core/loss/reference/search.h"

#include <cmath>
#include <limits>

namespace zipml::reference {
namespace {

constexpr double kNoBound = std::numeric_limits<double>::infinity();
constexpr double kNear = 1e-6; ///< of the objective: from here on the rest of the gap is worth its matrix

} // namespace

/// Objective at x, and how far the minimum may lie below it.
void Search::certify(const Penalty& penalty) {
    objective_ =
        rows_.mean([&](std::size_t row) { return loss_.exact(row, scores_[row]); }) + penalty.value(x_);
    std::vector<double> duals(rows_.rows());
    for (std::size_t row = 0; row < duals.size(); ++row)
        duals[row] = loss_.dual(row, scores_[row]);
    const Eigen::VectorXd gradient = rows_.combine(duals);
    const double lossGap = rows_.mean([&](std::size_t row) { return loss_.dualityGap(row, scores_[row]); });
    gap_ = lossGap + dualGap(penalty, gradient);
    if (!(gap_ <= wanted()) && lossGap <= kNear * objective_ && dense())
        gap_ = std::min(gap_, lossGap + generalGap(penalty, gradient));
    gap_ = std::isfinite(gap_) ? std::min(gap_, objective_) : kNoBound; // no loss is below 0
    progress_ = std::isfinite(gap_) ? gap_ : lossGap;
}

/// The regularizer's part of the duality gap, by its convex conjugate at minus the gradient: a bound whatever
/// the parameters are. Infinite where that conjugate is.
double Search::dualGap(const Penalty& penalty, const Eigen::VectorXd& gradient) const {
    double gap = interceptGap(gradient);
    for (Eigen::Index i = 1; i < x_.size(); ++i) {
        if (rows_.scale()[i - 1] == 0)
            continue;
        const double v = -gradient[i];
        if (std::isfinite(penalty.low[i])) {
            gap += (v > 0 ? penalty.high[i] : penalty.low[i]) * v - v * x_[i];
            continue;
        }
        // l1 of no parameter can exceed the objective here, at the minimum.
        const double beyond = std::max(std::abs(v) - penalty.l1[i], 0.0);
        gap += penalty.l1[i] * std::abs(x_[i]) + penalty.l2[i] / 2 * x_[i] * x_[i] - v * x_[i];
        if (beyond > 0)
            gap += beyond * std::min(penalty.l2[i] > 0 ? beyond / (2 * penalty.l2[i]) : kNoBound,
                                     penalty.l1[i] > 0 ? objective_ / penalty.l1[i] : kNoBound);
        else if (penalty.l1[i] == 0 && penalty.l2[i] == 0)
            return kNoBound;
    }
    return gap;
}

/// The intercept has no price: its derivative is 0 but for rounding, and counts as if the intercept were off
/// by as much as it and a typical label are.
double Search::interceptGap(const Eigen::VectorXd& gradient) const {
    const double typical = loss_.isQuadratic() ? std::sqrt(2 * zeroObjective_) : 1;
    return rows_.intercept() ? std::abs(gradient[0]) * (std::abs(x_[0]) + typical) : 0;
}

/// What the rest of the gradient, after the nearest subgradient of the penalty, can gain by the curvature at
/// the parameters: exact for quadratic losses, close to the minimum for the others.
double Search::generalGap(const Penalty& penalty, const Eigen::VectorXd& gradient) {
    const Eigen::VectorXd left = penalty.leftGradient(x_, gradient);
    Indices on;
    for (const Eigen::Index i : moving())
        if (left[i] != 0 ||
            (x_[i] > penalty.low[i] && x_[i] < penalty.high[i] && (penalty.l1[i] == 0 || x_[i] != 0)))
            on.push_back(i);
    if (constantCurvature_)
        return left.dot(constantCurvature_->solve(penalty.l2, on, left));
    for (std::size_t row = 0; row < factors_.size(); ++row)
        factors_[row] = loss_.dualCurvature(row, scores_[row]);
    curvature_ = std::make_unique<Curvature>(rows_, factors_);
    return left.dot(curvature_->solve(penalty.l2, on, left));
}

} // namespace zipml::reference
