#pragma once
/// Places the levels of one feature as a GridSpec says.

#include "core/quant/grid.h"
#include "core/quant/grid_spec.h"

#include <span>
#include <string_view>
#include <vector>

namespace zipml {

/// Where levels that are not uniform may stand: on any float, or on the Grid::kFineSteps equal steps of the
/// range that integer kernels read.
enum class LevelPlaces { Floats, FineSteps };

/// A grid of at most `levels` >= 2 levels over the values' range. One value only: one level.
///
/// Optimal, candidates and greedy choose among the places for the least mean rounding variance, candidates
/// and greedy among few of them, which include those beside uniform levels: none is worse than uniform ones.
/// On fine steps the places are those beside the values; quantile, Lloyd-Max and logarithmic levels move to
/// the nearest step, and those that fall together become one.
/// @param sorted ascending, not empty
Grid placeLevels(std::span<const float> sorted, const GridSpec& spec, std::size_t levels,
                 LevelPlaces places = LevelPlaces::Floats);

/// One way to place levels: a file in core/quant/grids and a line in grids.def there.
struct GridPlacement {
    std::string_view name;    ///< as typed
    std::string_view title;   ///< as shown
    std::string_view summary; ///< one sentence for help and tooltips
    /// Levels from the least to the greatest value, ascending, at most `levels` of them, the range's ends
    /// among them. @param sorted at least two distinct values; null: uniform levels
    std::vector<double> (*place)(std::span<const float> sorted, const GridSpec& spec,
                                 std::size_t levels) = nullptr;
    /// The places that it chooses among, ascending, where it seeks the least mean rounding variance; null: it
    /// seeks something else.
    std::vector<double> (*points)(std::span<const float> sorted, const GridSpec& spec,
                                  std::size_t levels) = nullptr;
};

const GridPlacement& placementOf(GridKind kind);
/// Adds a row, for programs that bring their own: at their start, before other threads.
GridKind addPlacement(const GridPlacement& row);

/// Equally spaced levels over the values' range.
std::vector<double> uniformLevels(std::span<const float> sorted, std::size_t levels);

/// Whether a placement seeks the least mean rounding variance, so that uniform levels never have less.
bool minimizesVariance(GridKind kind);

} // namespace zipml
