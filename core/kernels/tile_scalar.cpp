#include "core/kernels/tile_tail.h"

namespace zipml {
namespace {

/// Calls visit(tile, line index, line) for every line of every tile, the tail's included.
template <int kWidth, class Visit>
void forEachLine(const PartView& part, std::size_t tiles, const Visit& visit) {
    for (std::size_t tile = 0; tile < tiles; ++tile) {
        const unsigned char* begin = part.data + tile * part.tileStride;
        for (std::size_t line = 0; line < part.lines; ++line)
            visit(tile, line, begin + 64 * line);
        if (part.tailFeatures > 0) {
            unsigned char tail[64];
            expandTail(kWidth, begin + 64 * part.lines, part.tailFeatures, tail);
            visit(tile, part.lines, static_cast<const unsigned char*>(tail));
        }
    }
}

template <int kWidth>
int codeAt(const unsigned char* line, std::size_t row, std::size_t slot) {
    constexpr int kMask = (1 << kWidth) - 1;
    return (line[4 * row + slot % 4] >> static_cast<int>(slot / 4) * kWidth) & kMask;
}

template <int kWidth>
constexpr std::size_t kSlots = 32 / kWidth;

template <int kWidth>
void dot(const PartView& part, std::size_t tiles, const TileModel& model, std::int32_t* sums,
         FetchCursor& /*fetch*/) {
    forEachLine<kWidth>(part, tiles, [&](std::size_t tile, std::size_t index, const unsigned char* line) {
        for (std::size_t row = 0; row < 16; ++row)
            for (std::size_t slot = 0; slot < kSlots<kWidth>; ++slot)
                sums[16 * tile + row] +=
                    codeAt<kWidth>(line, row, slot) * model.weights[index * kSlots<kWidth> + slot];
    });
}

template <int kWidth>
void add(const PartView& part, std::size_t tiles, const std::int8_t* residuals, std::int32_t* gradient,
         FetchCursor& /*fetch*/) {
    forEachLine<kWidth>(part, tiles, [&](std::size_t tile, std::size_t index, const unsigned char* line) {
        for (std::size_t row = 0; row < 16; ++row)
            for (std::size_t slot = 0; slot < kSlots<kWidth>; ++slot)
                gradient[index * kSlots<kWidth> + slot] +=
                    codeAt<kWidth>(line, row, slot) * residuals[16 * tile + row];
    });
}

} // namespace

const TileKernels kTileScalar[4] = {{dot<1>, add<1>, nullptr},
                                    {dot<2>, add<2>, nullptr},
                                    {dot<4>, add<4>, nullptr},
                                    {dot<8>, add<8>, nullptr}};

} // namespace zipml
