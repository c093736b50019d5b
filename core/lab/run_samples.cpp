#include "core/lab/run_samples.h"

#include "core/estimate/refetch_source.h"
#include "core/lab/method_of.h"
#include "core/lab/rules.h"
#include "core/quant/build_grids.h"
#include "core/quant/level_use.h"
#include "core/quant/range_stretch.h"
#include "core/solve/float_sgd.h"
#include "core/solve/packed/class_batch_sgd.h"
#include "core/solve/packed/decoded_sgd.h"
#include "core/solve/packed/packed_sgd.h"

#include <algorithm>
#include <numeric>

namespace zipml {
namespace {

double meanOver(std::span<const double> numbers) {
    return std::accumulate(numbers.begin(), numbers.end(), 0.0) / static_cast<double>(numbers.size());
}

/// The definition: each row's estimate in double.
class RowEpochs final : public EpochRunner {
  public:
    /// @param store of roundings; null where the method reads none. The references outlive this
    RowEpochs(const Dataset& data, const SampleStore* store, const GradientMethod& method,
              std::span<const float> labels, ThreadTeam& team)
        : data_(data), store_(store), method_(method), labels_(labels), team_(team) {}

    bool runEpoch(const EpochPlan& plan, LinearParameters& model, RunControl& control,
                  const std::function<void(double)>& onProgress, TailAverage* average) override {
        const auto run = [&](const SampleSource& source) {
            return zipml::runEpoch(plan, source, method_, labels_, model, team_, control, onProgress,
                                   average);
        };
        if (method_.copies == 0)
            return run(ExactSource(data_));
        if (!method_.refetching)
            return run(StoreSource(*store_, plan.epoch));
        const std::uint64_t before = method_.refetching->fetched();
        const bool complete = run(RefetchSource(data_, *store_, plan.epoch, *method_.refetching));
        fetched_ = method_.refetching->fetched() - before;
        return complete;
    }
    [[nodiscard]] std::uint64_t rowsFetched(std::size_t /*model*/) const override { return fetched_; }
    [[nodiscard]] bool isRowByRow() const override { return true; }

  private:
    const Dataset& data_;
    const SampleStore* store_;
    const GradientMethod& method_;
    std::span<const float> labels_;
    ThreadTeam& team_;
    std::uint64_t fetched_ = 0;
};

} // namespace

RunSamples::RunSamples(const RunSpec& spec, const PreparedData& data, ThreadTeam& team, const Job& job)
    : spec_(spec), data_(data), team_(team), job_(job), arithmetic_(arithmeticOf(data.situation(spec))),
      method_(methodOf(spec, arithmetic_.taken)),
      isa_(spec.device == kScalarDevice ? Isa::Scalar : activeIsa()), bits_(spec.bits) {
    if (isComputeDevice(spec_.device))
        openDevice();
    if (quantized())
        build();
    Situation placed = data_.situation(spec_);
    placed.grids = grids_;
    requireNoConflict(placed); // what goes only with some levels
    if (device_)
        makeTrainer();
    else
        chooseKernels();
}

void RunSamples::openDevice() {
    device_ = openComputeDevice(spec_.device, job_);
}

void RunSamples::takeLevels(LevelsFor levels) {
    grids_ = std::move(levels.grids);
    exactGrids_ = std::move(levels.exact);
    if (levels.arithmetic.taken != arithmetic_.taken)
        method_ = methodOf(spec_, levels.arithmetic.taken);
    arithmetic_ = std::move(levels.arithmetic);
}

void RunSamples::buildInPlace() {
    const RowsInPlace& rows = *data_.inPlace;
    takeLevels(levelsFor(data_.situation(spec_), [&](LevelPlaces places) {
        return rows.grids(spec_.grid, spec_.bits, spec_.sharedGrid, places, team_, job_);
    }));
    std::vector<Grid> uniform;
    if (!std::ranges::all_of(grids_, &Grid::isUniform))
        uniform = rows.grids({}, spec_.bits, spec_.sharedGrid, LevelPlaces::Floats, team_, job_);
    store_.emplace(rows.rows(), grids_, storeOptions());
    found_ = rows.build(*store_, {uniform, exactGrids_, !spec_.sgd.step, spec_.intercept, spec_.seed}, team_,
                        job_);
    takeVariance(found_.variance);
    noteLevels(found_.stretch, found_.uniformVariance);
    if (!exactGrids_.empty())
        exactMeanVariance_ = meanOver(found_.exactVariance);
}

AutomaticStep RunSamples::automaticStep() const {
    if (!data_.inPlace)
        return zipml::automaticStep(spec_, data_.train, method_, grids_, team_, job_);
    const std::size_t batch = std::min(spec_.sgd.batch, data_.train.rows);
    const double exact = stepFor(found_.curvature, found_.lengths.fourths / found_.lengths.squares,
                                 found_.lengths.longest, batch) /
                         method_.loss.largestCurvature();
    return allowedStep(exact, found_.moments, method_, batch);
}

void RunSamples::build() {
    if (data_.inPlace)
        return buildInPlace();
    const Dataset& train = data_.train;
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
        if (own) {
            grids_ = *own;
        } else {
            takeLevels(levelsFor(data_.situation(spec_), team_, job_));
        }
        if (!device_) {
            store_.emplace(train.rows, grids_, storeOptions());
            store_->build(train, 0, team_, job_);
        }
    }
    measureRounding();
    compareLevels();
    addRefetching(method_, spec_, train, grids_, team_, job_);
}

