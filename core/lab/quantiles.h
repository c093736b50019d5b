#pragma once
/// How a vector's coordinates are spread, in seven numbers.

#include <Eigen/Core>

#include <array>
#include <optional>

namespace zipml {

/// Shares of the coordinates at or below each of Quantiles.
inline constexpr std::array kQuantileShares{0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0};
using Quantiles = std::array<double, kQuantileShares.size()>;

/// Of order statistics, the nearest ranks. Empty for an empty vector or one that is not finite.
std::optional<Quantiles> quantilesOf(const Eigen::VectorXd& values);

} // namespace zipml
