#pragma once
/// One run in a thread of its own, with a mailbox that the GUI empties when it likes: neither waits for the
/// other.

#include "core/lab/run.h"

#include <QString>

#include <mutex>
#include <optional>
#include <thread>

namespace zipml::ui {

/// What happened since the mailbox was last emptied.
struct RunNews {
    std::optional<RunSetup> setup; ///< with `initial`
    std::optional<EpochRecord> initial;
    std::vector<EpochRecord> epochs;
    std::vector<EpochRecord> steps; ///< single ones, inside of epochs
    std::optional<double> share;    ///< of the whole run, 0 to 1
    QString phase;
    bool finished = false;
    std::optional<RunRecord> record; ///< when finished, unless it failed or was stopped before it began
    QString error;                   ///< when it failed
    QString refused;                 ///< why something that was asked for does not go

    [[nodiscard]] bool empty() const {
        return !setup && epochs.empty() && steps.empty() && !share && !finished && refused.isEmpty();
    }
};

class RunWorker final : private RunObserver {
  public:
    /// Starts at once. @param cache shared by all workers; outlives them
    /// @param earlier what the run goes on from; empty: from the beginning
    RunWorker(RunSpec spec, PreparedDataCache& cache, bool paused,
              std::optional<RunRecord> earlier = std::nullopt);
    /// Stops the run and waits for it.
    ~RunWorker() override;
    RunWorker(const RunWorker&) = delete;
    RunWorker& operator=(const RunWorker&) = delete;

    RunControl& control() { return control_; }
    /// From the next epoch on (RunWishes).
    void setBits(int bits);
    void setEstimator(EstimatorKind estimator);
    [[nodiscard]] RunNews takeNews();

  private:
    void onProgress(double share, std::string_view phase) override;
    void onPrepared(const RunSetup& setup, const EpochRecord& initial) override;
    void onEpoch(const EpochRecord& epoch) override;
    void onStep(const EpochRecord& state) override;
    RunWishes wishes() override;
    void onRefused(const std::string& why) override;
    void work(PreparedDataCache& cache);

    RunSpec spec_;
    std::optional<RunRecord> earlier_;
    RunControl control_;
    std::mutex mutex_;
    RunNews news_;
    RunWishes wishes_;
    std::thread thread_;
};

} // namespace zipml::ui
