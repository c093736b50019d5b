#include "core/estimate/bias.h"

#include "core/estimate/refetch_source.h"
#include "core/quant/build_grids.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

bool isDeterministic(const GradientMethod& method) {
    const bool exactSamples = method.copies == 0 || method.estimator->rounding == Rounding::Nearest;
    return exactSamples && !method.model.on() && !method.gradient.on();
}

} // namespace

LinearParameters averageGradient(const SampleSource& source, std::span<const float> labels,
                                 std::span<const std::uint32_t> rows, const GradientMethod& method,
                                 const LinearParameters& model, bool intercept, const ChannelStreams& streams,
                                 const Job& job) {
    const bool channels = method.model.on() || method.gradient.on();
    auto sum = LinearParameters::zero(model.weights.size());
    std::vector<double> scratch(method.scratch(static_cast<std::size_t>(model.weights.size())));
    std::size_t visited = 0;
    LinearParameters sent = model;
    auto estimate = LinearParameters::zero(model.weights.size());
    for (const std::uint32_t row : rows) {
        if (visited++ % 256 == 0)
            job.checkpoint();
        const SampleView sample = source.sample(row, scratch);
        if (!channels) {
            method.addGradient(sample, labels[row], model, sum);
            continue;
        }
        sent.weights = model.weights;
        method.model.round(sent.weights, streams.model, row);
        estimate *= 0;
        method.addGradient(sample, labels[row], sent, estimate);
        method.correct(estimate, sent, 1);
        method.gradient.round(estimate.weights, streams.gradient, row);
        sum += estimate;
    }
    if (!channels)
        method.correct(sum, model, rows.size());
    sum *= 1.0 / static_cast<double>(rows.size());
    if (!intercept)
        sum.intercept = 0;
    return sum;
}

std::optional<LinearParameters> predictBias(const GradientMethod& method,
                                            const Eigen::VectorXd& meanRoundingVariance,
                                            const LinearParameters& model) {
    const Estimator& estimator = *method.estimator;
    if (estimator.bias == BiasForm::Unknown)
        return std::nullopt;
    const bool exactInside = estimator.unbiasedInEverySlope && !method.model.on();
    if (!method.loss.isQuadratic() && !exactInside)
        return std::nullopt; // the formulas are those of a slope that is linear in the model
    auto bias = LinearParameters::zero(model.weights.size());
    if (estimator.bias == BiasForm::RoundingVariance)
        bias.weights = meanRoundingVariance.cwiseProduct(model.weights);
    if (method.correction.size() > 0)
        bias.weights -= method.correction.cwiseProduct(model.weights);
    return bias;
}

BiasMeasurement measureBias(const Dataset& data, std::span<const std::uint32_t> rows,
                            std::span<const Grid> grids, const GradientMethod& given,
                            const LinearParameters& model, const BiasOptions& options, ThreadTeam& team,
                            const Job& job) {
    const std::span<const float> labels = options.labels.empty() ? data.labels : options.labels;
    const GradientMethod full(EstimatorKind::Full, given.loss);
    const auto drawOf = [&](std::uint32_t draw) {
        return ChannelStreams{{options.seed, Purpose::ModelRounding, draw, 1},
                              {options.seed, Purpose::GradientRounding, draw, 1}};
    };
    const LinearParameters exact =
        averageGradient(ExactSource(data), labels, rows, full, model, options.intercept, drawOf(0), job);
    GradientMethod method = given;
    Eigen::VectorXd variances = Eigen::VectorXd::Zero(model.weights.size());
    if (method.copies > 0) {
        const auto mean = meanRoundingVariance(data, rows, grids);
        variances = Eigen::Map<const Eigen::VectorXd>(mean.data(), model.weights.size());
    }
    if (method.estimator->corrected())
        method.correction = variances;
    if (method.refetching) {
        method.refetching = std::make_shared<Refetching>(*given.refetching); // with a count of its own
        method.follow(model);
    }

    BiasMeasurement result;
    result.exact = exact.weights;
    result.exactNorm = exact.norm();
    if (const auto predicted = predictBias(method, variances, model))
        result.predictedNorm = predicted->norm();
    result.predictedVariance = predictVariance(data, rows, grids, method, model, options.intercept, labels);
    result.draws = isDeterministic(method) ? 1 : options.draws;
    if (method.copies == 0 && result.draws == 1)
        return result;

    // Deviations from the exact gradient, so that a small variance does not cancel against a large gradient.
    // The sums run in draw order whatever the threads; blocks bound the memory.
    constexpr int kDrawsPerBlock = 64;
    const auto rounder = std::make_shared<const RowRounder>(
        method.copies > 0 ? grids : std::span<const Grid>(),
        method.refetching ? Rounding::Stochastic : method.estimator->rounding);
    const double draws = result.draws;
    auto sum = LinearParameters::zero(model.weights.size());
    double squares = 0;
    double fourths = 0;
    for (int begin = 0; begin < result.draws; begin += kDrawsPerBlock) {
        const int count = std::min(kDrawsPerBlock, result.draws - begin);
        std::vector<LinearParameters> deviations(static_cast<std::size_t>(count));
        team.forEachChunk(deviations.size(), [&](std::size_t index) {
            const auto draw =
                options.firstDraw + static_cast<std::uint32_t>(begin) + static_cast<std::uint32_t>(index);
            LinearParameters& deviation = deviations[index];
            if (method.refetching)
                deviation = averageGradient(
                    FreshRefetchSource(data, grids, *method.refetching, rounder, options.seed, draw), labels,
                    rows, method, model, options.intercept, drawOf(draw), job);
            else if (method.copies > 0)
                deviation = averageGradient(FreshSource(data, rounder, method, options.seed, draw), labels,
                                            rows, method, model, options.intercept, drawOf(draw), job);
            else
                deviation = averageGradient(ExactSource(data), labels, rows, method, model, options.intercept,
                                            drawOf(draw), job);
            deviation -= exact;
        });
        for (const auto& deviation : deviations) {
            const double square = deviation.squaredNorm();
            sum += deviation;
            squares += square;
            fourths += square * square;
        }
        job.report(static_cast<double>(begin + count) / draws, "measuring bias");
    }
    sum *= 1.0 / draws;
    result.norm = sum.norm();
    if (result.draws > 1) {
        result.variance = std::max(0.0, (squares - draws * sum.squaredNorm()) / (draws - 1.0));
        const double mean = squares / draws;
        // Var s^2 = (mu_4 - sigma^4) / n + 2 sigma^4 / (n (n - 1)) in one dimension; in more the last term is
        // smaller.
        result.varianceStandardError =
            std::sqrt(std::max(0.0, fourths / draws - mean * mean) / (draws - 1.0) +
                      2 * result.variance * result.variance / (draws * (draws - 1.0)));
    }
    result.standardError = std::sqrt(result.variance / draws);
    return result;
}

} // namespace zipml
