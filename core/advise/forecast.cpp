#include "core/advise/forecast.h"

#include "core/advise/batch_noise.h"
#include "core/advise/forecast_ends.h"
#include "core/estimate/bias.h"
#include "core/lab/automatic_step.h"
#include "core/lab/levels_for.h"
#include "core/lab/method_of.h"
#include "core/quant/build_grids.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

constexpr std::size_t kMostFeatures = 600;
constexpr double kLittle = 0.2;   ///< draws that differ by less of the greatest suffice
constexpr double kHopeless = 1e3; ///< times the objective at the start: it diverges

} // namespace

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
    auto shared = std::make_unique<ForecastBasis>(base, data);
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
    const ForecastBasis& s = *shared_;
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

Forecast Forecaster::of(const TradeoffSetting& setting, const Job& job) const {
    if (!setting.full())
        return forecastOf(setting, job);
    std::call_once(shared_->fullKnown, [&] { shared_->full = forecastOf(setting, job); });
    return shared_->full;
}

Forecast Forecaster::forecastOf(const TradeoffSetting& setting, const Job& job) const {
    const ForecastBasis& s = *shared_;
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
        const std::span<const std::uint32_t> some(s.rows.data(), std::min(s.rows.size(), kLeastForecastRows));
        const auto formula =
            predictVariance(train, some, grids, method, s.layout.parameters(s.optimum), spec.intercept);
        if (formula.exact)
            forecast.variance = *formula.exact * static_cast<double>(some.size());
    }
    const ForecastSetting own{s, spec, method, grids, variances, forecast.step, job};
    const std::unique_ptr<const ForecastEnds> ends = endsOf(own);
    forecast.biasNorm = ends->biasNorm();
    ForecastMotion motion = ends->mean();
    forecast.pulled = ends->excessOf(motion);
    std::vector<std::pair<double, std::uint32_t>> drawn{{forecast.pulled, 0}};
    if (ends->draws() > 0) {
        drawn.clear();
        for (std::uint32_t draw = 0; draw < ends->draws(); ++draw) {
            drawn.emplace_back(ends->excessOf(ends->draw(draw)), draw);
            const auto [low, high] = std::ranges::minmax(drawn);
            if (draw + 1 >= kFewForecastDraws && high.first - low.first < kLittle * high.first)
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
                                      spec.sgd.rounding == RoundingTime::Frozen, kForecastSeed, middle},
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
