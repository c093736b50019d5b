#include "core/loss/reference/search.h"

#include "core/loss/reference/quadratic_program.h"

#include <cmath>
#include <limits>

namespace zipml::reference {
namespace {

constexpr double kWanted = 1e-9;    ///< of the objective: a bound that is good enough to end with
constexpr double kRounding = 1e-14; ///< of the zero model's objective: what is below counts as 0
constexpr double kSeparated = 1e-6; ///< a margin that is above 0 whatever was rounded on the way to it
constexpr double kNoBound = std::numeric_limits<double>::infinity();

} // namespace

Search::Search(const ScaledRows& rows, const Loss& loss, const Regularizer& regularizer)
    : rows_(rows), regularizer_(regularizer), loss_(loss, rows.labels()),
      free_(regularizer.kind == RegularizerKind::None), x_(Eigen::VectorXd::Zero(rows.size())),
      scores_(rows.rows(), 0.0), factors_(rows.rows(), 1.0), independent_(allIndices(rows.size())) {
    zeroObjective_ = rows_.mean([&](std::size_t row) { return loss_.exact(row, 0); });
    direct_ = loss_.isQuadratic() || rows_.size() <= 64;
    if (loss_.isQuadratic())
        constantCurvature_ = std::make_unique<Curvature>(rows_, factors_);
}

void Search::approach(double gain) {
    const Penalty penalty(rows_, regularizer_);
    objective_ = zeroObjective_;
    rows_.scores(x_, scores_);
    descend(penalty, gain * zeroObjective_);
}

bool Search::run() {
    if (regularizer_.kind == RegularizerKind::Ball)
        return solveBall();
    const Penalty penalty(rows_, regularizer_);
    x_ = penalty.clamped(x_);
    rows_.scores(x_, scores_);
    return solve(penalty);
}

double Search::wanted() const {
    return kWanted * std::max(objective_, kRounding / kWanted * zeroObjective_);
}

/// @return whether the bound is as wanted
bool Search::solve(const Penalty& penalty) {
    constexpr int kMostRounds = 60;
    constexpr double kNarrowing = 0.3;
    constexpr double kLeastWidth = 1e-7;
    progress_ = objective_ = zeroObjective_;
    double best = kNoBound; // progress
    Found found{kNoBound, zeroObjective_, x_};
    int without = 0; // rounds without progress
    for (int round = 0; round < kMostRounds && without < 4; ++round) {
        // The duality gap falls as the root of what a step gains.
        const double goal = loss_.isHinge() ? std::clamp(1e-4 * progress_ * progress_ / zeroObjective_,
                                                         1e-16 * zeroObjective_, 1e-3 * zeroObjective_)
                                            : (priced(penalty) ? 1e-5 : 1e-2) * wanted();
        bool zero = !descend(penalty, goal);
        if (separated_)
            return false;
        rows_.scores(x_, scores_); // rid of what rounding the moves has left
        const bool narrow = loss_.width() <= kLeastWidth;
        if (loss_.isHinge())
            loss_.updateMultipliers(scores_, std::max(kNarrowing * loss_.width(), kLeastWidth));
        zero = zero || (free_ && loss_.isPiecewise() && reachZero());
        certify(penalty);
        if (zero)
            objective_ = gap_ = 0;
        if (gap_ <= wanted())
            return true;
        if (gap_ < found.gap)
            found = {gap_, objective_, x_};
        // Multipliers may come near only when the stretch is short.
        const bool stalls = !(progress_ < 0.5 * best) && (narrow || !loss_.isHinge());
        without = stalls ? without + 1 : 0;
        best = std::min(best, progress_);
        if (without > 0 && direct_ && !exact_) {
            exact_ = true;
            without = 0;
        }
        direct_ = dense(); // conjugate gradients may have ended too early
        if (stalls)
            earlier_.reset();
    }
    take(found);
    return false;
}

void Search::take(const Found& found) {
    gap_ = found.gap;
    objective_ = found.objective;
    x_ = found.x;
    rows_.scores(x_, scores_);
}

/// Moves x to the minimum of the (smoothed) objective; the next step would gain less than `goal`.
/// @return false where the loss is exactly 0
bool Search::descend(const Penalty& penalty, double goal) {
    constexpr int kMostSteps = 100;
    std::vector<double> factors(rows_.rows()), direction;
    for (int step = 0; step < kMostSteps; ++step) {
        rows_.job().checkpoint();
        if (free_ && loss_.isPiecewise() && reachZero())
            return false;
        for (std::size_t row = 0; row < factors.size(); ++row) {
            factors[row] = loss_.slope(row, scores_[row]);
            factors_[row] = loss_.curvature(row, scores_[row]);
        }
        curvature_.reset();
        const Eigen::VectorXd gradient = rows_.combine(factors);
        if (priced(penalty) && dualGap(penalty, gradient) <= 0.5 * wanted())
            return true;
        const Eigen::VectorXd p =
            penalty.smooth
                ? smoothStep(penalty, gradient)
                : Eigen::VectorXd(minimiseQuadratic(curvature(), gradient, x_, penalty, rows_.job()) - x_);
        const double gain = -(gradient.dot(p) + penalty.slope(x_, p));
        if (!(gain > 0))
            return true;
        if (loss_.isQuadratic()) { // exact, but for rounding
            x_ = penalty.clamped(x_ + p);
            return true;
        }
        rows_.scores(p, direction);
        const double t = lineSearch(penalty, p, direction);
        x_ = penalty.clamped(x_ + t * p);
        for (std::size_t row = 0; row < scores_.size(); ++row)
            scores_[row] += t * direction[row];
        if (t == 0 || gain <= goal)
            return true;
        gained_ = gain / zeroObjective_;
        if (free_ && !loss_.isPiecewise() && leastMargin() > kSeparated) {
            separated_ = true;
            return true;
        }
    }
    return true;
}

Curvature& Search::curvature() {
    if (constantCurvature_)
        return *constantCurvature_;
    if (!curvature_)
        curvature_ = std::make_unique<Curvature>(rows_, factors_);
    return *curvature_;
}

Eigen::VectorXd Search::smoothStep(const Penalty& penalty, const Eigen::VectorXd& gradient) {
    const Eigen::VectorXd right = -gradient - penalty.l2.cwiseProduct(x_);
    if (!direct_ || (earlier_ && !exact_)) {
        // As many products as take the time of the matrix and its factorization, by measured rates: 2 and 18
        // operations a nanosecond.
        const auto size = static_cast<double>(rows_.size());
        const auto active = static_cast<double>(
            std::max<std::ptrdiff_t>(1, std::ranges::count_if(factors_, [](double f) { return f > 0; })));
        constexpr int kMostProducts = 250;
        const int products =
            dense() ? std::min(kMostProducts, 5 + static_cast<int>(size / 36 + size * size / (108 * active)))
                    : kMostProducts;
        if (const auto step = conjugateGradients(penalty, right, products))
            return *step;
        direct_ = true;
    }
    // At the hinge's kinks few rows are active, and directions that they leave open matter.
    const auto active = std::ranges::count_if(factors_, [](double f) { return f > 0; });
    const bool rough = !exact_ && !loss_.isQuadratic() && (!loss_.isHinge() || active >= rows_.size());
    Eigen::VectorXd step = curvature().solve(penalty.l2, moving(), right, rough);
    if (free_ && curvature().neededRows())
        findDependent(); // left out from the next step on, for which the matrix may then do
    if (priced(penalty))
        earlier_ = std::move(curvature_);
    return step;
}

double Search::meanCurvature() const {
    return rows_.mean([&](std::size_t row) { return factors_[row]; });
}

/// Whether the duality gap bounds what a smooth search has left: each parameter has a price of its own. That of a
/// ball is looked for itself, by the norms of ends that must be exact.
bool Search::priced(const Penalty& penalty) const {
    return penalty.smooth && regularizer_.kind != RegularizerKind::Ball && !loss_.isQuadratic() &&
           !loss_.isHinge() && (penalty.l2.tail(penalty.l2.size() - 1).array() > 0).all();
}

/// Preconditioned by the diagonal, or by the curvature of an earlier step.
/// @return nothing where the products did not do and the matrix can be built
std::optional<Eigen::VectorXd> Search::conjugateGradients(const Penalty& penalty,
                                                          const Eigen::VectorXd& right, int mostProducts) {
    // A Newton step is off by the square of how far the minimum is; more exact it need not be solved for.
    const double near = std::clamp(std::sqrt(gained_), earlier_ ? 1e-3 : 0.03, 0.3);
    const double curvature = meanCurvature();
    const double least = std::max(1e-12 * penalty.l2.maxCoeff(), curvature > 0 ? 0.0 : 1e-300);
    const Eigen::VectorXd inverse =
        penalty.l2.unaryExpr([&](double l2) { return 1 / std::max(l2 + curvature, least); });
    const auto solved = [&](const Eigen::VectorXd& of) {
        return earlier_ ? earlier_->solve(penalty.l2, allIndices(of.size()), of, true)
                        : Eigen::VectorXd(inverse.cwiseProduct(of));
    };
    Eigen::VectorXd step = Eigen::VectorXd::Zero(right.size());
    Eigen::VectorXd rest = right;
    Eigen::VectorXd scaled = solved(rest);
    Eigen::VectorXd direction = scaled;
    double size = rest.dot(scaled);
    const double goal = near * near * size;
    for (int i = 0; size > goal; ++i) {
        if (i == mostProducts)
            return dense() ? std::nullopt : std::optional(step);
        const Eigen::VectorXd image =
            rows_.multiply(factors_, direction) + penalty.l2.cwiseProduct(direction);
        const double along = direction.dot(image);
        if (!(along > 0))
            return step.isZero(0) ? direction : step; // flat: the line search finds how far
        step += size / along * direction;
        rest -= size / along * image;
        scaled = solved(rest);
        const double next = rest.dot(scaled);
        direction = scaled + next / size * direction;
        size = next;
    }
    return step;
}

/// The t > 0 of least objective along p, roughly: the derivative has fallen to a tenth. At most 1 with a
/// penalty of kinks or bounds.
double Search::lineSearch(const Penalty& penalty, const Eigen::VectorXd& p,
                          const std::vector<double>& direction) const {
    const auto slopeAt = [&](double t) {
        return rows_.mean([&](std::size_t row) {
            return loss_.slope(row, scores_[row] + t * direction[row]) * direction[row];
        }) + penalty.slope(x_ + t * p, p);
    };
    const double start = slopeAt(0);
    if (!(start < 0))
        return 0;
    const double near = -0.1 * start;
    double low = 0;
    double high = 1;
    for (int i = 0; i < 30; ++i, low = high, high *= 2) {
        const double slope = slopeAt(high);
        if (std::abs(slope) <= near || (!penalty.smooth && slope < 0))
            return high;
        if (slope > 0)
            break;
    }
    for (int i = 0; i < 200 && high - low > 1e-12 * high; ++i) {
        const double middle = low > 0 ? (low + high) / 2 : high / (i < 3 ? 2 : 16);
        const double slope = slopeAt(middle);
        if (std::abs(slope) <= near)
            return middle;
        (slope > 0 ? high : low) = middle;
    }
    return low;
}

double Search::leastMargin() const {
    double least = kNoBound;
    for (std::size_t row = 0; row < scores_.size(); ++row)
        least = std::min(least, loss_.margin(row, scores_[row]));
    return least;
}

/// Classes that can be separated: the weights that make every margin 1.
bool Search::reachZero() {
    const double least = leastMargin();
    if (!(least > 0))
        return false;
    if (least < 1) {
        x_ *= (1 + 1e-12) / least;
        rows_.scores(x_, scores_);
    }
    return true;
}

/// The parameters that a step changes: without a regularizer those that others depend on are left as they
/// are.
Indices Search::moving() const {
    return free_ ? independent_ : allIndices(rows_.size());
}

/// Of all rows, whatever their curvatures are.
void Search::findDependent() {
    if (dependentKnown_)
        return;
    dependentKnown_ = true;
    if (constantCurvature_) {
        nullSpace_ = constantCurvature_->nullSpace(independent_);
        return;
    }
    Curvature all(rows_, std::vector<double>(rows_.rows(), 1.0));
    nullSpace_ = all.nullSpace(independent_);
}

const Eigen::MatrixXd& Search::nullSpace() {
    findDependent();
    return nullSpace_;
}

} // namespace zipml::reference
