#include "core/advise/forecast.h"

#include "core/advise/curved_motion.h"
#include "core/advise/step_noise.h"
#include "core/estimate/bias.h"
#include "core/lab/automatic_step.h"
#include "core/lab/levels_for.h"
#include "core/lab/method_of.h"
#include "core/loss/evaluate.h"
#include "core/quant/build_grids.h"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>
#include <mutex>

namespace zipml {
namespace {

constexpr std::size_t kMostFeatures = 600;
constexpr std::uint64_t kDrawSeed = 0x5eed; ///< of the roundings; apart from a run's own
constexpr double kGramWork = 4e8;           ///< rows times parameters squared, of one draw
constexpr std::size_t kLeastRows = 2000;
constexpr std::size_t kMostBatches = 400;        ///< whose gradients give the steps' noise
constexpr double kFewDraws = 5, kManyDraws = 15; ///< of the roundings
constexpr double kLittle = 0.2;                  ///< draws that differ by less of the greatest suffice
constexpr double kHopeless = 1e3;                ///< times the objective at the start: it diverges

/// M x = c, and what the rows' own matrices A (whose mean is M) and vectors b (c) leave of each other in the
/// course of an epoch: mean(A A) - M M, and mean(A b) - M c.
struct Pull {
    Eigen::MatrixXd m;
    Eigen::VectorXd c;
    Eigen::MatrixXd spread;
    Eigen::VectorXd spreadC;
};

/// Adds up outer products of rows, some of them at a time.
class GramSum {
  public:
    explicit GramSum(Eigen::Index size)
        : m_(Eigen::MatrixXd::Zero(size, size)), spread_(m_), c_(Eigen::VectorXd::Zero(size)), spreadC_(c_),
          rows_(size, kRows), labels_(kRows) {}

    /// A row's place, to be filled, the intercept's 1 included.
    Eigen::MatrixXd::ColXpr next(double label) {
        if (filled_ == kRows)
            flush();
        labels_[filled_] = label;
        return rows_.col(filled_++);
    }
    Pull mean(double rows) {
        flush();
        Pull result{m_.selfadjointView<Eigen::Lower>(), c_ / rows, spread_.selfadjointView<Eigen::Lower>(),
                    spreadC_ / rows};
        result.m /= rows;
        result.spread /= rows;
        return result;
    }

  private:
    void flush() {
        auto part = rows_.leftCols(filled_);
        m_.selfadjointView<Eigen::Lower>().rankUpdate(part);
        c_ += part * labels_.head(filled_);
        const Eigen::VectorXd lengths = part.colwise().norm();
        part.array().rowwise() *= lengths.transpose().array();
        spread_.selfadjointView<Eigen::Lower>().rankUpdate(part);
        spreadC_ += part * lengths.cwiseProduct(labels_.head(filled_));
        filled_ = 0;
    }

    static constexpr Eigen::Index kRows = 128;
    Eigen::MatrixXd m_, spread_;
    Eigen::VectorXd c_, spreadC_;
    Eigen::MatrixXd rows_;
    Eigen::VectorXd labels_;
    Eigen::Index filled_ = 0;
};

/// The mean motion of all epochs from the zero model. Minibatches that each epoch visits once pull as
/// M + step / 2 (mean of their squares - M M) does, docs/method.md#s24: in its eigenvectors an epoch is known in
/// closed form. They are found anew where the step has become another.
class Motion {
  public:
    /// @param batch rows of a step
    Motion(const Pull& pull, const SgdOptions& sgd, double step, std::size_t steps, std::size_t batch)
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
    /// Where it ended, known otherwise. @param curvature there
    Motion(const Eigen::MatrixXd& curvature, Eigen::VectorXd end)
        : solver_(curvature), spread_(Eigen::VectorXd::Zero(end.size())), end_(std::move(end)) {}
    [[nodiscard]] const Eigen::VectorXd& end() const { return end_; }
    /// Along one of the last epochs' eigenvectors.
    [[nodiscard]] EpochWeights weightsOf(Eigen::Index i, double step, std::size_t steps) const {
        return epochWeights(step, curvatures()[i] + (step - step_) * spread_[i], steps);
    }
    [[nodiscard]] const Eigen::VectorXd& curvatures() const { return solver_.eigenvalues(); }
    [[nodiscard]] const Eigen::MatrixXd& directions() const { return solver_.eigenvectors(); }

