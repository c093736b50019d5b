#pragma once
/// Opens results and runs sweeps in a thread of its own, with a mailbox that the GUI empties when it likes.

#include "core/study/tradeoffs.h"

#include <QString>

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace zipml::ui {

/// What happened since the mailbox was last emptied.
struct TradeoffNews {
    std::optional<TradeoffResults> opened; ///< what is on disk for the plan that was asked for
    std::vector<std::pair<TradeoffRun, TradeoffResult>> results;
    std::vector<std::pair<TradeoffRun, QString>> failures;
    std::optional<TradeoffRun> current; ///< the run that is under way
    double share = 0;                   ///< of it, 0 to 1
    QString phase;
    QString note;         ///< something to tell, such as that the data has changed
    QString error;        ///< why the sweep ended, or why nothing could be opened or kept
    bool sweeping = true; ///< false: nothing is under way or asked for
};

class TradeoffWorker {
  public:
    /// @param folder where results are kept, a file an experiment; made when the first is written
    /// @param cache where runs keep their data
    TradeoffWorker(std::filesystem::path folder, std::shared_ptr<PreparedDataCache> cache);
    /// Stops what is under way; what was complete is written.
    ~TradeoffWorker();
    TradeoffWorker(const TradeoffWorker&) = delete;
    TradeoffWorker& operator=(const TradeoffWorker&) = delete;

    /// Reads what is on disk for the base. @param forget removes it first
    void open(const RunSpec& base, bool forget = false);
    /// Opens the plan's results, then runs what they lack.
    void start(const TradeoffPlan& plan);
    void stop();
    [[nodiscard]] TradeoffNews takeNews();

  private:
    class Reporter;
    void work(const std::stop_token& stop);
    /// What is on disk for the base, if anything.
    TradeoffResults openNow(const RunSpec& base, bool forget);
    void sweepNow(const TradeoffPlan& plan, TradeoffResults results, RunControl& control);
    void write(const TradeoffResults& results);
    [[nodiscard]] std::filesystem::path fileOf(const RunSpec& base) const;

    std::filesystem::path folder_;
    std::shared_ptr<PreparedDataCache> cache_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::optional<RunSpec> toOpen_;
    bool forget_ = false; ///< of toOpen_
    std::optional<TradeoffPlan> toRun_;
    std::shared_ptr<RunControl> control_; ///< of the sweep that is asked for or under way; null: none
    TradeoffNews news_;
    std::jthread thread_; // last: it uses the others
};

} // namespace zipml::ui
