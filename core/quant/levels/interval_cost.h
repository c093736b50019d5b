#pragma once
/// What it costs to have no level inside an interval: the total rounding variance of the data in it, for any
/// two candidate levels, in O(1) (docs/method.md#s5-3).

#include <cstdint>
#include <span>
#include <vector>

namespace zipml {

/// With d_i the distance of candidate i from the data's median (negative below it),
///
///     u_i = sum of |d_i - x| over the data between the median and candidate i
///     b_i = +- the sum of (|d_i| - |x|) |x| over the same data, - below the median
///
/// the cost V(i, j) = sum of (d_j - x)(x - d_i) over the data in (d_i, d_j] is b_j - b_i + u_i d_j - d_i u_j:
/// for fixed i linear in (d_j, u_j), which is what makes the searches over it fast. Duplicates are weighted
/// points. Distances are from the median, so that neither a large common part nor a far value cancels the
/// rest; where this does not suffice (noise()), direct_cost.h does.
class IntervalCost {
  public:
    /// Every distinct value is a candidate. @param sorted ascending, not empty; outlives this
    explicit IntervalCost(std::span<const float> sorted);
    /// @param sorted outlives this @param candidates strictly increasing; the first and the last enclose the
    /// data
    IntervalCost(std::span<const float> sorted, std::span<const double> candidates);
    /// A choice of another cost's candidates, over the same data.
    /// @param chosen strictly increasing, with the first and the last candidate
    IntervalCost(const IntervalCost& all, std::span<const std::uint32_t> chosen);

    [[nodiscard]] std::size_t size() const { return d_.size(); }
    /// Exactly the candidate.
    [[nodiscard]] double position(std::size_t i) const { return position_[i]; }
    [[nodiscard]] std::span<const double> positions() const { return position_; }
    /// V(i, j), i <= j; never negative. Off by up to noise().
    [[nodiscard]] double operator()(std::size_t i, std::size_t j) const {
        const double cost = b_[j] - b_[i] + u_[i] * d_[j] - d_[i] * u_[j];
        return cost > 0 ? cost : 0;
    }
    /// What the terms' rounding to doubles may change a cost by.
    [[nodiscard]] double noise() const;
    [[nodiscard]] std::span<const double> d() const { return d_; }
    [[nodiscard]] std::span<const double> u() const { return u_; }
    /// The data, ascending.
    [[nodiscard]] std::span<const float> sorted() const { return sorted_; }

  private:
    void resize(std::size_t candidates);

    std::span<const float> sorted_;
    std::vector<double> position_, d_, u_, b_;
};

/// Total cost of a path: consecutive candidates taken as levels.
template <class Cost>
double totalCost(const Cost& cost, std::span<const std::uint32_t> path) {
    double total = 0;
    for (std::size_t i = 1; i < path.size(); ++i)
        total += cost(path[i - 1], path[i]);
    return total;
}
/// The levels of a path.
std::vector<double> levelsOf(const IntervalCost& cost, std::span<const std::uint32_t> path);

} // namespace zipml
