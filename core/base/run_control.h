#pragma once
/// Start, pause, step and stop, from any thread, for work that runs in another.

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <stop_token>

namespace zipml {

/// Shared by a front end, which calls pause/resume/stepEpoch/stop, and a solver, which polls waitIfPaused or
/// admitBatches; a sweep's solvers share one, in threads of their own, and are paused and stopped, not stepped.
class RunControl {
  public:
    /// Takes effect at the solver's next minibatch.
    void pause();
    void resume();
    /// Runs to the end of the current epoch (or one whole epoch when between two), then pauses.
    void stepEpoch();
    /// Runs one minibatch, then pauses; for linear models.
    void stepBatch();
    /// Final: wakes a paused solver and ends the run; epochs that are complete are kept.
    void stop();

    [[nodiscard]] bool paused() const;
    [[nodiscard]] bool stopRequested() const { return stopSource_.stop_requested(); }
    /// For parts of a run that only need to know of a stop (loading, bias measurement).
    [[nodiscard]] std::stop_token stopToken() const { return stopSource_.get_token(); }

    /// Solver side: blocks while paused. @return false when the run should end now.
    bool waitIfPaused();
    /// Solver side: blocks while paused. @param wanted at least 1 @return how many minibatches may run before
    /// it asks again: `wanted`, 1 of a single step, 0 when the run should end now
    std::size_t admitBatches(std::size_t wanted);
    /// Solver side: the minibatch that was admitted last is a single step.
    [[nodiscard]] bool steppedBatch() const { return steppedBatch_; }
    /// Solver side: seconds spent in waiting so far.
    [[nodiscard]] double secondsWaited() const { return secondsWaited_; }
    /// Solver side: an epoch ended; a step that was asked for is over.
    void epochFinished();

  private:
    /// Until there is work to do or the run ends. @return false when it does
    bool wait(std::unique_lock<std::mutex>& lock);

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    bool paused_ = false;
    bool stepping_ = false;     ///< an epoch
    bool batchAllowed_ = false; ///< one, while paused
    std::atomic<bool> steppedBatch_ = false;
    std::atomic<double> secondsWaited_ = 0;
    std::stop_source stopSource_;
};

} // namespace zipml
