#include "core/loss/margin_optimum.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace zipml {
namespace {

constexpr std::size_t kParts = 16; ///< of the rows: a fixed number, so that sums do not depend on threads
constexpr std::size_t kMostValues = 50'000'000;
constexpr int kMostSteps = 200;
constexpr int kMostProducts = 250; ///< of a step's conjugate gradients
constexpr double kRest = 1e-9;     ///< of the objective: how far above the minimum is near enough
constexpr double kHingeRest = 1e-4;
constexpr double kSeparated = 1e-7; ///< of the loss at the zero model

/// The objective at a point: all that Newton's method asks for. Vectors are (intercept, weights).
class Objective {
  public:
    Objective(const Dataset& data, const Loss& loss, bool intercept, double l2, ThreadTeam& team,
              const Job& job)
        : data_(data), loss_(loss), constant_(intercept ? 1 : 0), l2_(l2), team_(team), job_(job),
          scores_(data.rows, 0.0), direction_(data.rows), curvature_(data.rows) {}

    /// Width of the stretch on which the hinge is smoothed.
    double smoothing = 1;

    [[nodiscard]] Eigen::Index size() const { return static_cast<Eigen::Index>(data_.features) + 1; }

    /// Mean smoothed loss + R at `t` along the direction from the point `x`; 0: at the point.
    [[nodiscard]] double value(const Eigen::VectorXd& x) const {
        return mean([&](std::size_t row) { return smoothValue(scores_[row], data_.labels[row]); }) +
               l2_ / 2 * x.tail(size() - 1).squaredNorm();
    }
    /// How far the smoothed hinge is below the hinge; 0 for other losses.
    [[nodiscard]] double gap() const {
        if (loss_.kind != LossKind::Hinge)
            return 0;
        return mean([&](std::size_t row) {
            return loss_.value(scores_[row], data_.labels[row]) -
                   smoothValue(scores_[row], data_.labels[row]);
        });
    }
    /// Gradient at the point, and the diagonal of the Hessian; keeps the curvatures for multiply().
    void differentiate(const Eigen::VectorXd& x, Eigen::VectorXd& gradient, Eigen::VectorXd& diagonal) {
        std::vector<Eigen::VectorXd> squares(kParts);
        gradient = sumOver([&](std::size_t part, std::size_t row, const auto& a, Eigen::VectorXd& sum) {
            const double label = data_.labels[row];
            const double slope = smoothSlope(scores_[row], label);
            const double curvature = smoothCurvature(scores_[row], label);
            curvature_[row] = curvature;
            auto& square = squares[part];
            if (square.size() == 0)
                square = Eigen::VectorXd::Zero(size());
            if (slope != 0)
                addRow(a, slope, sum);
            if (curvature != 0) {
                square[0] += curvature * constant_;
                square.tail(size() - 1) += curvature * a.cwiseAbs2();
            }
        });
        diagonal = Eigen::VectorXd::Zero(size());
        for (const auto& square : squares)
            if (square.size() > 0)
                diagonal += square;
        diagonal /= static_cast<double>(data_.rows);
        gradient.tail(size() - 1) += l2_ * x.tail(size() - 1);
        diagonal.tail(size() - 1).array() += l2_;
    }
    [[nodiscard]] Eigen::VectorXd multiply(const Eigen::VectorXd& v) const {
        Eigen::VectorXd product =
            sumOver([&](std::size_t /*part*/, std::size_t row, const auto& a, Eigen::VectorXd& sum) {
                if (curvature_[row] != 0)
                    addRow(a, curvature_[row] * dot(a, v), sum);
            });
        product.tail(size() - 1) += l2_ * v.tail(size() - 1);
        return product;
    }
    void setDirection(const Eigen::VectorXd& p) {
        forEachRow(
            [&](std::size_t /*part*/, std::size_t row, const auto& a) { direction_[row] = dot(a, p); });
    }
    /// Derivative along the direction p, `t` from the point x.
    [[nodiscard]] double slopeAt(double t, const Eigen::VectorXd& x, const Eigen::VectorXd& p) const {
        const auto w = x.tail(size() - 1), q = p.tail(size() - 1);
        return mean([&](std::size_t row) {
                   return smoothSlope(scores_[row] + t * direction_[row], data_.labels[row]) *
                          direction_[row];
               }) +
               l2_ * (w.dot(q) + t * q.squaredNorm());
    }
    void move(double t) {
        for (std::size_t row = 0; row < scores_.size(); ++row)
            scores_[row] += t * direction_[row];
    }

