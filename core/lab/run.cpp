#include "core/lab/run.h"

#include "core/base/shuffle.h"
#include "core/data/memory_limit.h"
#include "core/estimate/bias.h"
#include "core/lab/compute_device.h"
#include "core/lab/method_of.h"
#include "core/lab/polynomial_range.h"
#include "core/lab/store_run.h"
#include "core/quant/build_grids.h"
#include "core/solve/float_sgd.h"
#include "core/solve/packed_sgd.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

namespace zipml {
namespace {

constexpr double kDivergedFactor = 100;     ///< a training loss this far above its start has diverged
constexpr double kImprovement = 1.0 - 1e-4; ///< early stop: what counts as an improvement

std::string shown(double number) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", number);
    return text;
}

/// One experiment, from prepared data to its record.
class Experiment {
  public:
    Experiment(const RunSpec& spec, RunObserver& observer, RunControl& control,
               std::shared_ptr<const PreparedData> data)
        : spec_(spec), observer_(observer), control_(control), data_(std::move(data)),
          method_(methodOf(spec)), team_(spec.threads), job_{control.stopToken(), {}}, bits_(spec.bits) {
        model_ = LinearParameters::zero(static_cast<Eigen::Index>(data_->train.features));
        auto biasRows = shuffledIndices(data_->train.rows, spec.seed, Purpose::BiasRows);
        biasRows.resize(std::min(biasRows.size(), spec.biasRows));
        biasRows_ = std::move(biasRows);
        if (spec.estimator == EstimatorKind::Polynomial)
            range_.emplace(data_->train, method_.polynomial.interval);
    }

    /// @param earlier null: none
    RunRecord run(const RunRecord* earlier) {
        record_.spec = spec_;
        if (onDevice())
            openDevice();
        buildStore();
        chooseKernels();
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
        finishModel();
        return std::move(record_);
    }

  private:
    [[nodiscard]] bool quantized() const { return method_.copies > 0; }

    void takeOver(const RunRecord& earlier) {
        record_.initial = earlier.initial;
        record_.epochs = earlier.epochs;
        record_.message = earlier.message;
        model_ = earlier.model.parameters;
        if (!earlier.epochs.empty())
            samplesMoved_ = earlier.epochs.back().sampleBytesMoved - earlier.setup.codebookBytes;
    }

    void buildStore() {
        if (!quantized())
            return;
        const Dataset& train = data_->train;
        if (spec_.store == StoreKind::AnyPrecision) {
            const auto ranges =
                buildGrids(train, {}, AnyPrecisionStore::kMostBits, spec_.sharedGrid, team_, job_);
            anyPrecision_.emplace(
                train.rows, ranges,
                AnyPrecisionStore::Options{method_.copies, method_.estimator->rounding, spec_.seed});
            anyPrecision_->build(train, 0, team_, job_);
            grids_ = anyPrecision_->gridsAt(bits_);
        } else {
            const auto own = device_ ? device_->grids(spec_, train) : std::nullopt;
            grids_ = own ? *own : buildGrids(train, spec_.grid, spec_.bits, spec_.sharedGrid, team_, job_);
            if (!onDevice()) {
                store_.emplace(train.rows, grids_, storeOptions());
                store_->build(train, 0, team_, job_);
            }
        }
        measureRounding();
        addRefetching(method_, spec_, train, grids_, team_, job_);
    }

    [[nodiscard]] StoreOptions storeOptions() const {
        return {spec_.bits, method_.copies, roundingOf(spec_), spec_.seed};
    }

    [[nodiscard]] bool onDevice() const { return isComputeDevice(spec_.device); }

    void openDevice() {
        if (spec_.store == StoreKind::AnyPrecision)
            throw InputError("store: any-precision is read by the cpu only; use store packed or device cpu");
        device_ = openComputeDevice(spec_.device);
        device_->check(spec_, data_->train);
    }

    void makeTrainer() {
        try {
            trainer_ = device_->makeTrainer({data_->train, data_->test, grids_, method_,
                                             quantized() ? storeOptions() : StoreOptions{}, spec_.sgd.batch,
                                             spec_.intercept, spec_.threads});
            trainer_->build(0);
        } catch (const RunError& error) { // nothing is trained yet: there is nothing to keep
            throw RunError(std::string(error.what()) + "; use device cpu");
        }
        record_.setup.kernels = trainer_->kernels();
    }

    void measureRounding() {
        const auto variance = meanRoundingVariance(data_->train, grids_, team_, job_);
        record_.setup.meanVariance =
            std::accumulate(variance.begin(), variance.end(), 0.0) / static_cast<double>(variance.size());
        if (method_.estimator->corrected())
            method_.correction = Eigen::Map<const Eigen::VectorXd>(
                variance.data(), static_cast<Eigen::Index>(variance.size()));
    }

