#include "core/quant/grids/rows.h"
#include "core/quant/levels/comparison.h"

namespace zipml {
namespace {

std::vector<double> halved(std::span<const float> sorted, const GridSpec& /*spec*/, std::size_t levels) {
    return logarithmicLevels(sorted.front(), sorted.back(), levels);
}

} // namespace

constinit const GridPlacement kLogarithmicGrid{
    .name = "logarithmic",
    .title = "Powers of two",
    .summary = "0 and the range's ends halved again and again: fine near 0, coarse far from it.",
    .place = halved,
};

} // namespace zipml
