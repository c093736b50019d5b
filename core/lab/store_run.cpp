#include "core/lab/store_run.h"

#include "core/data/memory_limit.h"
#include "core/lab/compute_device.h"
#include "core/lab/early_end.h"
#include "core/lab/method_of.h"
#include "core/quant/level_use.h"
#include "core/solve/packed/packed_loss.h"
#include "core/solve/packed/packed_sgd.h"
#include "core/solve/second_moment.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numeric>

namespace zipml {
namespace {

constexpr std::size_t kStepTiles = 125; ///< tiles that the automatic step looks at: 2,000 rows

/// @throws InputError naming the setting.
void requireOwn(bool holds, const StoreFile& file, const std::string& setting, const std::string& own) {
    if (!holds)
        throw InputError(setting + ": " + file.path().string() + " was packed with " + own +
                         "; drop this setting, or pack the data again");
}

/// What the store has decided already cannot be chosen again.
void checkAgainst(const StoreFile& file, const RunSpec& spec) {
    const StoreHeader& header = file.header();
    const RunSpec own = specOfStore(file.path());
    const Estimator& estimator = estimatorOf(spec.estimator);
    const std::string path = file.path().string();
    const std::string name(nameOf(spec.estimator));
    const int copies = header.options.copies;
    if (!estimator.quantized())
        throw InputError("estimator: full needs the unquantized data, which " + path +
                         " does not hold; choose another one, or train on the data file");
    if (spec.estimator == EstimatorKind::Polynomial || spec.estimator == EstimatorKind::Refetch)
        throw InputError("estimator: " + name + " trains on the data file, not on " + path +
                         "; use naive or double");
    if (copies < estimator.copies || copies > estimator.mostCopies)
        throw InputError("estimator: " + name + " does not go with the " + std::to_string(copies) +
                         (copies == 1 ? " rounding of a value in " : " roundings of a value in ") + path +
                         "; use " +
                         (copies == 1 ? "naive or corrected" : "double, double-mean or end-to-end") +
                         ", or pack the data again");
    if (estimator.rounding != header.options.rounding)
        throw InputError("estimator: " + name + " does not go with the " +
                         (header.options.rounding == Rounding::Nearest ? "nearest" : "random") +
                         " roundings in " + path + "; use " +
                         (header.options.rounding == Rounding::Nearest ? "nearest" : "naive") +
                         ", or pack the data again");
    requireOwn(spec.bits == header.options.bits, file, "bits", std::to_string(header.options.bits) + " bits");
    requireOwn(copiesOf(spec) == copies, file, "copies", std::to_string(copies) + " copies");
    requireOwn(spec.grid == own.grid, file, "grid", "grid " + toString(own.grid));
    requireOwn(spec.sharedGrid == own.sharedGrid, file, "shared_grid",
               own.sharedGrid ? "one grid for all features" : "a grid for each feature");
    requireOwn(spec.data.scaling == header.scaling.kind, file, "scaling",
               "scaling " + std::string(nameOf(header.scaling.kind)));
    requireOwn(spec.data.task.value_or(header.task) == header.task, file, "task",
               "task " + std::string(nameOf(header.task)));
    requireOwn(spec.data.labelScaling == LabelScalingKind::None, file, "label_scaling", "labels as they are");
    requireOwn(spec.data.split == 1.0, file, "split", "all rows for training");
    if (isComputeDevice(spec.device))
        throw InputError("device: " + spec.device + " rounds the samples itself and does not read " + path +
                         "; use device cpu, or train on the data file");
    if (spec.sgd.solver != SolverKind::Sgd)
        throw InputError("solver: " + std::string(nameOf(spec.sgd.solver)) +
                         " needs the unquantized data for its anchors, which " + path +
                         " does not hold; use sgd, or train on the data file");
    if (spec.sgd.rounding == RoundingTime::Epoch)
        throw InputError("rounding: epoch needs the unquantized data, which " + path +
                         " does not hold; use frozen, or train on the data file");
    requireClasses(spec, header.task, path);
}

class StoreExperiment {
  public:
    StoreExperiment(const RunSpec& spec, RunObserver& observer, RunControl& control, std::size_t windowBytes)
        : spec_(spec), observer_(observer), control_(control), file_(spec.data.source),
          header_(file_.header()), method_(methodOf(spec)),
          team_(spec.threads), job_{control.stopToken(), {}},
          isa_(spec.device == "cpu-scalar" ? Isa::Scalar : activeIsa()) {
        checkAgainst(file_, spec_);
        spec_.biasDraws = 0; // is measured against the unquantized data
        model_ = LinearParameters::zero(static_cast<Eigen::Index>(header_.features()));
        chooseWindows(windowBytes);
    }

