#pragma once
/// One copy of the samples that is read at any width from 1 to 8 bits (bit-weaved, as in MLWeaving,
/// docs/method.md#s11), without bias at each.
///
/// At b bits a feature has the 2^(b-1) + 1 levels low + (high - low) i / 2^(b-1). The levels of b bits are
/// among those of b + 1, so the lower level of a value at b bits is a prefix of its binary digits:
///
///     i = (first b - 1 digits) + up_b,    up_b = 1 with the probability that makes the mean of i exact
///
///     planes   digit 1 | digit 2 | ... | digit 7 | up_1 | up_2 | ... | up_8
///     3 bits   =======   =======                          ====          3 planes are read of 15
///
/// A plane has one bit a value, in tiles of 16 rows as a part of one bit (tile_layout.h); planes follow one
/// another, so that what is not read is not touched. Reading b bits moves b bits a value. For double sampling
/// there are two planes for each b in the place of up_b: whether both roundings are up, and whether one is;
/// that moves b + 1 bits.

#include "core/base/job.h"
#include "core/base/page_buffer.h"
#include "core/base/parallel.h"
#include "core/data/dataset.h"
#include "core/quant/grid.h"
#include "core/quant/rounding.h"
#include "core/quant/tile_layout.h"

namespace zipml {

class AnyPrecisionStore {
  public:
    static constexpr int kMostBits = 8;
    static constexpr int kDigits = kMostBits - 1;

    struct Options {
        int copies = 1; ///< independent roundings of each value, 1 or 2
        Rounding rounding = Rounding::Stochastic;
        std::uint64_t seed = 1;
    };

    /// Allocates; holds no samples until build(). @param ranges the grids whose ends are each feature's range
    AnyPrecisionStore(std::size_t rows, std::span<const Grid> ranges, const Options& options);

    /// Rounds all rows. @param epoch keys the draws
    void build(const Dataset& data, std::uint32_t epoch, ThreadTeam& team, const Job& job = {});

    /// Fills the store with the tiles of a smaller one, over and over: for benchmarks.
    void repeatTiles(const AnyPrecisionStore& sample);
    /// Bits of a value in memory.
    static int planesFor(int copies) { return kDigits + kMostBits * copies; }

    [[nodiscard]] std::size_t rows() const { return rows_; }
    /// How often it was built.
    [[nodiscard]] std::uint64_t version() const { return version_; }
    [[nodiscard]] std::size_t features() const { return layout_.features(); }
    [[nodiscard]] std::size_t tiles() const { return TileLayout::tilesOf(rows_); }
    [[nodiscard]] const Options& options() const { return options_; }
    /// Uniform grids of the 2^(bits - 1) + 1 levels at this width.
    [[nodiscard]] std::vector<Grid> gridsAt(int bits) const;
    /// Of one plane: one bit a value.
    [[nodiscard]] const TileLayout& layout() const { return layout_; }

    /// A plane's bits of a tile; those of the next tile follow, and 64 bytes past the last may be read.
    /// @param digit 1 (the most significant) to 7
    [[nodiscard]] const unsigned char* digit(int digit, std::size_t tile) const {
        return at(digit - 1, tile);
    }
    /// One copy: whether it is up. Two: whether both are. @param bits 1..8
    [[nodiscard]] const unsigned char* up(int bits, std::size_t tile) const {
        return at(kDigits + bits - 1, tile);
    }
    /// Two copies: whether just one is up.
    [[nodiscard]] const unsigned char* odd(int bits, std::size_t tile) const {
        return at(kDigits + kMostBits + bits - 1, tile);
    }

    /// The sum of the copies' level indices at this width, for tests and inspection.
    [[nodiscard]] std::uint32_t code(std::size_t row, std::size_t feature, int bits) const;
    /// Bytes of all planes.
    [[nodiscard]] std::uint64_t bytes() const { return planes_.size(); }
    /// Bytes that an epoch at this width reads.
    [[nodiscard]] std::uint64_t bytesAt(int bits) const;

  private:
    [[nodiscard]] int planes() const { return planesFor(options_.copies); }
    [[nodiscard]] std::size_t planeBytes() const;
    [[nodiscard]] const unsigned char* at(int plane, std::size_t tile) const {
        return planes_.data() + static_cast<std::size_t>(plane) * planeBytes() + tile * layout_.tileBytes();
    }

    std::size_t rows_;
    std::uint64_t version_ = 0;
    std::vector<Grid> ranges_;
    Options options_;
    TileLayout layout_;
    PageBuffer planes_;
};

} // namespace zipml
