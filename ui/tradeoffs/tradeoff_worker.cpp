#include "ui/tradeoffs/tradeoff_worker.h"

#include "core/base/file.h"
#include "core/study/tradeoffs_file.h"
#include "ui/widgets/background_thread.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace zipml::ui {
namespace {

using Clock = std::chrono::steady_clock;

/// Between two writes of the results at least: more than a run a second may end.
constexpr auto kWriteInterval = std::chrono::seconds(1);
/// Files of results that are kept; the oldest go.
constexpr std::size_t kFilesAtMost = 100;

void removeOldest(const std::filesystem::path& folder) {
    std::vector<std::pair<std::filesystem::file_time_type, std::filesystem::path>> files;
    std::error_code ignored; // another window may remove the same ones
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored))
        files.emplace_back(entry.last_write_time(ignored), entry.path());
    std::ranges::sort(files);
    for (std::size_t i = 0; i + kFilesAtMost < files.size(); ++i)
        std::filesystem::remove(files[i].second, ignored);
}

} // namespace

/// Puts what a sweep reports into the mailbox, and on disk.
class TradeoffWorker::Reporter final : public TradeoffObserver {
  public:
    Reporter(TradeoffWorker& worker, const TradeoffResults& results) : worker_(worker), results_(results) {}

    void onProgress(const TradeoffRun& run, double share, std::string_view phase) override {
        const std::lock_guard lock(worker_.mutex_);
        worker_.news_.current = run;
        worker_.news_.share = share;
        worker_.news_.phase = QString::fromUtf8(phase.data(), static_cast<qsizetype>(phase.size()));
    }
    void onResult(const TradeoffRun& run, const TradeoffResult& result) override {
        {
            const std::lock_guard lock(worker_.mutex_);
            worker_.news_.results.emplace_back(run, result);
        }
        if (Clock::now() - written_ < kWriteInterval)
            return;
        worker_.write(results_);
        written_ = Clock::now();
    }
    void onFailure(const TradeoffRun& run, const std::string& message) override {
        const std::lock_guard lock(worker_.mutex_);
        worker_.news_.failures.emplace_back(run, QString::fromStdString(message));
    }

  private:
    TradeoffWorker& worker_;
    const TradeoffResults& results_;
    Clock::time_point written_ = Clock::now();
};

TradeoffWorker::TradeoffWorker(std::filesystem::path folder, std::shared_ptr<PreparedDataCache> cache)
    : folder_(std::move(folder)), cache_(std::move(cache)),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

TradeoffWorker::~TradeoffWorker() {
    thread_.request_stop();
    stop();
}

void TradeoffWorker::open(const RunSpec& base, bool forget) {
    const std::lock_guard lock(mutex_);
    toOpen_ = base;
    forget_ = forget;
    wake_.notify_one();
}

void TradeoffWorker::start(const TradeoffPlan& plan) {
    const std::lock_guard lock(mutex_);
    toRun_ = plan;
    control_ = std::make_shared<RunControl>();
    wake_.notify_one();
}

void TradeoffWorker::stop() {
    const std::lock_guard lock(mutex_);
    if (control_)
        control_->stop();
}

TradeoffNews TradeoffWorker::takeNews() {
    const std::lock_guard lock(mutex_);
    TradeoffNews news = std::move(news_);
    news_ = {};
    news_.current = news.current; // until it changes
    news_.share = news.share;
    news_.phase = news.phase;
    news.sweeping = control_ != nullptr;
    return news;
}

void TradeoffWorker::work(const std::stop_token& stop) {
    lowerThreadPriority();
    while (true) {
        std::optional<RunSpec> base;
        std::optional<TradeoffPlan> plan;
        std::shared_ptr<RunControl> control;
        bool forget = false;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, stop, [this] { return toOpen_ || toRun_; });
            if (stop.stop_requested())
                return;
            base = std::exchange(toOpen_, std::nullopt);
            plan = std::exchange(toRun_, std::nullopt);
            forget = std::exchange(forget_, false);
            control = control_;
        }
        TradeoffResults results = openNow(plan ? plan->base : *base, forget);
        {
            const std::lock_guard lock(mutex_);
            news_.opened = results;
        }
        if (!plan)
            continue;
        sweepNow(*plan, std::move(results), *control);
        const std::lock_guard lock(mutex_);
        if (control_ == control)
            control_ = nullptr;
        news_.current.reset();
    }
}

std::filesystem::path TradeoffWorker::fileOf(const RunSpec& base) const {
    return folder_ / tradeoffsFileName(base);
}

TradeoffResults TradeoffWorker::openNow(const RunSpec& base, bool forget) {
    TradeoffResults nothing{baseOf(base), dataStampOf(base.data), {}};
    const auto file = fileOf(base);
    QString note, error;
    try {
        if (forget)
            std::filesystem::remove(file);
        if (std::filesystem::exists(file)) {
            TradeoffResults found = parseTradeoffs(readFile(file), file.string());
            if (found.base == nothing.base && found.dataStamp == nothing.dataStamp)
                return found;
            note = QString("%1: has changed since its trade-offs were run; they are run anew")
                       .arg(QString::fromStdString(base.data.source));
        }
    } catch (const std::exception& failure) {
        error = QString::fromUtf8(failure.what());
    }
    const std::lock_guard lock(mutex_);
    news_.note = note;
    news_.error = error;
    return nothing;
}

void TradeoffWorker::sweepNow(const TradeoffPlan& plan, TradeoffResults results, RunControl& control) {
    const std::size_t before = results.runs.size();
    Reporter reporter(*this, results);
    QString error;
    try {
        runTradeoffs(plan, results, reporter, control, cache_.get());
    } catch (const std::bad_alloc&) {
        error = QString("%1: does not fit into memory; use fewer rows")
                    .arg(QString::fromStdString(plan.base.data.source));
    } catch (const std::exception& failure) {
        error = QString::fromUtf8(failure.what());
    }
    if (results.runs.size() > before)
        write(results);
    if (error.isEmpty())
        return;
    const std::lock_guard lock(mutex_);
    news_.error = error;
}

void TradeoffWorker::write(const TradeoffResults& results) {
    try {
        if (std::filesystem::create_directories(folder_); !std::filesystem::exists(fileOf(results.base)))
            removeOldest(folder_);
        writeFileAtomically(fileOf(results.base), tradeoffsText(results));
    } catch (const std::exception& failure) {
        const std::lock_guard lock(mutex_);
        news_.error = QString::fromUtf8(failure.what());
    }
}

} // namespace zipml::ui
