#include "core/lab/run.h"

#include "core/base/shuffle.h"
#include "core/data/memory_limit.h"
#include "core/lab/compute_device.h"
#include "core/lab/early_end.h"
#include "core/lab/frozen_curvature.h"
#include "core/lab/method_of.h"
#include "core/lab/model_training.h"
#include "core/lab/one_versus_rest.h"
#include "core/lab/optimum_watch.h"
#include "core/lab/polynomial_range.h"
#include "core/lab/run_evaluation.h"
#include "core/lab/run_samples.h"
#include "core/lab/store_run.h"
#include "core/solve/second_moment.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

namespace zipml {
namespace {

std::string shown(double number) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", number);
    return text;
}

void requireDevice(const RunSpec& spec, const PreparedData& data) {
    if (data.manyClasses() && isComputeDevice(spec.device))
        throw InputError("device: " + spec.device + " trains two classes and " + data.train.name + " has " +
                         std::to_string(data.classLabels.size()) + "; use device cpu");
}

/// One experiment, from prepared data to its record.
class Experiment {
  public:
    Experiment(const RunSpec& spec, RunObserver& observer, RunControl& control,
               std::shared_ptr<const PreparedData> data)
        : spec_(spec), observer_(observer), control_(control), data_(std::move(data)),
          team_(spec.threads), job_{control.stopToken(), {}},
          samples_(std::make_unique<RunSamples>(spec_, *data_, team_, job_)) {
        biasRows_ = shuffledIndices(data_->train.rows, spec.seed, Purpose::BiasRows);
        biasRows_.resize(std::min(biasRows_.size(), spec.biasRows));
        if (data_->manyClasses())
            classLabels_ = oneVersusRestLabels(data_->train.labels, data_->classLabels.size());
        models_.reserve(modelCount());
        for (std::size_t m = 0; m < modelCount(); ++m)
            models_.emplace_back(spec_, *data_, *samples_,
                                 classLabels_.empty() ? std::span(data_->train.labels)
                                                      : std::span<const float>(classLabels_[m]),
                                 team_, job_);
    }

    /// @param earlier null: none
    RunRecord run(const RunRecord* earlier) {
        record_.spec = spec_;
        describeSetup();
        if (earlier != nullptr)
            takeOver(*earlier);
        else
            record_.initial = measure(0);
        observer_.onPrepared(record_.setup, record_.initial);
        try {
            train();
        } catch (const Cancelled&) { // during an epoch's evaluation: that epoch does not count
            record_.status = RunStatus::Stopped;
        } catch (const DeviceError& error) { // nor does one that the device did not finish
            record_.status = RunStatus::DeviceLost;
            record_.message =
                "the device " + spec_.device + " was lost in epoch " +
                std::to_string(record_.epochs.size() + 1) + " (" + error.what() +
                "); what was complete is kept and can go on on the cpu (Go on on the CPU in the "
                "window, --cpu-fallback on the command line)";
        }
        if (!belowOptimum_.empty() && record_.status != RunStatus::DeviceLost) {
            record_.message = belowOptimum_;
            if (record_.status != RunStatus::Stopped)
                record_.status = RunStatus::BelowOptimum;
        }
        finishModel();
        return std::move(record_);
    }

  private:
    [[nodiscard]] std::size_t modelCount() const {
        return data_->manyClasses() ? data_->classLabels.size() : 1;
    }

    void takeOver(const RunRecord& earlier) {
        record_.initial = earlier.initial;
        record_.epochs = earlier.epochs;
        record_.message = earlier.message;
        models_.front().setModel(earlier.model.parameters); // of a device: there is one
        if (!earlier.epochs.empty()) {
            const EpochRecord& last = earlier.epochs.back();
            samplesMoved_ = last.sampleBytesMoved - earlier.setup.codebookBytes;
            vectorsMoved_ = last.bytesMoved - last.sampleBytesMoved;
        }
    }

