#include "core/solve/spectrum.h"

#include "core/base/random.h"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

/// A fixed vector of unit length that is orthogonal to nothing in particular.
Eigen::VectorXd startVector(Eigen::Index size) {
    const RandomStream draws(1, Purpose::RandomModel);
    Eigen::VectorXd start(size);
    for (Eigen::Index i = 0; i < size; ++i)
        start[i] = draws.normals(0, static_cast<std::uint32_t>(i / 4))[static_cast<std::size_t>(i % 4)];
    return start.normalized();
}

/// @return nothing where a direction of no curvature is met
std::optional<Eigen::VectorXd> solve(const SymmetricMap& m, const Eigen::VectorXd& right, int& products) {
    constexpr double kRest = 1e-4;
    Eigen::VectorXd solution = Eigen::VectorXd::Zero(right.size());
    Eigen::VectorXd residual = right;
    Eigen::VectorXd direction = right;
    double square = residual.squaredNorm();
    const double enough = kRest * kRest * square;
    for (Eigen::Index i = 0; i < 4 * right.size() && square > enough && products > 0; ++i) {
        const Eigen::VectorXd image = m(direction);
        --products;
        const double curvature = direction.dot(image);
        if (!(curvature > 0))
            return std::nullopt;
        const double length = square / curvature;
        solution += length * direction;
        residual -= length * image;
        const double next = residual.squaredNorm();
        direction = residual + next / square * direction;
        square = next;
    }
    return solution;
}

} // namespace

Extremes extremeEigenvalues(const SymmetricMap& map, Eigen::Index size, int mostProducts) {
    const Eigen::Index most = std::min<Eigen::Index>(size, mostProducts);
    Eigen::MatrixXd basis(size, most);
    Eigen::VectorXd diagonal(most);
    Eigen::VectorXd beside(most);
    Eigen::VectorXd next = startVector(size);
    Extremes found;
    for (Eigen::Index k = 0; k < most; ++k) {
        basis.col(k) = next;
        next = map(basis.col(k));
        diagonal[k] = basis.col(k).dot(next);
        const auto known = basis.leftCols(k + 1);
        for (int twice = 0; twice < 2; ++twice)
            next -= known * (known.transpose() * next).eval();
        beside[k] = next.norm();
        const bool last = k + 1 == most || !(beside[k] > 1e-10 * std::abs(diagonal[0]));
        if (last || k % 8 == 7) {
            Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> ritz;
            ritz.computeFromTridiagonal(diagonal.head(k + 1), beside.head(k), Eigen::EigenvaluesOnly);
            found = {ritz.eigenvalues().minCoeff(), ritz.eigenvalues().maxCoeff()};
            if (last || found.least < 0)
                return found;
        }
        next /= beside[k];
    }
    return found;
}

std::optional<double> contractionOf(const SymmetricMap& m, const SymmetricMap& h, Eigen::Index size,
                                    int mostProducts) {
    constexpr int kLeastTurns = 12;
    constexpr double kSettled = 1e-4;
    Eigen::VectorXd at = startVector(size);
    double radius = 0;
    for (int turn = 0; mostProducts > 0; ++turn) {
        const Eigen::VectorXd image = m(at);
        const double length = std::sqrt(at.dot(image));
        if (!(length > 0))
            return std::nullopt;
        const Eigen::VectorXd difference = (image - h(at)) / length;
        mostProducts -= 2;
        const auto next = solve(m, difference, mostProducts);
        if (!next)
            return std::nullopt;
        if (turn > 0 && mostProducts <= 0) // the last solution is not complete
            return radius;
        const double before = radius;
        radius = std::sqrt(std::max(0.0, next->dot(difference))); // |M^-1 (M - H) at| in M's norm
        if (turn >= kLeastTurns && std::abs(radius - before) <= kSettled * radius)
            return radius;
        if (!(radius > 0))
            return 0;
        at = *next;
    }
    return radius;
}

} // namespace zipml
