#pragma once
/// The exact minimum of 1/2 mean((a.x - b)^2) + R(x), from the normal equations.

#include "core/base/job.h"
#include "core/loss/regularizer.h"

#include <optional>

namespace zipml {

/// mean(a a') and mean(a b) of the augmented rows (1, a), or (0, a) without an intercept.
struct MeanEquations {
    Eigen::MatrixXd gram;
    Eigen::VectorXd moment;
};

/// l2: Cholesky; l1, elastic net and box: coordinate descent (Friedman et al. 2007); ball: the l2 price whose
/// solution lies on the sphere, by bisection.
/// @param regularizer not None
/// @return the intercept, then the weights; nothing where coordinate descent does not come to rest
std::optional<Eigen::VectorXd> solveRegularized(const MeanEquations& equations,
                                                const Regularizer& regularizer, const Job& job = {});

} // namespace zipml
