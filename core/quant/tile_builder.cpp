#include "core/quant/tile_builder.h"

#include "core/kernels/isa.h"
#include "core/kernels/prefetch.h"

#include <algorithm>
#include <array>

namespace zipml {
namespace {

/// Features at a time, of all rows of a tile: their grids, words and codes stay in the first-level cache. A
/// multiple of every line's features, so that only the last strip has a tail.
constexpr std::size_t kStrip = 256;
/// Rows whose words are drawn at a time, which spreads the key over them.
constexpr std::size_t kDrawnRows = 4;
constexpr std::size_t kMostCopies = 8;

} // namespace

TileBuilder::TileBuilder(const Dataset& data, std::span<const Grid> grids, const StoreOptions& options,
                         const TileLayout& layout, std::uint32_t epoch)
    : data_(data), layout_(layout), grids_(grids), rounding_(options.rounding),
      kernels_(roundKernels(activeIsa())) {
    for (int copy = 0; copy < options.copies; ++copy)
        streams_.emplace_back(options.seed, Purpose::SampleRounding, epoch, static_cast<std::uint16_t>(copy));
}

void TileBuilder::build(std::size_t tile, unsigned char* to) const {
    std::array<std::uint32_t, kTileRows * kStrip> codes;
    const std::size_t begin = tile * kTileRows;
    const std::size_t rows = std::min(kTileRows, data_.rows - begin);
    std::fill(codes.begin() + static_cast<std::ptrdiff_t>(rows * kStrip), codes.end(), 0U);
    for (std::size_t first = 0; first < data_.features; first += kStrip) {
        const bool last = data_.features - first <= kStrip;
        const std::size_t count = last ? data_.features - first : kStrip;
        // A row's next strip is behind this one, after the last strip it is the first one of the next tile's
        // row.
        const std::size_t ahead = last ? kTileRows * data_.features - first : kStrip;
        for (std::size_t row = 0; row < rows; row += kDrawnRows)
            round(begin + row, std::min(kDrawnRows, rows - row), first, count, ahead,
                  codes.data() + row * kStrip);
        for (const TilePart& part : layout_.parts()) {
            const std::size_t line = first / part.lineFeatures();
            const std::size_t lines = std::min(part.lines - line, kStrip / part.lineFeatures());
            kernels_.packLines({codes.data(), kStrip, part.width, part.shift}, lines,
                               to + part.offset + line * kLineBytes);
        }
        if (last)
            layout_.packTail(codes.data(), kStrip, first, to);
    }
}

void TileBuilder::round(std::size_t begin, std::size_t rows, std::size_t first, std::size_t count,
                        std::size_t ahead, std::uint32_t* codes) const {
    constexpr std::size_t kCopy = kDrawnRows * kStrip; // words
    std::array<std::uint32_t, kMostCopies * kCopy> words;
    const bool draws = rounding_ == Rounding::Stochastic;
    for (std::size_t copy = 0; draws && copy < streams_.size(); ++copy) {
        const RandomStream& stream = streams_[copy];
        kernels_.fillWords({stream.seed(), stream.epoch(), stream.use(), static_cast<std::uint32_t>(begin),
                            static_cast<std::uint32_t>(first / 4), rows, count},
                           words.data() + copy * kCopy, kStrip);
    }
    for (std::size_t row = 0; row < rows; ++row) {
        const float* values = data_.row(begin + row).data() + first;
        for (std::size_t f = 0; f < count; f += 64 / sizeof(float))
            fetchAhead(values + f, ahead * sizeof(float));
        grids_.round(kernels_, values, first, count,
                     {draws ? words.data() + row * kStrip : nullptr, kCopy, streams_.size()},
                     codes + row * kStrip);
    }
}

} // namespace zipml
