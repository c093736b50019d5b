#include "core/lab/model_training.h"

#include "core/estimate/bias.h"
#include "core/lab/method_of.h"

#include <algorithm>
#include <cmath>

namespace zipml {

ModelTraining::ModelTraining(const RunSpec& spec, const PreparedData& data, RunSamples& samples,
                             std::span<const float> labels, ThreadTeam& team, const Job& job)
    : spec_(spec), data_(data), samples_(&samples), labels_(labels), team_(team), job_(job),
      model_(LinearParameters::zero(static_cast<Eigen::Index>(data.train.features))), before_(model_) {
    if (spec.sgd.tailAverage > 0) {
        const double steps = static_cast<double>(batches()) * spec.sgd.epochs;
        average_.emplace(static_cast<std::uint64_t>(steps - std::ceil(steps * spec.sgd.tailAverage)));
    }
    if (reduced()) {
        anchor_ = {model_, model_};
        difference_ = model_;
        if (samples.method().loss.isQuadratic())
            noLabels_.assign(data.train.rows, 0.0F);
    }
    read(samples);
}

void ModelTraining::read(RunSamples& samples) {
    samples_ = &samples;
    runner_ = samples.makeRunner(noLabels_.empty() ? labels_ : std::span<const float>(noLabels_));
    if (runner_->isRowByRow()) // takes the difference of two slopes itself
        runner_ = samples.makeRunner(labels_);
    range_.reset();
    if (samples.method().estimator->needs == Needs::Polynomial)
        range_.emplace(data_.train, samples.method().polynomial.interval);
}

TrainedModel ModelTraining::beginEpoch(EpochPlan plan, bool readsSamples) {
    before_ = current();
    plan.mostNorm = range_ ? range_->mostNorm(model_) : 0;
    plan.kept = keptOf(spec_);
    anchorVectorsMoved_ = 0;
    moved_ = (readsSamples ? samples_->bytes() : 0) + data_.train.rows * sizeof(float);
    return {plan, &model_, average_ ? &*average_ : nullptr};
}

void ModelTraining::endEpoch(const EpochRunner& runner, std::size_t index) {
    fetched_ = runner.rowsFetched(index);
    moved_ += fetched_ * data_.train.features * sizeof(float);
}

bool ModelTraining::trainEpoch(const EpochPlan& plan, RunControl& control,
                               const std::function<void(double)>& progress) {
    TrainedModel trained = beginEpoch(plan, true);
    if (reduced())
        return trainReduced(trained.plan, control, progress);
    const bool complete = runner_->runEpoch(trained.plan, model_, control, progress, trained.average);
    endEpoch(*runner_, 0);
    return complete;
}

std::optional<LinearParameters> ModelTraining::firstGradient() const {
    const std::size_t rows = data_.train.rows;
    EpochPlan plan;
    plan.batch = rows;
    plan.step = 1;
    plan.order = RowOrder::File;
    plan.intercept = spec_.intercept;
    plan.seed = spec_.seed;
    plan.epoch = 0;
    RunControl control; // of its own: a single step is one of the passes' batches
    const auto nobody = [](double) {};
    LinearParameters model = LinearParameters::zero(model_.weights.size());
    const auto runner = samples_->makeRunner(labels_, samples_->method(), rows);
    if (!runner)
        return std::nullopt;
    runner->runEpoch(plan, model, control, nobody);
    model *= -1.0;
    return model;
}

void ModelTraining::takeAnchor(const EpochPlan& plan) {
    const Dataset& train = data_.train;
    const int epochsLeft = spec_.sgd.epochs - static_cast<int>(plan.epoch) + 1;
    passesLeft_ = std::min(spec_.sgd.innerPasses, epochsLeft);
    anchor_.at = model_;
    const bool first =
        samples_->quantized() && model_.norm() == 0 && plan.epoch == 1 && epochsLeft > passesLeft_;
    const auto rounded = first ? firstGradient() : std::nullopt;
    anchor_.gradient =
        rounded ? *rounded : meanGradient(train, samples_->method().loss, model_, team_, job_, labels_);
    if (!spec_.intercept)
        anchor_.gradient.intercept = 0;
    moved_ += rounded ? samples_->bytes() : train.values.size() * sizeof(float);
    moved_ += train.rows * sizeof(float); // labels
    difference_ = LinearParameters::zero(model_.weights.size());
    const std::uint64_t steps = batches() * static_cast<std::uint64_t>(passesLeft_);
    average_.emplace(steps / 2);
    anchorVectorsMoved_ = 2 * (train.features + (spec_.intercept ? 1 : 0)) * sizeof(float);
}

bool ModelTraining::trainReduced(EpochPlan& plan, RunControl& control,
                                 const std::function<void(double)>& progress) {
    const bool readsLabels = noLabels_.empty();
    moved_ = samples_->bytes() + (readsLabels ? data_.train.rows * sizeof(float) : 0);
    if (passesLeft_ == 0)
        takeAnchor(plan);
    --passesLeft_;
    plan.anchor = &anchor_;
    if (spec_.sgd.solver == SolverKind::BitCentering)
        plan.kept.range = anchor_.gradient.norm() / leastCurvature_;
    const auto follow = [this] {
        model_ = anchor_.at;
        model_ += average_->begun() ? average_->mean() : difference_;
    };
    const auto reportAt = [&](double share) {
        follow();
        progress(share);
    };
    const bool complete = runner_->runEpoch(plan, difference_, control, reportAt, &*average_);
    follow();
    return complete && model_.finite();
}

void ModelTraining::takeBack() {
    average_.reset();
    passesLeft_ = 0;
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
    if (spec_.biasDraws > 0)
        measureBias(epoch, rows, result);
    if (range_)
        result.outsideShare = shareBeyond(data_.train, model, method.polynomial.interval, team_, job_);
    if (method.refetching && epoch > 0)
        result.refetchRate = refetchRate();
    return result;
}

void ModelTraining::measureBias(int epoch, std::span<const std::uint32_t> rows, EpochRecord& result) const {
    const GradientMethod& method = samples_->method();
    if (reduced()) {
        const GradientMethod full(EstimatorKind::Full, method.loss);
        const RandomStream unused(0, Purpose::ModelRounding);
        result.gradientQuantiles =
            quantilesOf(averageGradient(ExactSource(data_.train), labels_, rows, full, current(),
                                        spec_.intercept, {unused, unused}, job_)
                            .weights);
        if (!method.loss.isQuadratic())
            return; // the estimate at two models is not a bias of either
    }
    // What varies of a variance-reduced estimate is the estimate of the difference, without labels.
    LinearParameters model = current();
    if (reduced())
        model -= anchor_.at;
    const std::span<const float> labels = reduced() ? std::span<const float>(noLabels_) : labels_;
    const auto draws = static_cast<std::uint32_t>(spec_.biasDraws);
    const BiasOptions options{spec_.biasDraws, spec_.seed, static_cast<std::uint32_t>(epoch) * draws,
                              spec_.intercept, labels};
    const auto bias =
        zipml::measureBias(data_.train, rows, samples_->grids(), method, model, options, team_, job_);
    if (!reduced())
        result.gradientQuantiles = quantilesOf(bias.exact);
    result.biasNorm = bias.norm;
    result.biasStandardError = bias.standardError;
    result.predictedBiasNorm = bias.predictedNorm;
    result.variance = bias.variance;
    result.predictedVariance = bias.predictedVariance.exact;
    result.varianceBound = bias.predictedVariance.bound;
}

} // namespace zipml
