#pragma once
/// Placements to compare with: what people use that does not know about rounding variance. All give strictly
/// increasing levels from the data's smallest value to its largest, so that stochastic rounding stays
/// unbiased.

#include <cstddef>
#include <span>
#include <vector>

namespace zipml {

/// Levels with equally many values between neighbours. Fewer than `levels` where values repeat a lot.
std::vector<double> quantileLevels(std::span<const float> sorted, std::size_t levels);

/// Least squared error of *nearest* rounding (Lloyd 1982, Max 1960), with the first and the last level held
/// at the range's ends; from the quantiles, until the levels rest or after 200 rounds.
std::vector<double> lloydMaxLevels(std::span<const float> sorted, std::size_t levels);

/// 0 and powers of two: high * 2^-j and low * 2^-j, the two signs sharing the levels evenly; where the range
/// does not contain 0, low and the powers above it.
std::vector<double> logarithmicLevels(double low, double high, std::size_t levels);

/// Half of `count` points equally spaced by rank and half by value.
std::vector<double> candidatePoints(std::span<const float> sorted, std::size_t count);

} // namespace zipml
