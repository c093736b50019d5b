#include "core/lab/store_run.h"

#include "core/data/memory_limit.h"
#include "core/lab/arithmetic_choice.h"
#include "core/lab/automatic_step.h"
#include "core/lab/compute_device.h"
#include "core/lab/frozen_curvature.h"
#include "core/lab/method_of.h"
#include "core/lab/rules.h"
#include "core/lab/run_loop.h"
#include "core/loss/sampled_loss.h"
#include "core/quant/level_use.h"
#include "core/solve/packed/decoded_sgd.h"
#include "core/solve/packed/packed_loss.h"
#include "core/solve/packed/packed_sgd.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numeric>

namespace zipml {
namespace {

/// The defaults of a run on it.
RunSpec specOf(const StoreFile& store) {
    try {
        RunSpec spec = specFromJson(store.header().spec);
        spec.name.clear();
        spec.data.source = store.path().string();
        spec.data.test.clear();
        spec.biasDraws = 0;
        return spec;
    } catch (const InputError& error) {
        throw InputError(store.path().string() + ": is damaged (" + error.what() +
                         "); write it again with zipml quantize");
    }
}

/// What the rules know of a run on a store. @param own what it was made with
Situation situationOf(const StoreFile& file, const RunSpec& spec, const RunSpec& own) {
    return {.spec = spec,
            .store = &file.header(),
            .storeSpec = &own,
            .task = file.header().task,
            .dataName = file.path().string()};
}

class StoreRun final : public TrainingSubject {
  public:
    StoreRun(const RunSpec& spec, RunControl& control, std::size_t windowBytes)
        : spec_(spec), control_(control), file_(spec.data.source), header_(file_.header()),
          own_(specOf(file_)), arithmetic_(arithmeticOf(situationOf(file_, spec_, own_))),
          method_(methodOf(spec, arithmetic_.taken)), team_(spec.threads), job_{control.stopToken(), {}},
          isa_(spec.device == kScalarDevice ? Isa::Scalar : activeIsa()) {
        requireNoConflict(
            situationOf(file_, spec_, own_)); // what the store has decided cannot be chosen again
        spec_.biasDraws = 0;                  // is measured against the unquantized data
        model_ = LinearParameters::zero(static_cast<Eigen::Index>(header_.features()));
        chooseWindows(windowBytes);
    }

    [[nodiscard]] const RunSpec& spec() const override { return spec_; }
    [[nodiscard]] double step() const override { return step_; }
    void takeOver(const RunRecord& /*earlier*/) override {
        throw InputError("a run on a store does not go on from an earlier one; start it again");
    }

    void describe(RunSetup& setup) override {
        job_.report(0, "checking the store");
        checkCodes(file_, team_, job_);
        readKept();
        if (!spec_.data.test.empty())
            loadTestRows(setup.notes);
        makeSolver();
        setup.dataName = header_.dataName;
        setup.task = header_.task;
        setup.load = own_.data.load;
        setup.labelWhy = "as when the store was packed";
        setup.classNames = header_.classNames;
        setup.trainRows = header_.rows;
        setup.testRows = test_.rows;
        setup.features = header_.features();
        setup.storeBytes = header_.codeBytes();
        setup.bitsPerValue = 8.0 * static_cast<double>(setup.storeBytes) /
                             (static_cast<double>(header_.rows) * static_cast<double>(header_.features()));
        setup.codebookBytes =
            header_.codebookBytes() + static_cast<std::uint64_t>(method_.correction.size()) * sizeof(float);
        const auto& variance = file_.moments().variance;
        setup.meanVariance =
            std::accumulate(variance.begin(), variance.end(), 0.0) / static_cast<double>(variance.size());
        const LevelUse use = levelUseOf(header_.grids, header_.options.bits);
        setup.levels = use.asked;
        setup.levelsUsed = use.mean;
        setup.fewestLevels = use.fewest;
        if (!levelNote_.empty())
            setup.notes.push_back(levelNote_);
        setup.kernels = (method_.integer ? "packed, 8-bit integers, " : "packed, float32, ") +
                        std::string(nameOf(isa_)) + ", mapped from disk in " + std::to_string(windows()) +
                        (windows() == 1 ? " window" : " windows");
        setup.arithmetic = nameOf(arithmetic_.taken);
        setup.arithmeticWhy = arithmetic_.why;
        setup.optimumNote = "the unquantized data are not at hand";
        setup.lossNote = lossNote();
        addMethodNotes(method_, setup.notes);
        if (const std::string note = absentClassNote(test_, header_.classLabels, header_.classNames);
            !note.empty())
            setup.notes.push_back(note);
        chooseStep(setup.stepNote);
        setup.step = step_;
        describeCurvature(setup);
        codebookBytes_ = setup.codebookBytes;
        if (spec_.sgd.tailAverage > 0) {
            const auto steps = static_cast<double>(batches()) * spec_.sgd.epochs;
            average_.emplace(static_cast<std::uint64_t>(steps - std::ceil(steps * spec_.sgd.tailAverage)));
        }
    }

