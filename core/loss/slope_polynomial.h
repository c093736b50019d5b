#pragma once
/// A polynomial in the place of a loss's slope, so that independent roundings estimate it without bias
/// (docs/method.md#s7-2).

#include "core/loss/loss_kind.h"

#include <span>
#include <vector>

namespace zipml {

/// What a person chooses.
struct PolynomialSpec {
    static constexpr int kMostDegree = 7; ///< a code holds at most 8 roundings
    int degree = 5;                       ///< 1..kMostDegree; degree + 1 roundings a value
    double interval = 8;                  ///< |b a.x| up to which it is near the slope, > 0
    double band = 0.5; ///< hinge: within this distance of the kink it may be far off, 0 < band < interval
    bool operator==(const PolynomialSpec&) const = default;
};

/// P(z), near l'(z) for |z| <= interval, where l(z) is the loss of the margin z at class weight 1.
struct SlopePolynomial {
    std::vector<double> coefficients; ///< of 1, z, z^2, ...; empty: none
    double interval = 0;
    double error = 0; ///< largest |P - l'| on the interval; for the hinge, outside the band
    [[nodiscard]] int degree() const { return static_cast<int>(coefficients.size()) - 1; }
};

/// Chebyshev interpolation. The hinge's slope, a step, rises smoothly inside the band first.
/// @param kind not quadratic
SlopePolynomial approximateSlope(LossKind kind, const PolynomialSpec& spec);

/// E Phat^2 for Phat = sum_i m_i prod_(j<=i) s_j with independent s_j of mean z and variance v
/// (docs/method.md#eq15).
double secondMomentOf(std::span<const double> coefficients, double z, double v);

} // namespace zipml
