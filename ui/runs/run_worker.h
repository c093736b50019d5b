#pragma once
/// A run worker trains one run in the background and keeps its news for the window.

#include "core/lab/run.h"
#include "ui/widgets/background_job.h"

#include <atomic>
#include <functional>

namespace zipml::ui {

/// The exact optimum has come to be known: what the setup and the states that were told so far have of it.
struct OptimumNews {
    RunSetup setup;
    EpochRecord initial;
    std::vector<EpochRecord> epochs;
};

/// What happened since it was last asked.
struct RunNews : JobNews {
    std::optional<RunSetup> setup; ///< with `initial`
    std::optional<EpochRecord> initial;
    std::vector<EpochRecord> epochs;
    std::vector<EpochRecord> steps;     ///< single ones, inside of epochs
    std::optional<OptimumNews> optimum; ///< of the states up to the last of `epochs` at that time
    std::optional<RunRecord> record;    ///< when finished, unless it failed or was stopped before it began
    QString refused;                    ///< why something that was asked for does not go

    [[nodiscard]] bool empty() const {
        return JobNews::empty() && !setup && epochs.empty() && steps.empty() && !optimum && refused.isEmpty();
    }
};

/// How a run that trains is to round samples.
struct RoundingWish {
    EstimatorKind estimator = EstimatorKind::Double;
    int bits = 3;
    GridSpec grid;
    bool operator==(const RoundingWish&) const = default;
};

class RunWorker final : private RunObserver {
  public:
    /// Starts at once. @param cache shared by all workers; outlives them
    /// @param wake called in the run's thread when there is news and the last was taken
    /// @param earlier what the run goes on from; empty: from the beginning
    RunWorker(RunSpec spec, PreparedDataCache& cache, std::function<void()> wake,
              std::optional<RunRecord> earlier = std::nullopt);

    [[nodiscard]] RunControl& control() const { return job_.control(); }
    /// From the next epoch on (RunWishes).
    void setBits(int bits);
    void setEstimator(EstimatorKind estimator);
    void setRounding(const RoundingWish& wish);
    [[nodiscard]] RunNews takeNews();

  private:
    void onProgress(double share, std::string_view phase) override;
    void onPrepared(const RunSetup& setup, const EpochRecord& initial) override;
    void onOptimum(const RunSetup& setup, const EpochRecord& initial,
                   std::span<const EpochRecord> epochs) override;
    void onEpoch(const EpochRecord& epoch) override;
    void onStep(const EpochRecord& state) override;
    RunWishes wishes() override;
    void onRefused(const std::string& why) override;

    void told();

    RunSpec spec_;
    std::function<void()> wake_;
    std::atomic<bool> told_ = false; ///< since the news was taken
    std::optional<RunRecord> earlier_;
    std::mutex mutex_;
    RunWishes wishes_;
    std::optional<RunRecord> record_; ///< the job's until it has finished
    BackgroundJob<RunNews> job_;      // last: it uses the others
};

} // namespace zipml::ui