    bool trainEpoch(int epoch, const std::function<void(double)>& progress) override {
        before_ = current();
        const EpochPlan plan{spec_.sgd.batch,
                             stepOf(spec_.sgd, step_, epoch),
                             spec_.sgd.order,
                             spec_.intercept,
                             spec_.seed,
                             static_cast<std::uint32_t>(epoch),
                             spec_.regularizer,
                             batchesAWindow_,
                             0,
                             nullptr,
                             keptOf(spec_)};
        const bool complete =
            solver_->runEpoch(plan, model_, control_, progress, average_ ? &*average_ : nullptr);
        file_.requireWhole(); // else zeros were read
        return complete;
    }

    void takeBack() override {
        average_.reset();
        model_ = before_;
    }

    EpochRecord measure(int epoch, double within) override {
        EpochRecord result;
        result.epoch = epoch;
        result.within = within;
        const bool classification = header_.task == Task::Classification;
        const LinearParameters& model = current();
        const LossEstimate train = estimate(model);
        result.trainLoss = train.loss;
        if (exact_.rows < header_.rows)
            result.trainLossStandardError = train.standardError;
        result.regularizer = spec_.regularizer.value(model.weights);
        result.objective = method_.loss.objective(result.trainLoss, result.regularizer);
        result.modelQuantiles = quantilesOf(model.weights);
        if (classification)
            result.trainAccuracy = train.accuracy;
        if (test_.rows > 0) {
            const Evaluation test = evaluate(test_, method_.loss, model, team_, job_);
            result.testLoss = test.loss;
            if (classification)
                result.testAccuracy = test.accuracy;
        }
        countBytes(result);
        return result;
    }

    [[nodiscard]] std::string divergence(const RunRecord& /*record*/, int epoch,
                                         const std::string& what) const override {
        return "diverged in epoch " + std::to_string(epoch) + ": " + what + "; use a smaller step (" +
               shortNumber(step_ / 10) + " instead of " + shortNumber(step_) +
               "), or pack the data with more bits than " + std::to_string(header_.options.bits);
    }

    void finish(RunRecord& record) override {
        auto& model = record.model;
        model.parameters = current();
        Dataset shape; // of no rows
        shape.schema = header_.schema;
        if (header_.task == Task::Regression)
            model.parameters.intercept += shape.labelOffset();
        model.scaling = forRawValues(header_.scaling, shape);
        model.task = header_.task;
        model.classLabels = header_.classLabels;
        model.classNames = header_.classNames;
        model.featureNames = header_.featureNames;
        model.schema = header_.schema;
        model.spec = toJson(specAsFound(record));
    }

  private:
    [[nodiscard]] std::size_t batchRows() const { return std::min(spec_.sgd.batch, header_.rows); }
    [[nodiscard]] std::size_t batches() const { return (header_.rows + batchRows() - 1) / batchRows(); }
    [[nodiscard]] std::size_t windowTiles() const {
        return TileLayout::tilesOf(batchesAWindow_ * batchRows());
    }
    [[nodiscard]] std::size_t windows() const { return (batches() + batchesAWindow_ - 1) / batchesAWindow_; }

    /// As few windows as the bytes allow, of about the same size.
    void chooseWindows(std::size_t windowBytes) {
        const std::size_t batchBytes = TileLayout::tilesOf(batchRows()) * header_.layout().tileBytes();
        const std::size_t most = std::max<std::size_t>(1, windowBytes / batchBytes);
        const std::size_t count = (batches() + most - 1) / most;
        batchesAWindow_ = (batches() + count - 1) / count;
    }

    void loadTestRows(std::vector<std::string>& notes) {
        const LoadOptions& load = own_.data.load;
        const Imputation none;
        const FoundInTraining found{header_.schema.get(), load, header_.classLabels, none, header_.scaling,
                                    header_.features()};
        test_ = prepareTest(spec_, found, notes, job_);
    }

    void makeSolver() {
        const auto& variance = file_.moments().variance;
        if (method_.estimator->corrected())
            method_.correction = Eigen::Map<const Eigen::VectorXd>(
                variance.data(), static_cast<Eigen::Index>(variance.size()));
        requireFineSteps();
        solver_ = makePackedSgd(readerOf(file_), file_.labels(), spec_.sgd.batch, method_, team_, isa_);
        codes_ = readerOf(file_);
    }

