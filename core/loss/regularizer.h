#pragma once
/// Regularizers and constraints R(x), applied by a proximal step after each gradient step
/// (docs/method.md#s9). They act on the weights, never on the intercept.

#include "core/base/names.h"

#include <Eigen/Core>

namespace zipml {

enum class RegularizerKind { None, L2, L1, Elastic, Ball, Box };
template <>
std::span<const Named<RegularizerKind>> namesOf<RegularizerKind>();

struct Regularizer {
    RegularizerKind kind = RegularizerKind::None;
    double l1 = 0;            ///< L1, Elastic: R has l1 * sum |x_i|; >= 0
    double l2 = 0;            ///< L2, Elastic: R has l2 / 2 * |x|^2; >= 0
    double radius = 1;        ///< Ball: |x| <= radius, > 0
    double low = 0, high = 1; ///< Box: low <= x_i <= high
    bool operator==(const Regularizer&) const = default;

    /// R(x); constraints have the value 0.
    [[nodiscard]] double value(const Eigen::VectorXd& weights) const;
    /// x <- argmin_z R(z) + |z - x|^2 / (2 step).
    void applyProximalStep(Eigen::VectorXd& weights, double step) const;
};

/// "none", "l2:0.1", "l1:0.1", "elastic:0.1,0.2" (l1, l2), "ball:5", "box:-1,1". @throws InputError.
Regularizer parseRegularizer(const std::string& text);
std::string toString(const Regularizer& regularizer);

} // namespace zipml