    /// The fastest way to run an epoch that knows this run's store and estimator; none: row by row.
    void chooseKernels() {
        if (device_) {
            makeTrainer();
            return;
        }
        const Isa isa = spec_.device == "cpu-scalar" ? Isa::Scalar : activeIsa();
        const Dataset& train = data_->train;
        auto& kernels = record_.setup.kernels;
        if (!quantized()) {
            fast_ = std::make_unique<FloatSgd>(train, spec_.sgd.batch, method_, team_, isa);
            kernels = FloatSgd::kernels(isa);
            return;
        }
        const std::string reason = whyNotPacked(grids_, bits_, train.rows, method_, spec_.sgd.batch);
        if (reason.empty()) {
            auto codes = anyPrecision_ ? readerOf(*anyPrecision_, bits_, isa) : readerOf(*store_);
            fast_ = makePackedSgd(std::move(codes), train.labels, spec_.sgd.batch, method_, team_, isa);
            kernels = packedKernels(spec_.store, method_, isa);
        } else if (method_.integer || anyPrecision_) {
            throw InputError("arithmetic and store: these kernels do not go here, because " + reason +
                             "; use arithmetic float and store packed");
        } else {
            kernels = "row by row, float64, because " + reason;
        }
    }

    /// Takes over a width that was asked for since the last epoch.
    void followBits() {
        const int wanted = control_.wantedBits();
        if (!anyPrecision_ || wanted == 0 || wanted == bits_)
            return;
        bits_ = wanted;
        grids_ = anyPrecision_->gridsAt(bits_);
        measureRounding();
        chooseKernels();
    }

    /// Bytes of samples that an epoch reads, without labels.
    [[nodiscard]] std::uint64_t sampleBytes() const {
        if (const auto own = trainer_ ? trainer_->sampleBytes() : std::nullopt)
            return *own;
        if (anyPrecision_)
            return anyPrecision_->bytesAt(bits_);
        if (!quantized())
            return data_->train.values.size() * sizeof(float);
        const Dataset& train = data_->train;
        const std::size_t extra = method_.refetching ? method_.refetching->extraBytes() : 0;
        return TileLayout::tilesOf(train.rows) *
                   SampleStore::layoutOf(train.features, storeOptions()).tileBytes() +
               extra * train.rows;
    }

    void describeSetup() {
        const Dataset& train = data_->train;
        auto& setup = record_.setup;
        setup.dataName = train.name;
        setup.task = data_->task;
        setup.trainRows = train.rows;
        setup.testRows = data_->test.rows;
        setup.features = train.features;
        setup.step = spec_.sgd.step
                         ? *spec_.sgd.step
                         : autoStep(train, spec_.intercept, spec_.sgd.batch, spec_.seed, method_.loss);
        if (device_ && !spec_.sgd.step) {
            const DeviceStep own = device_->automaticStep(setup.step);
            setup.step = own.step;
            setup.stepNote = own.note;
        }
        setup.storeBytes = sampleBytes();
        setup.bitsPerValue =
            8.0 * static_cast<double>(setup.storeBytes) / static_cast<double>(train.rows * train.features);
        if (quantized() && !(trainer_ && trainer_->sampleBytes())) { // a device's own levels are not sent
            const std::uint64_t levels =                             // low and gap where there is no table
                store_ ? store_->codebookBytes() : 2 * sizeof(float) * train.features;
            setup.codebookBytes =
                levels + static_cast<std::uint64_t>(method_.correction.size()) * sizeof(float);
        }
        if (data_->optimum) {
            setup.optimumLoss = data_->optimum->loss;
            setup.optimumRegularizer = data_->optimum->regularizer;
        }
        setup.optimumNote = data_->optimumNote;
        setup.notes = data_->notes;
        addMethodNotes(method_, setup.notes);
    }

