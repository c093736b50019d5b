#pragma once
/// A choice of the values to place levels on.

#include <cstddef>
#include <span>
#include <vector>

namespace zipml {

/// At most `count` >= 2 of the distinct values, ascending, the least and the greatest among them. A stretch
/// between two of them with n values inside and width w is cut in the middle, at the nearest value, the one
/// with the greatest n w^2 first: n w^2 / 4 is the most rounding variance that there can be in it, and an
/// empty gap is not cut at all.
std::vector<double> candidatePoints(std::span<const float> sorted, std::size_t count);

/// The values next to each place, below it and not below it; added to `points`, ascending, without
/// repetition.
std::vector<double> withNeighbours(std::vector<double> points, std::span<const float> sorted,
                                   std::span<const double> places);

} // namespace zipml
