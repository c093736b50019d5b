#include "core/quant/tile_builder.h"

#include "core/kernels/isa.h"

#include <algorithm>
#include <array>

namespace zipml {
namespace {

/// Features at a time, of all rows of a tile: their grids, words and codes stay in the first-level cache. A
/// multiple of every line's features, so that only the last strip has a tail.
constexpr std::size_t kStrip = 256;
constexpr std::size_t kMostCopies = 8;

} // namespace

TileBuilder::TileBuilder(const Dataset& data, std::span<const Grid> grids, const StoreOptions& options,
                         const TileLayout& layout, std::uint32_t epoch)
    : data_(data), layout_(layout), grids_(grids), rounding_(options.rounding),
      kernels_(roundKernels(activeIsa())) {
    for (int copy = 0; copy < options.copies; ++copy)
        streams_.emplace_back(options.seed, Purpose::SampleRounding, epoch, static_cast<std::uint16_t>(copy));
}

void TileBuilder::build(std::size_t tile, unsigned char* to, std::size_t firstRow) const {
    std::array<std::uint32_t, kMostCopies * kStrip> words;
    std::array<std::uint32_t, kTileRows * kStrip> codes;
    const std::size_t begin = tile * kTileRows;
    const std::size_t rows = std::min(kTileRows, data_.rows - begin);
    std::fill(codes.begin() + static_cast<std::ptrdiff_t>(rows * kStrip), codes.end(), 0U);
    const bool draws = rounding_ == Rounding::Stochastic;
    for (std::size_t first = 0; first < data_.features; first += kStrip) {
        const std::size_t count = std::min(kStrip, data_.features - first);
        for (std::size_t row = 0; row < rows; ++row) {
            const auto number = static_cast<std::uint32_t>(firstRow + begin + row);
            for (std::size_t copy = 0; draws && copy < streams_.size(); ++copy)
                kernels_.fillWords({number, static_cast<std::uint32_t>(first / 4), streams_[copy].epoch(),
                                    streams_[copy].use(), streams_[copy].seed()},
                                   words.data() + copy * kStrip, count);
            grids_.round(kernels_, data_.row(begin + row).data() + first, first, count,
                         {draws ? words.data() : nullptr, kStrip, streams_.size()},
                         codes.data() + row * kStrip);
        }
        for (const TilePart& part : layout_.parts()) {
            const std::size_t line = first / part.lineFeatures();
            const std::size_t lines = std::min(part.lines - line, kStrip / part.lineFeatures());
            kernels_.packLines({codes.data(), kStrip, part.width, part.shift}, lines,
                               to + part.offset + line * kLineBytes);
        }
        if (first + count == data_.features)
            layout_.packTail(codes.data(), kStrip, first, to);
    }
}

} // namespace zipml