  private:
    [[nodiscard]] bool isAnother(double now, Eigen::Index size) const {
        constexpr Eigen::Index kQuick = 32; // so few that eigenvectors cost nothing
        constexpr double kAlike = 1.8;
        const double ratio = now / step_;
        return size <= kQuick ? ratio != 1 : ratio > kAlike || ratio * kAlike < 1;
    }

    Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver_;
    double step_ = 0; ///< that they are for
    Eigen::VectorXd c_, spread_, end_;
};

} // namespace

/// The base's problem, and what is known of exact samples.
struct Forecaster::Shared {
    const RunSpec& base;
    const PreparedData& data;
    FlatLayout layout;
    Loss loss;
    std::size_t batch, steps;
    std::vector<std::uint32_t> rows;   ///< that matrices are summed over
    std::vector<std::uint32_t> starts; ///< of the minibatches that noise is measured on
    Eigen::VectorXd optimum;
    double objective = 0; ///< the optimum's, as reported
    double atZero = 0;    ///< the zero model's, above it
    Pull exact;           ///< over all rows: the objective's Hessian at the optimum
    Pull exactOfRows;     ///< over `rows`
    double band = 0;      ///< that a step of the slope is smoothed over
    double curvature = 1; ///< the loss's second derivative, in the mean, weighted by |a|^2
    double slope = 0;     ///< mean square of the loss's slope at the optimum
    double spread = 0;    ///< R = mean |a|^4 / mean |a|^2, curvature included
    double scale = 1;     ///< reported objective above the optimum's, per (x - x*)'H(x - x*)
    mutable std::once_flag fullKnown;
    mutable Forecast full;           ///< of full precision, once it is known
    mutable Eigen::VectorXd fullEnd; ///< where it ends, of losses that are not quadratic

    Shared(const RunSpec& spec, const PreparedData& prepared)
        : base(spec), data(prepared), layout(prepared.train.features, spec.intercept), loss(lossOf(spec)),
          batch(std::min(spec.sgd.batch, prepared.train.rows)),
          steps((prepared.train.rows + batch - 1) / batch) {}

    [[nodiscard]] double l2() const {
        return base.regularizer.kind == RegularizerKind::L2 ? base.regularizer.l2 : 0;
    }
    [[nodiscard]] double excessOf(const Eigen::VectorXd& difference) const {
        return scale * difference.dot(exact.m * difference);
    }
    void addRidge(Eigen::MatrixXd& m) const { m.diagonal().tail(m.rows() - layout.first()).array() += l2(); }

    void prepare(ThreadTeam& team, const Job& job);
    [[nodiscard]] double bandOf(std::span<const double> scores) const;
    [[nodiscard]] Pull roundedPull(const SampleSource& source, const GradientMethod& method) const;
    [[nodiscard]] Pull averagePull(const GradientMethod& method, std::span<const Grid> grids,
                                   const Eigen::VectorXd& variances) const;
};

/// A tenth of the rows lie so near to the kink.
double Forecaster::Shared::bandOf(std::span<const double> scores) const {
    std::vector<double> distances(scores.size());
    for (std::size_t r = 0; r < scores.size(); ++r)
        distances[r] = std::abs(1 - data.train.labels[r] * scores[r]);
    const auto tenth = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 10);
    std::ranges::nth_element(distances, tenth);
    return std::max(*tenth, 1e-6);
}

