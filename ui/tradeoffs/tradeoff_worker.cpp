#include "ui/tradeoffs/tradeoff_worker.h"

#include "core/base/file.h"
#include "core/study/tradeoffs_file.h"

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
        worker_.job_.tell([&](TradeoffNews& news) { news.current = run; });
        worker_.job_.report(share, phase);
    }
    void onResult(const TradeoffRun& run, const TradeoffResult& result) override {
        worker_.job_.tell([&](TradeoffNews& news) { news.results.emplace_back(run, result); });
        if (Clock::now() - written_ < kWriteInterval)
            return;
        worker_.write(results_);
        written_ = Clock::now();
    }
    void onFailure(const TradeoffRun& run, const std::string& message) override {
        worker_.job_.tell(
            [&](TradeoffNews& news) { news.failures.emplace_back(run, QString::fromStdString(message)); });
    }

  private:
    TradeoffWorker& worker_;
    const TradeoffResults& results_;
    Clock::time_point written_ = Clock::now();
};

TradeoffWorker::TradeoffWorker(std::filesystem::path folder, std::shared_ptr<PreparedDataCache> cache)
    : folder_(std::move(folder)), cache_(std::move(cache)) {}

void TradeoffWorker::open(const RunSpec& base, bool forget) {
    job_.start([this, base, forget](const Job&, RunControl&) { openNow(base, forget); });
}

void TradeoffWorker::start(const TradeoffPlan& plan) {
    job_.start(
        [this, plan](const Job&, RunControl& control) { sweepNow(plan, openNow(plan.base, false), control); },
        QString("%1: does not fit into memory; use fewer rows")
            .arg(QString::fromStdString(plan.base.data.source)));
}

std::filesystem::path TradeoffWorker::fileOf(const RunSpec& base) const {
    return folder_ / tradeoffsFileName(base);
}

TradeoffResults TradeoffWorker::openNow(const RunSpec& base, bool forget) {
    TradeoffResults results{baseOf(base), dataStampOf(base.data), {}};
    const auto file = fileOf(base);
    QString note, error;
    try {
        if (forget)
            std::filesystem::remove(file);
        if (std::filesystem::exists(file)) {
            TradeoffResults found = parseTradeoffs(readFile(file), file.string());
            if (found.base == results.base && found.dataStamp == results.dataStamp)
                results = std::move(found);
            else
                note = QString("%1: has changed since its trade-offs were run; they are run anew")
                           .arg(QString::fromStdString(base.data.source));
        }
    } catch (const std::exception& failure) {
        error = QString::fromUtf8(failure.what());
    }
    job_.tell([&](TradeoffNews& news) {
        news.opened = results;
        news.note = note;
        news.error = error;
    });
    return results;
}

void TradeoffWorker::sweepNow(const TradeoffPlan& plan, TradeoffResults results, RunControl& control) {
    const std::size_t before = results.runs.size();
    const auto keep = [&] {
        if (results.runs.size() > before)
            write(results);
    };
    Reporter reporter(*this, results);
    try {
        runTradeoffs(plan, results, reporter, control, cache_.get());
    } catch (...) {
        keep();
        throw;
    }
    keep();
}

void TradeoffWorker::write(const TradeoffResults& results) {
    try {
        if (std::filesystem::create_directories(folder_); !std::filesystem::exists(fileOf(results.base)))
            removeOldest(folder_);
        writeFileAtomically(fileOf(results.base), tradeoffsText(results));
    } catch (const std::exception& failure) {
        job_.tell([&](TradeoffNews& news) { news.error = QString::fromUtf8(failure.what()); });
    }
}

} // namespace zipml::ui
