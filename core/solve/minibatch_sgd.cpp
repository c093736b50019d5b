#include "core/solve/minibatch_sgd.h"

#include <algorithm>
#include <cassert>
#include <chrono>

namespace zipml {
namespace {

/// Time between two looks at the run's control.
constexpr std::chrono::milliseconds kStretch{3};

constexpr std::size_t kLabelsALine = 16; ///< of the cache
/// Labels that are fetched before their batch; the processor sees for itself that more of them are read.
constexpr std::size_t kLabelsFetched = 64;

/// Values of a batch that take as long as a line from memory.
constexpr std::size_t kValuesThatHideMemory = 4'096;

/// Values of a batch that keep a thread busy for about as long as a barrier takes.
constexpr std::size_t kValuesAThread = 16'384;

int usefulThreads(std::size_t values, int most) {
    return static_cast<int>(
        std::clamp<std::size_t>(values / kValuesAThread, 1, static_cast<std::size_t>(most)));
}

} // namespace

MinibatchSgd::MinibatchSgd(std::size_t features, LabelSets labels, std::size_t batch,
                           const GradientMethod& method, ThreadTeam& team, Isa isa)
    : isa_(isa), features_(features), labels_(std::move(labels)), method_(method), team_(team),
      threads_(usefulThreads(std::min(batch, rows()) * features, team.threads())),
      loops_(vectorKernels(isa_)), barrier_(threads_), gradient_(padded(features), 0.0),
      correction_(method.correction.data(), method.correction.data() + method.correction.size()) {}

bool MinibatchSgd::isForOneThread(std::size_t values) {
    return usefulThreads(values, 2) == 1;
}

IndexRange MinibatchSgd::featuresOf(int thread) const {
    if (threads() == 1)
        return {0, features()};
    const std::size_t chunks = (features() + kFeaturesPerChunk - 1) / kFeaturesPerChunk;
    const auto at = [&](int border) {
        const std::size_t chunk =
            chunks * static_cast<std::size_t>(border) / static_cast<std::size_t>(threads());
        return std::min(features(), chunk * kFeaturesPerChunk);
    };
    return {at(thread), at(thread + 1)};
}

void MinibatchSgd::correct(IndexRange features, std::size_t rows, const double* sent) {
    if (!correction_.empty())
        loops_.subtractProducts(correction_.data() + features.begin, sent + features.begin,
                                static_cast<double>(rows), features.size(),
                                gradient_.data() + features.begin);
}

bool MinibatchSgd::runEpoch(const EpochPlan& plan, LinearParameters& model, RunControl& control,
                            const std::function<void(double)>& onProgress, TailAverage* average) {
    const TrainedModel one{plan, &model, average};
    return runTogether({&one, 1}, control, onProgress);
}

bool MinibatchSgd::runTogether(std::span<const TrainedModel> models, RunControl& control,
                               const std::function<void(double)>& onProgress) {
    assert(models.size() == modelCount());
    models_ = models;
    const EpochPlan& plan = models.front().plan;
    const std::size_t rows = this->rows();
    const std::size_t size = std::min(plan.batch, rows);
    const std::size_t batches = (rows + size - 1) / size;
    const auto order = batchOrder(plan, batches);
    const std::size_t windowSize = plan.batchesAWindow > 0 ? plan.batchesAWindow : batches;
    const auto rowsOfWindow = [&](std::size_t at) -> IndexRange { // the window of the batch visited at `at`
        if (at == batches)
            return {0, 0};
        const std::size_t first = order[at] / windowSize * windowSize * size;
        return {first, std::min(rows, first + windowSize * size)};
    };
    // A small batch is done before what it asks for has come.
    const std::size_t fetchAhead = size * features() < kValuesThatHideMemory ? 2 : 1;
    std::size_t stretch = 1; // batches
    std::size_t windowEnd = 0;
    for (std::size_t begin = 0, end = 0; begin < batches; begin = end) {
        const std::size_t admitted = control.admitBatches(stretch);
        if (admitted == 0)
            return false;
        if (begin == windowEnd) {
            const IndexRange window = rowsOfWindow(begin);
            windowEnd += (window.size() + size - 1) / size;
            enter(window, rowsOfWindow(windowEnd));
        }
        end = std::min(windowEnd, begin + admitted);
        const auto started = std::chrono::steady_clock::now();
        team_.forEachChunk(static_cast<std::size_t>(threads()), [&](std::size_t thread) {
            barrier_.guard([&] {
                for (std::size_t b = begin; b < end; ++b) {
                    const std::size_t first = order[b] * size;
                    const std::size_t next =
                        b + fetchAhead < windowEnd ? order[b + fetchAhead] * size : first;
                    runBatch(static_cast<int>(thread),
                             {static_cast<std::uint32_t>(b), first, std::min(size, rows - first), next});
                }
            });
        });
        if (!std::ranges::all_of(models, [](const TrainedModel& each) { return each.model->finite(); }))
            return false;
        const auto took = std::chrono::steady_clock::now() - started;
        if (took < kStretch / 2)
            stretch = std::min(2 * stretch, batches); // doubled for ever, it would become 0
        else if (took > 2 * kStretch)
            stretch = std::max<std::size_t>(1, stretch / 2);
        onProgress(static_cast<double>(end) / static_cast<double>(batches));
    }
    if (windowSize < batches)
        enter({0, 0}, {0, 0}); // leaves its memory to whoever evaluates the model
    return true;
}

void MinibatchSgd::runBatch(int thread, const Batch& batch) {
    for (const auto& labels : labels_)
        for (std::size_t row = 0; row < std::min(batch.rows, kLabelsFetched); row += kLabelsALine)
            __builtin_prefetch(labels.data() + batch.nextFirst + row);
    send(thread, batch);
    addUp(thread, batch);
    for (std::size_t model = 0; model < modelCount(); ++model)
        step(thread, model, batch);
}

void MinibatchSgd::step(int thread, std::size_t index, const Batch& batch) {
    const TrainedModel& trained = models_[index];
    const EpochPlan& plan = trained.plan;
    LinearParameters& model = *trained.model;
    const double scale = plan.step / static_cast<double>(batch.rows);
    double* weights = model.weights.data();
    if (method_.gradient.on()) {
        takeGradient(thread, index, batch);
        roundGradient(thread, batch);
        descendBy(thread, scale, gradient_.data(), weights);
    } else {
        descend(thread, index, batch, scale, weights);
    }
    const Anchor* anchor = plan.anchor;
    if (anchor != nullptr)
        descendBy(thread, plan.step, anchor->gradient.weights.data(), weights);
    if (thread == 0 && plan.intercept)
        model.intercept -=
            scale * interceptGradient_ + (anchor != nullptr ? plan.step * anchor->gradient.intercept : 0.0);
    if (const double most = method_.polynomial.interval; thread == 0 && most > 0)
        model.intercept = std::clamp(model.intercept, -most, most); // as runEpoch of sgd.h does
    if (plan.regularizer.kind == RegularizerKind::None && trained.average == nullptr && !plan.kept.on() &&
        !(plan.mostNorm > 0))
        return;
    synchronize(); // all of what follows looks at the whole model
    if (thread == 0)
        finishStep(plan, model, batch.index, trained.average);
    synchronize();
}

void MinibatchSgd::descend(int thread, std::size_t model, const Batch& batch, double scale, double* weights) {
    takeGradient(thread, model, batch);
    descendBy(thread, scale, gradient_.data(), weights);
}

void MinibatchSgd::descendBy(int thread, double scale, const double* gradient, double* weights) {
    const IndexRange range = featuresOf(thread);
    loops_.subtractScaled(gradient + range.begin, scale, range.size(), weights + range.begin);
}

void MinibatchSgd::roundGradient(int thread, const Batch& batch) {
    synchronize();
    if (thread == 0) {
        Eigen::Map<Eigen::VectorXd> all(gradient_.data(), static_cast<Eigen::Index>(features()));
        Eigen::VectorXd rounded = all;
        method_.gradient.round(rounded, stream(Purpose::GradientRounding), batch.index);
        all = rounded;
    }
    synchronize();
}

} // namespace zipml
