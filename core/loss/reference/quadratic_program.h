#pragma once
/// The minimum of a quadratic function and a penalty with kinks or bounds, in as many variables as a model
/// has.

#include "core/loss/reference/curvature.h"
#include "core/loss/reference/penalty.h"

namespace zipml::reference {

/// The z of least gradient . (z - x) + 1/2 (z - x)' H (z - x) + penalty(z).
///
/// Coordinate descent (Friedman et al. 2007) finds roughly which parameters rest at a kink or bound, an
/// active set method that changes any number of them at once (Hintermueller, Ito, Kunisch 2003) exactly;
/// where that comes to no end, Mehrotra's (1992) interior point method leads it.
/// @param x within the penalty's bounds @return z, within the bounds, and no worse than x
Eigen::VectorXd minimiseQuadratic(Curvature& curvature, const Eigen::VectorXd& gradient,
                                  const Eigen::VectorXd& x, const Penalty& penalty, const Job& job);

} // namespace zipml::reference
