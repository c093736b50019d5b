#include "core/advise/batch_noise.h"

#include <algorithm>
#include <optional>

namespace zipml {
namespace {

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

} // namespace

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
    const RandomStream modelStream(q.seed, Purpose::ModelRounding);
    const RandomStream gradientStream(q.seed, Purpose::GradientRounding);
    const Eigen::Index size = directions.cols();
    Eigen::VectorXd mean = Eigen::VectorXd::Zero(size);
    BatchNoise noise{mean, mean};
    std::optional<FreshSource> rounded;
    if (method.copies > 0)
        rounded.emplace(q.train, q.grids, method, q.seed, q.draw);
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

} // namespace zipml
