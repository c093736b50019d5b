#include "core/quant/grids/rows.h"
#include "core/quant/levels/comparison.h"

namespace zipml {
namespace {

std::vector<double> atQuantiles(std::span<const float> sorted, const GridSpec& /*spec*/, std::size_t levels) {
    return quantileLevels(sorted, levels);
}

} // namespace

constinit const GridPlacement kQuantileGrid{
    .name = "quantile",
    .title = "Quantiles",
    .summary = "Equally many values between neighbouring levels.",
    .place = atQuantiles,
};

} // namespace zipml
