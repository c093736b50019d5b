#include "core/lab/memory_run.h"

#include "core/base/shuffle.h"
#include "core/lab/bias_budget.h"
#include "core/lab/frozen_curvature.h"
#include "core/lab/method_of.h"
#include "core/lab/model_training.h"
#include "core/lab/one_versus_rest.h"
#include "core/lab/optimum_watch.h"
#include "core/lab/polynomial_range.h"
#include "core/lab/rules.h"
#include "core/lab/run_evaluation.h"
#include "core/lab/run_samples.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace zipml {
namespace {

class MemoryRun final : public TrainingSubject {
  public:
    MemoryRun(const RunSpec& spec, RunObserver& observer, RunControl& control,
              std::shared_ptr<const PreparedData> data)
        : spec_(switched(spec, {})), began_(spec), observer_(observer), control_(control),
          data_(std::move(data)), team_(spec.threads), job_{control.stopToken(), {}},
          optimum_(*data_, spec_.regularizer, lossOf(spec), team_, job_),
          samples_(std::make_unique<RunSamples>(spec_, *data_, team_, job_)) {
        biasRows_ = shuffledIndices(data_->train.rows, spec.seed, Purpose::BiasRows);
        biasRows_.resize(biasRowsOf(spec, data_->train.rows, data_->train.features));
        if (data_->manyClasses())
            classLabels_ = oneVersusRestLabels(data_->train.labels, data_->classLabels.size());
        models_.reserve(modelCount());
        for (std::size_t m = 0; m < modelCount(); ++m)
            models_.emplace_back(spec_, *data_, *samples_,
                                 classLabels_.empty() ? std::span(data_->train.labels)
                                                      : std::span<const float>(classLabels_[m]),
                                 team_, job_);
        makeTogether();
    }

    [[nodiscard]] const RunSpec& spec() const override { return began_; }
    [[nodiscard]] double step() const override { return step_; }

    void takeOver(const RunRecord& earlier) override {
        if (earlier.model.perClass.empty())
            models_.front().setModel(earlier.model.parameters);
        for (std::size_t m = 0; m < earlier.model.perClass.size(); ++m)
            models_[m].setModel(earlier.model.perClass[m]);
        if (!earlier.epochs.empty()) {
            const EpochRecord& last = earlier.epochs.back();
            samplesMoved_ = last.sampleBytesMoved - earlier.setup.codebookBytes;
            vectorsMoved_ = last.bytesMoved - last.sampleBytesMoved;
        }
        RunSpec left = spec_;
        for (const RunSwitch& change : began_.at)
            if (change.epoch <= static_cast<int>(earlier.epochs.size()))
                left = switched(left, change);
        goOnWith(std::move(left));
    }

