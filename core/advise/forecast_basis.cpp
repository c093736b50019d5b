#include "core/advise/forecast_basis.h"

#include "core/advise/curved_motion.h"
#include "core/loss/evaluate.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

constexpr double kGramWork = 4e8;         ///< rows times parameters squared, of one draw
constexpr std::size_t kMostBatches = 400; ///< whose gradients give the steps' noise

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

} // namespace

ForecastBasis::ForecastBasis(const RunSpec& spec, const PreparedData& prepared)
    : base(spec), data(prepared), layout(prepared.train.features, spec.intercept), loss(lossOf(spec)),
      batch(std::min(spec.sgd.batch, prepared.train.rows)), steps((prepared.train.rows + batch - 1) / batch) {
}

/// A tenth of the rows lie so near to the kink.
double ForecastBasis::bandOf(std::span<const double> scores) const {
    std::vector<double> distances(scores.size());
    for (std::size_t r = 0; r < scores.size(); ++r)
        distances[r] = std::abs(1 - data.train.labels[r] * scores[r]);
    const auto tenth = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 10);
    std::ranges::nth_element(distances, tenth);
    return std::max(*tenth, 1e-6);
}

void ForecastBasis::prepare(ThreadTeam& team, const Job& job) {
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
    const std::size_t count = std::min(train.rows, std::max(kLeastForecastRows, most));
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

Pull ForecastBasis::roundedPull(const SampleSource& source, const GradientMethod& method) const {
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

Pull ForecastBasis::averagePull(const GradientMethod& method, std::span<const Grid> grids,
                                const Eigen::VectorXd& variances) const {
    Pull pull{exact.m, exact.c, exactOfRows.spread, exactOfRows.spreadC};
    if (method.estimator->rounding == Rounding::Nearest && method.copies > 0) { // there is one draw
        const Pull nearest = roundedPull(FreshSource(data.train, grids, method, kForecastSeed, 0), method);
        pull.m += nearest.m - exactOfRows.m;
        pull.c += nearest.c - exactOfRows.c;
        pull.spread = nearest.spread;
        pull.spreadC = nearest.spreadC;
    } else if (method.copies == 1 && method.correction.size() == 0) {
        pull.m.diagonal().tail(variances.size()) += variances; // docs/method.md#eq4
    }
    return pull;
}

} // namespace zipml
