#pragma once
/// The bit-packed samples that training reads, in tiles of 16 rows (tile_layout.h draws them).
///
/// A code is the sum of the level indices of a value's k roundings. Roundings of one value are equal or
/// neighbours, so code div k is the lower level and code mod k tells how many roundings are one above: with
/// one rounding the code is the index (b bits), with two it takes b + 1 bits, with k at most b + ceil(log2
/// k). Which of the roundings are the upper ones is drawn when the code is read (docs/method.md#s3-5).

#include "core/base/job.h"
#include "core/base/page_buffer.h"
#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/data/rows_view.h"
#include "core/quant/grid.h"
#include "core/quant/rounding.h"
#include "core/quant/tile_layout.h"

#include <cstdint>
#include <span>
#include <vector>

namespace zipml {

struct StoreOptions {
    int bits = 8;   ///< of a level index, 1..16
    int copies = 1; ///< independent roundings of each value, 1..8
    Rounding rounding = Rounding::Stochastic;
    std::uint64_t seed = 1;
};

/// Of a store of two copies: fair coins for a tile, one a value, laid out as a part of one bit. Where the
/// copies differ, a 1 makes the first one the upper.
/// @param coins of Purpose::CopyOrder, the store's seed and the epoch that reads. @param bytes 2 * features
void fillCoins(const RandomStream& coins, std::size_t tile, std::span<unsigned char> bytes);

class SampleStore {
  public:
    /// Allocates; holds no samples until build(). @param grids at most 2^bits levels each
    SampleStore(std::size_t rows, std::vector<Grid> grids, const StoreOptions& options);

    /// Rounds and packs all rows. @param epoch keys the draws: another epoch gives fresh roundings.
    void build(const Dataset& data, std::uint32_t epoch, ThreadTeam& team, const Job& job = {});
    /// The same for some of the rows. @param part whole tiles, but for the last rows of all @param firstRow the
    /// number of its first row, a multiple of 16
    void buildPart(const RowsView& part, std::size_t firstRow, std::uint32_t epoch, ThreadTeam& team,
                   const Job& job = {});

    /// Fills all tiles with those of `sample` over and over: a store of any size at the price of a copy, for
    /// benchmarks.
    /// @param sample of the same layout, with whole tiles
    void repeatTiles(const SampleStore& sample);

    /// Unpacks a row: `copies` rows of `features` levels, as doubles: what the values were rounded to. @param
    /// epoch keys the draw that orders the copies
    void decode(std::uint32_t row, std::uint32_t epoch, std::span<double> values) const;
    /// The packed code of a value, for tests and inspection.
    [[nodiscard]] std::uint32_t code(std::size_t row, std::size_t feature) const;

    [[nodiscard]] std::size_t rows() const { return rows_; }
    /// How often it was built.
    [[nodiscard]] std::uint64_t version() const { return version_; }
    [[nodiscard]] int copies() const { return options_.copies; }
    [[nodiscard]] const StoreOptions& options() const { return options_; }
    [[nodiscard]] int bitsPerCode() const { return layout_.bits(); }
    /// ceil(log2(copies * (2^bits - 1) + 1))
    static int bitsPerCode(const StoreOptions& options);
    static TileLayout layoutOf(std::size_t features, const StoreOptions& options);
    [[nodiscard]] const TileLayout& layout() const { return layout_; }
    [[nodiscard]] std::size_t tiles() const { return TileLayout::tilesOf(rows_); }
    /// A tile's codes; tiles follow one another, and 64 bytes past the last one may be read.
    [[nodiscard]] const unsigned char* tile(std::size_t index) const {
        return codes_.data() + index * layout_.tileBytes();
    }
    /// Bytes of packed codes, without the codebook and the labels.
    [[nodiscard]] std::uint64_t bytes() const { return codes_.size(); }
    /// The packed codes themselves, bytes() of them.
    [[nodiscard]] std::span<const unsigned char> packed() const;
    /// Takes over codes that packed() gave. @param codes bytes() of them
    void restore(std::span<const unsigned char> codes);
    /// Bytes that decoding needs beside the codes: two floats a uniform grid, one a level of any other.
    [[nodiscard]] std::uint64_t codebookBytes() const { return zipml::codebookBytes(grids_); }
    [[nodiscard]] const std::vector<Grid>& grids() const { return grids_; }

  private:
    void decodeTwo(std::uint32_t row, std::uint32_t epoch, std::span<const std::uint32_t> codes,
                   std::span<double> values) const;
    void decodeMany(std::uint32_t row, std::uint32_t epoch, std::span<const std::uint32_t> codes,
                    std::span<double> values) const;

    std::size_t rows_;
    std::uint64_t version_ = 0;
    std::vector<Grid> grids_;
    StoreOptions options_;
    TileLayout layout_;
    PageBuffer codes_;
};

} // namespace zipml
