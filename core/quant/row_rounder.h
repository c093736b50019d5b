#pragma once
/// Rounds single rows to levels, in double, by the kernels that build stores: what measurements read, which
/// round the same row again and again. Gives the levels of roundRow (round_row.h), bit for bit.

#include "core/base/random.h"
#include "core/quant/grid_columns.h"
#include "core/quant/rounding.h"

#include <span>
#include <vector>

namespace zipml {

class RowRounder {
  public:
    /// @param grids must outlive this
    RowRounder(std::span<const Grid> grids, Rounding rounding);

    /// @param stream draws for this copy; unused for nearest rounding @param levels one a feature
    void round(std::span<const float> row, const RandomStream& stream, std::uint32_t rowIndex,
               double* levels) const;

  private:
    void decode(const std::uint32_t* codes, std::size_t first, std::size_t count, double* levels) const;

    std::span<const Grid> grids_;
    GridColumns columns_;
    Rounding rounding_;
    const RoundKernels& kernels_;
    std::vector<double> low_, gap_, high_; ///< empty unless all grids are uniform
    std::vector<std::int32_t> intervals_;  ///< likewise
};

} // namespace zipml
