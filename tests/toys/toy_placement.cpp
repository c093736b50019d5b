// A new placement of levels as CONTRIBUTING.md adds one.

#include "core/quant/place_levels.h"

namespace zipml {
namespace {

/// Gaps that grow by equal amounts from the least value on.
std::vector<double> growing(std::span<const float> sorted, const GridSpec& /*spec*/, std::size_t levels) {
    const double low = sorted.front(), range = sorted.back() - low;
    std::vector<double> all;
    for (std::size_t i = 0; i + 1 < levels; ++i) {
        const double share = static_cast<double>(i) / static_cast<double>(levels - 1);
        all.push_back(low + range * share * share);
    }
    all.push_back(sorted.back());
    return all;
}

constexpr GridPlacement kToy{
    .name = "toy-growing",
    .title = "Toy: growing gaps",
    .summary = "Gaps that grow by equal amounts from the least value on.",
    .place = growing,
};

const GridKind kAdded = addPlacement(kToy);

} // namespace
} // namespace zipml