void Forecaster::Shared::prepare(ThreadTeam& team, const Job& job) {
    const Dataset& train = data.train;
    const FoundOptimum& found = data.exactOptimum(team, job);
    if (!found.optimum)
        throw InputError("there is no forecast without the exact optimum: " + found.note);
    const Optimum& known = *found.optimum;
    optimum = layout.flat(known.model);
    objective = known.objective(loss) * loss.reportedFactor();
    scale = loss.reportedFactor() / 2;
    const auto size = static_cast<double>(layout.size());
    const auto most = static_cast<std::size_t>(kGramWork / (size * size));
    const std::size_t count = std::min(train.rows, std::max(kLeastRows, most));
    rows.resize(count); // equally far apart
    for (std::size_t i = 0; i < count; ++i)
        rows[i] = static_cast<std::uint32_t>(i * train.rows / count);
    const std::size_t batches = std::min(steps, kMostBatches);
    for (std::size_t b = 0; b < batches; ++b)
        starts.push_back(static_cast<std::uint32_t>(b * steps / batches * batch));

    std::vector<double> scores(train.rows);
    double zero = 0;
    for (std::size_t r = 0; r < train.rows; ++r) {
        double score = known.model.intercept;
        for (std::size_t f = 0; f < train.features; ++f)
            score += double{train.row(r)[f]} * known.model.weights[static_cast<Eigen::Index>(f)];
        scores[r] = score;
        zero += loss.value(0, train.labels[r]);
    }
    atZero = zero / static_cast<double>(train.rows) - objective;
    band = bandOf(scores);

    // A slice of the rows a sum, so that the result does not depend on the team.
    constexpr std::size_t kSlices = 8;
    struct Slice {
        Pull pull;
        double lengths = 0, squared = 0, fourth = 0, slopes = 0;
    };
    std::vector<Slice> slices(kSlices);
    team.forEachChunk(kSlices, [&](std::size_t s) {
        GramSum sum(layout.size());
        Slice& slice = slices[s];
        for (std::size_t r = s * train.rows / kSlices; r < (s + 1) * train.rows / kSlices; ++r) {
            if (r % 256 == 0)
                job.checkpoint();
            const double h = smoothedCurvature(loss, scores[r], train.labels[r], band);
            auto row = sum.next(loss.isQuadratic() ? double{train.labels[r]} : 0.0);
            row[0] = 1;
            for (std::size_t f = 0; f < train.features; ++f)
                row[layout.first() + static_cast<Eigen::Index>(f)] = train.row(r)[f];
            const double length = row.squaredNorm();
            const double pulls = loss.slope(scores[r], train.labels[r]);
            slice.lengths += length;
            slice.slopes += pulls * pulls;
            slice.squared += h * length;
            slice.fourth += h * length * length;
            row *= std::sqrt(h);
        }
        slice.pull = sum.mean(static_cast<double>(train.rows));
    });
    exact = {
        Eigen::MatrixXd::Zero(layout.size(), layout.size()), Eigen::VectorXd::Zero(layout.size()), {}, {}};
    double squared = 0;
    double fourth = 0;
    double lengths = 0;
    for (const Slice& slice : slices) {
        lengths += slice.lengths;
        slope += slice.slopes / static_cast<double>(train.rows);
        exact.m += slice.pull.m;
        exact.c += slice.pull.c;
        squared += slice.squared;
        fourth += slice.fourth;
    }
    spread = squared > 0 ? fourth / squared : 0;
    curvature = lengths > 0 ? squared / lengths : 0;
    if (loss.isQuadratic())
        exactOfRows = roundedPull(ExactSource(train), GradientMethod(EstimatorKind::Full));
    addRidge(exact.m);
    if (!loss.isQuadratic())
        exact.c = exact.m * optimum;
}