    void train() {
        if (spec_.sgd.tailAverage > 0) {
            const auto steps = static_cast<double>(batches()) * spec_.sgd.epochs;
            average_.emplace(static_cast<std::uint64_t>(steps - std::ceil(steps * spec_.sgd.tailAverage)));
        }
        double best = HUGE_VAL;
        int epochsSinceBest = 0;
        for (int epoch = static_cast<int>(record_.epochs.size()) + 1; epoch <= spec_.sgd.epochs; ++epoch) {
            const LinearParameters before = current();
            const auto begin = std::chrono::steady_clock::now();
            const bool finished = trainEpoch(epoch);
            const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
            if (!finished && control_.stopRequested()) {
                average_.reset();
                model_ = before;
                record_.status = RunStatus::Stopped;
                return;
            }
            if (!finished) {
                average_.reset();
                model_ = before;
                reportDivergence(epoch, "the model's weights overflowed");
                return;
            }
            lastComplete_ = before; // should the evaluation be stopped
            EpochRecord result = measure(epoch);
            lastComplete_.reset();
            result.step = stepOf(spec_.sgd.schedule, record_.setup.step, epoch);
            result.seconds = seconds.count();
            record_.epochs.push_back(result);
            observer_.onEpoch(result);
            const double limit = kDivergedFactor * record_.initial.trainLoss;
            if (!(result.trainLoss <= limit)) {
                reportDivergence(epoch, "the training loss " + shown(result.trainLoss) + " is more than " +
                                            shown(kDivergedFactor) + " times its start " +
                                            shown(record_.initial.trainLoss));
                return;
            }
            const double monitored = result.testLoss.value_or(result.trainLoss);
            epochsSinceBest = monitored < best * kImprovement ? 0 : epochsSinceBest + 1;
            best = std::min(best, monitored);
            if (spec_.sgd.earlyStop > 0 && epochsSinceBest >= spec_.sgd.earlyStop) {
                record_.status = RunStatus::EarlyStopped;
                return;
            }
            control_.epochFinished();
        }
    }

    bool trainEpoch(int epoch) {
        const auto key = static_cast<std::uint32_t>(epoch);
        if (!control_.waitIfPaused())
            return false;
        followBits();
        samplesMoved_ += sampleBytes() + data_->train.rows * sizeof(float);
        if (quantized() && spec_.sgd.rounding == RoundingTime::Epoch && epoch > 1)
            buildAgain(key);
        const EpochPlan plan{spec_.sgd.batch,
                             stepOf(spec_.sgd.schedule, record_.setup.step, epoch),
                             spec_.sgd.order,
                             spec_.intercept,
                             spec_.seed,
                             key,
                             spec_.regularizer,
                             0,
                             range_ ? range_->mostNorm(model_) : 0};
        const auto progress = [&](double share) {
            observer_.onProgress((epoch - 1 + share) / spec_.sgd.epochs, "training");
        };
        TailAverage* average = average_ ? &*average_ : nullptr;
        if (trainer_)
            return trainer_->runEpoch(plan, model_, control_, progress, average);
        if (fast_)
            return fast_->runEpoch(plan, model_, control_, progress, average);
        if (method_.refetching) {
            const std::uint64_t before = method_.refetching->fetched();
            const bool complete =
                runEpoch(plan, RefetchSource(data_->train, *store_, key, *method_.refetching), method_,
                         data_->train.labels, model_, team_, control_, progress, average);
            fetched_ = method_.refetching->fetched() - before;
            samplesMoved_ += fetched_ * data_->train.features * sizeof(float);
            return complete;
        }
        return runEpoch(plan, StoreSource(*store_, key), method_, data_->train.labels, model_, team_,
                        control_, progress, average);
    }

    void buildAgain(std::uint32_t epoch) {
        if (trainer_)
            trainer_->build(epoch);
        else if (anyPrecision_)
            anyPrecision_->build(data_->train, epoch, team_, job_);
        else
            store_->build(data_->train, epoch, team_, job_);
    }

    [[nodiscard]] Evaluation evaluateOn(DeviceTrainer::Rows rows, const LinearParameters& model) {
        if (trainer_)
            return trainer_->evaluate(rows, model);
        return evaluate(rows == DeviceTrainer::Rows::Train ? data_->train : data_->test, method_.loss, model,
                        team_, job_);
    }

    EpochRecord measure(int epoch) {
        EpochRecord result;
        result.epoch = epoch;
        result.bits = quantized() ? bits_ : VectorQuantizer::kOff;
        const bool classification = data_->task == Task::Classification;
        const LinearParameters& model = current();
        const Evaluation train = evaluateOn(DeviceTrainer::Rows::Train, model);
        result.trainLoss = train.loss;
        result.regularizer = spec_.regularizer.value(model.weights);
        if (classification)
            result.trainAccuracy = train.accuracy;
        if (data_->test.rows > 0) {
            const Evaluation test = evaluateOn(DeviceTrainer::Rows::Test, model);
            result.testLoss = test.loss;
            if (classification)
                result.testAccuracy = test.accuracy;
        }
        if (spec_.biasDraws > 0) {
            const BiasOptions options{spec_.biasDraws, spec_.seed,
                                      static_cast<std::uint32_t>(epoch) *
                                          static_cast<std::uint32_t>(spec_.biasDraws),
                                      spec_.intercept};
            const auto bias =
                measureBias(data_->train, biasRows_, grids_, method_, model, options, team_, job_);
            result.biasNorm = bias.norm;
            result.biasStandardError = bias.standardError;
            result.predictedBiasNorm = bias.predictedNorm;
            result.variance = bias.variance;
            result.predictedVariance = bias.predictedVariance.exact;
            result.varianceBound = bias.predictedVariance.bound;
        }
        if (data_->optimum) {
            LinearParameters difference = model;
            difference -= data_->optimum->model;
            const double length = data_->optimum->model.norm();
            result.distanceToOptimum = length > 0 ? difference.norm() / length : difference.norm();
        }
        if (spec_.estimator == EstimatorKind::Polynomial)
            result.outsideShare = shareBeyond(data_->train, model, method_.polynomial.interval, team_, job_);
        if (method_.refetching && epoch > 0)
            result.refetchRate = static_cast<double>(fetched_) / static_cast<double>(data_->train.rows);
        countBytes(result);
        return result;
    }

