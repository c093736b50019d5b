#pragma once
/// What the penalties l1 * sum |x_i| + l2 / 2 * |x|^2 share.

#include "core/loss/regularizer.h"

#include <cmath>

namespace zipml {

inline double penalty(const Regularizer& own, const Eigen::VectorXd& weights) {
    return own.l1 * weights.lpNorm<1>() + own.l2 / 2 * weights.squaredNorm();
}

/// Soft threshold and shrinking.
inline void shrinkWeights(const Regularizer& own, Eigen::VectorXd& weights, double step) {
    const double threshold = step * own.l1;
    const double shrink = 1.0 / (1.0 + step * own.l2);
    weights = weights.unaryExpr(
        [&](double x) { return std::copysign(std::max(std::abs(x) - threshold, 0.0), x) * shrink; });
}

} // namespace zipml
