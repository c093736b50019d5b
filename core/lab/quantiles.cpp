#include "core/lab/quantiles.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace zipml {

std::optional<Quantiles> quantilesOf(const Eigen::VectorXd& values) {
    if (values.size() == 0 || !values.allFinite())
        return std::nullopt;
    std::vector<double> sorted(values.begin(), values.end());
    std::ranges::sort(sorted);
    Quantiles result;
    std::ranges::transform(kQuantileShares, result.begin(), [&](double share) {
        return sorted[static_cast<std::size_t>(std::lround(share * static_cast<double>(sorted.size() - 1)))];
    });
    return result;
}

} // namespace zipml
