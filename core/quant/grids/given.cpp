#include "core/quant/grids/rows.h"

#include <string>

namespace zipml {
namespace {

/// As they stand, stretched over the values' range: between its ends every value can be rounded without bias
/// (docs/method.md#s5-1), and each feature has as many levels as were given.
std::vector<double> stretched(std::span<const float> sorted, const GridSpec& spec, std::size_t levels) {
    if (spec.levels.size() < 2)
        return uniformLevels(sorted, levels); // none were given: a rule refuses that before a run
    if (spec.levels.size() > levels)
        throw InputError("grid: " + std::to_string(spec.levels.size()) + " given levels are more than the " +
                         std::to_string(levels) + " that the bits tell apart; use more bits or fewer levels");
    const double low = sorted.front(), high = sorted.back();
    const double first = spec.levels.front(), last = spec.levels.back();
    std::vector<double> all{low};
    for (std::size_t i = 1; i + 1 < spec.levels.size(); ++i) { // the ends are the range's, to the bit
        const double share = (spec.levels[i] - first) / (last - first);
        const double place = static_cast<float>(low + share * (high - low)); // as a codebook holds it
        if (place > all.back() && place < high) // those that fall together become one
            all.push_back(place);
    }
    all.push_back(high);
    return all;
}

} // namespace

constinit const GridPlacement kGivenGrid{
    .name = "given",
    .title = "Placed by hand",
    .summary = "The levels that are given, stretched over each feature's range.",
    .place = stretched,
};

} // namespace zipml
