#pragma once
/// Levels for rounding to the nearest that reach the data's ends (Lloyd 1982, Max 1960).

#include <cstddef>
#include <span>
#include <vector>

namespace zipml {

/// At most `levels` >= 2 increasing floats with the least squared error of *nearest* rounding, the first and
/// the last level held at the range's ends. Exact for up to 1,024 distinct values and 256 levels; for more
/// values, the optimum over 1,024 groups of neighbours, from where Lloyd's steps on all of the data go on for
/// as long as they lower the error (more than 256 levels start from candidatePoints). All distinct values
/// where `levels` suffice.
/// @param sorted ascending, not empty
std::vector<double> lloydMaxLevels(std::span<const float> sorted, std::size_t levels);

} // namespace zipml
