#include "core/quant/levels/greedy.h"

#include <algorithm>
#include <numeric>

namespace zipml {

std::vector<std::uint32_t> greedyLevels(const IntervalCost& cost, std::size_t intervals) {
    const std::size_t kept = 2 * intervals; // K = (1 + gamma) k with gamma = 1, for the factor 1 + 1/gamma
    std::vector<std::uint32_t> ends(cost.size());
    std::iota(ends.begin(), ends.end(), 0U);
    std::vector<double> merged;
    std::vector<double> order;
    while (ends.size() - 1 > 2 * kept + 1) {
        const std::size_t pairs = (ends.size() - 1) / 2;
        merged.resize(pairs);
        for (std::size_t p = 0; p < pairs; ++p)
            merged[p] = cost(ends[2 * p], ends[2 * p + 2]);
        order = merged;
        const auto threshold = order.begin() + static_cast<std::ptrdiff_t>(kept - 1);
        std::nth_element(order.begin(), threshold, order.end(), std::greater{});
        // Exactly `kept` pairs stay split: all above the threshold, and of those on it as many as fit.
        auto onThreshold = static_cast<std::ptrdiff_t>(kept) -
                           std::ranges::count_if(merged, [&](double c) { return c > *threshold; });
        std::size_t out = 1;
        for (std::size_t p = 0; p < pairs; ++p) {
            const bool split = merged[p] > *threshold || (merged[p] == *threshold && onThreshold-- > 0);
            if (split)
                ends[out++] = ends[2 * p + 1];
            ends[out++] = ends[2 * p + 2];
        }
        if ((ends.size() - 1) % 2 == 1)
            ends[out++] = ends.back(); // an odd last interval stays
        ends.resize(out);
    }
    return ends;
}

} // namespace zipml
