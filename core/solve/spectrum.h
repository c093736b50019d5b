#pragma once
/// What is known of a symmetric matrix from products with it: its extreme eigenvalues, and how fast a
/// preconditioned iteration contracts.

#include <Eigen/Core>

#include <functional>
#include <optional>

namespace zipml {

/// v -> A v, A symmetric.
using SymmetricMap = std::function<Eigen::VectorXd(const Eigen::VectorXd&)>;

struct Extremes {
    double least = 0, greatest = 0;
};

/// By the Lanczos process with full reorthogonalization from a fixed start (Lanczos 1950; Golub and Van Loan,
/// section 10.1): Ritz values, which lie inside of the spectrum, so that a negative one proves a negative
/// eigenvalue. It ends early where that is found. @param size of the vectors, at least 1 @param mostProducts
/// at least 1; `size` of them give all eigenvalues
Extremes extremeEigenvalues(const SymmetricMap& map, Eigen::Index size, int mostProducts);

/// The spectral radius of I - M^-1 H = M^-1 (M - H): how much an iteration that solves with M in the place of
/// H leaves of the distance to the solution. By power iteration in the inner product of M, with conjugate
/// gradients for M^-1. @param m positive definite @return nothing where a direction of no curvature is met
/// before it has settled
std::optional<double> contractionOf(const SymmetricMap& m, const SymmetricMap& h, Eigen::Index size,
                                    int mostProducts);

} // namespace zipml
