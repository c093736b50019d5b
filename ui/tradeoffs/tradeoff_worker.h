#pragma once
/// A trade-off worker opens results and runs sweeps in the background.

#include "core/study/tradeoffs.h"
#include "ui/widgets/background_job.h"

#include <filesystem>

namespace zipml::ui {

/// What happened since it was last asked. Share and phase are of the run that is under way; the error is why
/// the sweep ended, or why nothing could be opened or kept.
struct TradeoffNews : JobNews {
    std::optional<TradeoffResults> opened; ///< what is on disk for the plan that was asked for
    std::vector<std::pair<TradeoffRun, TradeoffResult>> results;
    std::vector<std::pair<TradeoffRun, QString>> failures;
    std::optional<TradeoffRun> current; ///< another run is under way
    QString note;                       ///< something to tell, such as that the data has changed
};

class TradeoffWorker {
  public:
    /// @param folder where results are kept, a file an experiment; made when the first is written
    /// @param cache where runs keep their data
    TradeoffWorker(std::filesystem::path folder, std::shared_ptr<PreparedDataCache> cache);

    /// Reads what is on disk for the base. @param forget removes it first
    void open(const RunSpec& base, bool forget = false);
    /// Opens the plan's results, then runs what they lack.
    void start(const TradeoffPlan& plan);
    /// The sweep that was started last; what was complete is written.
    void stop() { job_.control().stop(); }
    [[nodiscard]] BackgroundJob<TradeoffNews>& job() { return job_; }

  private:
    class Reporter;
    /// What is on disk for the base, if anything.
    TradeoffResults openNow(const RunSpec& base, bool forget);
    void sweepNow(const TradeoffPlan& plan, TradeoffResults results, RunControl& control);
    void write(const TradeoffResults& results);
    [[nodiscard]] std::filesystem::path fileOf(const RunSpec& base) const;

    std::filesystem::path folder_;
    std::shared_ptr<PreparedDataCache> cache_;
    BackgroundJob<TradeoffNews> job_; // last: it uses the others
};

} // namespace zipml::ui
