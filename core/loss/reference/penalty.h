#pragma once
/// A regularizer as it acts on the parameters of scaled rows: for each of them
///   l1 |x| + l2 / 2 x^2, on low <= x <= high.
/// A ball is none of this; it is solved for through an l2 price (optimum_search.h).

#include "core/loss/reference/scaled_rows.h"
#include "core/loss/regularizer.h"

namespace zipml::reference {

struct Penalty {
    Eigen::VectorXd l1, l2, low, high;
    bool smooth = true; ///< no l1 and no bounds

    /// @param price of 1/2 |weights|^2, beside the regularizer's own l2
    Penalty(const ScaledRows& rows, const Regularizer& regularizer, double price = 0);

    [[nodiscard]] double value(const Eigen::VectorXd& x) const;
    /// Derivative at x in the direction p, from the side of x + p.
    [[nodiscard]] double slope(const Eigen::VectorXd& x, const Eigen::VectorXd& p) const;
    [[nodiscard]] Eigen::VectorXd clamped(const Eigen::VectorXd& x) const {
        return x.cwiseMax(low).cwiseMin(high);
    }
    /// What is left of the gradient of loss + penalty: the subgradient nearest to 0.
    [[nodiscard]] Eigen::VectorXd leftGradient(const Eigen::VectorXd& x,
                                               const Eigen::VectorXd& gradient) const;
};

} // namespace zipml::reference
