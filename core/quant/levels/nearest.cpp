#include "core/quant/levels/nearest.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace zipml {
namespace {

constexpr std::size_t kGroups = 256;

/// Sums over the data below a position, centred so that squares do not cancel.
class Sums {
  public:
    explicit Sums(std::span<const float> sorted)
        : centre_(sorted[sorted.size() / 2]), sum_(sorted.size() + 1), squares_(sorted.size() + 1) {
        for (std::size_t i = 0; i < sorted.size(); ++i) {
            const double value = sorted[i] - centre_;
            sum_[i + 1] = sum_[i] + value;
            squares_[i + 1] = squares_[i] + value * value;
        }
    }
    [[nodiscard]] double mean(std::size_t begin, std::size_t end) const {
        return centre_ + (sum_[end] - sum_[begin]) / static_cast<double>(end - begin);
    }
    /// Squared error of the data in [begin, end) from their mean.
    [[nodiscard]] double error(std::size_t begin, std::size_t end) const {
        if (begin == end)
            return 0;
        const double sum = sum_[end] - sum_[begin];
        return std::max(0.0, squares_[end] - squares_[begin] - sum * sum / static_cast<double>(end - begin));
    }

  private:
    double centre_;
    std::vector<double> sum_, squares_;
};

/// Where groups of equal values, or of as many as possible, begin; the data's size at the end.
std::vector<std::size_t> groupsOf(std::span<const float> sorted) {
    std::vector<std::size_t> begins;
    for (std::size_t i = 0; i < sorted.size() && begins.size() <= kGroups; ++i)
        if (i == 0 || sorted[i] != sorted[i - 1])
            begins.push_back(i);
    if (begins.size() > kGroups) {
        begins.clear();
        // By value, not by rank: the tails weigh most in a squared error.
        const double low = sorted.front(), width = (sorted.back() - low) / static_cast<double>(kGroups);
        for (std::size_t group = 0; group < kGroups; ++group) {
            const auto place = static_cast<float>(low + width * static_cast<double>(group));
            const auto at =
                static_cast<std::size_t>(std::ranges::lower_bound(sorted, place) - sorted.begin());
            if (at < sorted.size() && (begins.empty() || at > begins.back()))
                begins.push_back(at);
        }
    }
    begins.push_back(sorted.size());
    return begins;
}

/// The best cut of the groups into at most `parts`. @return where the parts begin, and the data's size
std::vector<std::size_t> bestCut(const Sums& sums, const std::vector<std::size_t>& groups,
                                 std::size_t parts) {
    const std::size_t size = groups.size() - 1;
    std::vector<double> least(size + 1, std::numeric_limits<double>::infinity());
    std::vector<std::vector<std::size_t>> from(parts, std::vector<std::size_t>(size + 1));
    least[0] = 0;
    for (std::size_t part = 0; part < parts; ++part) {
        auto next = least;
        for (std::size_t end = 0; end <= size; ++end)
            from[part][end] = end; // an empty part
        for (std::size_t end = size; end > 0; --end)
            for (std::size_t begin = 0; begin < end; ++begin) {
                const double cost = least[begin] + sums.error(groups[begin], groups[end]);
                if (cost < next[end]) {
                    next[end] = cost;
                    from[part][end] = begin;
                }
            }
        least = std::move(next);
    }
    std::vector<std::size_t> cut{groups.back()};
    for (std::size_t part = parts, end = size; part-- > 0;) {
        const std::size_t begin = from[part][end];
        if (begin != end)
            cut.push_back(groups[begin]);
        end = begin;
    }
    std::ranges::reverse(cut);
    return cut;
}

} // namespace

std::vector<double> nearestLevels(std::span<const float> sorted, std::size_t levels) {
    const Sums sums(sorted);
    auto cut = bestCut(sums, groupsOf(sorted), levels);
    std::vector<double> found;
    // Each step lowers the error; a step that moves no cut is the last.
    constexpr int kMostSteps = 200;
    for (int step = 0; step < kMostSteps; ++step) {
        found.clear();
        for (std::size_t part = 0; part + 1 < cut.size(); ++part)
            found.push_back(sums.mean(cut[part], cut[part + 1]));
        auto moved = cut;
        for (std::size_t part = 1; part + 1 < cut.size(); ++part) {
            const auto middle = static_cast<float>((found[part - 1] + found[part]) / 2);
            moved[part] = static_cast<std::size_t>(std::ranges::lower_bound(sorted, middle) - sorted.begin());
        }
        if (moved == cut || std::ranges::adjacent_find(moved, std::greater_equal{}) != moved.end())
            break;
        cut = std::move(moved);
    }
    return found;
}

} // namespace zipml