/// Of one draw of the roundings, over `rows`, in the mean over the coins (docs/method.md#eq8).
Pull Forecaster::Shared::roundedPull(const SampleSource& source, const GradientMethod& method) const {
    const auto features = static_cast<Eigen::Index>(data.train.features);
    std::vector<double> scratch(method.scratch(data.train.features));
    GramSum sum(layout.size());
    Eigen::VectorXd diagonal = Eigen::VectorXd::Zero(features);
    Eigen::VectorXd squares = diagonal; // what the pairs' differences add to the spread
    for (const std::uint32_t r : rows) {
        const SampleView sample = source.sample(r, scratch);
        auto row = sum.next(data.train.labels[r]);
        row[0] = 1;
        const Eigen::Map<const Eigen::MatrixXd> copies(sample.values, features, sample.copies);
        const Eigen::VectorXd mean = copies.rowwise().mean();
        row.tail(features) = mean;
        if (sample.copies > 1) {
            const double pairs = sample.copies * (sample.copies - 1.0);
            const Eigen::VectorXd apart = (copies.colwise() - mean).rowwise().squaredNorm() / pairs;
            diagonal += apart;
            squares += apart.sum() * apart;
        }
    }
    const auto count = static_cast<double>(rows.size());
    Pull pull = sum.mean(count);
    pull.m.diagonal().tail(features) -= diagonal / count;
    pull.spread.diagonal().tail(features) += squares / count;
    pull.spread -= pull.m * pull.m;
    pull.spreadC -= pull.m * pull.c;
    if (method.correction.size() > 0)
        pull.m.diagonal().tail(features) -= method.correction;
    return pull;
}

/// In the mean over the roundings, of least squares.
Pull Forecaster::Shared::averagePull(const GradientMethod& method, std::span<const Grid> grids,
                                     const Eigen::VectorXd& variances) const {
    Pull pull{exact.m, exact.c, exactOfRows.spread, exactOfRows.spreadC};
    if (method.estimator->rounding == Rounding::Nearest && method.copies > 0) { // there is one draw
        const Pull nearest = roundedPull(FreshSource(data.train, grids, method, kDrawSeed, 0), method);
        pull.m += nearest.m - exactOfRows.m;
        pull.c += nearest.c - exactOfRows.c;
        pull.spread = nearest.spread;
        pull.spreadC = nearest.spreadC;
    } else if (method.copies == 1 && method.correction.size() == 0) {
        pull.m.diagonal().tail(variances.size()) += variances; // docs/method.md#eq4
    }
    return pull;
}

/// Where the mean over the roundings ends, and single draws of roundings that are made once.
class Forecaster::Ends {
  public:
    virtual ~Ends() = default;
    [[nodiscard]] virtual Motion mean() const = 0;
    [[nodiscard]] virtual Motion draw(std::uint32_t number) const = 0;
    /// Of the reported objective above the optimum's.
    [[nodiscard]] virtual double excessOf(const Motion& motion) const = 0;
    /// |E gradient estimate| at the optimum.
    [[nodiscard]] virtual double biasNorm() const = 0;
    [[nodiscard]] virtual std::uint32_t draws() const = 0; ///< at most
};

/// What all ends of a setting are found from.
struct Forecaster::Setting {
    const Shared& shared;
    const RunSpec& spec;
    const GradientMethod& method;
    std::span<const Grid> grids;
    const Eigen::VectorXd& variances; ///< mean rounding variance of each feature
    double step;
    const Job& job;

    /// Whether one draw is unlike another.
    [[nodiscard]] bool scatters() const { return isDrawn() && spec.sgd.rounding == RoundingTime::Frozen; }
    [[nodiscard]] bool isDrawn() const {
        return method.copies > 0 && method.estimator->rounding != Rounding::Nearest;
    }
    [[nodiscard]] FreshSource draw(std::uint32_t number) const {
        return {shared.data.train, grids, method, kDrawSeed, number};
    }
    /// What a scatter over some rows is in the mean over all.
    [[nodiscard]] double shareOf(std::size_t rows) const {
        return std::sqrt(static_cast<double>(rows) / static_cast<double>(shared.data.train.rows));
    }
};