    /// Integer kernels move levels to fine steps. Codes stand for the levels as they were placed, so that
    /// must change next to nothing.
    void requireFineSteps() {
        constexpr double kMost = 0.01, kSaid = 1e-6; // of the gap beside a level
        double most = 0;
        std::size_t worst = 0;
        for (std::size_t f = 0; f < header_.grids.size(); ++f)
            if (const double error = header_.grids[f].fineStepError(); error > most) {
                most = error;
                worst = f;
            }
        if (most <= kSaid)
            return;
        char share[32];
        std::snprintf(share, sizeof share, "%.2g%%", 100 * most);
        const std::string what =
            "integer arithmetic reads levels on 65,535 steps of a feature's range, which "
            "moves those of feature " +
            std::to_string(worst + 1) + " by up to " + share + " of a gap";
        if (most > kMost)
            throw InputError(file_.path().string() + ": " + what +
                             "; place them on the steps with zipml quantize --arithmetic integer");
        levelNote_ = what;
    }

    /// The rows that the store keeps unrounded, and what it has of them rounded.
    void readKept() {
        KeptRows kept = file_.keptRows();
        exact_.rows = kept.numbers.size();
        exact_.features = header_.features();
        exact_.values = std::move(kept.values);
        for (const std::uint32_t row : kept.numbers)
            exact_.labels.push_back(file_.labels()[row]);
        if (exact_.rows == header_.rows)
            return;
        rounded_.rows = exact_.rows;
        rounded_.features = exact_.features;
        rounded_.labels = exact_.labels;
        rounded_.values.resize(exact_.values.size());
        TileWindow window(file_);
        std::vector<std::uint32_t> codes(exact_.features);
        for (std::size_t i = 0; i < rounded_.rows; ++i) {
            const std::size_t tile = kept.numbers[i] / kTileRows;
            window.move(tile, tile + 1, 0, 0);
            header_.layout().unpackRow(window.tile(tile), kept.numbers[i] % kTileRows, codes.data());
            for (std::size_t f = 0; f < codes.size(); ++f)
                rounded_.row(i)[f] = meanOfCopies(header_.grids[f], codes[f]);
        }
    }

    [[nodiscard]] std::string lossNote() const {
        if (exact_.rows == header_.rows)
            return "on the unquantized data, all " + std::to_string(header_.rows) +
                   " rows of which the store keeps beside their roundings";
        return "estimated from " + std::to_string(exact_.rows) + " of the " + std::to_string(header_.rows) +
               " rows, a random choice that the store keeps unrounded, and from the roundings of all; with "
               "its standard error";
    }

    [[nodiscard]] LossEstimate estimate(const LinearParameters& model) {
        Evaluation all;
        if (exact_.rows < header_.rows)
            all = evaluatePacked(*codes_, file_.labels(), method_.loss, model, windowTiles(), team_, isa_,
                                 job_);
        const LossEstimate found =
            estimateLoss(exact_, rounded_, all, header_.rows, method_.loss, model, team_, job_);
        file_.requireWhole(); // else zeros were read
        return found;
    }

    /// The spec's step, or that of a run in memory: from all rows, as the store tells, and the kept ones.
    void chooseStep(std::string& note) {
        if (spec_.sgd.step) {
            step_ = *spec_.sgd.step;
            return;
        }
        const StoreMoments& known = file_.moments();
        const auto& roundings = known.variance;
        const auto size = static_cast<Eigen::Index>(header_.features());
        const double constant = spec_.intercept ? 1.0 : 0.0;
        const auto withIntercept = [constant](const LengthMoments& l) {
            return LengthMoments{l.mean + constant, l.meanSquare + constant * (2 * l.mean + 1),
                                 l.largest + constant};
        };
        std::vector<std::uint32_t> rows(exact_.rows);
        std::iota(rows.begin(), rows.end(), 0U);
        const double curvature =
            largestEigenvalue(rows.size(), header_.features(), spec_.intercept,
                              [&](std::size_t row) { return std::as_const(exact_).row(row); });
        const LengthMoments exact = withIntercept(known.exact), read = withIntercept(known.read);
        SampleMoments moments{.square = Eigen::VectorXd::Zero(size + 1),
                              .variance = Eigen::VectorXd::Zero(size + 1),
                              .squared = read.mean,
                              .fourth = read.meanSquare,
                              .longest = read.largest};
        moments.square[0] = constant;
        moments.square.tail(size) = Eigen::Map<const Eigen::VectorXd>(known.square.data(), size);
        if (header_.options.rounding != Rounding::Nearest)
            moments.variance.tail(size) = Eigen::Map<const Eigen::VectorXd>(roundings.data(), size);
        addCurvature(moments, exact_, rows, header_.grids, header_.options.rounding, spec_.intercept);
        const double free = stepFor(curvature, exact.meanSquare / exact.mean, exact.largest, batchRows()) /
                            method_.loss.largestCurvature();
        AutomaticStep chosen = allowedStep(free, moments, method_, batchRows());
        step_ = chosen.step;
        note = std::move(chosen.note);
    }

