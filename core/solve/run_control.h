#pragma once
/// Start, pause, step and stop, from any thread, for work that runs in another.

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace zipml {

/// Shared by a front end, which calls pause/resume/stepEpoch/stop, and a solver, which polls waitIfPaused.
class RunControl {
  public:
    /// Takes effect at the solver's next minibatch.
    void pause();
    void resume();
    /// Runs to the end of the current epoch (or one whole epoch when between two), then pauses.
    void stepEpoch();
    /// Asks for another width of the samples from the next epoch on; for stores that are read at any
    /// precision, others take no notice. @param bits 1..8
    void setBits(int bits) { bits_ = bits; }
    /// Final: wakes a paused solver and ends the run; epochs that are complete are kept.
    void stop();

    [[nodiscard]] bool paused() const;
    [[nodiscard]] bool stopRequested() const { return stopSource_.stop_requested(); }
    /// For parts of a run that only need to know of a stop (loading, bias measurement).
    [[nodiscard]] std::stop_token stopToken() const { return stopSource_.get_token(); }

    /// Solver side: blocks while paused. @return false when the run should end now.
    bool waitIfPaused();
    /// Solver side: the width asked for, 0 for none.
    [[nodiscard]] int wantedBits() const { return bits_; }
    /// Solver side: an epoch ended; a step that was asked for is over.
    void epochFinished();

  private:
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    bool paused_ = false;
    bool stepping_ = false;
    std::atomic<int> bits_{0};
    std::stop_source stopSource_;
};

} // namespace zipml
