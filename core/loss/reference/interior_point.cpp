#include "core/loss/reference/interior_point.h"

#include <cmath>

namespace zipml::reference {
namespace {

/// Both kinds of kinks are two pairs of positive numbers a parameter, whose products go to 0:
///   l1      z = first - second;  its slope u in (-l1, l1):  duals l1 - u and l1 + u
///   bounds  first = z - low, second = high - z;  duals their prices, u = dual of second - dual of first
/// A parameter without either has no pairs.
struct Pairs {
    Eigen::VectorXd first, second, firstDual, secondDual;
};

class InteriorPoint {
  public:
    InteriorPoint(const Curvature& curvature, const Eigen::VectorXd& gradient, const Eigen::VectorXd& start,
                  const Penalty& penalty, const Job& job)
        : curvature_(curvature), gradient_(gradient), start_(start), penalty_(penalty), job_(job), z_(start) {
        const Eigen::Index size = start.size();
        pairs_ = {Eigen::VectorXd::Ones(size), Eigen::VectorXd::Ones(size), Eigen::VectorXd::Ones(size),
                  Eigen::VectorXd::Ones(size)};
        const Eigen::VectorXd own = curvature.gram().diagonal() + penalty.l2;
        double typical = 0;
        for (Eigen::Index i = 0; i < size; ++i)
            if (own[i] > 0)
                typical = std::max(typical, std::abs(gradient[i] / own[i]));
        typical = typical > 0 ? typical : 1;
        const double price = gradient.cwiseAbs().maxCoeff() > 0 ? gradient.cwiseAbs().maxCoeff() : 1;
        for (Eigen::Index i = 0; i < size; ++i) {
            if (penalty.l1[i] > 0) {
                pairs_.first[i] = std::max(z_[i], 0.0) + typical;
                pairs_.second[i] = std::max(-z_[i], 0.0) + typical;
                pairs_.firstDual[i] = pairs_.secondDual[i] = penalty.l1[i];
            } else if (bounded(i)) {
                const double room = penalty.high[i] - penalty.low[i];
                const double off = std::min(typical, room / 3);
                z_[i] = room > 0 ? std::clamp(z_[i], penalty.low[i] + off, penalty.high[i] - off)
                                 : penalty.low[i];
                pairs_.first[i] = room > 0 ? z_[i] - penalty.low[i] : 1;
                pairs_.second[i] = room > 0 ? penalty.high[i] - z_[i] : 1;
                pairs_.firstDual[i] = pairs_.secondDual[i] = price;
            }
        }
    }

    Eigen::VectorXd solve() {
        constexpr int kMostSteps = 80;
        constexpr double kRest = 1e-15;
        const double begin = product();
        for (int step = 0; step < kMostSteps; ++step) {
            job_.checkpoint();
            const double mean = product();
            if (!(mean > kRest * begin) || !factorize())
                break;
            Eigen::VectorXd zero = Eigen::VectorXd::Zero(z_.size());
            const Step predicted = stepTo(zero, zero);
            const double reached = productAfter(predicted, std::min(1.0, longest(predicted)));
            const double target = std::pow(reached / mean, 3) * mean;
            const Step corrected = stepTo(
                (target - predicted.pairs.first.array() * predicted.pairs.firstDual.array()).matrix(),
                (target - predicted.pairs.second.array() * predicted.pairs.secondDual.array()).matrix());
            const double length = std::min(1.0, 0.995 * longest(corrected));
            if (!corrected.z.allFinite() || length < 1e-10)
                break;
            z_ += length * corrected.z;
            pairs_.first += length * corrected.pairs.first;
            pairs_.second += length * corrected.pairs.second;
            pairs_.firstDual += length * corrected.pairs.firstDual;
            pairs_.secondDual += length * corrected.pairs.secondDual;
        }
        return z_;
    }

  private:
    struct Step {
        Eigen::VectorXd z;
        Pairs pairs; ///< their changes
    };

    [[nodiscard]] bool bounded(Eigen::Index i) const { return std::isfinite(penalty_.low[i]); }
    [[nodiscard]] bool held(Eigen::Index i) const { return penalty_.low[i] == penalty_.high[i]; }
    [[nodiscard]] bool paired(Eigen::Index i) const { return penalty_.l1[i] > 0 || (bounded(i) && !held(i)); }
    /// The slope that the pairs stand for.
    [[nodiscard]] double slope(Eigen::Index i) const {
        if (!paired(i))
            return 0;
        return penalty_.l1[i] > 0 ? (pairs_.secondDual[i] - pairs_.firstDual[i]) / 2
                                  : pairs_.secondDual[i] - pairs_.firstDual[i];
    }
    /// What the pairs add to the matrix's diagonal.
    [[nodiscard]] double weight(Eigen::Index i) const {
        const auto& [a, b, c, d] = pairs_;
        if (held(i))
            return 1e30;
        if (!paired(i))
            return 0;
        return penalty_.l1[i] > 0 ? 1 / (a[i] / c[i] + b[i] / d[i]) : c[i] / a[i] + d[i] / b[i];
    }

