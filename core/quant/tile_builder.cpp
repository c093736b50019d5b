#include "core/quant/tile_builder.h"

#include "core/kernels/isa.h"

#include <algorithm>
#include <array>

namespace zipml {
namespace {

// A tile is 16 rows of strips, and a strip whole lines, so that only the last one has a tail.
static_assert(kStripRows == kTileRows && Strip::kFeatures % 32 == 0);
constexpr std::size_t kStride = Strip::kFeatures; // from row to row of words and codes
/// Rows whose words are drawn at a time, which spreads the key over them.
constexpr std::size_t kDrawnRows = 4;
constexpr std::size_t kMostCopies = 8;

} // namespace

TileBuilder::TileBuilder(std::span<const Grid> grids, const StoreOptions& options, const TileLayout& layout,
                         std::uint32_t epoch)
    : layout_(layout), grids_(grids), rounding_(options.rounding), kernels_(roundKernels(activeIsa())) {
    for (int copy = 0; copy < options.copies; ++copy)
        streams_.emplace_back(options.seed, Purpose::SampleRounding, epoch, static_cast<std::uint16_t>(copy));
}

void TileBuilder::build(const RowsView& data, std::size_t tile, unsigned char* to,
                        std::size_t firstRow) const {
    std::array<std::uint32_t, kTileRows * kStride> codes;
    const std::size_t begin = tile * kTileRows;
    const std::size_t rows = std::min(kTileRows, data.rows - begin);
    std::fill(codes.begin() + static_cast<std::ptrdiff_t>(rows * kStride), codes.end(), 0U);
    for (std::size_t first = 0; first < data.features; first += Strip::kFeatures) {
        const Strip strip(first, data.features);
        for (std::size_t row = 0; row < rows; row += kDrawnRows)
            round(data, begin + row, std::min(kDrawnRows, rows - row), firstRow, strip,
                  codes.data() + row * kStride);
        for (const TilePart& part : layout_.parts()) {
            const std::size_t line = first / part.lineFeatures();
            const std::size_t lines = std::min(part.lines - line, Strip::kFeatures / part.lineFeatures());
            kernels_.packLines({codes.data(), kStride, part.width, part.shift}, lines,
                               to + part.offset + line * kLineBytes);
        }
        if (strip.last)
            layout_.packTail(codes.data(), kStride, first, to);
    }
}

void TileBuilder::round(const RowsView& data, std::size_t begin, std::size_t rows, std::size_t firstRow,
                        const Strip& strip, std::uint32_t* codes) const {
    constexpr std::size_t kCopy = kDrawnRows * kStride; // words
    std::array<std::uint32_t, kMostCopies * kCopy> words;
    const bool draws = rounding_ != Rounding::Nearest;
    for (std::size_t copy = 0; draws && copy < streams_.size(); ++copy) {
        const RandomStream& stream = streams_[copy];
        kernels_.fillWords({stream.seed(), stream.epoch(), stream.use(),
                            static_cast<std::uint32_t>(firstRow + begin),
                            static_cast<std::uint32_t>(strip.first / 4), rows, strip.count},
                           words.data() + copy * kCopy, kStride);
    }
    if (rounding_ == Rounding::Interval) // a draw that is below no fraction but 1
        std::fill_n(words.begin(), kCopy, 0xFFFF'FFFFU);
    for (std::size_t row = 0; row < rows; ++row) {
        const float* values = data.row(begin + row).data() + strip.first;
        strip.fetchNext(values);
        grids_.round(kernels_, values, strip.first, strip.count,
                     {draws ? words.data() + row * kStride : nullptr, kCopy, streams_.size()},
                     codes + row * kStride);
    }
}

} // namespace zipml