/// Of least squares, whose gradient is M x - c whatever the model.
class Forecaster::LinearEnds final : public Ends {
  public:
    explicit LinearEnds(const Setting& setting)
        : s_(setting), mean_(setting.shared.averagePull(setting.method, setting.grids, setting.variances)),
          ofRows_(setting.method) {
        if (!s_.scatters())
            return;
        const auto mean = meanRoundingVariance(s_.shared.data.train, s_.shared.rows, s_.grids);
        varianceOfRows_ = Eigen::Map<const Eigen::VectorXd>(mean.data(), s_.variances.size());
        if (ofRows_.correction.size() > 0)
            ofRows_.correction = varianceOfRows_;
    }
    [[nodiscard]] Motion mean() const override { return motionOf(mean_); }
    [[nodiscard]] Motion draw(std::uint32_t number) const override {
        const Pull& exact = s_.shared.exactOfRows;
        Pull pull = s_.shared.roundedPull(s_.draw(number), ofRows_);
        pull.m -= exact.m;
        if (ofRows_.copies == 1 && ofRows_.correction.size() == 0)
            pull.m.diagonal().tail(varianceOfRows_.size()) -= varianceOfRows_;
        const double share = s_.shareOf(s_.shared.rows.size());
        return motionOf({mean_.m + share * pull.m, mean_.c + share * (pull.c - exact.c),
                         std::move(pull.spread), std::move(pull.spreadC)});
    }
    [[nodiscard]] double excessOf(const Motion& motion) const override {
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
        return s_.scatters() ? static_cast<std::uint32_t>(std::clamp(1e9 / work, kFewDraws, kManyDraws)) : 0;
    }

  private:
    [[nodiscard]] Motion motionOf(const Pull& pull) const {
        s_.job.checkpoint();
        return {pull, s_.spec.sgd, s_.step, s_.shared.steps, s_.shared.batch};
    }

    const Setting& s_;
    const Pull mean_;
    GradientMethod ofRows_; ///< with their own correction
    Eigen::VectorXd varianceOfRows_;
};

