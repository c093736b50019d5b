#pragma once
/// The coins of double sampling (packed_sgd.h): which of a sample's odd codes have their upper rounding
/// first.

#include "core/kernels/random_words.h"
#include "core/kernels/vector_kernels.h"
#include "core/solve/packed/code_reader.h"

namespace zipml {

/// Odd bits whose coin makes the first copy the upper one, in tiles of one part.
class OddUpper {
  public:
    /// @param tiles of the largest batch @param bits the part of odd bits
    OddUpper(std::size_t tiles, std::size_t features, const TilePart& bits)
        : bits_(bits), features_(features), coins_(tiles * stride() / sizeof(std::uint32_t)),
          upper_(tiles * stride() + kLineBytes) {}

    /// Draws the coins of some tiles of a batch, those of fillCoins.
    /// @param first where the batch begins: a tile of the store
    void draw(const CodeReader& codes, const RandomStream& coins, const VectorKernels& loops,
              std::size_t first, TileRange tiles) {
        const std::size_t words = stride() / sizeof(std::uint32_t);
        fillRandomRows(coins, static_cast<std::uint32_t>(first + tiles.begin), words,
                       std::span(coins_).subspan(tiles.begin * words, tiles.size() * words));
        for (std::size_t tile = tiles.begin; tile < tiles.end; ++tile)
            loops.commonBits(codes.odd(first + tile),
                             reinterpret_cast<const unsigned char*>(coins_.data() + tile * words), stride(),
                             upper_.data() + tile * stride());
    }
    [[nodiscard]] PartView view(std::size_t tile) const {
        return {upper_.data() + tile * stride(), stride(), bits_.lines,
                features_ - bits_.lines * bits_.lineFeatures()};
    }

  private:
    /// A tile has 2 * features bytes; whole lines are faster, and what fills them up is not read.
    [[nodiscard]] std::size_t stride() const {
        return (2 * features_ + kLineBytes - 1) / kLineBytes * kLineBytes;
    }

    TilePart bits_;
    std::size_t features_;
    std::vector<std::uint32_t> coins_;
    std::vector<unsigned char> upper_;
};

} // namespace zipml
