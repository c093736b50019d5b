#pragma once
/// What has become of the levels that were asked for: how many there are, and whether they are worth it.

#include "core/quant/grid.h"
#include "core/quant/grid_spec.h"

#include <span>
#include <string>
#include <vector>

namespace zipml {

/// Over the features that are not constant; 0 where all are.
struct LevelUse {
    std::size_t asked = 0;  ///< 2^bits
    double mean = 0;        ///< levels of a feature
    std::size_t fewest = 0; ///< of any feature
};
LevelUse levelUseOf(std::span<const Grid> grids, int bits);

/// Holds levels that are not uniform against uniform ones of as many bits, both over the same rows.
/// @param variances mean rounding variance of each feature @param uniform of uniform levels
/// @param names of the features, or none
/// @return what a person should know of them: lines on variances above those of uniform levels, and on levels
/// that are fewer than asked for and do not suffice
/// @throws RunError naming the feature where levels that seek the least variance have more than uniform ones
/// @param exactRows whether levels were placed by all of these rows; if not, such a case is a line too
std::vector<std::string> checkLevels(std::span<const Grid> grids, const GridSpec& spec, int bits,
                                     std::span<const double> variances, std::span<const double> uniform,
                                     const std::vector<std::string>& names, bool exactRows);

} // namespace zipml