  private:
    template <class Row>
    [[nodiscard]] double dot(const Row& a, const Eigen::VectorXd& v) const {
        return constant_ * v[0] + a.dot(v.tail(size() - 1));
    }
    template <class Row>
    void addRow(const Row& a, double factor, Eigen::VectorXd& sum) const {
        sum[0] += factor * constant_;
        sum.tail(size() - 1) += factor * a;
    }
    template <class Work>
    void forEachRow(Work&& work) const {
        team_.forEachChunk(kParts, [&](std::size_t part) {
            const std::size_t end = data_.rows * (part + 1) / kParts;
            for (std::size_t row = data_.rows * part / kParts; row < end; ++row) {
                if (row % 256 == 0)
                    job_.checkpoint();
                const Eigen::Map<const Eigen::VectorXf> values(data_.row(row).data(), size() - 1);
                work(part, row, values.cast<double>());
            }
        });
    }
    /// Mean over the rows of what `add` adds for each.
    template <class Add>
    [[nodiscard]] Eigen::VectorXd sumOver(Add&& add) const {
        std::vector<Eigen::VectorXd> sums(kParts, Eigen::VectorXd::Zero(size()));
        forEachRow([&](std::size_t part, std::size_t row, const auto& a) { add(part, row, a, sums[part]); });
        for (std::size_t part = 1; part < kParts; ++part)
            sums[0] += sums[part];
        return sums[0] / static_cast<double>(data_.rows);
    }
    template <class Of>
    [[nodiscard]] double mean(Of&& of) const {
        double sum = 0;
        for (std::size_t row = 0; row < data_.rows; ++row)
            sum += of(row);
        return sum / static_cast<double>(data_.rows);
    }

    [[nodiscard]] double smoothValue(double score, double label) const {
        const double missing = 1 - label * score;
        if (loss_.kind != LossKind::Hinge)
            return loss_.value(score, label);
        const double rise = missing <= 0          ? 0
                            : missing < smoothing ? missing * missing / (2 * smoothing)
                                                  : missing - smoothing / 2;
        return loss_.weightOf(label) * rise;
    }
    [[nodiscard]] double smoothSlope(double score, double label) const {
        if (loss_.kind != LossKind::Hinge)
            return loss_.slope(score, label);
        return -loss_.weightOf(label) * label * std::clamp((1 - label * score) / smoothing, 0.0, 1.0);
    }
    [[nodiscard]] double smoothCurvature(double score, double label) const {
        const double margin = label * score;
        const double weight = loss_.weightOf(label);
        if (loss_.kind == LossKind::Logistic) {
            const double share = 1 / (1 + std::exp(std::abs(margin)));
            return weight * share * (1 - share);
        }
        if (loss_.kind == LossKind::SquaredHinge)
            return margin < 1 ? weight : 0;
        return margin < 1 && margin > 1 - smoothing ? weight / smoothing : 0;
    }

