#include "ui/quantizer/placement.h"

#include "core/quant/build_grids.h"

namespace zipml::ui {

const std::vector<Named<GridKind>>& strategies() {
    static const std::vector<Named<GridKind>> all = [] {
        std::vector<Named<GridKind>> kinds(namesOf<GridKind>().begin(), namesOf<GridKind>().end());
        std::erase_if(kinds, [](const auto& entry) { return entry.value == GridKind::Given; });
        return kinds;
    }();
    return all;
}

Placement placementOf(GridKind kind, int bits, const SortedValues& values) {
    Placement placement{kind, bits, {}, 0};
    placement.levels = levelsOf(
        placeLevels(values.values(), {kind, GridSpec{}.candidates}, std::size_t{1} << unsigned(bits)));
    placement.meanVariance = values.meanRoundingVariance(placement.levels);
    return placement;
}

std::vector<double> levelsOf(const Grid& grid) {
    std::vector<double> levels(grid.levels());
    for (std::uint32_t i = 0; i < grid.levels(); ++i)
        levels[i] = grid.level(i);
    if (grid.levels() > 1)
        levels.back() = grid.high(); // low + count * gap may miss it by a rounding
    return levels;
}

} // namespace zipml::ui
