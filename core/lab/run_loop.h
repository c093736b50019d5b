#pragma once
/// The one loop of a run, epoch by epoch, whatever is trained on: it measures, reports, ends early, and makes
/// the record.

#include "core/base/job.h"
#include "core/lab/run.h"

#include <functional>

namespace zipml {

/// What is trained on: data in memory (memory_run.h), or a store on disk (store_run.h).
class TrainingSubject {
  public:
    virtual ~TrainingSubject() = default;

    /// The spec as it is trained, before anything is changed in mid-run.
    [[nodiscard]] virtual const RunSpec& spec() const = 0;
    /// Chooses the step, and says what is known before the first one.
    virtual void describe(RunSetup& setup) = 0;
    /// Goes on behind an earlier run's last epoch.
    virtual void takeOver(const RunRecord& earlier) = 0;
    /// Of the first epoch, before the schedule.
    [[nodiscard]] virtual double step() const = 0;

    /// @param progress hears the share of the epoch that is done
    /// @return false when stopped before the end, or when a model is no longer finite
    virtual bool trainEpoch(int epoch, const std::function<void(double share)>& progress) = 0;
    /// All models become what they were before the epoch that was trained last, also in part.
    virtual void takeBack() = 0;
    /// The state after `epoch` complete epochs. @param within share of the next one that is done
    virtual EpochRecord measure(int epoch, double within) = 0;
    /// Fills in what the record has of the exact optimum, setup and states, once it is known.
    /// @param wait until it is @return whether it has come to be known in this call; it does once a run
    /// @throws Cancelled
    virtual bool followOptimum(RunRecord& /*record*/, bool /*wait*/) { return false; }
    /// What shows that a state is better than the exact optimum, which is then wrong; empty: nothing does.
    [[nodiscard]] virtual std::string belowOptimum() const { return {}; }

    /// A message for a run whose loss grows. @param what it was seen by
    [[nodiscard]] virtual std::string divergence(const RunRecord& record, int epoch,
                                                 const std::string& what) const = 0;
    /// The model, and what is known only at the end.
    virtual void finish(RunRecord& record) = 0;
};

/// @param earlier as for runExperiment
RunRecord runLoop(TrainingSubject& subject, RunObserver& observer, RunControl& control,
                  const RunRecord* earlier = nullptr);

/// "0.0123", for messages.
std::string shortNumber(double number);

} // namespace zipml
