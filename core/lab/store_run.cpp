#include "core/lab/store_run.h"

#include "core/data/memory_limit.h"
#include "core/lab/arithmetic_choice.h"
#include "core/lab/compute_device.h"
#include "core/lab/method_of.h"
#include "core/lab/rules.h"
#include "core/lab/run_loop.h"
#include "core/quant/level_use.h"
#include "core/solve/packed/packed_loss.h"
#include "core/solve/packed/packed_sgd.h"
#include "core/solve/second_moment.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numeric>

namespace zipml {
namespace {

constexpr std::size_t kStepTiles = 125; ///< tiles that the automatic step looks at: 2,000 rows

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
          own_(specOfStore(file_.path())), arithmetic_(arithmeticOf(situationOf(file_, spec_, own_))),
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
            step_ = *spec_.sgd.step;
        } else {
            step_ = stepFromStore();
            setup.stepNote =
                "automatic: row lengths from the unquantized data, largest eigenvalue from at most " +
                std::to_string(kStepTiles * kTileRows) +
                " rows of the store, and no more than the estimator's second moment allows";
        }
        setup.step = step_;
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
        return solver_->runEpoch(plan, model_, control_, progress, average_ ? &*average_ : nullptr);
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

    [[nodiscard]] std::string divergence(const RunRecord& /*record*/, int epoch,
                                         const std::string& /*what*/) const override {
        return "diverged in epoch " + std::to_string(epoch) +
               ": the training loss grew without bound; use a smaller step (" + shortNumber(step_ / 10) +
               " instead of " + shortNumber(step_) + "), or pack the data with more bits than " +
               std::to_string(header_.options.bits);
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
    Dataset test_; ///< 0 rows: none
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
    StoreRun subject(spec, control, windowBytes);
    RunRecord record = runLoop(subject, observer, control);
    record.peakResidentBytes = peakResidentBytes();
    return record;
}

} // namespace zipml
