#pragma once
/// Repeated measurements in three numbers.

#include <cstddef>
#include <vector>

namespace zipml {

struct Spread {
    double median = 0;
    double low = 0, high = 0; ///< the quantiles at 10% and 90%, interpolated
};

/// @param samples at least one
Spread spreadOf(std::vector<double> samples);
/// Of the ratios of samples taken side by side. @param divisors as many as samples
Spread spreadOfRatios(const std::vector<double>& samples, const std::vector<double>& divisors);

} // namespace zipml
