#include "core/quant/grid.h"

#include <algorithm>
#include <limits>

namespace zipml {

template <>
std::span<const Named<GridKind>> namesOf<GridKind>() {
    static constexpr Named<GridKind> table[] = {
        {GridKind::Uniform, "uniform", "Uniform", "Equally spaced levels over each feature's range."},
    };
    return table;
}

UniformGrid UniformGrid::ofBits(double low, double high, int bits) {
    return {low, high, (1U << static_cast<unsigned>(bits)) - 1U};
}

UniformGrid::Position UniformGrid::locate(double value) const {
    if (!(high > low))
        return {0, 0.0};
    const double place = std::clamp((value - low) / (high - low) * intervals, 0.0, double(intervals));
    const auto index = std::min(static_cast<std::uint32_t>(place), intervals - 1);
    return {index, place - index};
}

double UniformGrid::roundingVariance(double value) const {
    const double fraction = locate(value).fraction;
    return gap() * gap() * fraction * (1.0 - fraction);
}

std::vector<UniformGrid> buildGrids(const Dataset& data, GridKind /*kind: Uniform is the only one*/,
                                    int bits) {
    std::vector<float> low(data.features, std::numeric_limits<float>::infinity());
    std::vector<float> high(data.features, -std::numeric_limits<float>::infinity());
    for (std::size_t r = 0; r < data.rows; ++r) {
        const auto row = data.row(r);
        for (std::size_t f = 0; f < data.features; ++f) {
            low[f] = std::min(low[f], row[f]);
            high[f] = std::max(high[f], row[f]);
        }
    }
    std::vector<UniformGrid> grids(data.features);
    for (std::size_t f = 0; f < data.features; ++f)
        grids[f] = UniformGrid::ofBits(low[f], high[f], bits);
    return grids;
}

} // namespace zipml
