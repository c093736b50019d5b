#include "core/quant/levels/comparison.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

void sortAndMerge(std::vector<double>& levels) {
    std::ranges::sort(levels);
    levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
}

} // namespace

std::vector<double> distinctValues(std::span<const float> sorted, std::size_t most) {
    std::vector<double> values;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        if (i > 0 && sorted[i] == sorted[i - 1])
            continue;
        if (values.size() == most)
            return {};
        values.push_back(double{sorted[i]});
    }
    return values;
}

std::vector<double> quantileLevels(std::span<const float> sorted, std::size_t levels) {
    if (auto all = distinctValues(sorted, levels); !all.empty())
        return all;
    std::vector<double> quantiles;
    for (std::size_t i = 0; i < levels; ++i)
        quantiles.push_back(double{sorted[(sorted.size() - 1) * i / (levels - 1)]});
    sortAndMerge(quantiles);
    return quantiles;
}

std::vector<double> logarithmicLevels(double low, double high, std::size_t levels) {
    std::vector<double> powers{low, high};
    const bool bothSigns = low < 0 && high > 0;
    const auto add = [&](double end, double other, std::size_t count) {
        for (std::size_t j = 1; j < count; ++j) {
            const double power = std::ldexp(end, -static_cast<int>(j));
            if (double{static_cast<float>(power)} != power || (end > 0 ? power <= other : power >= other))
                break;
            powers.push_back(power);
        }
    };
    if (bothSigns && levels > 2) {
        powers.push_back(0);
        add(high, 0, levels / 2);
        add(low, 0, (levels - 1) / 2);
    } else if (!bothSigns) {
        const bool positive = low >= 0;
        add(positive ? high : low, positive ? low : high, levels - 1);
    }
    sortAndMerge(powers);
    return powers;
}

} // namespace zipml