StoreOptions RunSamples::storeOptions() const {
    return {spec_.bits, method_.copies, roundingOf(spec_), spec_.seed};
}

void RunSamples::makeTrainer() {
    try {
        trainer_ = device_->makeTrainer({data_.train, data_.test, grids_, method_,
                                         quantized() ? storeOptions() : StoreOptions{}, spec_.sgd.batch,
                                         spec_.intercept, spec_.threads});
        trainer_->build(0);
    } catch (const RunError& error) { // nothing is trained yet: there is nothing to keep
        throw RunError(std::string(error.what()) + "; use device cpu");
    }
    kernels_ = trainer_->kernels();
}

std::vector<double> RunSamples::varianceOf(std::span<const Grid> grids) const {
    return meanRoundingVariance(data_.train, grids, team_, job_);
}

void RunSamples::compareLevels() {
    const Dataset& train = data_.train;
    RangeStretch stretch;
    stretch.add(train.values, train.rows, train.features);
    std::vector<double> uniform;
    if (!std::ranges::all_of(grids_, &Grid::isUniform))
        uniform = varianceOf(buildGrids(train, {}, spec_.bits, spec_.sharedGrid, team_, job_));
    noteLevels(stretch, uniform);
    if (!exactGrids_.empty())
        exactMeanVariance_ = meanOver(varianceOf(exactGrids_));
}

/// @param uniformVariance of uniform levels; empty where the samples' are uniform
void RunSamples::noteLevels(const RangeStretch& stretch, std::span<const double> uniformVariance) {
    const std::vector<std::string>& names = data_.train.featureNames;
    notes_ = stretch.warnings(names, data_.scaling);
    if (uniformVariance.empty())
        return;
    const auto lines = checkLevels(grids_, spec_.grid, spec_.bits, variance_, uniformVariance, names, true);
    notes_.insert(notes_.end(), lines.begin(), lines.end());
}

void RunSamples::describeLevels(RunSetup& setup) const {
    setup.meanVariance = meanVariance_;
    setup.exactMeanVariance = exactMeanVariance_;
    if (!quantized())
        return;
    const LevelUse use = levelUseOf(grids_, bits_);
    setup.levels = use.asked;
    setup.levelsUsed = use.mean;
    setup.fewestLevels = use.fewest;
}

void RunSamples::measureRounding() {
    takeVariance(varianceOf(grids_));
}

void RunSamples::takeVariance(std::span<const double> variance) {
    variance_.assign(variance.begin(), variance.end());
    meanVariance_ = meanOver(variance);
    if (method_.estimator->corrected())
        method_.correction =
            Eigen::Map<const Eigen::VectorXd>(variance.data(), static_cast<Eigen::Index>(variance.size()));
}

void RunSamples::chooseKernels() {
    if (isReference()) {
        kernels_ = "row by row, float64, the reference";
        return;
    }
    if (!quantized()) {
        kernels_ = takesTwoSlopes() ? "row by row, float64, because slopes are taken at two models"
                                    : FloatSgd::kernels(isa_);
        return;
    }
    const PathChoice choice = pathOf(method_, spec_.sgd.batch);
    switch (choice.path) {
    case KernelPath::Packed:
        kernels_ = packedKernels(spec_.store, method_, isa_);
        break;
    case KernelPath::Decoded:
        kernels_ = decodedKernels(isa_);
        break;
    case KernelPath::RowByRow:
        kernels_ = "row by row, float64, because " + choice.reason;
        break;
    }
}

