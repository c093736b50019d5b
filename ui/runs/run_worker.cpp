#include "ui/runs/run_worker.h"

#include <utility>

namespace zipml::ui {

RunWorker::RunWorker(RunSpec spec, PreparedDataCache& cache, std::function<void()> wake,
                     std::optional<RunRecord> earlier)
    : spec_(std::move(spec)), wake_(std::move(wake)), earlier_(std::move(earlier)) {
    job_.start(
        [this, &cache](const Job&, RunControl& control) {
            const struct Teller {
                RunWorker& worker;
                ~Teller() { worker.told(); }
            } tellsTheEnd{*this};
            record_ = runExperiment(spec_, *this, control, &cache, earlier_ ? &*earlier_ : nullptr);
        },
        QString("%1: does not fit into memory; use fewer rows")
            .arg(QString::fromStdString(spec_.data.source)));
}

void RunWorker::told() {
    if (!told_.exchange(true))
        wake_();
}

RunNews RunWorker::takeNews() {
    told_ = false; // first: what comes from now on wakes again
    RunNews news = job_.take();
    if (news.finished)
        news.record = std::move(record_);
    return news;
}

void RunWorker::setBits(int bits) {
    const std::lock_guard lock(mutex_);
    wishes_.bits = bits;
}

void RunWorker::setEstimator(EstimatorKind estimator) {
    const std::lock_guard lock(mutex_);
    wishes_.estimator = estimator;
}

void RunWorker::setRounding(const RoundingWish& wish) {
    const std::lock_guard lock(mutex_);
    wishes_ = {wish.bits, wish.estimator, wish.grid, true};
}

RunWishes RunWorker::wishes() {
    const std::lock_guard lock(mutex_);
    return wishes_;
}

void RunWorker::onProgress(double share, std::string_view phase) {
    job_.report(share, phase);
    told();
}

void RunWorker::onPrepared(const RunSetup& setup, const EpochRecord& initial) {
    job_.tell([&](RunNews& news) {
        news.setup = setup;
        news.initial = initial;
    });
    told();
}

void RunWorker::onOptimum(const RunSetup& setup, const EpochRecord& initial,
                          std::span<const EpochRecord> epochs) {
    job_.tell([&](RunNews& news) { news.optimum = {setup, initial, {epochs.begin(), epochs.end()}}; });
    told();
}

void RunWorker::onEpoch(const EpochRecord& epoch) {
    job_.tell([&](RunNews& news) { news.epochs.push_back(epoch); });
    told();
}

void RunWorker::onStep(const EpochRecord& state) {
    job_.tell([&](RunNews& news) { news.steps.push_back(state); });
    told();
}

void RunWorker::onRefused(const std::string& why) {
    job_.tell([&](RunNews& news) { news.refused = QString::fromStdString(why); });
    told();
}

} // namespace zipml::ui
