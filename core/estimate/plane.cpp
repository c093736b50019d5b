#include "core/estimate/plane.h"

#include "core/base/shuffle.h"
#include "core/estimate/bias.h"
#include "core/quant/build_grids.h"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace zipml {
namespace {

constexpr double kCorrelation = 0.6;
constexpr double kModel[] = {1.6, 0.9};
/// Below this, a difference of gradients is what is left of sums in double.
constexpr double kNothing = 1e-12;
constexpr std::size_t kDrawsPerChunk = 16;

Eigen::Vector2d rowOf(const Dataset& data, std::size_t row) {
    return Eigen::Map<const Eigen::Vector2f>(data.row(row).data()).cast<double>();
}

/// (0.05^(-2 / (n - 2)) - 1) (n - 1) / n, of the squared radius in units of the sample covariance: for two
/// dimensions the quantile of F(2, n - 2) has this closed form.
double squaredRadius(std::size_t draws) {
    const auto n = static_cast<double>(draws);
    return (n - 1) * (std::pow(kSignificance, -2 / (n - 2)) - 1) / n;
}

} // namespace

PlaneProblem::PlaneProblem(const PlaneData& options) {
    data_.name = "Two features";
    data_.rows = options.rows;
    data_.features = 2;
    data_.values.resize(2 * options.rows);
    data_.labels.resize(options.rows);
    const RandomStream stream(options.seed, Purpose::Synthetic);
    const double rest = std::sqrt(1 - kCorrelation * kCorrelation);
    curvature_.setZero();
    moment_.setZero();
    for (std::size_t r = 0; r < options.rows; ++r) {
        const auto normals = stream.normals(static_cast<std::uint32_t>(r), 0);
        auto row = data_.row(r);
        row[0] = static_cast<float>(normals[0]);
        row[1] = static_cast<float>(kCorrelation * normals[0] + rest * normals[1]);
        data_.labels[r] = static_cast<float>(double{row[0]} * kModel[0] + double{row[1]} * kModel[1] +
                                             options.noise * normals[2]);
        const Eigen::Vector2d a = rowOf(data_, r);
        curvature_ += a * a.transpose();
        moment_ += double{data_.labels[r]} * a;
    }
    const double share = 1.0 / static_cast<double>(options.rows);
    curvature_ *= share;
    moment_ *= share;
    optimum_ = curvature_.inverse() * moment_;
    for (std::size_t r = 0; r < options.rows; ++r) {
        const double residual = rowOf(data_, r).dot(optimum_) - double{data_.labels[r]};
        leastLoss_ += share * residual * residual;
    }
}

double PlaneProblem::loss(const Eigen::Vector2d& at) const {
    const Eigen::Vector2d away = at - optimum_;
    return leastLoss_ + away.dot(curvature_ * away);
}

QuantizedPlane::QuantizedPlane(const PlaneProblem& problem, int bits, ThreadTeam& team)
    : problem_(problem), bits_(bits), grids_(buildGrids(problem.data(), GridSpec{}, bits, false, team)) {
    const auto mean = meanRoundingVariance(problem.data(), grids_, team);
    roundingVariance_ = Eigen::Map<const Eigen::Vector2d>(mean.data());
}

Eigen::Vector2d QuantizedPlane::naiveLimit() const {
    const Eigen::Matrix2d ridge = problem_.curvature() + Eigen::Matrix2d(roundingVariance_.asDiagonal());
    return ridge.inverse() * problem_.moment();
}

GradientMethod QuantizedPlane::method(EstimatorKind kind) const {
    GradientMethod method(kind);
    if (method.estimator->corrected())
        method.correction = roundingVariance_;
    return method;
}

std::unique_ptr<SampleSource> QuantizedPlane::source(const GradientMethod& method, std::uint64_t seed,
                                                     std::uint32_t draw) const {
    if (!method.estimator->quantized())
        return std::make_unique<ExactSource>(problem_.data());
    return std::make_unique<FreshSource>(problem_.data(), grids_, method, seed, draw);
}

int QuantizedPlane::storedBits(EstimatorKind kind) const {
    const Estimator& estimator = estimatorOf(kind);
    return estimator.quantized() ? SampleStore::bitsPerCode({bits_, estimator.copies, estimator.rounding, 0})
                                 : 32;
}

