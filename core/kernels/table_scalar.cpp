#include "core/kernels/table_kernels.h"
#include "core/kernels/tile_tail.h"

namespace zipml {
namespace {

/// Calls visit(row of the batch, slot, place of its code's entry in the tables).
template <int kWidth, class Visit>
void forEachCode(const PartView& part, std::size_t tiles, const Visit& visit) {
    constexpr std::size_t kSlots = 32 / kWidth;
    for (std::size_t tile = 0; tile < tiles; ++tile) {
        const unsigned char* begin = part.data + tile * part.tileStride;
        const std::size_t lines = part.lines + (part.tailFeatures > 0 ? 1 : 0);
        for (std::size_t index = 0; index < lines; ++index) {
            unsigned char tail[64];
            const unsigned char* line = begin + 64 * index;
            if (index == part.lines) {
                expandTail(kWidth, line, part.tailFeatures, tail);
                line = tail;
            }
            for (std::size_t row = 0; row < 16; ++row)
                for (std::size_t slot = 0; slot < kSlots; ++slot) {
                    const int code = (line[4 * row + slot % 4] >> static_cast<int>(slot / 4) * kWidth) &
                                     ((1 << kWidth) - 1);
                    const std::size_t at = index * kSlots + slot;
                    visit(16 * tile + row, at, 16 * at + static_cast<std::size_t>(code));
                }
        }
    }
}

template <int kWidth>
void dot(const PartView& part, std::size_t tiles, const LevelTables& tables, const std::int8_t* model,
         std::int32_t* low, std::int32_t* high, FetchCursor& /*fetch*/) {
    forEachCode<kWidth>(part, tiles, [&](std::size_t row, std::size_t slot, std::size_t entry) {
        low[row] += tables.low[entry] * model[slot];
        high[row] += tables.high[entry] * model[slot];
    });
}

template <int kWidth>
void add(const PartView& part, std::size_t tiles, const LevelTables& tables, const std::int8_t* residuals,
         std::int32_t* low, std::int32_t* high, FetchCursor& /*fetch*/) {
    forEachCode<kWidth>(part, tiles, [&](std::size_t row, std::size_t slot, std::size_t entry) {
        low[slot] += tables.low[entry] * residuals[row];
        high[slot] += tables.high[entry] * residuals[row];
    });
}

} // namespace

const TableKernels kTableScalar[3] = {{dot<1>, add<1>}, {dot<2>, add<2>}, {dot<4>, add<4>}};

} // namespace zipml
