#include "core/quant/levels/lloyd_max.h"

#include "core/quant/levels/candidates.h"
#include "core/quant/levels/comparison.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace zipml {
namespace {

constexpr std::size_t kGroups = 1024;
constexpr std::size_t kMostExactLevels = 256;

/// A stretch of the data: how many, their mean and their squared distances from it. Joined without
/// cancellation (Chan, Golub and LeVeque 1979).
struct Cluster {
    double count = 0, mean = 0, error = 0;
    [[nodiscard]] double errorFrom(double level) const {
        return error + count * (mean - level) * (mean - level);
    }
};

Cluster joined(const Cluster& a, const Cluster& b) {
    const double count = a.count + b.count;
    const double apart = b.mean - a.mean;
    return {count, a.mean + apart * b.count / count,
            a.error + b.error + apart * apart * a.count * b.count / count};
}

std::vector<Cluster> groupsOf(std::span<const float> sorted, std::span<const double> begins) {
    std::vector<Cluster> groups(begins.size());
    std::size_t at = 0;
    for (const float value : sorted) {
        while (at + 1 < begins.size() && double{value} >= begins[at + 1])
            ++at;
        groups[at] =
            groups[at].count == 0 ? Cluster{1, double{value}, 0} : joined(groups[at], {1, double{value}, 0});
    }
    return groups;
}

/// Any stretch of groups, from two that meet at the middle of 2, 4, 8, ... groups (a disjoint sparse table).
class Clusters {
  public:
    explicit Clusters(std::vector<Cluster> groups) : groups_(std::move(groups)) {
        const std::size_t size = groups_.size();
        for (std::size_t half = 1; half < size; half *= 2) {
            std::vector<Cluster>& level = levels_.emplace_back(size);
            for (std::size_t middle = half; middle < size; middle += 2 * half) {
                for (std::size_t i = middle; i-- > middle - half;)
                    level[i] = i + 1 == middle ? groups_[i] : joined(groups_[i], level[i + 1]);
                for (std::size_t i = middle; i < std::min(middle + half, size); ++i)
                    level[i] = i == middle ? groups_[i] : joined(level[i - 1], groups_[i]);
            }
        }
    }
    [[nodiscard]] std::size_t size() const { return groups_.size(); }
    /// Groups begin to end, begin < end.
    [[nodiscard]] Cluster of(std::size_t begin, std::size_t end) const {
        const std::size_t last = end - 1;
        if (begin == last)
            return groups_[begin];
        const auto& level = levels_[static_cast<std::size_t>(std::bit_width(begin ^ last)) - 1];
        return joined(level[begin], level[last]);
    }

  private:
    std::vector<Cluster> groups_;
    std::vector<std::vector<Cluster>> levels_;
};

/// The best cut of the groups into clusters, one a level. A cluster's error is a Monge cost, so where the
/// last cluster begins does not fall as the end grows, which halves the search for every end at a time.
class BestCut {
  public:
    BestCut(const Clusters& clusters, double low, double high, std::size_t levels)
        : clusters_(clusters), begins_(levels - 1, std::vector<std::uint16_t>(clusters.size() + 1)) {
        const std::size_t size = clusters.size();
        least_.assign(size + 1, std::numeric_limits<double>::infinity());
        for (std::size_t end = 1; end < size; ++end)
            least_[end] = clusters.of(0, end).errorFrom(low);
        for (std::size_t level = 1; level + 1 < levels; ++level) {
            next_.assign(size + 1, std::numeric_limits<double>::infinity());
            fill(begins_[level], level + 1, size - 1, level, size - 2);
            least_.swap(next_);
        }
        std::size_t begin = 0;
        double best = std::numeric_limits<double>::infinity();
        for (std::size_t b = levels - 1; b < size; ++b)
            if (const double error = least_[b] + clusters.of(b, size).errorFrom(high); error < best) {
                best = error;
                begin = b;
            }
        for (std::size_t level = levels - 1; level-- > 0;) { // of the last cluster, then of those before
            cut_.push_back(begin);
            begin = begins_[level][begin];
        }
        std::ranges::reverse(cut_);
    }
    /// Where the second, third, ... cluster begin.
    [[nodiscard]] const std::vector<std::size_t>& cut() const { return cut_; }