    void describeSetup() {
        const Dataset& train = data_->train;
        const GradientMethod& method = samples_->method();
        auto& setup = record_.setup;
        setup.dataName = train.name;
        setup.task = data_->task;
        setup.trainRows = train.rows;
        setup.testRows = data_->test.rows;
        setup.features = train.features;
        chooseStep(setup.stepNote);
        setup.step = step_;
        describeSamples();
        if (data_->optimum) {
            setup.optimumLoss = data_->optimum->loss;
            setup.optimumRegularizer = data_->optimum->regularizer;
            setup.optimumObjective = method.loss.objective(*setup.optimumLoss, setup.optimumRegularizer);
            setup.optimumCertificate = data_->optimum->certificate;
        }
        setup.optimumNote = data_->optimumNote;
        setup.notes = data_->notes;
        setup.warnings = data_->warnings;
        setup.load = data_->load;
        setup.labelWhy = data_->labelWhy;
        setup.classNames = data_->classNames;
        addMethodNotes(method, setup.notes);
        setup.notes.insert(setup.notes.end(), samples_->notes().begin(), samples_->notes().end());
        describeCurvature();
        if (data_->manyClasses())
            setup.lossNote = "on the unquantized data, mean over " + std::to_string(modelCount()) +
                             " models of one class against the rest";
    }

    /// The spec's step, or the automatic one for the samples as they are.
    void chooseStep(std::string& note) {
        if (spec_.sgd.step) {
            step_ = *spec_.sgd.step;
            return;
        }
        const Dataset& train = data_->train;
        const GradientMethod& method = samples_->method();
        const std::size_t batch = std::min(spec_.sgd.batch, train.rows);
        const bool overshoots = spec_.sgd.solver != SolverKind::Sgd; // their noise vanishes
        step_ = autoStep(train, spec_.intercept, batch, spec_.seed, method.loss, overshoots);
        if (method.copies > 0 || method.model.on() || method.gradient.on()) {
            const SampleMoments moments = sampleMoments(train, samples_->grids(), method.estimator->rounding,
                                                        spec_.intercept, spec_.seed, team_, job_);
            const double most = mostStep(moments, method, batch, overshoots) / method.loss.largestCurvature();
            if (most < step_) {
                note = "automatic: " + shown(most) + " instead of " + shown(step_) +
                       ", since the estimator's second moment allows no more";
                step_ = most;
            }
        }
        if (samples_->device() != nullptr) {
            const DeviceStep own = samples_->device()->automaticStep(step_);
            step_ = own.step;
            if (!own.note.empty())
                note = own.note;
        }
    }

    /// What the frozen roundings make of the loss's curvature.
    void describeCurvature() {
        const bool roundsTwice = samples_->method().copies > 1 || samples_->method().estimator->corrected();
        const bool reduced = spec_.sgd.solver != SolverKind::Sgd;
        if (!reduced && (!roundsTwice || spec_.sgd.rounding != RoundingTime::Frozen))
            return; // one rounding's is positive
        job_.report(0, "looking at the roundings' curvature");
        const auto curvature = frozenCurvature(spec_, *data_, *samples_, reduced, team_, job_);
        if (curvature) {
            record_.setup.contraction = curvature->contraction;
            addCurvatureNotes(spec_, *curvature, record_.setup.notes);
        }
        if (spec_.sgd.solver != SolverKind::BitCentering)
            return;
        if (!curvature || !(curvature->m.least > 0))
            throw InputError("solver: bit-centering takes its range from the least curvature, which is " +
                             (curvature
                                  ? "not positive with these roundings"
                                  : std::string("not known here (least squares, at most 2 * 10^8 values)")) +
                             "; use solver svrg, more bits, or regularizer l2:0.01");
        for (ModelTraining& model : models_)
            model.setLeastCurvature(curvature->m.least);
    }