RunSamples::PathChoice RunSamples::pathOf(const GradientMethod& method, std::size_t batch) const {
    if (takesTwoSlopes())
        return {KernelPath::RowByRow, "slopes are taken at two models"};
    const bool hasPlanes = anyPrecision_.has_value();
    const bool packs = whyNotPacked(grids_, bits_, data_.train.rows, method, batch, hasPlanes).empty();
    // In floats the coins of two roundings take longer than decoding them.
    const Pairs pairs = method.estimator->pairs.value_or(Pairs::None);
    const bool readsCoins = pairs == Pairs::Symmetrized || pairs == Pairs::Plain;
    if (packs && (hasPlanes || method.integer || !readsCoins))
        return {KernelPath::Packed, {}};
    std::string reason = hasPlanes ? "bit planes are not decoded" : whyNotDecoded(grids_, method);
    if (reason.empty())
        return {KernelPath::Decoded, {}};
    if (packs)
        return {KernelPath::Packed, {}};
    return {KernelPath::RowByRow, std::move(reason)};
}

std::shared_ptr<EpochRunner> RunSamples::makeRunner(std::span<const float> labels) {
    return trainer_ ? trainer_ : makeRunner(labels, method_, spec_.sgd.batch);
}

std::shared_ptr<EpochRunner> RunSamples::makeRunner(std::span<const float> labels,
                                                    const GradientMethod& method, std::size_t batch) {
    const bool byRows = isReference() || takesTwoSlopes();
    if (!byRows && method.copies == 0)
        return std::make_shared<FloatSgd>(data_.train, labels, batch, method, team_, isa_);
    const KernelPath path = byRows ? KernelPath::RowByRow : pathOf(method, batch).path;
    if (path == KernelPath::Packed)
        return makePackedSgd(anyPrecision_ ? readerOf(*anyPrecision_, bits_, isa_) : readerOf(*store_),
                             labels, batch, method, team_, isa_);
    if (anyPrecision_ && method.copies > 0)
        return nullptr;
    if (path == KernelPath::Decoded)
        return makeDecodedSgd(data_.train, *store_, {labels}, batch, method, team_, isa_);
    return std::make_shared<RowEpochs>(data_.train, store_ ? &*store_ : nullptr, method, labels, team_);
}

std::shared_ptr<MinibatchSgd> RunSamples::makeRunner(const LabelSets& labels) {
    const std::size_t batch = spec_.sgd.batch;
    const bool comesAlone = trainer_ || isReference() || takesTwoSlopes() || anyPrecision_;
    if (comesAlone || labels.size() < 2 || spec_.sgd.solver != SolverKind::Sgd)
        return nullptr;
    if (!quantized())
        return std::make_shared<FloatSgd>(data_.train, labels, batch, method_, team_, isa_);
    const KernelPath path = pathOf(method_, batch).path;
    if (path == KernelPath::Decoded)
        return makeDecodedSgd(data_.train, *store_, labels, batch, method_, team_, isa_);
    if (path == KernelPath::Packed &&
        runsClassBatches(taskOf(grids_, bits_, data_.train.rows, method_, batch)))
        return makeClassBatchSgd(*store_, labels, batch, method_, team_, isa_);
    return nullptr;
}

bool RunSamples::followBits(int wanted) {
    if (!anyPrecision_ || wanted == bits_)
        return false;
    bits_ = wanted;
    grids_ = anyPrecision_->gridsAt(bits_);
    measureRounding();
    chooseKernels();
    return true;
}

void RunSamples::buildAgain(std::uint32_t epoch) {
    if (!quantized())
        return;
    if (trainer_)
        trainer_->build(epoch);
    else if (anyPrecision_)
        anyPrecision_->build(data_.train, epoch, team_, job_);
    else
        data_.inPlace ? data_.inPlace->buildAgain(*store_, epoch, team_, job_)
                      : store_->build(data_.train, epoch, team_, job_);
}

std::uint64_t RunSamples::bytes() const {
    const Dataset& train = data_.train;
    if (const auto own = trainer_ ? trainer_->sampleBytes() : std::nullopt)
        return *own;
    if (anyPrecision_)
        return anyPrecision_->bytesAt(bits_);
    if (!quantized())
        return train.values.size() * sizeof(float);
    const std::size_t extra = method_.refetching ? method_.refetching->extraBytes() : 0;
    return TileLayout::tilesOf(train.rows) *
               SampleStore::layoutOf(train.features, storeOptions()).tileBytes() +
           extra * train.rows;
}

std::uint64_t RunSamples::codebookBytes() const {
    if (!quantized() || (trainer_ && trainer_->sampleBytes())) // a device's own levels are not sent
        return 0;
    const std::uint64_t levels = // low and gap where there is no table
        store_ ? store_->codebookBytes() : 2 * sizeof(float) * data_.train.features;
    return levels + static_cast<std::uint64_t>(method_.correction.size()) * sizeof(float);
}

} // namespace zipml
