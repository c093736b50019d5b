#include "core/quant/levels/interval_cost.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace zipml {
namespace {

/// The sums of the data between the median and a place that moves away from it; in extended precision, or
/// their rounding errors add up over a million values.
class OutwardSums {
  public:
    /// @param distance of the place from the median, growing
    void moveTo(double distance) {
        const long double step = distance - distance_;
        u_ += step * count_;
        b_ += step * sum_;
        distance_ = distance;
    }
    /// Data at the place.
    void add(double count) {
        count_ += count;
        sum_ += static_cast<long double>(count) * distance_;
    }
    [[nodiscard]] double u() const { return static_cast<double>(u_); }
    [[nodiscard]] double b() const { return static_cast<double>(b_); }

  private:
    double distance_ = 0;
    long double count_ = 0, sum_ = 0, u_ = 0, b_ = 0;
};

/// Where the median's copies begin.
std::size_t medianIn(std::span<const float> sorted) {
    return static_cast<std::size_t>(std::ranges::lower_bound(sorted, sorted[sorted.size() / 2]) -
                                    sorted.begin());
}

} // namespace

void IntervalCost::resize(std::size_t candidates) {
    for (auto* numbers : {&position_, &d_, &u_, &b_})
        numbers->resize(candidates);
}

IntervalCost::IntervalCost(std::span<const float> sorted) : sorted_(sorted) {
    const std::size_t middle = medianIn(sorted);
    std::size_t below = 0, distinct = 1; // of the distinct values
    for (std::size_t i = 1; i < sorted.size(); ++i) {
        const bool other = sorted[i] != sorted[i - 1];
        distinct += other ? 1U : 0U;
        below += other && i <= middle ? 1U : 0U;
    }
    resize(distinct);
    const double median = sorted[middle];
    OutwardSums up;
    for (std::size_t i = middle, at = below; i < sorted.size(); ++at) {
        const std::size_t first = i;
        while (i < sorted.size() && sorted[i] == sorted[first])
            ++i;
        position_[at] = sorted[first];
        d_[at] = position_[at] - median;
        up.moveTo(d_[at]);
        up.add(static_cast<double>(i - first));
        u_[at] = up.u();
        b_[at] = up.b();
    }
    OutwardSums down;
    for (std::size_t i = middle, at = below; i > 0;) {
        const std::size_t end = i--;
        while (i > 0 && sorted[i - 1] == sorted[i])
            --i;
        position_[--at] = sorted[i];
        d_[at] = position_[at] - median;
        down.moveTo(-d_[at]);
        down.add(static_cast<double>(end - i));
        u_[at] = down.u();
        b_[at] = -down.b();
    }
}

IntervalCost::IntervalCost(std::span<const float> sorted, std::span<const double> candidates)
    : sorted_(sorted) {
    resize(candidates.size());
    std::ranges::copy(candidates, position_.begin());
    const std::size_t middle = medianIn(sorted);
    const double median = sorted[middle];
    const auto below =
        static_cast<std::size_t>(std::ranges::lower_bound(candidates, median) - candidates.begin());
    OutwardSums up;
    for (std::size_t at = below, next = middle; at < candidates.size(); ++at) {
        for (; next < sorted.size() && double{sorted[next]} <= candidates[at]; ++next) {
            up.moveTo(double{sorted[next]} - median);
            up.add(1);
        }
        d_[at] = candidates[at] - median;
        up.moveTo(d_[at]);
        u_[at] = up.u();
        b_[at] = up.b();
    }
    OutwardSums down;
    for (std::size_t at = below, next = middle; at-- > 0;) {
        for (; next > 0 && double{sorted[next - 1]} >= candidates[at]; --next) {
            down.moveTo(median - double{sorted[next - 1]});
            down.add(1);
        }
        d_[at] = candidates[at] - median;
        down.moveTo(-d_[at]);
        u_[at] = down.u();
        b_[at] = -down.b();
    }
}

IntervalCost::IntervalCost(const IntervalCost& all, std::span<const std::uint32_t> chosen)
    : sorted_(all.sorted_) {
    resize(chosen.size());
    for (std::size_t at = 0; at < chosen.size(); ++at) {
        position_[at] = all.position_[chosen[at]];
        d_[at] = all.d_[chosen[at]];
        u_[at] = all.u_[chosen[at]];
        b_[at] = all.b_[chosen[at]];
    }
}

double IntervalCost::noise() const {
    // |d| and u are greatest at the ends.
    const double far = std::max(std::abs(d_.front()), std::abs(d_.back()));
    return 2 * std::numeric_limits<double>::epsilon() * far * std::max(u_.front(), u_.back());
}

std::vector<double> levelsOf(const IntervalCost& cost, std::span<const std::uint32_t> path) {
    std::vector<double> levels;
    levels.reserve(path.size());
    for (const std::uint32_t i : path)
        levels.push_back(cost.position(i));
    return levels;
}

} // namespace zipml