/// Of other losses, by their mean motion over some rows, held against that of the exact rows.
class Forecaster::CurvedEnds final : public Ends {
  public:
    explicit CurvedEnds(const Setting& setting) : s_(setting), method_(setting.method) {
        const Shared& shared = s_.shared;
        const Dataset& train = shared.data.train;
        method_.model = method_.gradient = {};
        const auto size = static_cast<double>(shared.layout.size());
        const auto most = static_cast<std::size_t>(kCurvedWork / (size * size));
        rows_.resize(method_.copies == 0 ? train.rows : std::min(train.rows, std::max(kLeastRows, most)));
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
    [[nodiscard]] Motion mean() const override { return motionAt(full_ + (mean_ - exact_)); }
    [[nodiscard]] Motion draw(std::uint32_t number) const override {
        return motionAt(full_ + (mean_ - exact_) + s_.shareOf(rows_.size()) * (ends_[number] - mean_));
    }
    [[nodiscard]] double excessOf(const Motion& motion) const override {
        if (!motion.end().allFinite())
            return HUGE_VAL;
        const Shared& shared = s_.shared;
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
    [[nodiscard]] Motion motionAt(const Eigen::VectorXd& end) const {
        const Shared& shared = s_.shared;
        if (!end.allFinite())
            return {shared.exact.m, end};
        if (method_.copies == 0)
            return {shared.exact.m, end};
        return {curvedPull(problem(), s_.draw(0), method_, end).curvature, end};
    }

    const Setting& s_;
    GradientMethod method_;
    std::vector<std::uint32_t> rows_;
    Eigen::VectorXd full_;  ///< full precision's end over all rows
    Eigen::VectorXd exact_; ///< and over `rows_`
    Eigen::VectorXd mean_;  ///< of ends_
    std::vector<Eigen::VectorXd> ends_;
    double biasNorm_ = 0;
};

bool Forecast::diverges() const {
    return !std::isfinite(excess);
}

std::string whyNoForecast(const RunSpec& spec, const PreparedData& data) {
    using enum RegularizerKind;
    if (data.manyClasses())
        return "there is no forecast with more than two classes; train, or choose two";
    if (spec.sgd.solver != SolverKind::Sgd)
        return "there is no forecast for solver " + std::string(nameOf(spec.sgd.solver)) +
               ", which reaches the optimum itself; use solver sgd";
    if (spec.regularizer.kind != None && spec.regularizer.kind != L2)
        return "there is no forecast with regularizer " + std::string(nameOf(spec.regularizer.kind)) +
               "; use none or l2";
    if (data.train.features > kMostFeatures)
        return "there is no forecast above " + std::to_string(kMostFeatures) + " features (this has " +
               std::to_string(data.train.features) + "); use trade-offs, which run";
    return {};
}

Forecaster::Forecaster(const RunSpec& base, const PreparedData& data, ThreadTeam& team, const Job& job) {
    if (const std::string why = whyNoForecast(base, data); !why.empty())
        throw InputError(why);
    auto shared = std::make_unique<Shared>(base, data);
    shared->prepare(team, job);
    shared_ = std::move(shared);
}

Forecaster::~Forecaster() = default;

double Forecaster::optimum() const {
    return shared_->objective;
}

bool Forecaster::approximate() const {
    return !shared_->loss.isQuadratic();
}

Eigen::VectorXd Forecaster::sensitivity(bool takenAsExact) const {
    const Shared& s = *shared_;
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(s.exact.m);
    const double floor = 1e-6 * std::max(1e-300, solver.eigenvalues().maxCoeff());
    const Eigen::VectorXd inverse =
        solver.eigenvectors().cwiseAbs2() * solver.eigenvalues().cwiseMax(floor).cwiseInverse();
    const auto features = static_cast<Eigen::Index>(s.data.train.features);
    const Eigen::VectorXd squares = s.optimum.tail(features).cwiseAbs2();
    if (takenAsExact) // (D x)'H^-1 (D x), its diagonal
        return squares.cwiseProduct(inverse.tail(features));
    // The rounding's first order in the gradient, r e + a e.x, at the optimum: docs/method.md#s24
    return s.slope * inverse.tail(features) + s.curvature * static_cast<double>(s.layout.size()) * squares;
}

namespace {

/// Mean gradients of minibatches at a model: variance over the minibatches along some directions, and that
/// of what is drawn anew at each step.
struct BatchNoise {
    Eigen::VectorXd dealt, fresh;
};

struct NoiseQuestion {
    const Dataset& train;
    const FlatLayout& layout;
    std::span<const std::uint32_t> starts;
    std::size_t batch;
    const GradientMethod& method;
    std::span<const Grid> grids;
    bool frozen;        ///< the roundings stay from epoch to epoch
    std::uint32_t draw; ///< of the roundings
};

Eigen::VectorXd gradientOf(const NoiseQuestion& q, const SampleSource& source, const GradientMethod& method,
                           std::uint32_t start, const LinearParameters& at, std::vector<double>& scratch) {
    const std::size_t end = std::min<std::size_t>(start + q.batch, q.train.rows);
    auto sum = LinearParameters::zero(at.weights.size());
    for (std::uint32_t row = start; row < end; ++row)
        method.addGradient(source.sample(row, scratch), q.train.labels[row], at, sum);
    method.correct(sum, at, end - start);
    sum *= 1.0 / static_cast<double>(end - start);
    return q.layout.flat(sum);
}

BatchNoise noiseAt(const NoiseQuestion& q, const LinearParameters& at, const Eigen::MatrixXd& directions,
                   const Job& job) {
    const GradientMethod& method = q.method;
    const GradientMethod full(EstimatorKind::Full, method.loss);
    GradientMethod still = method; // without what is drawn at each step
    const bool coins = method.loss.isQuadratic() && method.copies > 1;
    if (coins) {
        still = GradientMethod(EstimatorKind::DoubleMean, method.loss);
        still.copies = method.copies;
    }
    still.model = still.gradient = {};
    const bool channels = method.model.on() || method.gradient.on();
    std::vector<double> scratch(method.scratch(q.train.features) + q.train.features);
    const ExactSource exact(q.train);
    const RandomStream modelStream(kDrawSeed, Purpose::ModelRounding);
    const RandomStream gradientStream(kDrawSeed, Purpose::GradientRounding);
    const Eigen::Index size = directions.cols();
    Eigen::VectorXd mean = Eigen::VectorXd::Zero(size);
    BatchNoise noise{mean, mean};
    std::optional<FreshSource> rounded;
    if (method.copies > 0)
        rounded.emplace(q.train, q.grids, method, kDrawSeed, q.draw);
    const SampleSource& source = rounded ? static_cast<const SampleSource&>(*rounded) : exact;
    for (const std::uint32_t start : q.starts) {
        job.checkpoint();
        const Eigen::VectorXd base = q.frozen || method.copies == 0
                                         ? gradientOf(q, source, still, start, at, scratch)
                                         : gradientOf(q, exact, full, start, at, scratch);
        const Eigen::VectorXd along = directions.transpose() * base;
        mean += along;
        noise.dealt += along.cwiseAbs2();
        if (!coins && !channels && (q.frozen || method.copies == 0))
            continue;
        LinearParameters sent = at;
        method.model.round(sent.weights, modelStream, start);
        Eigen::VectorXd whole = gradientOf(q, source, method, start, sent, scratch);
        if (method.gradient.on()) {
            LinearParameters estimate = q.layout.parameters(whole);
            method.gradient.round(estimate.weights, gradientStream, start);
            whole = q.layout.flat(estimate);
        }
        noise.fresh += (directions.transpose() * (whole - base)).cwiseAbs2();
    }
    const auto count = static_cast<double>(q.starts.size());
    mean /= count;
    noise.dealt = (noise.dealt / count - mean.cwiseAbs2()).cwiseMax(0.0);
    if (count > 1)
        noise.dealt *= count / (count - 1);
    noise.fresh /= count;
    return noise;
}

} // namespace

Forecast Forecaster::of(const TradeoffSetting& setting, const Job& job) const {
    if (!setting.full())
        return forecastOf(setting, job);
    std::call_once(shared_->fullKnown, [&] { shared_->full = forecastOf(setting, job); });
    return shared_->full;
}

Forecast Forecaster::forecastOf(const TradeoffSetting& setting, const Job& job) const {
    const Shared& s = *shared_;
    const Dataset& train = s.data.train;
    const RunSpec spec = specForRun(s.base, {setting, s.base.seed});
    const Situation known = s.data.situation(spec);
    const Arithmetic expected = arithmeticOf(known).taken;
    GradientMethod method = methodOf(spec, expected);
    ThreadTeam alone(1);
    std::vector<Grid> grids;
    Eigen::VectorXd variances = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(train.features));
    Forecast forecast;
    forecast.storeBytes = train.values.size() * sizeof(float);
    if (method.copies > 0) {
        LevelsFor levels = levelsFor(known, alone, job);
        grids = std::move(levels.grids);
        if (levels.arithmetic.taken != expected)
            method = methodOf(spec, levels.arithmetic.taken);
        const auto mean = meanRoundingVariance(train, grids, alone, job);
        variances = Eigen::Map<const Eigen::VectorXd>(mean.data(), variances.size());
        if (method.estimator->corrected())
            method.correction = variances;
        const StoreOptions store{spec.bits, method.copies, roundingOf(spec), spec.seed};
        forecast.storeBytes =
            TileLayout::tilesOf(train.rows) * SampleStore::layoutOf(train.features, store).tileBytes();
        forecast.bitsPerValue =
            8.0 * static_cast<double>(forecast.storeBytes) / static_cast<double>(train.values.size());
    }
    forecast.step =
        spec.sgd.step ? *spec.sgd.step : automaticStep(spec, train, method, grids, alone, job).step;
    if (!setting.full()) {
        const Forecast full = of({setting.device, EstimatorKind::Full, GridKind::Uniform, 32}, job);
        const Eigen::VectorXd squares = s.exact.m.diagonal().tail(variances.size());
        const bool exact = method.copies > 0 && !method.model.on() && !method.gradient.on() &&
                           (variances.array() <= 1e-12 * squares.array()).all();
        if (exact && full.step == forecast.step) { // nothing is rounded
            const Forecast stored = forecast;
            forecast = full;
            forecast.bitsPerValue = stored.bitsPerValue;
            forecast.storeBytes = stored.storeBytes;
            return forecast;
        }
    }
    if (s.loss.isQuadratic()) {
        const std::span<const std::uint32_t> some(s.rows.data(), std::min(s.rows.size(), kLeastRows));
        const auto formula =
            predictVariance(train, some, grids, method, s.layout.parameters(s.optimum), spec.intercept);
        if (formula.exact)
            forecast.variance = *formula.exact * static_cast<double>(some.size());
    }
    const Setting own{s, spec, method, grids, variances, forecast.step, job};
    std::unique_ptr<Ends> ends;
    if (s.loss.isQuadratic())
        ends = std::make_unique<LinearEnds>(own);
    else
        ends = std::make_unique<CurvedEnds>(own);
    forecast.biasNorm = ends->biasNorm();
    Motion motion = ends->mean();
    forecast.pulled = ends->excessOf(motion);
    std::vector<std::pair<double, std::uint32_t>> drawn{{forecast.pulled, 0}};
    if (ends->draws() > 0) {
        drawn.clear();
        for (std::uint32_t draw = 0; draw < ends->draws(); ++draw) {
            drawn.emplace_back(ends->excessOf(ends->draw(draw)), draw);
            const auto [low, high] = std::ranges::minmax(drawn);
            if (draw + 1 >= kFewDraws && high.first - low.first < kLittle * high.first)
                break; // they say the same
        }
    }
    std::ranges::sort(drawn);
    const auto [median, middle] = drawn[drawn.size() / 2];
    if (ends->draws() > 0)
        motion = ends->draw(middle);
    if (!std::isfinite(median)) {
        forecast.excess = forecast.least = forecast.most = HUGE_VAL;
        return forecast;
    }
    forecast.frozen = std::max(0.0, median - forecast.pulled);
    forecast.pulled = std::min(median, forecast.pulled);

    // The steps' noise around the end of the middle draw.
    const Eigen::VectorXd at = motion.end();
    const Eigen::MatrixXd& directions = motion.directions();
    const Eigen::VectorXd& curvatures = motion.curvatures();
    const BatchNoise noise = noiseAt({train, s.layout, s.starts, s.batch, method, grids,
                                      spec.sgd.rounding == RoundingTime::Frozen, middle},
                                     s.layout.parameters(at), directions, job);
    Eigen::VectorXd reported(s.layout.size()); // what variance along a direction costs
    for (Eigen::Index i = 0; i < reported.size(); ++i)
        reported[i] = s.excessOf(directions.col(i));
    Eigen::VectorXd distance = directions.transpose() * at; // from the end, along the mean motion
    Eigen::VectorXd variance = Eigen::VectorXd::Zero(distance.size());
    const double trace = std::max(1e-300, s.exact.m.trace());
    const double feedback = s.spread / (trace * static_cast<double>(s.batch));
    for (int epoch = 1; epoch <= spec.sgd.epochs; ++epoch) {
        const double step = stepOf(spec.sgd.schedule, forecast.step, epoch);
        double above = 0; // mean over the epoch, (x - end)'H(x - end)
        std::vector<EpochWeights> weights;
        weights.reserve(static_cast<std::size_t>(distance.size()));
        for (Eigen::Index i = 0; i < distance.size(); ++i) {
            weights.push_back(motion.weightsOf(i, step, s.steps));
            above += reported[i] / s.scale *
                     (distance[i] * distance[i] * weights.back().squares / static_cast<double>(s.steps) +
                      variance[i]);
        }
        for (Eigen::Index i = 0; i < distance.size(); ++i) {
            const EpochWeights& w = weights[static_cast<std::size_t>(i)];
            const double fed = feedback * std::max(0.0, curvatures[i]) * above;
            variance[i] = epochVariance(variance[i], w, step, noise.dealt[i] + fed, noise.fresh[i], s.steps);
            distance[i] *= w.decay;
        }
    }
    forecast.noise = reported.dot(variance);
    forecast.least = drawn.front().first + forecast.noise;
    forecast.most = drawn.back().first + forecast.noise;
    forecast.excess = forecast.pulled + forecast.frozen + forecast.noise;
    if (!(forecast.excess < kHopeless * (s.atZero + s.objective)))
        forecast.excess = forecast.most = HUGE_VAL;
    return forecast;
}

} // namespace zipml