    void describe(RunSetup& setup) override {
        setup_ = &setup;
        const Dataset& train = data_->train;
        const GradientMethod& method = samples_->method();
        setup.dataName = train.name;
        setup.task = data_->task;
        setup.trainRows = train.rows;
        setup.testRows = data_->test.rows;
        setup.features = train.features;
        setup.biasRows = spec_.biasDraws > 0 ? biasRows_.size() : 0;
        chooseStep(setup.stepNote);
        setup.step = step_;
        describeSamples();
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

    bool trainEpoch(int epoch, const std::function<void(double)>& progress) override {
        const auto key = static_cast<std::uint32_t>(epoch);
        trained_ = 0;
        followWishes(epoch);
        if (spec_.sgd.rounding == RoundingTime::Epoch && epoch > 1)
            samples_->buildAgain(key);
        const EpochPlan plan{spec_.sgd.batch,  stepOf(spec_.sgd, step_, epoch),
                             spec_.sgd.order,  spec_.intercept,
                             spec_.seed,       key,
                             spec_.regularizer};
        return together_ ? trainTogether(plan, progress) : trainOneByOne(plan, progress);
    }

    void takeBack() override {
        for (std::size_t m = 0; m < models_.size(); ++m)
            m < trained_ ? models_[m].takeBack() : models_[m].stay();
    }

    EpochRecord measure(int epoch, double within) override {
        EpochRecord result;
        if (data_->manyClasses()) {
            std::vector<EpochRecord> each;
            for (const ModelTraining& model : models_)
                each.push_back(model.measure(epoch, biasRows_));
            result = joined(each);
            confusion_ = evaluateClasses(*data_, samples_->method().loss, models_, team_, job_, result);
        } else {
            result = models_.front().measure(epoch, biasRows_);
            evaluateOne(*data_, *samples_, models_.front().current(), team_, job_, result);
        }
        result.objective = samples_->method().loss.objective(result.trainLoss, result.regularizer);
        result.epoch = epoch;
        result.within = within;
        if (spec_.estimator != began_.estimator)
            result.estimator = spec_.estimator;
        if (spec_.grid != began_.grid)
            result.grid = spec_.grid;
        result.bits = samples_->quantized() ? samples_->bits() : VectorQuantizer::kOff;
        countBytes(result);
        if (within > 0)
            result.refetchRate.reset(); // of a whole epoch
        optimum_.measured(models_.front().current(), result);
        return result;
    }

    bool followOptimum(RunRecord& record, bool wait) override { return optimum_.follow(record, wait); }
    [[nodiscard]] std::string belowOptimum() const override { return optimum_.wrong(); }

    [[nodiscard]] std::string divergence(const RunRecord& record, int epoch,
                                         const std::string& what) const override {
        std::string message = "diverged in epoch " + std::to_string(epoch) + ": " + what +
                              "; use a smaller step (" + shortNumber(step_ / 10) + " instead of " +
                              shortNumber(step_) + ")";
        if (samples_->quantized() && spec_.bits < 8)
            message += ", more bits (" + std::to_string(spec_.bits + 2) + " instead of " +
                       std::to_string(spec_.bits) + ")";
        if (samples_->method().estimator->corrected())
            message +=
                ", variance-optimal levels (grid optimal): the correction may exceed the data's smallest "
                "curvature, which turns the loss upside down";
        if (samples_->quantized() && samples_->method().estimator->rounding == Rounding::Stochastic &&
            spec_.sgd.rounding == RoundingTime::Frozen)
            message += ", rounding each epoch (rounding epoch)";
        message += " or a larger batch";
        if (const std::string note = outsideNote(record); !note.empty())
            message += "; " + note;
        return message;
    }

    void finish(RunRecord& record) override {
        if (const std::string note = outsideNote(record); !note.empty())
            record.setup.notes.push_back(note);
        record.spec = asDone(began_, record.epochs);
        record.confusion = confusion_;
        auto& model = record.model;
        std::vector<LinearParameters> parameters;
        for (const ModelTraining& training : models_)
            parameters.push_back(training.current());
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
        model.spec = toJson(specAsFound(record));
    }

  private:
    [[nodiscard]] std::size_t modelCount() const {
        return data_->manyClasses() ? data_->classLabels.size() : 1;
    }

    /// All models in one pass over the samples.
    bool trainTogether(const EpochPlan& plan, const std::function<void(double)>& progress) {
        std::vector<TrainedModel> trained;
        for (ModelTraining& model : models_)
            trained.push_back(model.beginEpoch(plan, trained.empty()));
        trained_ = modelCount();
        const bool complete = together_->runTogether(trained, control_, progress);
        for (std::size_t m = 0; m < modelCount(); ++m) {
            models_[m].endEpoch(*together_, m);
            samplesMoved_ += models_[m].moved();
            vectorsMoved_ += vectorBytes();
        }
        return complete;
    }

    bool trainOneByOne(const EpochPlan& plan, const std::function<void(double)>& progress) {
        const auto count = static_cast<double>(modelCount());
        for (ModelTraining& model : models_) {
            const auto done = static_cast<double>(trained_);
            ++trained_;
            const bool complete =
                model.trainEpoch(plan, control_, [&](double share) { progress((done + share) / count); });
            samplesMoved_ += model.moved();
            vectorsMoved_ += vectorBytes() + model.anchorVectorsMoved();
            if (!complete)
                return false;
        }
        return true;
    }

    /// The spec's step, or the automatic one for the samples as they are.
    void chooseStep(std::string& note) {
        if (spec_.sgd.step) {
            step_ = *spec_.sgd.step;
            return;
        }
        AutomaticStep chosen = samples_->automaticStep();
        step_ = chosen.step;
        if (!chosen.note.empty())
            note = std::move(chosen.note);
        if (samples_->device() != nullptr) {
            const DeviceStep own = samples_->device()->automaticStep(step_, spec_, data_->train);
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
        const auto curvature = frozenCurvature(spec_, *data_, *samples_, reduced, job_);
        if (curvature) {
            setup_->contraction = curvature->contraction;
            addCurvatureNotes(spec_, *curvature, setup_->notes);
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
        RunSetup& setup = *setup_;
        setup.kernels = samples_->kernels() + (together_ ? ", all classes in one pass" : "");
        setup.arithmetic = nameOf(samples_->arithmetic().taken);
        setup.arithmeticWhy = samples_->arithmetic().why;
        samples_->describeLevels(setup);
        setup.storeBytes = samples_->bytes();
        setup.bitsPerValue = 8.0 * static_cast<double>(setup.storeBytes) /
                             static_cast<double>(data_->train.rows * data_->train.features);
        setup.codebookBytes = samples_->codebookBytes();
    }

    /// Takes over what the spec plans for this epoch, and what was asked for since the last.
    void followWishes(int epoch) {
        if (data_->inPlace) // which not all wishes go with
            return;
        RunSpec planned = spec_;
        for (const RunSwitch& change : began_.at)
            if (change.epoch == epoch)
                planned = switched(planned, change);
        const RunWishes wishes = observer_.wishes();
        RunSpec wanted = planned;
        if (wishes.estimator && *wishes.estimator != planned.estimator)
            wanted = withEstimator(planned, *wishes.estimator);
        wanted.grid = wishes.grid.value_or(wanted.grid);
        if (wishes.roundAnew || wanted.store == StoreKind::AnyPrecision)
            wanted.bits = wishes.bits.value_or(wanted.bits);
        if (!goOnWith(std::move(wanted)))
            goOnWith(std::move(planned));
    }

    /// @return false: samples as this spec has them do not go, and the run goes on as it was
    bool goOnWith(RunSpec changed) {
        if (changed == spec_)
            return true;
        RunSpec onlyBits = spec_;
        onlyBits.bits = changed.bits;
        if (changed == onlyBits && samples_->followBits(changed.bits))
            spec_ = std::move(changed);
        else if (!roundAnew(std::move(changed)))
            return false;
        readSamples();
        return true;
    }

    bool roundAnew(RunSpec changed) {
        if (changed == refused_)
            return false;
        try {
            validate(changed);
            if (const auto conflicts = conflictsOf(data_->situation(changed)); !conflicts.empty())
                throw InputError(conflicts.front().message());
            samples_ = std::make_unique<RunSamples>(changed, *data_, team_, job_);
        } catch (const InputError& error) {
            refused_ = std::move(changed);
            observer_.onRefused(error.what());
            return false;
        }
        spec_ = std::move(changed);
        samplesMoved_ += setup_->codebookBytes; // others are sent from now on
        return true;
    }

    void makeTogether() {
        together_ = samples_->makeRunner(LabelSets(classLabels_.begin(), classLabels_.end()));
    }

    void readSamples() {
        for (ModelTraining& model : models_)
            model.read(*samples_);
        makeTogether();
        describeSamples();
        std::string note;
        chooseStep(note);
    }

    /// docs/method.md#s10: every epoch moves all samples with their labels, and a model and a gradient a
    /// batch, for each model; levels and correction move once.
    void countBytes(EpochRecord& result) const {
        std::uint64_t samples = samplesMoved_, vectors = vectorsMoved_;
        if (result.within > 0) { // of the models that train now
            const double all = result.within * static_cast<double>(modelCount());
            const double share = together_ ? result.within : all - static_cast<double>(trained_ - 1);
            const auto part = [share](std::uint64_t bytes) {
                return static_cast<std::uint64_t>(share * static_cast<double>(bytes));
            };
            for (std::size_t m = together_ ? 0 : trained_ - 1; m < trained_; ++m) {
                samples += part(models_[m].moved());
                vectors += part(vectorBytes() + models_[m].anchorVectorsMoved());
            }
        }
        result.sampleBytesMoved = (result.position() > 0 ? setup_->codebookBytes : 0) + samples;
        result.bytesMoved = result.sampleBytesMoved + vectors;
    }

    /// Of models and gradients in an epoch of one model.
    [[nodiscard]] std::uint64_t vectorBytes() const {
        const std::uint64_t batches = (data_->train.rows + spec_.sgd.batch - 1) / spec_.sgd.batch;
        return batches *
               bytesABatch(samples_->method(), data_->train.features, spec_.intercept, keptOf(spec_));
    }

    /// Empty unless the estimator is polynomial and its scores ended outside.
    [[nodiscard]] std::string outsideNote(const RunRecord& record) const {
        const EpochRecord& last = record.epochs.empty() ? record.initial : record.epochs.back();
        return last.outsideShare ? scoresOutsideNote(samples_->method().polynomial, *last.outsideShare)
                                 : std::string();
    }

    RunSpec spec_; ///< as it is now
    const RunSpec began_;
    RunObserver& observer_;
    RunControl& control_;
    std::shared_ptr<const PreparedData> data_;
    ThreadTeam team_;
    Job job_;
    OptimumWatch optimum_;
    std::unique_ptr<RunSamples> samples_;
    RunSetup* setup_ = nullptr; ///< of the record
    std::vector<std::uint32_t> biasRows_;
    std::vector<std::vector<float>> classLabels_; ///< of each model, with more than two classes
    std::vector<ModelTraining> models_;           ///< one, or one a class
    std::shared_ptr<MinibatchSgd> together_;      ///< trains all of them in one pass; null: one by one
    Confusion confusion_;
    double step_ = 0;                ///< before the schedule
    std::uint64_t samplesMoved_ = 0; ///< bytes, labels included
    std::uint64_t vectorsMoved_ = 0; ///< bytes of models and gradients
    std::size_t trained_ = 0;        ///< models that began this epoch
    std::optional<RunSpec> refused_;
};

} // namespace

std::unique_ptr<TrainingSubject> makeMemoryRun(const RunSpec& spec, RunObserver& observer,
                                               RunControl& control,
                                               std::shared_ptr<const PreparedData> data) {
    return std::make_unique<MemoryRun>(spec, observer, control, std::move(data));
}

} // namespace zipml
