#include "core/loss/regularized_optimum.h"

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

/// (gram + price on the weights' diagonal)^-1 moment; a direction without any data gets a tiny price, so that
/// it is 0.
Eigen::VectorXd ridge(const MeanEquations& equations, double price) {
    Eigen::MatrixXd gram = equations.gram;
    const double tiny = 1e-13 * gram.diagonal().maxCoeff();
    gram.diagonal().array() += tiny;
    gram.diagonal().tail(gram.rows() - 1).array() += price;
    return gram.ldlt().solve(equations.moment);
}

std::optional<Eigen::VectorXd> coordinateDescent(const MeanEquations& equations,
                                                 const Regularizer& regularizer, const Job& job) {
    constexpr int kMostSweeps = 20'000;
    constexpr double kRest = 1e-11;
    const auto& [gram, moment] = equations;
    Eigen::VectorXd solution = Eigen::VectorXd::Zero(moment.size());
    Eigen::VectorXd gradient = -moment;
    for (int sweep = 0; sweep < kMostSweeps; ++sweep) {
        job.checkpoint();
        double moved = 0; // in units of the prediction
        for (Eigen::Index i = 0; i < solution.size(); ++i) {
            const double curvature = gram(i, i);
            if (!(curvature > 0))
                continue; // no data: stays 0, or the box's nearest value
            const double free = solution[i] * curvature - gradient[i];
            double next = free / curvature;
            if (i > 0 && regularizer.kind == RegularizerKind::Box)
                next = std::clamp(next, regularizer.low, regularizer.high);
            else if (i > 0)
                next = std::copysign(std::max(std::abs(free) - regularizer.l1, 0.0), free) /
                       (curvature + regularizer.l2);
            const double change = next - solution[i];
            if (change == 0)
                continue;
            gradient += change * gram.col(i);
            solution[i] = next;
            moved = std::max(moved, std::abs(change) * std::sqrt(curvature));
        }
        if (moved <= kRest * std::sqrt(std::max(solution.dot(moment), 0.0)))
            return solution;
    }
    return std::nullopt;
}

Eigen::VectorXd onBall(const MeanEquations& equations, double radius) {
    const auto norm = [](const Eigen::VectorXd& solution) {
        return solution.tail(solution.size() - 1).norm();
    };
    Eigen::VectorXd solution = ridge(equations, 0);
    if (norm(solution) <= radius)
        return solution;
    double low = 0;
    double high = std::max(1e-12, equations.gram.diagonal().maxCoeff());
    while (norm(ridge(equations, high)) > radius)
        high *= 4;
    for (int step = 0; step < 60; ++step) {
        const double price = (low + high) / 2;
        solution = ridge(equations, price);
        (norm(solution) > radius ? low : high) = price;
    }
    return ridge(equations, high);
}

} // namespace

std::optional<Eigen::VectorXd> solveRegularized(const MeanEquations& equations,
                                                const Regularizer& regularizer, const Job& job) {
    switch (regularizer.kind) {
    case RegularizerKind::L2:
        return ridge(equations, regularizer.l2);
    case RegularizerKind::Ball:
        return onBall(equations, regularizer.radius);
    default:
        return coordinateDescent(equations, regularizer, job);
    }
}

} // namespace zipml
