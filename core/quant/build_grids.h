#pragma once
/// From data to grids: the levels of each feature, placed as a GridSpec says.

#include "core/base/job.h"
#include "core/base/parallel.h"
#include "core/data/dataset.h"
#include "core/quant/grid.h"
#include "core/quant/grid_columns.h"
#include "core/quant/grid_spec.h"
#include "core/quant/place_levels.h"

namespace zipml {

/// One grid a feature with up to 2^bits levels, from the data.
/// @param bits 1..16
/// @param shared one grid for all features, over all values together
/// @param places FineSteps where integer kernels will read the levels
std::vector<Grid> buildGrids(const Dataset& data, const GridSpec& spec, int bits, bool shared,
                             ThreadTeam& team, const Job& job = {}, LevelPlaces places = LevelPlaces::Floats);

/// Uniform grids of `levels` levels from each feature's least and greatest value.
std::vector<Grid> uniformGrids(std::span<const float> low, std::span<const float> high, std::uint32_t levels,
                               bool shared);

/// Adds up each feature's rounding variance over rows that come in blocks.
class RoundingVariance {
  public:
    /// @param grids must outlive this
    explicit RoundingVariance(std::span<const Grid> grids)
        : grids_(grids), columns_(grids), sums_(grids.size(), 0.0) {}
    /// The result does not depend on the team, nor on the blocks if all but the last are multiples of
    /// rowsPerSum.
    void add(const Dataset& block, ThreadTeam& team, const Job& job = {});
    /// Whether there are no grids.
    [[nodiscard]] bool empty() const { return grids_.empty(); }
    /// The diagonal Dbar of docs/method.md#s3-7.
    [[nodiscard]] std::vector<double> mean() const;

  private:
    std::span<const Grid> grids_;
    GridColumns columns_;
    std::size_t rows_ = 0;
    std::vector<double> sums_; ///< in squared gaps where all grids are uniform
};

/// Mean over all rows of each feature's rounding variance.
std::vector<double> meanRoundingVariance(const Dataset& data, std::span<const Grid> grids, ThreadTeam& team,
                                         const Job& job = {});
/// The same over some rows.
std::vector<double> meanRoundingVariance(const Dataset& data, std::span<const std::uint32_t> rows,
                                         std::span<const Grid> grids);

} // namespace zipml