    /// What a run in memory says of its frozen roundings.
    void describeCurvature(RunSetup& setup) {
        if ((method_.copies < 2 && !method_.estimator->corrected()) || // one rounding's is positive
            header_.rows * header_.features() > kMostCurvatureValues)
            return;
        job_.report(0, "looking at the roundings' curvature");
        std::optional<SampleStore> store; // for what is decoded
        const auto makeRunner = [&](std::span<const float> labels, const GradientMethod& method,
                                    std::size_t batch) -> std::shared_ptr<EpochRunner> {
            if (whyNotPacked(header_.grids, header_.options.bits, header_.rows, method, batch).empty())
                return makePackedSgd(readerOf(file_), labels, batch, method, team_, isa_);
            if (!whyNotDecoded(header_.grids, method).empty())
                return nullptr;
            TileWindow window(file_);
            window.move(0, TileLayout::tilesOf(header_.rows), 0, 0);
            store.emplace(header_.rows, header_.grids, header_.options);
            store->restore({window.tile(0), store->bytes()});
            return makeDecodedSgd(exact_, *store, {labels}, batch, method, team_, isa_);
        };
        try {
            const auto curvature = frozenCurvature(
                spec_, {header_.rows, header_.features(), method_, true, makeRunner}, false, job_);
            if (curvature)
                addCurvatureNotes(spec_, *curvature, setup.notes);
        } catch (const InputError& error) { // the address space does not hold all codes
            setup.notes.push_back(std::string("whether any step converges was not looked at: ") +
                                  error.what());
        } catch (const std::bad_alloc&) {
            setup.notes.emplace_back("whether any step converges was not looked at: memory is short");
        }
    }

    [[nodiscard]] float meanOfCopies(const Grid& grid, std::uint32_t code) const {
        const auto copies = static_cast<std::uint32_t>(header_.options.copies);
        const std::uint32_t lower = std::min(code / copies, grid.levels() - 1);
        const std::uint32_t upper = std::min(lower + 1, grid.levels() - 1);
        const double share = static_cast<double>(code % copies) / copies;
        return static_cast<float>(grid.level(lower) + share * (grid.level(upper) - grid.level(lower)));
    }

    /// The model that is reported: the last iterate, or the average of the tail once it has begun.
    [[nodiscard]] const LinearParameters& current() const {
        return average_ && average_->begun() ? average_->mean() : model_;
    }

    /// docs/method.md#s10, as for runs in memory.
    void countBytes(EpochRecord& result) const {
        const double epochs = result.position();
        const auto times = [epochs](std::uint64_t bytes) {
            return static_cast<std::uint64_t>(epochs * static_cast<double>(bytes));
        };
        const std::uint64_t vectors =
            bytesABatch(method_, header_.features(), spec_.intercept, keptOf(spec_));
        result.sampleBytesMoved =
            (epochs > 0 ? codebookBytes_ : 0) + times(header_.codeBytes() + header_.rows * sizeof(float));
        result.bytesMoved = result.sampleBytesMoved + times(batches() * vectors);
    }

    RunSpec spec_;
    RunControl& control_;
    const StoreFile file_;
    const StoreHeader& header_;
    const RunSpec own_; ///< what the store was made with
    const ArithmeticChoice arithmetic_;
    GradientMethod method_;
    ThreadTeam team_;
    Job job_;
    const Isa isa_;
    std::string levelNote_; ///< how far integers move the levels
    std::size_t batchesAWindow_ = 1;
    Dataset exact_;   ///< the rows that the store keeps unrounded
    Dataset rounded_; ///< the same as they are stored; no rows where all are kept
    Dataset test_;    ///< 0 rows: none
    std::unique_ptr<MinibatchSgd> solver_;
    std::unique_ptr<CodeReader> codes_; ///< for the loss: has a window of its own
    LinearParameters model_;
    std::optional<TailAverage> average_;
    LinearParameters before_; ///< current() before the last epoch
    double step_ = 0;         ///< before the schedule
    std::uint64_t codebookBytes_ = 0;
};

} // namespace

bool isStore(const std::string& source) {
    return source.ends_with(".zq");
}

RunSpec specOfStore(const std::filesystem::path& file) {
    return specOf(StoreFile(file));
}

RunRecord runFromStore(const RunSpec& spec, RunObserver& observer, RunControl& control,
                       std::size_t windowBytes) {
    StoreRun subject(spec, control, windowBytes);
    RunRecord record = runLoop(subject, observer, control);
    record.peakResidentBytes = peakResidentBytes();
    return record;
}

} // namespace zipml
