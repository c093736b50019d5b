#include "core/quant/level_use.h"

#include "core/base/error.h"
#include "core/quant/place_levels.h"

#include <algorithm>
#include <cstdio>
#include <numeric>

namespace zipml {
namespace {

/// A count of features with the one that shows it most.
struct Remark {
    std::size_t count = 0, worst = 0;
    double most = 0;
    void add(std::size_t feature, double size) {
        if (count++ == 0 || size > most) {
            most = size;
            worst = feature;
        }
    }
};

std::string featureText(std::size_t feature, const std::vector<std::string>& names) {
    const std::string name = feature < names.size() ? " (" + names[feature] + ")" : "";
    return "feature " + std::to_string(feature + 1) + name;
}

std::string comparison(double variance, double uniform) {
    char text[96];
    std::snprintf(text, sizeof text, "mean rounding variance %.6g, uniform ones %.6g", variance, uniform);
    return text;
}

/// What rounding errors may add to a sum of products of a grid's gaps.
double slackOf(const Grid& grid, double uniform, int bits) {
    const double gap = (grid.high() - grid.low()) / ((1U << static_cast<unsigned>(bits)) - 1U);
    return 1e-9 * uniform + 1e-12 * gap * gap;
}

} // namespace

LevelUse levelUseOf(std::span<const Grid> grids, int bits) {
    LevelUse use{std::size_t{1} << static_cast<unsigned>(bits), 0, 0};
    std::size_t varying = 0;
    for (const Grid& grid : grids) {
        if (grid.levels() < 2)
            continue;
        ++varying;
        use.mean += grid.levels();
        use.fewest = varying == 1 ? grid.levels() : std::min<std::size_t>(use.fewest, grid.levels());
    }
    use.mean /= static_cast<double>(std::max<std::size_t>(varying, 1));
    return use;
}

std::vector<std::string> checkLevels(std::span<const Grid> grids, const GridSpec& spec, int bits,
                                     std::span<const double> variances, std::span<const double> uniform,
                                     const std::vector<std::string>& names, bool exactRows) {
    const std::string placed = inShort(spec) + " levels";
    std::vector<std::string> lines;
    const bool shared = grids.size() > 1 && grids[0].sharesLevelsWith(grids[1]);
    if (shared && minimizesVariance(spec.kind)) { // over all features together
        const auto sum = [](std::span<const double> all) {
            return std::accumulate(all.begin(), all.end(), 0.0);
        };
        const double slack = static_cast<double>(grids.size()) * slackOf(grids[0], 0, bits);
        if (exactRows && sum(variances) > sum(uniform) * (1 + 1e-9) + slack)
            throw RunError(placed + " have " + comparison(sum(variances), sum(uniform)) +
                           ", over all features: please report this");
    }
    Remark worse, few;
    for (std::size_t f = 0; f < grids.size(); ++f) {
        if (variances[f] > uniform[f] + slackOf(grids[f], uniform[f], bits)) {
            if (minimizesVariance(spec.kind) && exactRows && !shared)
                throw RunError(featureText(f, names) + ": " + placed + " have " +
                               comparison(variances[f], uniform[f]) + ": please report this");
            worse.add(f, uniform[f] > 0 ? variances[f] / uniform[f] : 1);
        }
        const std::size_t asked = std::size_t{1} << static_cast<unsigned>(bits);
        if (grids[f].levels() > 1 && grids[f].levels() < asked && variances[f] > 0)
            few.add(f, static_cast<double>(asked - grids[f].levels()));
    }
    const std::string many = std::to_string(grids.size());
    if (worse.count > 0 && !shared)
        lines.push_back(placed + " are worse than uniform ones for " + std::to_string(worse.count) + " of " +
                        many + " features, the most for " + featureText(worse.worst, names) + ": " +
                        comparison(variances[worse.worst], uniform[worse.worst]));
    if (few.count > 0)
        lines.push_back(placed + " are fewer than the " +
                        std::to_string(std::size_t{1} << static_cast<unsigned>(bits)) + " of " +
                        std::to_string(bits) + " bits for " + std::to_string(few.count) + " of " + many +
                        " features, the fewest for " + featureText(few.worst, names) + ": " +
                        std::to_string(grids[few.worst].levels()));
    return lines;
}

} // namespace zipml
