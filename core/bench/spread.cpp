#include "core/bench/spread.h"

#include <algorithm>
#include <functional>

namespace zipml {
namespace {

constexpr double kTail = 0.1;

/// @param place 0 to 1
double quantile(const std::vector<double>& sorted, double place) {
    const double at = place * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

} // namespace

Spread spreadOf(std::vector<double> samples) {
    std::ranges::sort(samples);
    return {quantile(samples, 0.5), quantile(samples, kTail), quantile(samples, 1 - kTail)};
}

Spread spreadOfRatios(const std::vector<double>& samples, const std::vector<double>& divisors) {
    std::vector<double> ratios(samples.size());
    std::ranges::transform(samples, divisors, ratios.begin(), std::divides{});
    return spreadOf(std::move(ratios));
}

} // namespace zipml
