#include "core/quant/levels/lloyd_max.h"
#include "core/quant/grids/rows.h"

namespace zipml {
namespace {

std::vector<double> forNearest(std::span<const float> sorted, const GridSpec& /*spec*/, std::size_t levels) {
    return lloydMaxLevels(sorted, levels);
}

} // namespace

constinit const GridPlacement kLloydMaxGrid{
    .name = "lloyd-max",
    .title = "Lloyd-Max",
    .summary = "Least squared error of nearest rounding, with the ends held at the range's.",
    .place = forNearest,
};

} // namespace zipml
