#pragma once
/// The noise that minibatch steps leave in the model, eigenvector by eigenvector of the curvature
/// (docs/method.md#s24).

#include <Eigen/Core>

#include <cstddef>

namespace zipml {

/// Sums over one epoch of N steps of the weights w_t = (1 - step mu)^(N - 1 - t) that each step's noise has
/// at its end.
struct EpochWeights {
    double decay; ///< (1 - step mu)^N
    double sum, squares;
};
EpochWeights epochWeights(double step, double curvature, std::size_t steps);

/// What an epoch does to the variance of the model along one eigenvector.
/// @param dealt variance of a minibatch's gradient over the N minibatches that each epoch visits once, in a
/// new order: these gradients add up to N times their mean, so that only
///     N / (N - 1) (sum w^2 - (sum w)^2 / N)
/// of their noise is left @param fresh variance that is drawn anew at each step, of which sum w^2 is left
double epochVariance(double before, const EpochWeights& weights, double step, double dealt, double fresh,
                     std::size_t steps);

} // namespace zipml
