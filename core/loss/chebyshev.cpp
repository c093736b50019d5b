#include "core/loss/chebyshev.h"

#include <cmath>
#include <numbers>

namespace zipml {

std::vector<double> chebyshevInterpolation(const std::function<double(double)>& f, int degree,
                                           double interval) {
    const auto count = static_cast<std::size_t>(degree) + 1;
    std::vector<double> angles, values;
    for (std::size_t k = 0; k < count; ++k) {
        angles.push_back(std::numbers::pi * (2.0 * static_cast<double>(k) + 1) /
                         (2.0 * static_cast<double>(count)));
        values.push_back(f(interval * std::cos(angles.back())));
    }
    std::vector<double> result(count, 0.0);
    // T_0 = 1, T_1 = t, T_j = 2 t T_(j-1) - T_(j-2), as coefficients of t = z / interval
    std::vector<double> previous(count, 0.0), current(count, 0.0);
    current[0] = 1;
    for (std::size_t j = 0; j < count; ++j) {
        double weight = 0;
        for (std::size_t k = 0; k < count; ++k)
            weight += values[k] * std::cos(static_cast<double>(j) * angles[k]);
        weight *= (j == 0 ? 1.0 : 2.0) / static_cast<double>(count);
        for (std::size_t i = 0; i < count; ++i)
            result[i] += weight * current[i];
        std::vector<double> next(count, 0.0);
        for (std::size_t i = 0; i < count; ++i)
            next[i] = (i > 0 ? (j == 0 ? 1.0 : 2.0) * current[i - 1] : 0.0) - previous[i];
        previous = std::move(current);
        current = std::move(next);
    }
    double power = 1;
    for (double& coefficient : result) {
        coefficient /= power;
        power *= interval;
    }
    return result;
}

double polynomialAt(std::span<const double> coefficients, double z) {
    double value = 0;
    for (std::size_t i = coefficients.size(); i-- > 0;)
        value = value * z + coefficients[i];
    return value;
}

} // namespace zipml