    void describeSamples() {
        auto& setup = record_.setup;
        setup.kernels = samples_->kernels();
        samples_->describeLevels(setup);
        setup.storeBytes = samples_->bytes();
        setup.bitsPerValue =
            8.0 * static_cast<double>(setup.storeBytes) / static_cast<double>(data_->train.values.size());
        setup.codebookBytes = samples_->codebookBytes();
    }

    void train() {
        EarlyEnd early(spec_.sgd.earlyStop, record_.initial.trainLoss);
        for (int epoch = static_cast<int>(record_.epochs.size()) + 1; epoch <= spec_.sgd.epochs; ++epoch) {
            epochBegin_ = std::chrono::steady_clock::now();
            idleBefore_ = control_.secondsWaited();
            const bool finished = trainEpoch(epoch);
            const double seconds = secondsTrained();
            if (!finished) {
                takeBack();
                if (control_.stopRequested())
                    record_.status = RunStatus::Stopped;
                else
                    reportDivergence(epoch, "the model's weights overflowed");
                return;
            }
            evaluating_ = true; // should it be stopped
            EpochRecord result = measure(epoch);
            watchOptimum(result);
            evaluating_ = false;
            result.step = stepOf(spec_.sgd, step_, epoch);
            result.seconds = seconds;
            record_.epochs.push_back(result);
            observer_.onEpoch(result);
            if (early.hasDiverged(result)) {
                reportDivergence(epoch, "the training loss " + shown(result.trainLoss) + " is more than " +
                                            shown(EarlyEnd::kDivergedFactor) + " times its start " +
                                            shown(record_.initial.trainLoss));
                return;
            }
            if (early.improvesNoMore(result)) {
                record_.status = RunStatus::EarlyStopped;
                return;
            }
            control_.epochFinished();
        }
    }

    bool trainEpoch(int epoch) {
        const auto key = static_cast<std::uint32_t>(epoch);
        trained_ = 0;
        if (!control_.waitIfPaused())
            return false;
        followChanges();
        if (spec_.sgd.rounding == RoundingTime::Epoch && epoch > 1)
            samples_->buildAgain(key);
        const EpochPlan plan{spec_.sgd.batch,  stepOf(spec_.sgd, step_, epoch),
                             spec_.sgd.order,  spec_.intercept,
                             spec_.seed,       key,
                             spec_.regularizer};
        const auto count = static_cast<double>(modelCount());
        for (ModelTraining& model : models_) {
            const double done = epoch - 1 + static_cast<double>(trained_) / count;
            const auto progress = [&](double share) {
                observer_.onProgress((done + share / count) / spec_.sgd.epochs, "training");
                if (control_.steppedBatch() && share < 1)
                    reportStep(plan, model, share);
            };
            ++trained_;
            const bool complete = model.trainEpoch(plan, control_, progress);
            samplesMoved_ += model.moved();
            vectorsMoved_ += vectorBytes() + model.anchorVectorsMoved();
            if (!complete)
                return false;
        }
        return true;
    }

    /// Of this epoch so far, without pauses and what a step's report took.
    [[nodiscard]] double secondsTrained() const {
        const std::chrono::duration<double> all = std::chrono::steady_clock::now() - epochBegin_;
        return all.count() - (control_.secondsWaited() - idleBefore_);
    }

    /// @param share of the epoch, of the model that trains now
    void reportStep(const EpochPlan& plan, const ModelTraining& model, double share) {
        const double seconds = secondsTrained();
        const auto begin = std::chrono::steady_clock::now();
        const double within = (static_cast<double>(trained_ - 1) + share) / static_cast<double>(modelCount());
        EpochRecord state = measure(static_cast<int>(plan.epoch) - 1, within);
        state.refetchRate.reset(); // of a whole epoch
        const auto part = [share](std::uint64_t bytes) {
            return static_cast<std::uint64_t>(share * static_cast<double>(bytes));
        };
        state.sampleBytesMoved += part(model.moved());
        state.bytesMoved += part(model.moved()) + part(vectorBytes() + model.anchorVectorsMoved());
        state.step = plan.step;
        state.seconds = seconds;
        observer_.onStep(state);
        epochBegin_ += std::chrono::steady_clock::now() - begin;
    }

