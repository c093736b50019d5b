#pragma once
/// How a batch is divided for packed_sgd.h: tiles into blocks, which stay in the cache between the dot
/// product and the gradient; blocks into chunks, each with sums of its own; chunks among the threads.

#include "core/base/index_range.h"
#include "core/solve/packed/code_reader.h"

#include <algorithm>

namespace zipml {

/// Bytes that a thread reads at a time, and how far ahead the next ones are fetched. Rows may be so long that
/// fewestTiles are more: as many as the kernels take at once.
struct Blocking {
    std::size_t bytes, ahead, fewestTiles;
};

/// As measured (Zen 4, 31 GB/s). While memory and arithmetic take equally long, small blocks leave the caches
/// to the lines that are fetched; otherwise larger ones save more work. 8-bit codes are used up faster than
/// they come: what is fetched just before is often dropped, and only what had a long time to arrive is there.
inline Blocking blockingOf(const CodeReader& codes) {
    constexpr std::size_t kKilobyte = 1024;
    const CodePart& first = codes.parts().front();
    const int width = first.part.width;
    if (codes.parts().size() > 1 || width == 1 || first.woven) // tables have two parts, too
        return {128 * kKilobyte, 128 * kKilobyte, 4};
    if (width == 8)
        return {128 * kKilobyte, 1024 * kKilobyte, 2};
    return {(width == 4 ? 32 : 64) * kKilobyte, 128 * kKilobyte, width == 4 ? 2U : 4U};
}

class BatchBlocks {
  public:
    /// @param tiles of the largest batch @param chunksOf how many chunks so many blocks are divided into
    BatchBlocks(const CodeReader& codes, std::size_t tiles, int threads,
                std::size_t (*chunksOf)(std::size_t blocks, int threads))
        : threads_(static_cast<std::size_t>(threads)) {
        const Blocking blocking = blockingOf(codes);
        const std::size_t fewest = blocking.fewestTiles;
        const std::size_t wanted = blocking.bytes / codes.tileBytes() / 4 * 4;
        blockTiles_ = std::clamp(wanted, fewest, std::max(fewest, (tiles + 1) / 2));
        ahead_ = std::max<std::size_t>(blocking.ahead / (blockTiles_ * codes.tileBytes()), 1);
        most_ = (tiles + blockTiles_ - 1) / blockTiles_;
        chunks_ = chunksOf(most_, threads);
    }

    /// Blocks of the largest batch.
    [[nodiscard]] std::size_t most() const { return most_; }
    [[nodiscard]] std::size_t chunks() const { return chunks_; }

    /// Blocks of a batch of so many rows.
    [[nodiscard]] std::size_t of(std::size_t rows) const {
        return (TileLayout::tilesOf(rows) + blockTiles_ - 1) / blockTiles_;
    }
    [[nodiscard]] IndexRange chunksOfThread(int thread) const {
        const auto at = [&](int border) { return chunks_ * static_cast<std::size_t>(border) / threads_; };
        return {at(thread), at(thread + 1)};
    }
    [[nodiscard]] IndexRange blocksOfChunk(std::size_t chunk, std::size_t rows) const {
        const std::size_t blocks = of(rows);
        return {blocks * chunk / chunks_, blocks * (chunk + 1) / chunks_};
    }
    [[nodiscard]] IndexRange blocksOfThread(int thread, std::size_t rows) const {
        const IndexRange chunks = chunksOfThread(thread);
        return {blocksOfChunk(chunks.begin, rows).begin, blocksOfChunk(chunks.end, rows).begin};
    }
    /// Tiles of the batch that the block consists of.
    [[nodiscard]] TileRange tilesOf(std::size_t block, std::size_t rows) const {
        return {block * blockTiles_, std::min((block + 1) * blockTiles_, TileLayout::tilesOf(rows))};
    }
    /// Rows of neighbouring blocks, those that fill up the last tile among them.
    [[nodiscard]] IndexRange rowsOf(IndexRange blocks, std::size_t rows) const {
        return {blocks.begin * blockTiles_ * kTileRows, tilesOf(blocks.end - 1, rows).end * kTileRows};
    }
    /// What is fetched while a block is read: the one that the thread, whose blocks are `mine`, reads some
    /// blocks later, of the next batch if need be.
    /// @param first, nextFirst where the batch and the next one begin: tiles of the store
    [[nodiscard]] FetchList nextPlaces(const CodeReader& codes, std::size_t block, IndexRange mine,
                                       std::size_t first, std::size_t nextFirst) const {
        std::size_t next = block + std::min(ahead_, mine.size()); // no batch but the next is known
        std::size_t tile = first;
        if (next >= mine.end) {
            next -= mine.size();
            tile = nextFirst;
        }
        tile += next * blockTiles_;
        return codes.placesOf({tile, tile + blockTiles_}, first);
    }

  private:
    std::size_t threads_;
    std::size_t blockTiles_ = 1, ahead_ = 1; ///< tiles; blocks
    std::size_t most_ = 0, chunks_ = 0;
};

} // namespace zipml
