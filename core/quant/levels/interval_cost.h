#pragma once
/// What it costs to have no level inside an interval: the total rounding variance of the data in it, for any
/// two candidate levels, in O(1) (method.md 5.3).

#include <cstdint>
#include <span>
#include <vector>

namespace zipml {

/// With n, s, q the count, sum and sum of squares of the data up to candidate d_i, and
///
///     u_i = n_i d_i - s_i    (the data's total distance below d_i)
///     b_i = d_i s_i - q_i
///
/// the cost V(i, j) = sum of (d_j - x)(x - d_i) over the data in (d_i, d_j] is b_j - b_i + u_i d_j - d_i u_j:
/// for fixed i linear in (d_j, u_j), which is what makes the searches over it fast. Duplicates are weighted
/// points. Values are centred, so that a large common part does not cancel.
class IntervalCost {
  public:
    /// Every distinct value is a candidate. @param sorted ascending, not empty
    explicit IntervalCost(std::span<const float> sorted);
    /// @param candidates strictly increasing; the first and the last enclose the data
    IntervalCost(std::span<const float> sorted, std::span<const double> candidates);
    /// A choice of another cost's candidates, over the same data.
    /// @param chosen strictly increasing, with the first and the last candidate
    IntervalCost(const IntervalCost& all, std::span<const std::uint32_t> chosen);

    [[nodiscard]] std::size_t size() const { return d_.size(); }
    [[nodiscard]] double position(std::size_t i) const { return d_[i] + centre_; }
    /// V(i, j), i <= j; never negative.
    [[nodiscard]] double operator()(std::size_t i, std::size_t j) const {
        const double cost = b_[j] - b_[i] + u_[i] * d_[j] - d_[i] * u_[j];
        return cost > 0 ? cost : 0;
    }
    [[nodiscard]] std::span<const double> d() const { return d_; }
    [[nodiscard]] std::span<const double> u() const { return u_; }

  private:
    double centre_;
    std::vector<double> d_, u_, b_;
};

/// Total cost of a path: consecutive candidates taken as levels.
double totalCost(const IntervalCost& cost, std::span<const std::uint32_t> path);
/// The levels of a path.
std::vector<double> levelsOf(const IntervalCost& cost, std::span<const std::uint32_t> path);

} // namespace zipml
