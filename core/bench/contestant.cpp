#include "core/bench/contestant.h"

#include "core/base/page_buffer.h"
#include "core/data/synthetic.h"
#include "core/quant/build_grids.h"
#include "core/solve/float_sgd.h"
#include "core/solve/packed/packed_sgd.h"

#include <algorithm>
#include <chrono>

namespace zipml {
namespace {

constexpr std::size_t kSampleRows = 1024; ///< whole tiles

/// `block` over and over, on huge pages.
std::vector<float> repeated(const std::vector<float>& block, std::size_t size) {
    std::vector<float> all;
    all.reserve(size);
    adviseHugePages(all.data(), size * sizeof(float)); // while no page is in use, so that none needs to move
    while (all.size() < size)
        all.insert(all.end(), block.begin(),
                   block.begin() + static_cast<std::ptrdiff_t>(std::min(block.size(), size - all.size())));
    return all;
}

StoreOptions storeOptions(const Contender& contender) {
    const Estimator& estimator = estimatorOf(contender.estimator);
    return {contender.bits, estimator.copies, estimator.rounding, 1};
}

GradientMethod methodOf(const Contender& contender) {
    constexpr VectorQuantizer kEightBits{8, VectorScale::Largest};
    GradientMethod method(contender.estimator);
    method.integer = contender.arithmetic == Arithmetic::Integer;
    if (method.integer)
        method.model = kEightBits;
    if (contender.estimator == EstimatorKind::EndToEnd)
        method.gradient = kEightBits;
    return method;
}

} // namespace

RepeatedData::RepeatedData(std::size_t features, std::size_t bytes, std::size_t batch, ThreadTeam& team)
    : bytes_(bytes), batch_(batch), team_(team), sample_(generate({features, kSampleRows, 1}).train) {}

std::size_t RepeatedData::rowsFor(int bitsPerValue, std::size_t features, std::size_t bytes,
                                  std::size_t batch) {
    const std::size_t batchBytes = batch * features * static_cast<std::size_t>(bitsPerValue) / 8;
    return (bytes + batchBytes - 1) / batchBytes * batch;
}

std::string RepeatedData::key(const Contender& contender) {
    const StoreOptions options = storeOptions(contender);
    return std::to_string(options.bits) + " bits, " + std::to_string(options.copies) + " copies, " +
           (options.rounding == Rounding::Nearest ? "nearest, " : "stochastic, ") + toString(contender.grid) +
           ", " + std::string(nameOf(contender.store));
}

int RepeatedData::bitsFor(const Contender& contender) {
    const StoreOptions options = storeOptions(contender);
    if (contender.store == StoreKind::AnyPrecision)
        return contender.bits - 1 + options.copies;
    return options.copies > 0 ? SampleStore::bitsPerCode(options) : 32;
}

int RepeatedData::keptBitsFor(const Contender& contender) {
    if (contender.store == StoreKind::AnyPrecision)
        return AnyPrecisionStore::planesFor(storeOptions(contender).copies);
    return bitsFor(contender);
}

const Dataset& RepeatedData::rows() {
    if (rows_.rows == 0) {
        rows_.features = sample_.features;
        rows_.rows = rowsFor(32, sample_.features, bytes_, batch_);
        rows_.values = repeated(sample_.values, rows_.rows * rows_.features);
        rows_.labels = repeated(sample_.labels, rows_.rows);
    }
    return rows_;
}

const RepeatedData::Store& RepeatedData::store(const Contender& contender) {
    auto& made = stores_[key(contender)];
    if (made != nullptr)
        return *made;
    made = std::make_unique<Store>();
    const StoreOptions options = storeOptions(contender);
    const std::size_t rows = rowsFor(bitsFor(contender), sample_.features, bytes_, batch_);
    made->labels = repeated(sample_.labels, rows);
    made->grids = buildGrids(sample_, contender.grid, contender.bits, false, team_);
    if (contender.store == StoreKind::AnyPrecision) {
        const AnyPrecisionStore::Options planes{options.copies, options.rounding, options.seed};
        AnyPrecisionStore small(sample_.rows, made->grids, planes);
        small.build(sample_, 0, team_);
        made->anyPrecision.emplace(rows, made->grids, planes);
        made->anyPrecision->repeatTiles(small);
        made->grids = small.gridsAt(contender.bits);
    } else {
        SampleStore small(sample_.rows, made->grids, options);
        small.build(sample_, 0, team_);
        made->packed.emplace(rows, made->grids, options);
        made->packed->repeatTiles(small);
    }
    return *made;
}

Eigen::VectorXd RepeatedData::correction(const Store& store) const {
    const auto variance = meanRoundingVariance(sample_, store.grids, team_);
    return Eigen::Map<const Eigen::VectorXd>(variance.data(), static_cast<Eigen::Index>(variance.size()));
}

Contestant::Contestant(const Contender& contender, RepeatedData& data, std::size_t batch, ThreadTeam& team,
                       Isa isa)
    : contender_(contender), method_(methodOf(contender)) {
    if (!method_.estimator->quantized()) {
        const Dataset& rows = data.rows();
        solver_ = std::make_unique<FloatSgd>(rows, rows.labels, batch, method_, team, isa);
        kernel_ = FloatSgd::kernels(isa);
        rows_ = rows.rows;
        features_ = rows.features;
    } else {
        const auto& store = data.store(contender);
        rows_ = store.labels.size();
        features_ = store.grids.size();
        if (const std::string why = whyNotPacked(store.grids, contender.bits, rows_, method_, batch);
            !why.empty())
            throw InputError("bench: the packed kernels do not run '" +
                             std::string(nameOf(contender.estimator)) + "', because " + why);
        if (method_.estimator->corrected())
            method_.correction = data.correction(store);
        auto codes =
            store.anyPrecision ? readerOf(*store.anyPrecision, contender.bits, isa) : readerOf(*store.packed);
        solver_ = makePackedSgd(std::move(codes), store.labels, batch, method_, team, isa);
        kernel_ = packedKernels(contender.store, method_, isa);
        bitsPerValue_ = RepeatedData::bitsFor(contender);
    }
    model_ = LinearParameters::zero(static_cast<Eigen::Index>(features_));
}

double Contestant::run(const EpochPlan& plan, RunControl& control) {
    const auto begin = std::chrono::steady_clock::now();
    const bool complete = solver_->runEpoch(
        plan, model_, control, [](double) {}, nullptr);
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
    if (!complete && control.stopRequested())
        throw Cancelled();
    if (!complete)
        throw RunError("bench: the model of '" + std::string(nameOf(contender_.estimator)) + "' overflowed");
    return static_cast<double>(rows_ * features_) / took.count();
}

ThroughputRow Contestant::describe() const {
    ThroughputRow row;
    row.contender = contender_;
    row.kernel = kernel_;
    row.rows = rows_;
    row.bitsPerValue = bitsPerValue_;
    return row;
}

} // namespace zipml
