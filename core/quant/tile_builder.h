#pragma once
/// Rounds rows and packs them, tile by tile.

#include "core/base/random.h"
#include "core/data/row_chunks.h"
#include "core/data/rows_view.h"
#include "core/quant/grid_columns.h"
#include "core/quant/sample_store.h"

namespace zipml {

class TileBuilder {
  public:
    /// The arguments must outlive this. @param epoch keys the draws
    TileBuilder(std::span<const Grid> grids, const StoreOptions& options, const TileLayout& layout,
                std::uint32_t epoch);
    /// Writes layout.tileBytes() to `to`. From any thread; the bytes are the same on every instruction set.
    /// @param tile of `data` @param firstRow the number of the data's first row, where the data is a part of a
    /// larger set: keys the draws
    void build(const RowsView& data, std::size_t tile, unsigned char* to, std::size_t firstRow = 0) const;

  private:
    /// Codes of a strip of some rows.
    void round(const RowsView& data, std::size_t begin, std::size_t rows, std::size_t firstRow,
               const Strip& strip, std::uint32_t* codes) const;

    const TileLayout& layout_;
    GridColumns grids_;
    Rounding rounding_;
    std::vector<RandomStream> streams_; ///< one a copy
    const RoundKernels& kernels_;
};

} // namespace zipml