    const Dataset& data_;
    const Loss& loss_;
    const double constant_, l2_;
    ThreadTeam& team_;
    const Job& job_;
    std::vector<double> scores_, direction_, curvature_; ///< one a row: at the point, and along the direction
};

/// Approximately -H^-1 gradient, by conjugate gradients with the diagonal as preconditioner.
Eigen::VectorXd newtonStep(const Objective& objective, const Eigen::VectorXd& gradient,
                           const Eigen::VectorXd& diagonal) {
    constexpr double kNear = 0.03;
    const double least = diagonal.maxCoeff() > 0 ? 1e-12 * diagonal.maxCoeff() : 1; // flat everywhere
    const Eigen::VectorXd inverse = diagonal.unaryExpr([&](double d) { return 1 / std::max(d, least); });
    Eigen::VectorXd step = Eigen::VectorXd::Zero(gradient.size());
    Eigen::VectorXd rest = -gradient;
    Eigen::VectorXd scaled = inverse.cwiseProduct(rest);
    Eigen::VectorXd direction = scaled;
    double size = rest.dot(scaled);
    const double goal = kNear * kNear * size;
    for (int i = 0; i < kMostProducts && size > goal; ++i) {
        const Eigen::VectorXd image = objective.multiply(direction);
        const double curvature = direction.dot(image);
        if (!(curvature > 0))
            break; // flat: the line search finds how far
        step += size / curvature * direction;
        rest -= size / curvature * image;
        scaled = inverse.cwiseProduct(rest);
        const double next = rest.dot(scaled);
        direction = scaled + next / size * direction;
        size = next;
    }
    return step.isZero(0) ? Eigen::VectorXd(direction) : step;
}

/// The t > 0 of least objective along p, roughly: the derivative has fallen to a tenth.
double lineSearch(const Objective& objective, const Eigen::VectorXd& x, const Eigen::VectorXd& p) {
    const double start = objective.slopeAt(0, x, p);
    if (!(start < 0))
        return 0;
    double low = 0;
    double high = 1;
    for (int i = 0; i < 30; ++i, low = high, high *= 2) {
        const double slope = objective.slopeAt(high, x, p);
        if (std::abs(slope) <= -0.1 * start)
            return high;
        if (slope > 0)
            break;
    }
    for (int i = 0; i < 40; ++i) {
        const double middle = (low + high) / 2;
        const double slope = objective.slopeAt(middle, x, p);
        if (std::abs(slope) <= -0.1 * start)
            return middle;
        (slope > 0 ? high : low) = middle;
    }
    return low;
}

/// Moves x to the minimum of the (smoothed) objective. @return whether it came to rest within `rest` of it
bool minimise(Objective& objective, Eigen::VectorXd& x, double rest, double separated, const Job& job) {
    Eigen::VectorXd gradient, diagonal;
    for (int step = 0; step < kMostSteps; ++step) {
        job.checkpoint();
        const double value = objective.value(x);
        if (value < separated)
            return false;
        objective.differentiate(x, gradient, diagonal);
        const Eigen::VectorXd p = newtonStep(objective, gradient, diagonal);
        if (-gradient.dot(p) <= 2 * rest * value) // Newton's decrement
            return true;
        objective.setDirection(p);
        const double t = lineSearch(objective, x, p);
        if (t == 0)
            return true; // the derivative is lost in rounding
        objective.move(t);
        x += t * p;
    }
    return false;
}

} // namespace

std::optional<Optimum> marginOptimum(const Dataset& data, const Loss& loss, bool intercept,
                                     const Regularizer& regularizer, ThreadTeam& team, std::string& note,
                                     const Job& job) {
    const std::string name(nameOf(loss.kind));
    if (regularizer.kind != RegularizerKind::None && regularizer.kind != RegularizerKind::L2) {
        note = "the optimum of the " + name + " loss is computed with regularizer none or l2 only";
        return std::nullopt;
    }
    if (data.values.size() > kMostValues) {
        note = "the optimum of the " + name + " loss is not computed above 50 million values (this has " +
               std::to_string(data.values.size() / 1'000'000) + ")";
        return std::nullopt;
    }
    Objective objective(data, loss, intercept, regularizer.l2, team, job);
    Eigen::VectorXd x = Eigen::VectorXd::Zero(objective.size());
    const double start = objective.value(x);
    const double separated = regularizer.l2 > 0 ? 0 : kSeparated * start;
    bool found = false;
    if (loss.kind == LossKind::Hinge) {
        for (objective.smoothing = 2; // the zero model is on the stretch
             !found && objective.smoothing > 1e-9; objective.smoothing /= 4) {
            if (!minimise(objective, x, kHingeRest / 10, separated, job))
                break;
            const double gap = objective.gap();
            found = gap <= kHingeRest * (objective.value(x) + gap);
        }
    } else {
        found = minimise(objective, x, kRest, separated, job);
    }
    if (!found) {
        note = objective.value(x) < separated
                   ? "there is no optimum: the classes can be separated, so that larger weights always lower "
                     "the " +
                         name + " loss; add a regularizer such as l2:0.0001"
                   : "the optimum of the " + name + " loss was not found in " + std::to_string(kMostSteps) +
                         " Newton steps";
        return std::nullopt;
    }
    Optimum optimum;
    optimum.model = {intercept ? x[0] : 0.0, x.tail(x.size() - 1)};
    optimum.regularizer = regularizer.value(optimum.model.weights);
    optimum.loss = evaluate(data, loss, optimum.model, team, job).loss;
    return optimum;
}

} // namespace zipml
