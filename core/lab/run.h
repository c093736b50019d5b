#pragma once
/// RunSpec -> run -> RunRecord. The one place where a spec becomes a computation; every front end calls it.

#include "core/base/run_control.h"
#include "core/lab/prepare.h"
#include "core/lab/run_record.h"

#include <span>

namespace zipml {

/// What a front end wants to be different from the next epoch on.
struct RunWishes {
    /// For stores that are read at any precision; with `roundAnew` for all data in memory.
    std::optional<int> bits;
    std::optional<EstimatorKind> estimator; ///< for linear models on data in memory
    std::optional<GridSpec> grid;           ///< likewise
    bool roundAnew = false;                 ///< the bits are worth it where samples are packed
};

/// Hears of a run from the thread that runs it. Must return quickly: the solver waits for it.
class RunObserver {
  public:
    virtual ~RunObserver() = default;
    /// share of the whole run, 0 to 1; called about once a few milliseconds. `phase`: "loading", "training",
    /// ...
    virtual void onProgress(double /*share*/, std::string_view /*phase*/) {}
    /// The data is ready; `initial` is the state before training. Neither has anything of the exact optimum.
    virtual void onPrepared(const RunSetup& /*setup*/, const EpochRecord& /*initial*/) {}
    /// The exact optimum is known, or that there is none: once, at any time after onPrepared, unless the run is
    /// stopped before. The setup and the states so far with what they have of it.
    virtual void onOptimum(const RunSetup& /*setup*/, const EpochRecord& /*initial*/,
                           std::span<const EpochRecord> /*epochs*/) {}
    virtual void onEpoch(const EpochRecord& /*epoch*/) {}
    /// After a single step (RunControl::stepBatch) inside of an epoch; not part of the record.
    virtual void onStep(const EpochRecord& /*state*/) {}
    /// Asked before each epoch.
    virtual RunWishes wishes() { return {}; }
    /// A wish does not go; the run goes on as it was.
    virtual void onRefused(const std::string& /*why*/) {}
};

/// Runs to the end, to a stop, or to divergence (see RunRecord::status). The record's spec is the one that was
/// wanted, with the device by its full name. Equal specs give equal records,
/// except for seconds, whatever the number of threads and whoever observes.
/// @param cache keeps prepared data between runs; null: prepared for this run only.
/// @throws InputError for bad input, Cancelled when stopped before the first epoch began.
/// @param earlier goes on behind its last epoch, from its model, and keeps its epochs; of the observers'
/// epochs only the new ones are heard of. With a spec of onCpu; null: from the beginning
RunRecord runExperiment(const RunSpec& wanted, RunObserver& observer, RunControl& control,
                        PreparedDataCache* cache = nullptr, const RunRecord* earlier = nullptr);

/// The same on rows that a program holds, which must stay as they are until the end; the spec's data, test and
/// what says how files are read are not looked at, and no optimum is searched. Models are those of a run on a
/// file with these rows. Rows of which no copy is made (rows_in_place.h) follow no wishes.
/// @param earlier goes on behind its last epoch, as above; also on other rows, which its scaling and classes are
/// then given with
RunRecord runOnRows(const RunSpec& wanted, const GivenRows& given, RunObserver& observer, RunControl& control,
                    const RunRecord* earlier = nullptr);

/// What a run that lost its device goes on with: its spec on the cpu, at the step that it had.
RunSpec onCpu(const RunRecord& lost);

} // namespace zipml
