#pragma once
/// Polynomials that come close to a function on an interval.

#include <functional>
#include <span>
#include <vector>

namespace zipml {

/// The polynomial of this degree that equals f in the degree + 1 Chebyshev nodes of [-interval, interval]. In
/// double.
/// @return its coefficients of 1, z, z^2, ...
std::vector<double> chebyshevInterpolation(const std::function<double(double)>& f, int degree,
                                           double interval);

/// sum coefficients[i] z^i
double polynomialAt(std::span<const double> coefficients, double z);

} // namespace zipml