    [[nodiscard]] double product() const { return productAfter({}, 0); }
    /// Mean of the pairs' products, `length` along the step.
    [[nodiscard]] double productAfter(const Step& step, double length) const {
        double sum = 0;
        double count = 0;
        for (Eigen::Index i = 0; i < z_.size(); ++i) {
            if (!paired(i))
                continue;
            const auto at = [&](const Eigen::VectorXd& now, const Eigen::VectorXd& change) {
                return length == 0 ? now[i] : now[i] + length * change[i];
            };
            sum += at(pairs_.first, step.pairs.first) * at(pairs_.firstDual, step.pairs.firstDual) +
                   at(pairs_.second, step.pairs.second) * at(pairs_.secondDual, step.pairs.secondDual);
            count += 2;
        }
        return count > 0 ? sum / count : 0;
    }
    /// How far along the step all pairs stay above 0.
    [[nodiscard]] double longest(const Step& step) const {
        double most = 1 / 0.995;
        const auto limit = [&](const Eigen::VectorXd& now, const Eigen::VectorXd& change) {
            for (Eigen::Index i = 0; i < now.size(); ++i)
                if (paired(i) && change[i] < 0)
                    most = std::min(most, -now[i] / change[i]);
        };
        limit(pairs_.first, step.pairs.first);
        limit(pairs_.second, step.pairs.second);
        limit(pairs_.firstDual, step.pairs.firstDual);
        limit(pairs_.secondDual, step.pairs.secondDual);
        return most;
    }

    bool factorize() {
        Eigen::MatrixXd matrix = curvature_.gram();
        for (Eigen::Index i = 0; i < z_.size(); ++i)
            matrix(i, i) += penalty_.l2[i] + weight(i);
        scale_ = matrix.diagonal().unaryExpr([](double d) { return d > 0 ? 1 / std::sqrt(d) : 1.0; });
        matrix = scale_.asDiagonal() * matrix * scale_.asDiagonal();
        matrix.diagonal().array() += 1e-14;
        cholesky_.compute(matrix);
        return cholesky_.info() == Eigen::Success;
    }

    /// Newton's step to products `first` and `second` a parameter.
    [[nodiscard]] Step stepTo(const Eigen::VectorXd& first, const Eigen::VectorXd& second) const {
        const auto& [a, b, c, d] = pairs_;
        const Eigen::VectorXd gradient =
            gradient_ + curvature_.multiply(z_ - start_) + penalty_.l2.cwiseProduct(z_);
        Eigen::VectorXd right = -gradient;
        for (Eigen::Index i = 0; i < z_.size(); ++i) {
            if (held(i))
                right[i] = 0;
            if (!paired(i))
                continue;
            right[i] -= slope(i);
            if (penalty_.l1[i] > 0)
                right[i] += ((first[i] - a[i] * c[i]) / c[i] - (second[i] - b[i] * d[i]) / d[i]) * weight(i);
            else
                right[i] += (first[i] - a[i] * c[i]) / a[i] - (second[i] - b[i] * d[i]) / b[i];
        }
        Step step;
        step.z = scale_.cwiseProduct(cholesky_.solve(scale_.cwiseProduct(right)));
        const Eigen::VectorXd zero = Eigen::VectorXd::Zero(z_.size());
        step.pairs = {zero, zero, zero, zero};
        for (Eigen::Index i = 0; i < z_.size(); ++i) {
            if (!paired(i))
                continue;
            auto& [da, db, dc, dd] = step.pairs;
            if (penalty_.l1[i] > 0) {
                const double shift = (first[i] - a[i] * c[i]) / c[i] - (second[i] - b[i] * d[i]) / d[i];
                const double up = (step.z[i] - shift) * weight(i); // of the slope
                dc[i] = -up;
                dd[i] = up;
                da[i] = (first[i] - a[i] * c[i] + a[i] * up) / c[i];
                db[i] = (second[i] - b[i] * d[i] - b[i] * up) / d[i];
            } else {
                da[i] = step.z[i];
                db[i] = -step.z[i];
                dc[i] = (first[i] - a[i] * c[i] - c[i] * step.z[i]) / a[i];
                dd[i] = (second[i] - b[i] * d[i] + d[i] * step.z[i]) / b[i];
            }
        }
        return step;
    }

    const Curvature& curvature_;
    const Eigen::VectorXd& gradient_;
    const Eigen::VectorXd& start_;
    const Penalty& penalty_;
    const Job& job_;
    Eigen::VectorXd z_;
    Pairs pairs_;
    Eigen::VectorXd scale_;
    Eigen::LLT<Eigen::MatrixXd> cholesky_;
};

} // namespace

Eigen::VectorXd interiorPoint(const Curvature& curvature, const Eigen::VectorXd& gradient,
                              const Eigen::VectorXd& x, const Penalty& penalty, const Job& job) {
    return InteriorPoint(curvature, gradient, x, penalty, job).solve();
}

} // namespace zipml::reference
