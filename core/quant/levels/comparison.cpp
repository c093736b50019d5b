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

std::vector<double> quantileLevels(std::span<const float> sorted, std::size_t levels) {
    std::vector<double> quantiles;
    for (std::size_t i = 0; i < levels; ++i)
        quantiles.push_back(double{sorted[(sorted.size() - 1) * i / (levels - 1)]});
    sortAndMerge(quantiles);
    return quantiles;
}

std::vector<double> lloydMaxLevels(std::span<const float> sorted, std::size_t levels) {
    constexpr int kMostRounds = 200;
    std::vector<double> current = quantileLevels(sorted, levels);
    std::vector<double> sums(sorted.size() + 1, 0.0);
    for (std::size_t i = 0; i < sorted.size(); ++i)
        sums[i + 1] = sums[i] + double{sorted[i]};
    const auto countBelow = [&](double value) {
        return static_cast<std::size_t>(std::ranges::lower_bound(sorted, value) - sorted.begin());
    };
    const double rest = 1e-9 * (double{sorted.back()} - double{sorted.front()});
    for (int round = 0; round < kMostRounds; ++round) {
        double moved = 0;
        std::vector<double> next = current;
        for (std::size_t i = 1; i + 1 < current.size(); ++i) {
            const std::size_t begin = countBelow((current[i - 1] + current[i]) / 2);
            const std::size_t end = countBelow((current[i] + current[i + 1]) / 2);
            if (begin < end)
                next[i] = (sums[end] - sums[begin]) / static_cast<double>(end - begin);
            moved = std::max(moved, std::abs(next[i] - current[i]));
        }
        current = std::move(next);
        if (moved <= rest)
            break;
    }
    sortAndMerge(current); // the mean of nearly equal values can fall on a neighbour
    return current;
}

std::vector<double> logarithmicLevels(double low, double high, std::size_t levels) {
    std::vector<double> powers{low, high};
    const bool bothSigns = low < 0 && high > 0;
    const auto add = [&](double end, double other, std::size_t count) {
        for (std::size_t j = 1; j < count; ++j) {
            const double power = std::ldexp(end, -static_cast<int>(j));
            if (power == 0 || (end > 0 ? power <= other : power >= other))
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

std::vector<double> candidatePoints(std::span<const float> sorted, std::size_t count) {
    const double low = sorted.front();
    const double high = sorted.back();
    const std::size_t half = std::max<std::size_t>(count / 2, 2);
    std::vector<double> points = quantileLevels(sorted, half);
    for (std::size_t i = 1; i + 1 < half; ++i)
        points.push_back(low + (high - low) * static_cast<double>(i) / static_cast<double>(half - 1));
    sortAndMerge(points);
    return points;
}

} // namespace zipml
