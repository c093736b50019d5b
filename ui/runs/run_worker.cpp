#include "ui/runs/run_worker.h"

#include "ui/widgets/background_thread.h"

#include <utility>

namespace zipml::ui {

RunWorker::RunWorker(RunSpec spec, PreparedDataCache& cache, bool paused, std::optional<RunRecord> earlier)
    : spec_(std::move(spec)), earlier_(std::move(earlier)) {
    if (paused)
        control_.pause();
    thread_ = std::thread([this, &cache] { work(cache); });
}

RunWorker::~RunWorker() {
    control_.stop();
    thread_.join();
}

void RunWorker::setBits(int bits) {
    const std::lock_guard lock(mutex_);
    wishes_.bits = bits;
}

void RunWorker::setEstimator(EstimatorKind estimator) {
    const std::lock_guard lock(mutex_);
    wishes_.estimator = estimator;
}

RunNews RunWorker::takeNews() {
    const std::lock_guard lock(mutex_);
    return std::exchange(news_, {});
}

void RunWorker::onProgress(double share, std::string_view phase) {
    const std::lock_guard lock(mutex_);
    news_.share = share;
    news_.phase = QString::fromUtf8(phase.data(), static_cast<qsizetype>(phase.size()));
}

void RunWorker::onPrepared(const RunSetup& setup, const EpochRecord& initial) {
    const std::lock_guard lock(mutex_);
    news_.setup = setup;
    news_.initial = initial;
}

void RunWorker::onEpoch(const EpochRecord& epoch) {
    const std::lock_guard lock(mutex_);
    news_.epochs.push_back(epoch);
}

void RunWorker::onStep(const EpochRecord& state) {
    const std::lock_guard lock(mutex_);
    news_.steps.push_back(state);
}

RunWishes RunWorker::wishes() {
    const std::lock_guard lock(mutex_);
    return wishes_;
}

void RunWorker::onRefused(const std::string& why) {
    const std::lock_guard lock(mutex_);
    news_.refused = QString::fromStdString(why);
}

void RunWorker::work(PreparedDataCache& cache) {
    lowerThreadPriority();
    std::optional<RunRecord> record;
    QString error;
    try {
        record = runExperiment(spec_, *this, control_, &cache, earlier_ ? &*earlier_ : nullptr);
    } catch (const Cancelled&) { // stopped before it began: there is no record
    } catch (const std::bad_alloc&) {
        error = QString("%1: does not fit into memory; use fewer rows")
                    .arg(QString::fromStdString(spec_.data.source));
    } catch (const std::exception& failure) {
        error = QString::fromUtf8(failure.what());
    }
    const std::lock_guard lock(mutex_);
    news_.finished = true;
    news_.record = std::move(record);
    news_.error = error;
}

} // namespace zipml::ui
