#include "core/loss/slope_polynomial.h"

#include "core/loss/chebyshev.h"
#include "core/loss/loss.h"

#include <algorithm>
#include <cmath>

namespace zipml {

SlopePolynomial approximateSlope(LossKind kind, const PolynomialSpec& spec) {
    const Loss loss{kind, {}};
    const bool hasStep = rowOf(kind).curvature == nullptr;
    const auto slope = [&](double z) { return loss.slope(z, 1); };
    const auto smoothed = [&](double z) {
        if (!hasStep || std::abs(z - 1) >= spec.band)
            return slope(z);
        const double t = (z - 1 + spec.band) / (2 * spec.band); // 0 to 1 over the band
        return t * t * (3 - 2 * t) - 1;
    };
    SlopePolynomial result;
    result.interval = spec.interval;
    result.coefficients = chebyshevInterpolation(smoothed, spec.degree, spec.interval);
    constexpr int kPoints = 20'000;
    for (int i = 0; i <= kPoints; ++i) {
        const double z = spec.interval * (2.0 * i / kPoints - 1);
        if (!hasStep || std::abs(z - 1) >= spec.band)
            result.error = std::max(result.error, std::abs(polynomialAt(result.coefficients, z) - slope(z)));
    }
    return result;
}

double secondMomentOf(std::span<const double> coefficients, double z, double v) {
    double sum = 0;
    for (std::size_t i = 0; i < coefficients.size(); ++i)
        for (std::size_t l = 0; l < coefficients.size(); ++l)
            sum += coefficients[i] * coefficients[l] *
                   std::pow(z * z + v, static_cast<double>(std::min(i, l))) *
                   std::pow(z, static_cast<double>(std::max(i, l) - std::min(i, l)));
    return sum;
}

} // namespace zipml
