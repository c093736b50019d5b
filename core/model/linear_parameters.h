#pragma once
/// The parameters of a linear model, and anything of the same shape (a gradient, a bias).

#include <Eigen/Core>

namespace zipml {

struct LinearParameters {
    double intercept = 0;    ///< the exact constant-1 feature's weight; stays 0 when the model has none
    Eigen::VectorXd weights; ///< one a feature

    static LinearParameters zero(Eigen::Index features) { return {0, Eigen::VectorXd::Zero(features)}; }

    LinearParameters& operator+=(const LinearParameters& other) {
        intercept += other.intercept;
        weights += other.weights;
        return *this;
    }
    LinearParameters& operator-=(const LinearParameters& other) {
        intercept -= other.intercept;
        weights -= other.weights;
        return *this;
    }
    LinearParameters& operator*=(double factor) {
        intercept *= factor;
        weights *= factor;
        return *this;
    }
    [[nodiscard]] double squaredNorm() const { return intercept * intercept + weights.squaredNorm(); }
    [[nodiscard]] double norm() const;
    [[nodiscard]] bool finite() const;
};

} // namespace zipml