  private:
    /// The clusters that end at `first` to `last` begin at `from` to `to`.
    void fill(std::vector<std::uint16_t>& begins, std::size_t first, std::size_t last, std::size_t from,
              std::size_t to) {
        if (first > last)
            return;
        const std::size_t end = first + (last - first) / 2;
        std::size_t best = from;
        for (std::size_t begin = from; begin <= std::min(to, end - 1); ++begin)
            if (const double error = least_[begin] + clusters_.of(begin, end).error; error < next_[end]) {
                next_[end] = error;
                best = begin;
            }
        begins[end] = static_cast<std::uint16_t>(best);
        if (end > first)
            fill(begins, first, end - 1, from, best);
        fill(begins, end + 1, last, best, to);
    }

    const Clusters& clusters_;
    std::vector<std::vector<std::uint16_t>> begins_; ///< [level][end]: of the level's cluster
    std::vector<double> least_, next_;
    std::vector<std::size_t> cut_;
};

/// The nearest floats, as levels.
std::vector<double> onFloats(std::vector<double> levels) {
    for (double& level : levels)
        level = double{static_cast<float>(level)};
    levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
    return levels;
}

double errorOf(std::span<const float> sorted, std::span<const double> levels) {
    double total = 0;
    std::size_t at = 0;
    for (const float value : sorted) {
        while (at + 1 < levels.size() && levels[at + 1] - double{value} <= double{value} - levels[at])
            ++at;
        total += (double{value} - levels[at]) * (double{value} - levels[at]);
    }
    return total;
}

/// Lloyd's steps until the levels rest, or after 200.
std::vector<double> settled(std::span<const float> sorted, std::vector<double> levels) {
    constexpr int kMostSteps = 200;
    const double centre = sorted[sorted.size() / 2];
    std::vector<long double> sums(sorted.size() + 1, 0.0L);
    for (std::size_t i = 0; i < sorted.size(); ++i)
        sums[i + 1] = sums[i] + (double{sorted[i]} - centre);
    const auto countBelow = [&](double value) {
        const auto at = std::ranges::lower_bound(sorted, value, {}, [](float v) { return double{v}; });
        return static_cast<std::size_t>(at - sorted.begin());
    };
    const double rest = 1e-9 * (double{sorted.back()} - double{sorted.front()});
    for (int step = 0; step < kMostSteps; ++step) {
        double moved = 0;
        std::vector<double> next = levels;
        for (std::size_t i = 1; i + 1 < levels.size(); ++i) {
            const std::size_t begin = countBelow((levels[i - 1] + levels[i]) / 2);
            const std::size_t end = countBelow((levels[i] + levels[i + 1]) / 2);
            if (begin < end)
                next[i] = centre + static_cast<double>((sums[end] - sums[begin]) /
                                                       static_cast<long double>(end - begin));
            moved = std::max(moved, std::abs(next[i] - levels[i]));
        }
        levels = std::move(next);
        if (moved <= rest)
            break;
    }
    std::ranges::sort(levels); // the mean of nearly equal values can fall on a neighbour
    return levels;
}

std::vector<double> exactOver(const Clusters& clusters, double low, double high, std::size_t levels) {
    const BestCut best(clusters, low, high, levels);
    std::vector<double> found{low};
    for (std::size_t i = 0; i + 1 < best.cut().size(); ++i)
        found.push_back(clusters.of(best.cut()[i], best.cut()[i + 1]).mean);
    found.push_back(high);
    return found;
}

} // namespace

std::vector<double> lloydMaxLevels(std::span<const float> sorted, std::size_t levels) {
    if (auto all = distinctValues(sorted, levels); !all.empty())
        return all;
    const double low = sorted.front(), high = sorted.back();
    if (levels <= 2)
        return {low, high};
    std::vector<double> start;
    if (levels <= kMostExactLevels) {
        const auto values = distinctValues(sorted, kGroups);
        const auto begins = values.empty() ? candidatePoints(sorted, kGroups) : values;
        start = onFloats(exactOver(Clusters(groupsOf(sorted, begins)), low, high, levels));
        if (!values.empty())
            return start;
    } else {
        start = candidatePoints(sorted, levels);
    }
    auto found = onFloats(settled(sorted, start));
    return errorOf(sorted, found) < errorOf(sorted, start) ? found : start;
}

} // namespace zipml