    /// Takes over what was asked for since the last epoch.
    void followChanges() {
        const RunWishes wishes = observer_.wishes();
        followEstimator(wishes.estimator);
        if (wishes.bits && samples_->followBits(*wishes.bits))
            readSamples();
    }

    void followEstimator(std::optional<EstimatorKind> wanted) {
        if (!wanted || *wanted == spec_.estimator || wanted == refused_)
            return;
        RunSpec changed = withEstimator(spec_, *wanted);
        changed.bits = samples_->bits();
        try {
            validate(changed);
            samples_ = std::make_unique<RunSamples>(changed, *data_, team_, job_);
        } catch (const InputError& error) {
            refused_ = wanted;
            observer_.onRefused(error.what());
            return;
        }
        spec_ = std::move(changed);
        samplesMoved_ += record_.setup.codebookBytes; // others are sent from now on
        readSamples();
    }

    void readSamples() {
        for (ModelTraining& model : models_)
            model.read(*samples_);
        describeSamples();
        std::string note;
        chooseStep(note);
    }

    /// All models as they were before an epoch that was not finished.
    void takeBack() {
        for (std::size_t m = 0; m < models_.size(); ++m)
            m < trained_ ? models_[m].takeBack() : models_[m].stay();
    }

    EpochRecord measure(int epoch, double within = 0) {
        EpochRecord result;
        if (data_->manyClasses()) {
            std::vector<EpochRecord> each;
            for (const ModelTraining& model : models_)
                each.push_back(model.measure(epoch, biasRows_));
            result = joined(each);
            record_.confusion =
                evaluateClasses(*data_, samples_->method().loss, models_, team_, job_, result);
        } else {
            result = models_.front().measure(epoch, biasRows_);
            evaluateOne(*data_, *samples_, models_.front().current(), team_, job_, result);
        }
        result.objective = samples_->method().loss.objective(result.trainLoss, result.regularizer);
        result.epoch = epoch;
        result.within = within;
        if (spec_.estimator != record_.spec.estimator)
            result.estimator = spec_.estimator;
        result.bits = samples_->quantized() ? samples_->bits() : VectorQuantizer::kOff;
        countBytes(result);
        return result;
    }

    void watchOptimum(const EpochRecord& result) {
        if (data_->optimum && belowOptimum_.empty())
            belowOptimum_ = belowOptimum(*data_, samples_->method().loss, spec_.regularizer,
                                         models_.front().current(), result, team_, job_);
    }

    /// docs/method.md#s10: every epoch moves all samples with their labels, and a model and a gradient a
    /// batch, for each model; levels and correction move once.
    void countBytes(EpochRecord& result) const {
        result.sampleBytesMoved = (result.position() > 0 ? record_.setup.codebookBytes : 0) + samplesMoved_;
        result.bytesMoved = result.sampleBytesMoved + vectorsMoved_;
    }

    /// Of models and gradients in an epoch of one model.
    [[nodiscard]] std::uint64_t vectorBytes() const {
        const std::uint64_t batches = (data_->train.rows + spec_.sgd.batch - 1) / spec_.sgd.batch;
        return batches *
               bytesABatch(samples_->method(), data_->train.features, spec_.intercept, keptOf(spec_));
    }

    void reportDivergence(int epoch, const std::string& what) {
        record_.status = RunStatus::Diverged;
        record_.message = "diverged in epoch " + std::to_string(epoch) + ": " + what +
                          "; use a smaller step (" + shown(step_ / 10) + " instead of " + shown(step_) + ")";
        if (samples_->quantized() && spec_.bits < 8)
            record_.message += ", more bits (" + std::to_string(spec_.bits + 2) + " instead of " +
                               std::to_string(spec_.bits) + ")";
        if (samples_->method().estimator->corrected())
            record_.message +=
                ", variance-optimal levels (grid optimal): the correction may exceed the data's smallest "
                "curvature, which turns the loss upside down";
        if (samples_->quantized() && samples_->method().estimator->rounding == Rounding::Stochastic &&
            spec_.sgd.rounding == RoundingTime::Frozen)
            record_.message += ", rounding each epoch (rounding epoch)";
        record_.message += " or a larger batch";
        if (const std::string note = outsideNote(); !note.empty())
            record_.message += "; " + note;
    }