    [[nodiscard]] std::uint64_t batches() const {
        return (data_->train.rows + spec_.sgd.batch - 1) / spec_.sgd.batch;
    }

    /// The model that is reported: the last iterate, or the average of the tail once it has begun.
    [[nodiscard]] const LinearParameters& current() const {
        return average_ && average_->begun() ? average_->mean() : model_;
    }

    /// method.md 10: every epoch moves all samples with their labels, and a model and a gradient a batch;
    /// levels and correction move once. Intercepts are exact.
    void countBytes(EpochRecord& result) const {
        const Dataset& train = data_->train;
        const auto epochs = static_cast<std::uint64_t>(result.epoch);
        const std::uint64_t intercepts = spec_.intercept ? 2 * sizeof(float) : 0;
        const std::uint64_t vectors =
            method_.model.bytes(train.features) + method_.gradient.bytes(train.features) + intercepts;
        result.sampleBytesMoved = (epochs > 0 ? record_.setup.codebookBytes : 0) + samplesMoved_;
        result.bytesMoved = result.sampleBytesMoved + epochs * batches() * vectors;
    }

    void reportDivergence(int epoch, const std::string& what) {
        record_.status = RunStatus::Diverged;
        record_.message = "diverged in epoch " + std::to_string(epoch) + ": " + what +
                          "; use a smaller step (" + shown(record_.setup.step / 10) + " instead of " +
                          shown(record_.setup.step) + ")";
        if (quantized() && spec_.bits < 8)
            record_.message += ", more bits (" + std::to_string(spec_.bits + 2) + " instead of " +
                               std::to_string(spec_.bits) + ")";
        if (method_.estimator->corrected())
            record_.message +=
                ", variance-optimal levels (grid optimal): the correction may exceed the data's smallest "
                "curvature, which turns the loss upside down";
        if (quantized() && method_.estimator->rounding == Rounding::Stochastic &&
            spec_.sgd.rounding == RoundingTime::Frozen)
            record_.message += ", rounding each epoch (rounding epoch)";
        record_.message += " or a larger batch";
        if (const std::string note = outsideNote(); !note.empty())
            record_.message += "; " + note;
    }

    /// Empty unless the estimator is polynomial and its scores ended outside.
    [[nodiscard]] std::string outsideNote() const {
        const EpochRecord& last = record_.epochs.empty() ? record_.initial : record_.epochs.back();
        return last.outsideShare ? scoresOutsideNote(method_.polynomial, *last.outsideShare) : std::string();
    }

    void finishModel() {
        if (const std::string note = outsideNote(); !note.empty())
            record_.setup.notes.push_back(note);
        auto& model = record_.model;
        model.parameters = lastComplete_ ? *lastComplete_ : current();
        const LabelScaling& labels = data_->labelScaling; // folded back: the model is for the file's labels
        model.parameters *= 1 / labels.factor;
        model.parameters.intercept += labels.offset;
        model.scaling = data_->scaling;
        model.task = data_->task;
        model.classLabels = data_->classLabels;
        model.featureNames = data_->train.featureNames;
        model.spec = toJson(spec_);
    }

    const RunSpec& spec_;
    RunObserver& observer_;
    RunControl& control_;
    std::shared_ptr<const PreparedData> data_;
    GradientMethod method_;
    ThreadTeam team_;
    Job job_;
    std::vector<std::uint32_t> biasRows_;
    std::vector<Grid> grids_;
    std::optional<SampleStore> store_; ///< or the one below
    std::optional<AnyPrecisionStore> anyPrecision_;
    int bits_;                             ///< of the samples now
    std::uint64_t samplesMoved_ = 0;       ///< bytes, labels included
    std::uint64_t fetched_ = 0;            ///< rows of the last epoch that were fetched in full
    std::optional<PolynomialRange> range_; ///< of the estimator polynomial
    std::unique_ptr<MinibatchSgd> fast_;
    std::unique_ptr<ComputeDevice> device_; ///< of the trainer; null: this CPU's own kernels
    std::unique_ptr<DeviceTrainer> trainer_;
    LinearParameters model_;
    std::optional<TailAverage> average_;
    std::optional<LinearParameters> lastComplete_; ///< set while an epoch is being evaluated
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
