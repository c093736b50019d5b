#pragma once
/// The coins of double sampling (packed_sgd.h): which of a sample's odd codes have their upper rounding
/// first.

#include "core/kernels/vector_kernels.h"
#include "core/solve/packed/code_reader.h"

namespace zipml {

/// Odd bits whose coin makes the first copy the upper one, in tiles of one part.
class OddUpper {
  public:
    /// @param tiles of the largest batch @param bits the part of odd bits
    OddUpper(std::size_t tiles, std::size_t features, const TilePart& bits)
        : bits_(bits), features_(features), upper_(tiles * tileBytes() + kLineBytes) {}

    /// Draws the coins of some tiles of a batch.
    /// @param first where the batch begins: a tile of the store
    void draw(const CodeReader& codes, const RandomStream& coins, const VectorKernels& loops,
              std::size_t first, TileRange tiles) {
        for (std::size_t tile = tiles.begin; tile < tiles.end; ++tile) {
            unsigned char* upper = upper_.data() + tile * tileBytes();
            fillCoins(coins, first + tile, {upper, tileBytes()});
            loops.keepBits(codes.odd(first + tile), tileBytes(), upper);
        }
    }
    [[nodiscard]] PartView view(std::size_t tile) const {
        return {upper_.data() + tile * tileBytes(), tileBytes(), bits_.lines,
                features_ - bits_.lines * bits_.lineFeatures()};
    }

  private:
    [[nodiscard]] std::size_t tileBytes() const { return 2 * features_; }

    TilePart bits_;
    std::size_t features_;
    std::vector<unsigned char> upper_;
};

} // namespace zipml
