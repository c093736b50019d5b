#include "core/lab/model_training.h"

#include "core/estimate/bias.h"

#include <cmath>

namespace zipml {

ModelTraining::ModelTraining(const RunSpec& spec, const PreparedData& data, RunSamples& samples,
                             std::span<const float> labels, ThreadTeam& team, const Job& job)
    : spec_(spec), data_(data), samples_(&samples), labels_(labels), team_(team), job_(job),
      model_(LinearParameters::zero(static_cast<Eigen::Index>(data.train.features))), before_(model_) {
    if (spec.sgd.tailAverage > 0) {
        const std::size_t batches = (data.train.rows + spec.sgd.batch - 1) / spec.sgd.batch;
        const double steps = static_cast<double>(batches) * spec.sgd.epochs;
        average_.emplace(static_cast<std::uint64_t>(steps - std::ceil(steps * spec.sgd.tailAverage)));
    }
    read(samples);
}

void ModelTraining::read(RunSamples& samples) {
    samples_ = &samples;
    fast_ = samples.makeFast(labels_);
    range_.reset();
    if (spec_.estimator == EstimatorKind::Polynomial)
        range_.emplace(data_.train, samples.method().polynomial.interval);
}

bool ModelTraining::trainEpoch(EpochPlan plan, RunControl& control,
                               const std::function<void(double)>& progress) {
    before_ = current();
    plan.mostNorm = range_ ? range_->mostNorm(model_) : 0;
    moved_ = samples_->bytes() + data_.train.rows * sizeof(float);
    TailAverage* average = average_ ? &*average_ : nullptr;
    if (DeviceTrainer* trainer = samples_->trainer())
        return trainer->runEpoch(plan, model_, control, progress, average);
    if (fast_)
        return fast_->runEpoch(plan, model_, control, progress, average);
    const Refetching* refetching = samples_->method().refetching.get();
    const std::uint64_t fetchedBefore = refetching != nullptr ? refetching->fetched() : 0;
    const bool complete = samples_->runRows(plan, labels_, model_, control, progress, average);
    fetched_ = refetching != nullptr ? refetching->fetched() - fetchedBefore : 0;
    moved_ += fetched_ * data_.train.features * sizeof(float);
    return complete;
}

void ModelTraining::takeBack() {
    average_.reset();
    model_ = before_;
}

double ModelTraining::refetchRate() const {
    return static_cast<double>(fetched_) / static_cast<double>(data_.train.rows);
}

EpochRecord ModelTraining::measure(int epoch, std::span<const std::uint32_t> rows) const {
    EpochRecord result;
    const LinearParameters& model = current();
    const GradientMethod& method = samples_->method();
    result.regularizer = spec_.regularizer.value(model.weights);
    result.modelQuantiles = quantilesOf(model.weights);
    if (spec_.biasDraws > 0) {
        const auto draws = static_cast<std::uint32_t>(spec_.biasDraws);
        const BiasOptions options{spec_.biasDraws, spec_.seed, static_cast<std::uint32_t>(epoch) * draws,
                                  spec_.intercept, labels_};
        const auto bias =
            measureBias(data_.train, rows, samples_->grids(), method, model, options, team_, job_);
        result.gradientQuantiles = quantilesOf(bias.exact);
        result.biasNorm = bias.norm;
        result.biasStandardError = bias.standardError;
        result.predictedBiasNorm = bias.predictedNorm;
        result.variance = bias.variance;
        result.predictedVariance = bias.predictedVariance.exact;
        result.varianceBound = bias.predictedVariance.bound;
    }
    if (range_)
        result.outsideShare = shareBeyond(data_.train, model, method.polynomial.interval, team_, job_);
    if (method.refetching && epoch > 0)
        result.refetchRate = refetchRate();
    return result;
}

} // namespace zipml
