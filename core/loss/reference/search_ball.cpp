#include "core/loss/reference/search.h"

#include <cmath>
#include <limits>

namespace zipml::reference {
namespace {

constexpr double kNoBound = std::numeric_limits<double>::infinity();

} // namespace

double Search::weightNorm() const {
    return rows_.scale().cwiseProduct(x_.tail(x_.size() - 1)).norm();
}

/// The price of 1/2 |w|^2 is raised from below and lowered from above until the solution lies on the sphere,
/// or, inside of it, is the minimum.
bool Search::solveBall() {
    constexpr int kMostPrices = 80;
    const double radius = regularizer_.radius;
    const auto bound = [&] {
        std::vector<double> duals(rows_.rows());
        for (std::size_t row = 0; row < duals.size(); ++row)
            duals[row] = loss_.dual(row, scores_[row]);
        const Eigen::VectorXd gradient = rows_.combine(duals);
        Eigen::VectorXd v = -gradient.tail(gradient.size() - 1);
        double inner = 0;
        for (Eigen::Index i = 0; i < v.size(); ++i) {
            const double scale = rows_.scale()[i];
            inner += v[i] * x_[i + 1];
            v[i] = scale > 0 ? v[i] / scale : 0;
        }
        objective_ = rows_.mean([&](std::size_t row) { return loss_.exact(row, scores_[row]); });
        gap_ = rows_.mean([&](std::size_t row) { return loss_.dualityGap(row, scores_[row]); }) +
               std::max(0.0, radius * v.norm() - inner) + interceptGap(gradient);
        return gap_ <= wanted();
    };
    std::vector<double> slopes(rows_.rows());
    for (std::size_t row = 0; row < slopes.size(); ++row)
        slopes[row] = loss_.slope(row, 0);
    const Eigen::VectorXd start = rows_.combine(slopes);
    double norm = 0; // of the gradient at zero by the weights
    for (Eigen::Index i = 1; i < start.size(); ++i)
        if (const double scale = rows_.scale()[i - 1]; scale > 0)
            norm = std::hypot(norm, start[i] / scale);
    double low = 0;                   // |w| > radius, or 0
    double high = 0;                  // |w| <= radius; 0: not found yet
    double lowRise = 0, highRise = 0; // radius / |w| - 1 there
    double price = norm > 0 ? norm / radius : 1;
    Found inside{kNoBound, zeroObjective_, x_}; // the best so far
    const Regularizer none;
    for (int round = 0; round < kMostPrices && (round < 4 || high == 0 || high - low > 1e-15 * high);
         ++round) {
        // Where the minimum without the ball lies inside, no price is low enough.
        if ((round == 0 && loss_.isQuadratic()) || (round == 2 && low == 0 && !loss_.isQuadratic())) {
            const Eigen::VectorXd before = x_;
            free_ = true;
            const bool found = solve(Penalty(rows_, none));
            free_ = false;
            if (found && weightNorm() <= radius)
                return true;
            lowRise = separated_ ? -1 : radius / weightNorm() - 1;
            if (separated_ || !x_.allFinite())
                x_ = before;
            separated_ = false;
            rows_.scores(x_, scores_);
        }
        solve(Penalty(rows_, none, price));
        const double length = weightNorm();
        if (length <= radius) {
            if (bound())
                return true;
            if (gap_ < inside.gap)
                inside = {gap_, objective_, x_};
        }
        const double rise = radius / length - 1;
        if (length > radius) {
            low = price;
            lowRise = rise;
        } else {
            high = price;
            highRise = rise;
        }
        if (high == 0) {
            price *= 8;
        } else if (low == 0) {
            price /= 30;
        } else {
            // 1 / |w| is close to a straight line of the price.
            const double straight = low + (high - low) * (-lowRise) / (highRise - lowRise);
            const double aim = straight * (1 + 1e-13);
            price = round % 4 == 3 || !(aim > low && aim < high) ? (low + high) / 2 : aim;
        }
    }
    take(inside);
    return false;
}

} // namespace zipml::reference
