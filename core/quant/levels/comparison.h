#pragma once
/// Placements to compare with: what people use that does not know about rounding variance. All give strictly
/// increasing levels from the data's smallest value to its largest, so that stochastic rounding stays
/// unbiased, and every level is a float.

#include <cstddef>
#include <span>
#include <vector>

namespace zipml {

/// All distinct values where there are at most `most` of them; else none.
std::vector<double> distinctValues(std::span<const float> sorted, std::size_t most);

/// Levels with equally many values between neighbours. Fewer than `levels` where values repeat a lot; all
/// distinct values where `levels` suffice.
std::vector<double> quantileLevels(std::span<const float> sorted, std::size_t levels);

/// 0 and powers of two: high * 2^-j and low * 2^-j, the two signs sharing the levels evenly; where the range
/// does not contain 0, low and the powers above it. As many as there are: seldom 256.
std::vector<double> logarithmicLevels(double low, double high, std::size_t levels);

} // namespace zipml
