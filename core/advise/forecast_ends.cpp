#include "core/advise/forecast_ends.h"

#include "core/advise/curved_motion.h"
#include "core/estimate/bias.h"
#include "core/loss/evaluate.h"
#include "core/quant/build_grids.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

constexpr double kManyDraws = 15; ///< of the roundings, where they are quick

/// Of least squares, whose gradient is M x - c whatever the model.
class LinearEnds final : public ForecastEnds {
  public:
    explicit LinearEnds(const ForecastSetting& setting)
        : s_(setting), mean_(setting.shared.averagePull(setting.method, setting.grids, setting.variances)),
          ofRows_(setting.method) {
        if (!s_.scatters())
            return;
        const auto mean = meanRoundingVariance(s_.shared.data.train, s_.shared.rows, s_.grids);
        varianceOfRows_ = Eigen::Map<const Eigen::VectorXd>(mean.data(), s_.variances.size());
        if (ofRows_.correction.size() > 0)
            ofRows_.correction = varianceOfRows_;
    }
    [[nodiscard]] ForecastMotion mean() const override { return motionOf(mean_); }
    [[nodiscard]] ForecastMotion draw(std::uint32_t number) const override {
        const Pull& exact = s_.shared.exactOfRows;
        Pull pull = s_.shared.roundedPull(s_.draw(number), ofRows_);
        pull.m -= exact.m;
        if (ofRows_.copies == 1 && ofRows_.correction.size() == 0)
            pull.m.diagonal().tail(varianceOfRows_.size()) -= varianceOfRows_;
        const double share = s_.shareOf(s_.shared.rows.size());
        return motionOf({mean_.m + share * pull.m, mean_.c + share * (pull.c - exact.c),
                         std::move(pull.spread), std::move(pull.spreadC)});
    }
    [[nodiscard]] double excessOf(const ForecastMotion& motion) const override {
        return s_.shared.excessOf(motion.end() - s_.shared.optimum);
    }
    [[nodiscard]] double biasNorm() const override {
        const Eigen::VectorXd& optimum = s_.shared.optimum;
        if (const auto formula = predictBias(s_.method, s_.variances, s_.shared.layout.parameters(optimum)))
            return formula->norm();
        return (mean_.m * optimum - mean_.c).norm();
    }
    [[nodiscard]] std::uint32_t draws() const override {
        const auto size = static_cast<double>(s_.shared.layout.size());
        const double work = static_cast<double>(s_.shared.rows.size()) * size * size;
        return s_.scatters()
                   ? static_cast<std::uint32_t>(std::clamp(1e9 / work, kFewForecastDraws, kManyDraws))
                   : 0;
    }

  private:
    [[nodiscard]] ForecastMotion motionOf(const Pull& pull) const {
        s_.job.checkpoint();
        return {pull, s_.spec.sgd, s_.step, s_.shared.steps, s_.shared.batch};
    }

    const ForecastSetting& s_;
    const Pull mean_;
    GradientMethod ofRows_; ///< with their own correction
    Eigen::VectorXd varianceOfRows_;
};

/// Of other losses, by their mean motion over some rows, held against that of the exact rows.
class CurvedEnds final : public ForecastEnds {
  public:
    explicit CurvedEnds(const ForecastSetting& setting) : s_(setting), method_(setting.method) {
        const ForecastBasis& shared = s_.shared;
        const Dataset& train = shared.data.train;
        method_.model = method_.gradient = {};
        const auto size = static_cast<double>(shared.layout.size());
        const auto most = static_cast<std::size_t>(kCurvedWork / (size * size));
        rows_.resize(method_.copies == 0 ? train.rows
                                         : std::min(train.rows, std::max(kLeastForecastRows, most)));
        for (std::size_t i = 0; i < rows_.size(); ++i)
            rows_[i] = static_cast<std::uint32_t>(i * train.rows / rows_.size());
        const GradientMethod full(EstimatorKind::Full, shared.loss);
        const ExactSource exact(train);
        full_ = exact_ = endOf(exact, full, s_.step);
        if (method_.copies == 0) {
            shared.fullEnd = full_;
        } else if (rows_.size() < train.rows) { // of which less is known
            full_ = shared.fullEnd;
            if (s_.step != shared.full.step)
                full_ += exact_ - endOf(exact, full, shared.full.step);
        }
        Eigen::VectorXd bias = Eigen::VectorXd::Zero(exact_.size());
        mean_ = bias;
        const std::uint32_t count = s_.method.copies == 0 ? 0 : s_.isDrawn() ? kCurvedDraws : 1;
        for (std::uint32_t number = 0; number < count; ++number) {
            const FreshSource source = s_.draw(number);
            ends_.push_back(endOf(source, method_, s_.step));
            mean_ += ends_.back() / count;
            bias += (curvedPull(problem(), source, method_, shared.optimum).gradient -
                     curvedPull(problem(), exact, full, shared.optimum).gradient) /
                    count;
        }
        if (count == 0)
            mean_ = exact_;
        biasNorm_ = bias.norm();
    }
    [[nodiscard]] ForecastMotion mean() const override { return motionAt(full_ + (mean_ - exact_)); }
    [[nodiscard]] ForecastMotion draw(std::uint32_t number) const override {
        return motionAt(full_ + (mean_ - exact_) + s_.shareOf(rows_.size()) * (ends_[number] - mean_));
    }
    [[nodiscard]] double excessOf(const ForecastMotion& motion) const override {
        if (!motion.end().allFinite())
            return HUGE_VAL;
        const ForecastBasis& shared = s_.shared;
        ThreadTeam alone(1);
        const LinearParameters model = shared.layout.parameters(motion.end());
        const double loss = evaluate(shared.data.train, shared.loss, model, alone, s_.job).loss;
        return std::max(0.0, shared.loss.objective(loss, shared.base.regularizer.value(model.weights)) -
                                 shared.objective);
    }
    [[nodiscard]] double biasNorm() const override { return biasNorm_; }
    [[nodiscard]] std::uint32_t draws() const override { return s_.scatters() ? kCurvedDraws : 0; }

