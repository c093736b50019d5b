#pragma once
/// Mehrotra's (1992) predictor-corrector interior point method for a quadratic function with an l1 term or
/// bounds on each parameter. Its number of steps hardly depends on the problem; the last digits are left to
/// whoever knows the active set.

#include "core/loss/reference/curvature.h"
#include "core/loss/reference/penalty.h"

namespace zipml::reference {

/// Near the z of least gradient . (z - x) + 1/2 (z - x)' H (z - x) + penalty(z), strictly within bounds.
Eigen::VectorXd interiorPoint(const Curvature& curvature, const Eigen::VectorXd& gradient,
                              const Eigen::VectorXd& x, const Penalty& penalty, const Job& job);

} // namespace zipml::reference
