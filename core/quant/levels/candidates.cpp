#include "core/quant/levels/candidates.h"

#include <algorithm>
#include <queue>

namespace zipml {
namespace {

/// Between two candidates: the data strictly inside, sorted[begin, end).
struct Stretch {
    double low, high;
    std::size_t begin, end;
    [[nodiscard]] double weight() const {
        return static_cast<double>(end - begin) * (high - low) * (high - low);
    }
    bool operator<(const Stretch& other) const { return weight() < other.weight(); }
};

void sortAndMerge(std::vector<double>& points) {
    std::ranges::sort(points);
    points.erase(std::unique(points.begin(), points.end()), points.end());
}

} // namespace

std::vector<double> candidatePoints(std::span<const float> sorted, std::size_t count) {
    const auto below = [&](float value, std::size_t begin, std::size_t end) {
        const auto part = sorted.subspan(begin, end - begin);
        return begin + static_cast<std::size_t>(std::ranges::lower_bound(part, value) - part.begin());
    };
    const auto upTo = [&](float value, std::size_t begin, std::size_t end) {
        const auto part = sorted.subspan(begin, end - begin);
        return begin + static_cast<std::size_t>(std::ranges::upper_bound(part, value) - part.begin());
    };
    const float low = sorted.front(), high = sorted.back();
    std::vector<double> points{double{low}, double{high}};
    std::priority_queue<Stretch> stretches;
    const auto offer = [&](const Stretch& stretch) {
        if (stretch.begin < stretch.end)
            stretches.push(stretch);
    };
    if (low < high)
        offer({double{low}, double{high}, upTo(low, 0, sorted.size()), below(high, 0, sorted.size())});
    while (points.size() < count && !stretches.empty()) {
        const Stretch cut = stretches.top();
        stretches.pop();
        const double middle = cut.low + (cut.high - cut.low) / 2;
        std::size_t at = below(static_cast<float>(middle), cut.begin, cut.end);
        if (at == cut.end ||
            (at > cut.begin && middle - double{sorted[at - 1]} < double{sorted[at]} - middle))
            --at;
        const float value = sorted[at];
        points.push_back(double{value});
        offer({cut.low, double{value}, cut.begin, below(value, cut.begin, at)});
        offer({double{value}, cut.high, upTo(value, at, cut.end), cut.end});
    }
    sortAndMerge(points);
    return points;
}

std::vector<double> withNeighbours(std::vector<double> points, std::span<const float> sorted,
                                   std::span<const double> places) {
    for (const double place : places) {
        const auto above =
            std::ranges::lower_bound(sorted, place, {}, [](float value) { return double{value}; });
        if (above != sorted.end())
            points.push_back(double{*above});
        if (above != sorted.begin())
            points.push_back(double{*std::prev(above)});
    }
    sortAndMerge(points);
    return points;
}

} // namespace zipml