    RunRecord run() {
        record_.spec = spec_;
        if (!spec_.data.test.empty())
            loadTestRows();
        makeSolver();
        describeSetup();
        record_.initial = measure(0);
        observer_.onPrepared(record_.setup, record_.initial);
        try {
            train();
        } catch (const Cancelled&) { // during an epoch's evaluation: that epoch does not count
            record_.status = RunStatus::Stopped;
        }
        finishModel();
        record_.peakResidentBytes = peakResidentBytes();
        return std::move(record_);
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

    void loadTestRows() {
        const LoadOptions load = specOfStore(file_.path()).data.load;
        const Imputation none;
        const FoundInTraining found{header_.schema.get(), load, header_.classLabels, none, header_.scaling,
                                    header_.features()};
        test_ = prepareTest(spec_, found, record_.setup.notes, job_);
    }

    void makeSolver() {
        const std::string reason =
            whyNotPacked(header_.grids, header_.options.bits, header_.rows, method_, spec_.sgd.batch);
        if (!reason.empty())
            throw InputError(file_.path().string() + ": cannot be trained on like this, because " + reason);
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

    void describeSetup() {
        auto& setup = record_.setup;
        setup.dataName = header_.dataName;
        setup.task = header_.task;
        setup.load = specOfStore(file_.path()).data.load;
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
        setup.optimumNote = "the unquantized data are not at hand";
        setup.lossNote =
            !isRandom() ? "on the rounded data, since nearest roundings do not tell of the unquantized data"
            : method_.loss.isQuadratic()
                ? "estimated without bias from the store's roundings"
                : "on the rounded data: higher than on the unquantized data by what the rounding adds";
        addMethodNotes(method_, setup.notes);
        if (const std::string note = absentClassNote(test_, header_.classLabels, header_.classNames);
            !note.empty())
            setup.notes.push_back(note);
        if (spec_.sgd.step) {
            setup.step = *spec_.sgd.step;
        } else {
            setup.step = stepFromStore();
            setup.stepNote =
                "automatic: row lengths from the unquantized data, largest eigenvalue from at most " +
                std::to_string(kStepTiles * kTileRows) +
                " rows of the store, and no more than the estimator's second moment allows";
        }
    }

    [[nodiscard]] bool isRandom() const { return header_.options.rounding == Rounding::Stochastic; }

    /// Variance of the mean of a value's copies.
    [[nodiscard]] std::vector<double> noise() const {
        std::vector<double> noise;
        for (const double variance : file_.moments().variance)
            noise.push_back(isRandom() ? variance / header_.options.copies : 0.0);
        return noise;
    }

    /// As autoStep and mostStep, with the rounding's part of the eigenvalue taken off.
    [[nodiscard]] double stepFromStore() const {
        const std::vector<float> rows = someRows();
        const std::size_t features = header_.features();
        const auto eigenvalue = [&](std::span<const double> lessNoise) {
            return largestEigenvalue(
                rows.size() / features, features, spec_.intercept,
                [&](std::size_t row) { return std::span(rows).subspan(row * features, features); },
                lessNoise);
        };
        const std::vector<double> means = noise(); // of the copies' mean
        const double curvature = eigenvalue(means);
        const StoreMoments& moments = file_.moments();
        const double constant = spec_.intercept ? 1.0 : 0.0;
        const double squared = moments.meanSquaredNorm + constant;
        const double fourth = moments.meanFourthNorm + constant * (2 * moments.meanSquaredNorm + 1);
        const double step =
            stepFor(curvature, fourth / squared, moments.largestSquaredNorm + constant, batchRows());

        SampleMoments rounded;
        const auto size = static_cast<Eigen::Index>(features);
        const Eigen::Map<const Eigen::MatrixXf> read(rows.data(), size,
                                                     static_cast<Eigen::Index>(rows.size() / features));
        const Eigen::Map<const Eigen::VectorXd> noiseOfMeans(means.data(), size);
        rounded.square = rounded.variance = Eigen::VectorXd::Zero(size + 1);
        rounded.square[0] = constant;
        rounded.square.tail(size) =
            (read.cast<double>().array().square().rowwise().mean().matrix() - noiseOfMeans).cwiseMax(0.0);
        std::vector<double> lessSingle = means; // leaves mean(a a') + diag(d) of one rounding
        if (isRandom())
            for (Eigen::Index f = 0; f < size; ++f) {
                const auto i = static_cast<std::size_t>(f);
                rounded.variance[f + 1] = moments.variance[i];
                lessSingle[i] -= moments.variance[i];
            }
        const double total = rounded.variance.sum();
        rounded.squared = squared + total;
        rounded.fourth = fourth + 2 * squared * total + total * total;
        rounded.longest = moments.largestSquaredNorm + constant + total;
        rounded.curvature = curvature;
        rounded.roundedCurvature = eigenvalue(lessSingle);
        return std::min(step, mostStep(rounded, method_, batchRows())) / method_.loss.largestCurvature();
    }

    /// The means of the copies in some tiles, a seeded choice.
    [[nodiscard]] std::vector<float> someRows() const {
        const std::size_t tiles = TileLayout::tilesOf(header_.rows);
        const std::size_t features = header_.features();
        const TileLayout layout = header_.layout();
        const RandomStream draws(spec_.seed, Purpose::BiasRows);
        TileWindow window(file_);
        std::vector<std::uint32_t> codes(features);
        std::vector<float> values;
        for (std::size_t i = 0; i < std::min(kStepTiles, tiles); ++i) {
            const std::uint64_t word = draws.words(static_cast<std::uint32_t>(i), 0)[0];
            const std::size_t tile =
                tiles <= kStepTiles ? i : static_cast<std::size_t>((word * tiles) >> 32U);
            window.move(tile, tile + 1, 0, 0);
            for (std::size_t row = 0; row < std::min(kTileRows, header_.rows - tile * kTileRows); ++row) {
                layout.unpackRow(window.tile(tile), row, codes.data());
                for (std::size_t f = 0; f < features; ++f)
                    values.push_back(meanOfCopies(header_.grids[f], codes[f]));
            }
        }
        return values;
    }

    [[nodiscard]] float meanOfCopies(const Grid& grid, std::uint32_t code) const {
        const auto copies = static_cast<std::uint32_t>(header_.options.copies);
        const std::uint32_t lower = std::min(code / copies, grid.levels() - 1);
        const std::uint32_t upper = std::min(lower + 1, grid.levels() - 1);
        const double share = static_cast<double>(code % copies) / copies;
        return static_cast<float>(grid.level(lower) + share * (grid.level(upper) - grid.level(lower)));
    }

    void train() {
        if (spec_.sgd.tailAverage > 0) {
            const auto steps = static_cast<double>(batches()) * spec_.sgd.epochs;
            average_.emplace(static_cast<std::uint64_t>(steps - std::ceil(steps * spec_.sgd.tailAverage)));
        }
        EarlyEnd early(spec_.sgd.earlyStop, record_.initial.trainLoss);
        for (int epoch = 1; epoch <= spec_.sgd.epochs; ++epoch) {
            const LinearParameters before = current();
            const auto begin = std::chrono::steady_clock::now();
            if (!trainEpoch(epoch)) {
                average_.reset();
                model_ = before;
                if (control_.stopRequested())
                    record_.status = RunStatus::Stopped;
                else
                    reportDivergence(epoch);
                return;
            }
            const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
            lastComplete_ = before; // should the evaluation be stopped
            EpochRecord result = measure(epoch);
            lastComplete_.reset();
            result.step = stepOf(spec_.sgd, record_.setup.step, epoch);
            result.seconds = seconds.count();
            record_.epochs.push_back(result);
            observer_.onEpoch(result);
            if (early.hasDiverged(result)) {
                reportDivergence(epoch);
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
        if (!control_.waitIfPaused())
            return false;
        const EpochPlan plan{spec_.sgd.batch,
                             stepOf(spec_.sgd, record_.setup.step, epoch),
                             spec_.sgd.order,
                             spec_.intercept,
                             spec_.seed,
                             static_cast<std::uint32_t>(epoch),
                             spec_.regularizer,
                             batchesAWindow_,
                             0,
                             nullptr,
                             keptOf(spec_)};
        const auto progress = [&](double share) {
            observer_.onProgress((epoch - 1 + share) / spec_.sgd.epochs, "training");
        };
        return solver_->runEpoch(plan, model_, control_, progress, average_ ? &*average_ : nullptr);
    }

    EpochRecord measure(int epoch) {
        EpochRecord result;
        result.epoch = epoch;
        const bool classification = header_.task == Task::Classification;
        const LinearParameters& model = current();
        const Evaluation train =
            evaluatePacked(*codes_, file_.labels(), method_.loss, model, windowTiles(), team_, isa_, job_);
        result.trainLoss = train.loss;
        if (method_.loss.isQuadratic()) {
            // E (m.x - b)^2 over the roundings is (a.x - b)^2 and the variance of m.x.
            const std::vector<double> variance = noise();
            result.trainLoss -= model.weights.cwiseAbs2().dot(Eigen::Map<const Eigen::VectorXd>(
                variance.data(), static_cast<Eigen::Index>(variance.size())));
        }
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

    /// The model that is reported: the last iterate, or the average of the tail once it has begun.
    [[nodiscard]] const LinearParameters& current() const {
        return average_ && average_->begun() ? average_->mean() : model_;
    }

    /// docs/method.md#s10, as for runs in memory.
    void countBytes(EpochRecord& result) const {
        const auto epochs = static_cast<std::uint64_t>(result.epoch);
        const std::uint64_t vectors =
            bytesABatch(method_, header_.features(), spec_.intercept, keptOf(spec_));
        result.sampleBytesMoved = (epochs > 0 ? record_.setup.codebookBytes : 0) +
                                  epochs * (record_.setup.storeBytes + header_.rows * sizeof(float));
        result.bytesMoved = result.sampleBytesMoved + epochs * batches() * vectors;
    }

    void reportDivergence(int epoch) {
        char advice[96];
        std::snprintf(advice, sizeof advice, "use a smaller step (%.3g instead of %.3g)",
                      record_.setup.step / 10, record_.setup.step);
        record_.status = RunStatus::Diverged;
        record_.message = "diverged in epoch " + std::to_string(epoch) +
                          ": the training loss grew without bound; " + advice +
                          ", or pack the data with more bits than " + std::to_string(header_.options.bits);
    }

    void finishModel() {
        auto& model = record_.model;
        model.parameters = lastComplete_ ? *lastComplete_ : current();
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
        model.spec = toJson(specAsFound(record_));
    }

    RunSpec spec_;
    RunObserver& observer_;
    RunControl& control_;
    const StoreFile file_;
    const StoreHeader& header_;
    GradientMethod method_;
    ThreadTeam team_;
    Job job_;
    const Isa isa_;
    std::string levelNote_; ///< how far integers move the levels
    std::size_t batchesAWindow_ = 1;
    Dataset test_; ///< 0 rows: none
    std::unique_ptr<MinibatchSgd> solver_;
    std::unique_ptr<CodeReader> codes_; ///< for the loss: has a window of its own
    LinearParameters model_;
    std::optional<TailAverage> average_;
    std::optional<LinearParameters> lastComplete_; ///< set while an epoch is being evaluated
    RunRecord record_;
};

} // namespace

bool isStore(const std::string& source) {
    return source.ends_with(".zq");
}

RunSpec specOfStore(const std::filesystem::path& file) {
    const StoreFile store(file);
    try {
        RunSpec spec = specFromJson(store.header().spec);
        spec.name.clear();
        spec.data.source = file.string();
        spec.data.test.clear();
        spec.biasDraws = 0;
        return spec;
    } catch (const InputError& error) {
        throw InputError(file.string() + ": is damaged (" + error.what() +
                         "); write it again with zipml quantize");
    }
}

RunRecord runFromStore(const RunSpec& spec, RunObserver& observer, RunControl& control,
                       std::size_t windowBytes) {
    return StoreExperiment(spec, observer, control, windowBytes).run();
}

} // namespace zipml
