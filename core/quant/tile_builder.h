#pragma once
/// Rounds the rows of a data set and packs them, tile by tile.

#include "core/base/random.h"
#include "core/quant/grid_columns.h"
#include "core/quant/sample_store.h"

namespace zipml {

class TileBuilder {
  public:
    /// The arguments must outlive this. @param epoch keys the draws
    TileBuilder(const Dataset& data, std::span<const Grid> grids, const StoreOptions& options,
                const TileLayout& layout, std::uint32_t epoch);
    /// Writes layout.tileBytes() to `to`. From any thread; the bytes are the same on every instruction set.
    void build(std::size_t tile, unsigned char* to) const;

  private:
    /// Codes of features first to first + count of some rows; their values `ahead` floats further are
    /// fetched.
    void round(std::size_t begin, std::size_t rows, std::size_t first, std::size_t count, std::size_t ahead,
               std::uint32_t* codes) const;

    const Dataset& data_;
    const TileLayout& layout_;
    GridColumns grids_;
    Rounding rounding_;
    std::vector<RandomStream> streams_; ///< one a copy
    const RoundKernels& kernels_;
};

} // namespace zipml
