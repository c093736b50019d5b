#include "accel/batch_samples.h"

#include "accel/batch_kernels.h"

#include <algorithm>
#include <bit>
#include <chrono>

namespace zipml {
namespace {

/// Bytes of a block that stays in a core's second-level cache beside the gradient.
constexpr std::size_t kBlockBytes = 64 << 10;
/// float32 rows are read so fast that the first level counts.
constexpr std::size_t kRowBlockBytes = 32 << 10;
/// Values of a batch up to which a CPU's one core is done before others have been woken, and from which on it
/// never is.
constexpr std::size_t kSmallBatch = 32'768, kLargeBatch = 1 << 20;
/// Values of a data set that is worth measuring for.
constexpr std::size_t kWorthTuning = 4 << 20;
constexpr std::size_t kBatchesTimed = 8;

std::size_t clampedBlock(const BatchSamples& samples, bool shared, std::size_t rows) {
    if (!samples.layout)
        return std::clamp<std::size_t>(rows / 4 * 4, 4, kMostBlockRows);
    return std::clamp<std::size_t>(rows / kTileRows, 1, shared ? kMostGroupTiles : kMostBlockTiles) *
           kTileRows;
}

Tuning ruleFor(const Grouping& grouping, const BatchShape& shape, const BatchSamples& samples) {
    const std::size_t bytes = samples.layout ? kBlockBytes : kRowBlockBytes;
    const std::size_t rows =
        grouping.shared() ? kMostBlockTiles * kTileRows : bytes * kTileRows / samples.bytes(kTileRows);
    return {grouping.items, clampedBlock(samples, grouping.shared(), rows),
            !grouping.shared() && shape.batch * shape.features <= kSmallBatch};
}

std::vector<Tuning> candidatesAround(const Tuning& rule, const OpenClDevice& device, const BatchShape& shape,
                                     const BatchSamples& samples) {
    std::vector<Tuning> all{rule};
    const auto add = [&](Tuning tuning) {
        if (std::ranges::find(all, tuning) == all.end())
            all.push_back(tuning);
    };
    const bool shared = rule.groupItems > 1;
    for (const std::size_t rows : {rule.blockRows / 2, 2 * rule.blockRows})
        add({rule.groupItems, clampedBlock(samples, shared, rows), rule.manyALaunch});
    if (shared)
        for (const std::size_t items : {rule.groupItems / 2, 2 * rule.groupItems})
            if (items >= 32 && items <= device.mostGroupItems)
                add({items, rule.blockRows, rule.manyALaunch});
    if (!shared && shape.batch * shape.features <= kLargeBatch)
        add({rule.groupItems, rule.blockRows, !rule.manyALaunch});
    return all;
}

/// The task in words, sizes as powers of 2.
std::string classOf(const GradientMethod& method, const BatchShape& shape, const BatchSamples& samples,
                    bool shared) {
    std::string text = samples.layout ? std::string(nameOf(method.estimator->kind)) : "float32";
    if (samples.layout)
        text += ", " + std::to_string(samples.layout->bits()) + " bits";
    return text + ", " + std::to_string(std::bit_ceil(shape.features)) + " features, batch " +
           std::to_string(std::bit_ceil(shape.batch)) + (shared ? ", groups" : "");
}

/// Of the fastest of some epochs of a few batches of zeros.
double secondsOf(const ComputeContext& context, const GradientMethod& method, const BatchShape& shape,
                 const BatchSamples& samples, const Tuning& tuning) {
    constexpr int kRepeats = 5;
    const DeviceBuffer<unsigned char> data(context, samples.bytes(shape.rows));
    const DeviceBuffer<float> labels(context, std::span<const float>(std::vector<float>(shape.rows, 0.0F)));
    openCl("fill the memory of " + context.info.name,
           [&] { context.queue.enqueueFillBuffer(data.get(), cl_uchar{0}, 0, data.size()); });
    BatchKernels kernels(context, method, shape, samples, tuning);
    kernels.setData(data.get(), labels.get());
    kernels.samplesChanged();
    kernels.setModel(LinearParameters::zero(static_cast<Eigen::Index>(shape.features)));
    EpochPlan plan;
    plan.batch = shape.batch;
    const auto order = batchOrder(plan, shape.batches());
    double least = HUGE_VAL;
    for (int i = 0; i <= kRepeats; ++i) {
        kernels.beginEpoch(plan, order);
        openCl("tune " + context.info.name, [&] { context.queue.finish(); });
        const auto begin = std::chrono::steady_clock::now();
        kernels.enqueue(0, order.size());
        openCl("tune " + context.info.name, [&] { context.queue.finish(); });
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        if (i > 0) // the first one compiles
            least = std::min(least, took.count());
    }
    return least;
}

} // namespace

BatchSamples BatchSamples::rows(std::size_t features) {
    return {{}, std::vector<double>(features, 1.0), std::vector<double>(features, 0.0), 0};
}

BatchSamples BatchSamples::codes(const GradientMethod& method, std::span<const Grid> grids,
                                 const StoreOptions& store) {
    BatchSamples samples{trainingLayout(grids.size(), method, store), {}, {}, store.seed};
    for (const Grid& grid : grids) {
        samples.slope.push_back(grid.gap() / store.copies);
        samples.base.push_back(grid.low());
    }
    return samples;
}

std::size_t BatchSamples::bytes(std::size_t count) const {
    return layout ? TileLayout::tilesOf(count) * layout->tileBytes() : count * slope.size() * sizeof(float);
}

Tuning tuningFor(const ComputeContext& context, const GradientMethod& method, const BatchShape& shape,
                 const BatchSamples& samples) {
    const Grouping grouping = groupingFor(context.info);
    const Tuning rule = ruleFor(grouping, shape, samples);
    if (shape.rows * shape.features < kWorthTuning)
        return rule;
    const BatchShape timed{shape.features, std::min(shape.rows, kBatchesTimed * shape.batch), shape.batch};
    const auto candidates = candidatesAround(rule, context.info, shape, samples);
    return tunedFor(context.info, classOf(method, shape, samples, grouping.shared()), candidates,
                    [&](const Tuning& tuning) { return secondsOf(context, method, timed, samples, tuning); });
}

} // namespace zipml
