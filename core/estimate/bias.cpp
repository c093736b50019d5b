#include "core/estimate/bias.h"

#include "core/estimate/sample_source.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

LinearParameters averageGradient(const SampleSource& source, const Dataset& data,
                                 std::span<const std::uint32_t> rows, const Estimator& estimator,
                                 const LinearParameters& model, bool intercept, const Job& job) {
    auto gradient = LinearParameters::zero(model.weights.size());
    std::vector<float> scratch(data.features * static_cast<std::size_t>(std::max(estimator.copies, 1)));
    std::size_t visited = 0;
    for (const std::uint32_t row : rows) {
        if (visited++ % 256 == 0)
            job.checkpoint();
        estimator.addGradient(source.sample(row, scratch), data.labels[row], model, gradient);
    }
    gradient *= 1.0 / static_cast<double>(rows.size());
    if (!intercept)
        gradient.intercept = 0;
    return gradient;
}

bool isDeterministic(const Estimator& estimator) {
    return estimator.copies == 0 || estimator.rounding == Rounding::Nearest;
}

} // namespace

BiasMeasurement measureBias(const Dataset& data, std::span<const std::uint32_t> rows,
                            std::span<const UniformGrid> grids, const Estimator& estimator,
                            const LinearParameters& model, const BiasOptions& options, ThreadTeam& team,
                            const Job& job) {
    const LinearParameters exact = averageGradient(
        ExactSource(data), data, rows, estimatorOf(EstimatorKind::Full), model, options.intercept, job);
    BiasMeasurement result;
    result.exactNorm = exact.norm();
    if (estimator.predictBias != nullptr) {
        Eigen::VectorXd variance = Eigen::VectorXd::Zero(model.weights.size());
        if (estimator.copies > 0) {
            const auto mean = meanRoundingVariance(data, rows, grids);
            variance = Eigen::Map<const Eigen::VectorXd>(mean.data(), model.weights.size());
        }
        result.predictedNorm = estimator.predictBias(variance, model).norm();
    }
    result.draws = isDeterministic(estimator) ? 1 : options.draws;
    if (estimator.copies == 0)
        return result;

    // Deviations from the exact gradient, so that a small variance does not cancel against a large gradient.
    auto sum = LinearParameters::zero(model.weights.size());
    double squares = 0;
    constexpr int kDrawsPerBlock = 64; // bounds the memory; the sums run in draw order whatever the threads
    for (int begin = 0; begin < result.draws; begin += kDrawsPerBlock) {
        const int count = std::min(kDrawsPerBlock, result.draws - begin);
        std::vector<LinearParameters> deviations(static_cast<std::size_t>(count));
        team.forEachChunk(deviations.size(), [&](std::size_t draw) {
            const FreshSource source(data, grids, estimator, options.seed,
                                     options.firstDraw + static_cast<std::uint32_t>(begin) +
                                         static_cast<std::uint32_t>(draw));
            deviations[draw] = averageGradient(source, data, rows, estimator, model, options.intercept, job);
            deviations[draw] -= exact;
        });
        for (const auto& deviation : deviations) {
            sum += deviation;
            squares += deviation.squaredNorm();
        }
        job.report(static_cast<double>(begin + count) / result.draws, "measuring bias");
    }
    const double draws = result.draws;
    sum *= 1.0 / draws;
    result.norm = sum.norm();
    if (result.draws > 1)
        result.variance = std::max(0.0, (squares - draws * sum.squaredNorm()) / (draws - 1.0));
    result.standardError = std::sqrt(result.variance / draws);
    return result;
}

} // namespace zipml