    /// Empty unless the estimator is polynomial and its scores ended outside.
    [[nodiscard]] std::string outsideNote() const {
        const EpochRecord& last = record_.epochs.empty() ? record_.initial : record_.epochs.back();
        return last.outsideShare ? scoresOutsideNote(samples_->method().polynomial, *last.outsideShare)
                                 : std::string();
    }

    void finishModel() {
        if (const std::string note = outsideNote(); !note.empty())
            record_.setup.notes.push_back(note);
        auto& model = record_.model;
        std::vector<LinearParameters> parameters;
        for (const ModelTraining& training : models_)
            parameters.push_back(evaluating_ ? training.previous() : training.current());
        if (data_->manyClasses()) {
            model.parameters = LinearParameters::zero(parameters.front().weights.size());
            model.perClass = std::move(parameters);
        } else {
            const LabelScaling& labels =
                data_->labelScaling; // folded back: the model is for the file's labels
            model.parameters = std::move(parameters.front());
            model.parameters *= 1 / labels.factor;
            model.parameters.intercept += labels.offset;
            if (data_->task == Task::Regression)
                model.parameters.intercept += data_->train.labelOffset();
        }
        model.scaling = forRawValues(data_->scaling, data_->train);
        model.task = data_->task;
        model.classLabels = data_->classLabels;
        model.classNames = data_->classNames;
        model.featureNames = data_->train.featureNames;
        model.imputation = data_->imputation;
        model.schema = data_->train.schema;
        model.spec = toJson(specAsFound(record_));
    }

    RunSpec spec_; ///< as it is now; the record has what the run began with
    RunObserver& observer_;
    RunControl& control_;
    std::shared_ptr<const PreparedData> data_;
    ThreadTeam team_;
    Job job_;
    std::unique_ptr<RunSamples> samples_;
    std::vector<std::uint32_t> biasRows_;
    std::vector<std::vector<float>> classLabels_; ///< of each model, with more than two classes
    std::vector<ModelTraining> models_;           ///< one, or one a class
    double step_ = 0;                             ///< before the schedule
    std::uint64_t samplesMoved_ = 0;              ///< bytes, labels included
    std::uint64_t vectorsMoved_ = 0;              ///< bytes of models and gradients
    std::size_t trained_ = 0;                     ///< models that began this epoch
    std::chrono::steady_clock::time_point epochBegin_;
    double idleBefore_ = 0; ///< seconds
    std::optional<EstimatorKind> refused_;
    std::string belowOptimum_; ///< what is wrong with the exact optimum
    bool evaluating_ = false;  ///< a complete epoch that is not in the record yet
    RunRecord record_;
};

} // namespace

RunRecord runExperiment(const RunSpec& spec, RunObserver& observer, RunControl& control,
                        PreparedDataCache* cache, const RunRecord* earlier) {
    validate(spec);
    const Job job{control.stopToken(), [&](double, std::string_view what) { observer.onProgress(0, what); }};
    if (isStore(spec.data.source))
        return runFromStore(spec, observer, control);
    auto data = cache != nullptr ? cache->get(spec, job) : prepareData(spec, job);
    requireDevice(spec, *data);
    RunRecord record = Experiment(spec, observer, control, std::move(data)).run(earlier);
    record.peakResidentBytes = peakResidentBytes();
    return record;
}

RunSpec onCpu(const RunRecord& lost) {
    RunSpec spec = lost.spec;
    spec.device = "cpu";
    spec.sgd.step = lost.setup.step;
    return spec;
}

} // namespace zipml
