#pragma once
/// Levels for rounding to the nearest.

#include <cstddef>
#include <span>
#include <vector>

namespace zipml {

/// At most `levels` increasing levels with the least sum of (x - nearest level)^2, k-means in one dimension.
/// Exact for up to 256 distinct values; for more, the optimum over 256 groups of neighbouring values, from
/// where Lloyd's steps on all of the data go on. Unlike levels for random rounding they do not reach the
/// data's ends.
/// @param sorted ascending, not empty @param levels at least 1
std::vector<double> nearestLevels(std::span<const float> sorted, std::size_t levels);

} // namespace zipml