  private:
    static constexpr double kCurvedWork = 2e6; ///< rows times parameters squared, of an implicit step
    static constexpr std::uint32_t kCurvedDraws = 3;

    [[nodiscard]] CurvedProblem problem() const {
        return {s_.shared.data.train, s_.shared.layout, s_.shared.l2(), s_.shared.band, rows_};
    }
    [[nodiscard]] Eigen::VectorXd endOf(const SampleSource& source, const GradientMethod& method,
                                        double step) const {
        return curvedEnd(problem(), source, method, s_.spec.sgd, step, s_.shared.steps, s_.job);
    }
    /// With the curvature that the noise meets there.
    [[nodiscard]] ForecastMotion motionAt(const Eigen::VectorXd& end) const {
        const ForecastBasis& shared = s_.shared;
        if (!end.allFinite())
            return {shared.exact.m, end};
        if (method_.copies == 0)
            return {shared.exact.m, end};
        return {curvedPull(problem(), s_.draw(0), method_, end).curvature, end};
    }

    const ForecastSetting& s_;
    GradientMethod method_;
    std::vector<std::uint32_t> rows_;
    Eigen::VectorXd full_;  ///< full precision's end over all rows
    Eigen::VectorXd exact_; ///< and over `rows_`
    Eigen::VectorXd mean_;  ///< of ends_
    std::vector<Eigen::VectorXd> ends_;
    double biasNorm_ = 0;
};

} // namespace

ForecastMotion::ForecastMotion(const Pull& pull, const SgdOptions& sgd, double step, std::size_t steps,
                               std::size_t batch)
    : end_(Eigen::VectorXd::Zero(pull.c.size())) {
    const double half = 1 / (2 * static_cast<double>(batch));
    for (int epoch = 1; epoch <= sgd.epochs; ++epoch) {
        const double now = stepOf(sgd.schedule, step, epoch);
        if (epoch == 1 || isAnother(now, pull.c.size())) {
            Eigen::MatrixXd m = pull.m;
            c_ = pull.c;
            if (pull.spread.size() > 0) {
                m += now * half * pull.spread;
                c_ += now * half * pull.spreadC;
            }
            solver_.compute(m);
            step_ = now;
        }
        const Eigen::VectorXd c = directions().transpose() * c_;
        Eigen::VectorXd along = directions().transpose() * end_;
        for (Eigen::Index i = 0; i < c.size(); ++i) {
            const EpochWeights weights = epochWeights(now, curvatures()[i], steps);
            along[i] = weights.decay * along[i] + now * weights.sum * c[i];
        }
        end_ = directions() * along;
    }
    spread_ = Eigen::VectorXd::Zero(c_.size());
    for (Eigen::Index i = 0; pull.spread.size() > 0 && i < c_.size(); ++i)
        spread_[i] = half * directions().col(i).dot(pull.spread * directions().col(i));
}
bool ForecastMotion::isAnother(double now, Eigen::Index size) const {
    constexpr Eigen::Index kQuick = 32; // so few that eigenvectors cost nothing
    constexpr double kAlike = 1.8;
    const double ratio = now / step_;
    return size <= kQuick ? ratio != 1 : ratio > kAlike || ratio * kAlike < 1;
}

std::unique_ptr<ForecastEnds> endsOf(const ForecastSetting& setting) {
    if (setting.shared.loss.isQuadratic())
        return std::make_unique<LinearEnds>(setting);
    return std::make_unique<CurvedEnds>(setting);
}

} // namespace zipml