MeanOfDraws MeanOfDraws::of(std::span<const Eigen::Vector2d> draws) {
    MeanOfDraws result;
    result.draws = draws.size();
    // From the first one on, so that draws which are all equal scatter by exactly nothing.
    const Eigen::Vector2d origin = draws[0];
    for (const auto& draw : draws)
        result.mean += draw - origin;
    result.mean /= static_cast<double>(draws.size());
    for (const auto& draw : draws) {
        const Eigen::Vector2d away = draw - origin - result.mean;
        result.covariance += away * away.transpose();
    }
    result.covariance /= static_cast<double>(draws.size()) - 1;
    result.mean += origin;
    return result;
}

Ellipse MeanOfDraws::confidence() const {
    Eigen::SelfAdjointEigenSolver<Eigen::Matrix2d> solver;
    solver.computeDirect(covariance);
    const Eigen::Vector2d radii = (squaredRadius(draws) * solver.eigenvalues().cwiseMax(0)).cwiseSqrt();
    return {mean, solver.eigenvectors() * radii.asDiagonal()};
}

double MeanOfDraws::pValue(const Eigen::Vector2d& expectation) const {
    Eigen::SelfAdjointEigenSolver<Eigen::Matrix2d> solver;
    solver.computeDirect(covariance);
    const Eigen::Vector2d away = solver.eigenvectors().transpose() * (mean - expectation);
    const auto n = static_cast<double>(draws);
    double tSquared = 0;
    for (int i = 0; i < 2; ++i) {
        const double error = std::sqrt(std::max(0.0, solver.eigenvalues()[i]) / n);
        if (std::abs(away[i]) < kNothing)
            continue;
        if (error < kNothing)
            return 0; // it does not scatter this way, and is elsewhere
        tSquared += away[i] / error * (away[i] / error);
    }
    return std::pow(1 + tSquared / (n - 1), -(n - 2) / 2);
}

double MeanOfDraws::standardError() const {
    return std::sqrt(covariance.trace() / static_cast<double>(draws));
}

std::vector<std::uint32_t> minibatchRows(std::size_t rows, std::size_t batch, std::uint64_t seed,
                                         std::uint32_t draw) {
    if (batch >= rows) {
        std::vector<std::uint32_t> all(rows);
        std::iota(all.begin(), all.end(), 0U);
        return all;
    }
    auto chosen = shuffledIndices(rows, seed, Purpose::BiasRows, draw);
    chosen.resize(batch);
    return chosen;
}

std::vector<GradientCloud> drawClouds(const QuantizedPlane& plane, std::span<const EstimatorKind> estimators,
                                      const CloudOptions& options, ThreadTeam& team, const Job& job) {
    const PlaneProblem& problem = plane.problem();
    const Dataset& data = problem.data();
    const LinearParameters at{0, options.at};
    const auto draws = static_cast<std::size_t>(options.draws);
    std::vector<GradientMethod> methods;
    std::vector<GradientCloud> clouds;
    for (const EstimatorKind kind : estimators) {
        methods.push_back(plane.method(kind));
        clouds.emplace_back();
        clouds.back().estimator = kind;
        clouds.back().draws.resize(draws);
    }
    team.forEachChunk((draws + kDrawsPerChunk - 1) / kDrawsPerChunk, [&](std::size_t chunk) {
        const std::size_t end = std::min(draws, (chunk + 1) * kDrawsPerChunk);
        for (std::size_t d = chunk * kDrawsPerChunk; d < end; ++d) {
            const auto draw = static_cast<std::uint32_t>(d);
            const auto rows = minibatchRows(data.rows, options.batch, options.seed, draw);
            const ChannelStreams channels{{options.seed, Purpose::ModelRounding, draw},
                                          {options.seed, Purpose::GradientRounding, draw}};
            for (std::size_t e = 0; e < methods.size(); ++e)
                clouds[e].draws[d] = averageGradient(*plane.source(methods[e], options.seed, draw),
                                                     data.labels, rows, methods[e], at, false, channels, job)
                                         .weights;
        }
    });
    const Eigen::Vector2d exact = problem.gradient(options.at);
    for (std::size_t e = 0; e < methods.size(); ++e) {
        GradientCloud& cloud = clouds[e];
        cloud.statistics = MeanOfDraws::of(cloud.draws);
        const double away = (cloud.statistics.mean - exact).norm();
        cloud.biasNorm = away < kNothing ? 0 : away;
        cloud.pValue = cloud.statistics.pValue(exact);
        if (const auto predicted = predictBias(methods[e], plane.roundingVariance(), at))
            cloud.predictedBias = predicted->weights;
        cloud.storedBits = plane.storedBits(cloud.estimator);
    }
    return clouds;
}

} // namespace zipml
