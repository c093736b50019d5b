#include "core/loss/reference/quadratic_program.h"

#include "core/loss/reference/interior_point.h"

#include <cmath>
#include <optional>
#include <stdexcept>

namespace zipml::reference {
namespace {

/// Where each parameter rests.
enum class Place : signed char { Low, Negative, Zero, Positive, High, Free };

class QuadraticProgram {
  public:
    QuadraticProgram(Curvature& curvature, const Eigen::VectorXd& gradient, const Eigen::VectorXd& start,
                     const Penalty& penalty, const Job& job)
        : curvature_(curvature), gradient_(gradient), start_(start), penalty_(penalty), job_(job), z_(start),
          best_(start) {}

    Eigen::VectorXd solve() {
        if (!curvature_.neededRows())
            descendCoordinates();
        keepBetter(z_);
        if (changeActiveSets())
            return best_;
        z_ = interiorPoint(curvature_, gradient_, start_, penalty_, job_);
        keepBetter(z_);
        changeActiveSets();
        return best_;
    }

  private:
    /// Of the quadratic function.
    [[nodiscard]] Eigen::VectorXd gradientAt(const Eigen::VectorXd& z) const {
        return gradient_ + curvature_.multiply(z - start_);
    }
    /// Above that of `start`.
    [[nodiscard]] double rise(const Eigen::VectorXd& z) const {
        const Eigen::VectorXd by = z - start_;
        return by.dot(gradient_ + curvature_.multiply(by) / 2) + penalty_.value(z) - penalty_.value(start_);
    }
    void keepBetter(const Eigen::VectorXd& z) {
        if (!z.allFinite())
            return;
        const Eigen::VectorXd inside = penalty_.clamped(z);
        if (const double value = rise(inside); value < bestRise_) {
            best_ = inside;
            bestRise_ = value;
        }
    }

    void descendCoordinates() {
        constexpr int kMostSweeps = 60;
        constexpr double kRest = 1e-13; ///< of the largest move of a sweep
        Eigen::VectorXd gradient = gradientAt(z_);
        const Eigen::MatrixXd& gram = curvature_.gram();
        double largest = 0;
        for (int sweep = 0; sweep < kMostSweeps; ++sweep) {
            job_.checkpoint();
            double moved = 0;
            for (Eigen::Index i = 0; i < z_.size(); ++i) {
                const double next = best(i, gradient[i]);
                const double change = next - z_[i];
                if (change == 0)
                    continue;
                gradient += change * gram.col(i);
                z_[i] = next;
                moved = std::max(moved, change * change * (gram(i, i) + penalty_.l2[i]));
            }
            largest = std::max(largest, moved);
            if (moved <= kRest * kRest * largest)
                return;
        }
    }

    /// The best value of one parameter.
    [[nodiscard]] double best(Eigen::Index i, double gradient) const {
        const double own = curvature_.gram()(i, i);
        const double curvature = own + penalty_.l2[i];
        if (!(curvature > 0))
            return z_[i];
        const double free = own * z_[i] - gradient;
        const double shrunk = std::copysign(std::max(std::abs(free) - penalty_.l1[i], 0.0), free);
        return std::clamp(shrunk / curvature, penalty_.low[i], penalty_.high[i]);
    }

    /// The place of each parameter after a step along its own curvature.
    [[nodiscard]] std::vector<Place> places(const Eigen::VectorXd& gradient) const {
        std::vector<Place> places(static_cast<std::size_t>(z_.size()), Place::Free);
        for (Eigen::Index i = 0; i < z_.size(); ++i) {
            const double curvature = curvature_.gram()(i, i) + penalty_.l2[i];
            const double step = curvature > 0 ? 1 / curvature : 1;
            const double v = z_[i] - step * (gradient[i] + penalty_.l2[i] * z_[i]);
            Place& place = places[static_cast<std::size_t>(i)];
            if (penalty_.l1[i] > 0)
                place = std::abs(v) <= step * penalty_.l1[i] ? Place::Zero
                        : v > 0                              ? Place::Positive
                                                             : Place::Negative;
            else if (v <= penalty_.low[i])
                place = Place::Low;
            else if (v >= penalty_.high[i])
                place = Place::High;
        }
        return places;
    }

    /// @return whether the places came to rest, which makes z the minimum
    bool changeActiveSets() {
        constexpr int kMostChanges = 25;
        constexpr double kSame = 1e-10; ///< of the objective's fall: rounding
        std::vector<Place> before;
        for (int change = 0; change < kMostChanges; ++change) {
            job_.checkpoint();
            const Eigen::VectorXd gradient = gradientAt(z_);
            const auto now = places(gradient);
            moveTo(now, gradient);
            if (!z_.allFinite())
                return false;
            if (now == before) { // solved twice: the second time for what rounding left
                const Eigen::VectorXd inside = penalty_.clamped(z_);
                // Where the matrix is singular on them, it may have gone astray.
                if (!(rise(inside) <= bestRise_ + kSame * std::abs(bestRise_)))
                    return false;
                best_ = inside;
                return true;
            }
            before = now;
        }
        return false;
    }

    /// The value that a place other than Negative, Positive and Free holds a parameter at.
    [[nodiscard]] std::optional<double> held(Place place, Eigen::Index i) const {
        switch (place) {
        case Place::Zero:
            return 0.0;
        case Place::Low:
            return penalty_.low[i];
        case Place::High:
            return penalty_.high[i];
        case Place::Negative:
        case Place::Positive:
        case Place::Free:
            return std::nullopt;
        }
        throw std::logic_error("unknown place");
    }

    /// To the minimum for parameters in these places.
    void moveTo(const std::vector<Place>& places, const Eigen::VectorXd& gradient) {
        Indices free;
        Eigen::VectorXd tilt = Eigen::VectorXd::Zero(z_.size());
        Eigen::VectorXd move = Eigen::VectorXd::Zero(z_.size());
        Eigen::VectorXd goal = z_;
        for (Eigen::Index i = 0; i < z_.size(); ++i) {
            const Place place = places[static_cast<std::size_t>(i)];
            if (const auto value = held(place, i)) {
                goal[i] = *value;
                move[i] = *value - z_[i];
                continue;
            }
            tilt[i] = place == Place::Negative   ? -penalty_.l1[i]
                      : place == Place::Positive ? penalty_.l1[i]
                                                 : 0;
            free.push_back(i);
        }
        const Eigen::VectorXd right =
            -(gradient + curvature_.multiply(move) + penalty_.l2.cwiseProduct(z_) + tilt);
        z_ = goal + curvature_.solve(penalty_.l2, free, right);
    }

    Curvature& curvature_;
    const Eigen::VectorXd& gradient_;
    const Eigen::VectorXd& start_;
    const Penalty& penalty_;
    const Job& job_;
    Eigen::VectorXd z_, best_;
    double bestRise_ = 0;
};

} // namespace

Eigen::VectorXd minimiseQuadratic(Curvature& curvature, const Eigen::VectorXd& gradient,
                                  const Eigen::VectorXd& x, const Penalty& penalty, const Job& job) {
    return QuadraticProgram(curvature, gradient, x, penalty, job).solve();
}

} // namespace zipml::reference
