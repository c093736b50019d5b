#include "core/lab/run_loop.h"

#include "core/lab/compute_device.h"
#include "core/lab/early_end.h"
#include "core/lab/method_of.h"

#include <chrono>
#include <cstdio>

namespace zipml {
namespace {

class RunLoop {
  public:
    RunLoop(TrainingSubject& subject, RunObserver& observer, RunControl& control)
        : subject_(subject), observer_(observer), control_(control), sgd_(subject.spec().sgd) {}

    RunRecord run(const RunRecord* earlier) {
        record_.spec = subject_.spec();
        subject_.describe(record_.setup);
        if (earlier != nullptr) {
            record_.initial = earlier->initial;
            record_.epochs = earlier->epochs;
            record_.message = earlier->message;
            subject_.takeOver(*earlier);
        } else {
            record_.initial = measured(0, 0);
        }
        observer_.onPrepared(record_.setup, record_.initial);
        try {
            followOptimum(false);
            train();
        } catch (const Cancelled&) { // during an epoch's evaluation: that epoch does not count
            record_.status = RunStatus::Stopped;
        } catch (const DeviceError& error) { // nor does one that the device did not finish
            record_.status = RunStatus::DeviceLost;
            record_.message =
                "the device " + record_.spec.device + " was lost in epoch " + std::to_string(nextEpoch()) +
                " (" + error.what() +
                "); what was complete is kept and can go on on the cpu (Go on on the CPU in the "
                "window, --cpu-fallback on the command line)";
        }
        if (evaluating_)
            subject_.takeBack();
        awaitOptimum();
        if (const std::string wrong = subject_.belowOptimum();
            !wrong.empty() && record_.status != RunStatus::DeviceLost) {
            record_.message = wrong;
            if (record_.status != RunStatus::Stopped)
                record_.status = RunStatus::BelowOptimum;
        }
        subject_.finish(record_);
        return std::move(record_);
    }

  private:
    [[nodiscard]] int nextEpoch() const { return static_cast<int>(record_.epochs.size()) + 1; }

    void train() {
        EarlyEnd early(sgd_.earlyStop, record_.initial.trainLoss);
        for (int epoch = nextEpoch(); epoch <= sgd_.epochs; ++epoch) {
            if (!control_.waitIfPaused()) {
                record_.status = RunStatus::Stopped;
                return;
            }
            begin_ = std::chrono::steady_clock::now();
            idleBefore_ = control_.secondsWaited();
            const bool finished =
                subject_.trainEpoch(epoch, [&](double share) { reportProgress(epoch, share); });
            const double seconds = secondsTrained();
            if (!finished) {
                subject_.takeBack();
                if (control_.stopRequested())
                    record_.status = RunStatus::Stopped;
                else
                    reportDivergence(epoch, "the model's weights overflowed");
                return;
            }
            if (!report(epoch, seconds, early))
                return;
            control_.epochFinished();
        }
    }

    /// @return whether the run goes on
    bool report(int epoch, double seconds, EarlyEnd& early) {
        evaluating_ = true; // should it be stopped
        EpochRecord result = measured(epoch, 0);
        evaluating_ = false;
        result.step = stepOf(sgd_, subject_.step(), epoch);
        result.seconds = seconds;
        record_.epochs.push_back(result);
        observer_.onEpoch(result);
        if (early.hasDiverged(result)) {
            reportDivergence(epoch, "the training loss " + shortNumber(result.trainLoss) + " is more than " +
                                        shortNumber(EarlyEnd::kDivergedFactor) + " times its start " +
                                        shortNumber(record_.initial.trainLoss));
            return false;
        }
        followOptimum(false);
        if (early.improvesNoMore(result))
            record_.status = RunStatus::EarlyStopped;
        return record_.status != RunStatus::EarlyStopped;
    }

    void followOptimum(bool wait) {
        if (subject_.followOptimum(record_, wait))
            observer_.onOptimum(record_.setup, record_.initial, record_.epochs);
    }

    [[nodiscard]] bool knowsOptimum() const {
        return record_.setup.optimumLoss || !record_.setup.optimumNote.empty();
    }

    /// At the end; whoever stops the run, now or before, does not wait for it.
    void awaitOptimum() {
        const bool stopped = record_.status == RunStatus::Stopped;
        try {
            followOptimum(false);
            if (!stopped && !knowsOptimum()) {
                observer_.onProgress(static_cast<double>(record_.epochs.size()) / sgd_.epochs,
                                     "finding the exact optimum");
                followOptimum(true);
            }
        } catch (const Cancelled&) { // told below
        }
        if (!knowsOptimum() && control_.stopRequested())
            record_.setup.optimumNote = "the run was stopped before the exact optimum was found";
    }

    void reportProgress(int epoch, double share) {
        observer_.onProgress((epoch - 1 + share) / sgd_.epochs, "training");
        if (control_.steppedBatch() && share < 1)
            reportStep(epoch, share);
    }

    void reportStep(int epoch, double share) {
        const double seconds = secondsTrained();
        const auto begin = std::chrono::steady_clock::now();
        EpochRecord state = measured(epoch - 1, share);
        state.step = stepOf(sgd_, subject_.step(), epoch);
        state.seconds = seconds;
        observer_.onStep(state);
        begin_ += std::chrono::steady_clock::now() - begin;
    }

    /// Of this epoch so far, without pauses and what a step's report took.
    [[nodiscard]] double secondsTrained() const {
        const std::chrono::duration<double> all = std::chrono::steady_clock::now() - begin_;
        return all.count() - (control_.secondsWaited() - idleBefore_);
    }

    [[nodiscard]] EpochRecord measured(int epoch, double within) {
        const auto begin = std::chrono::steady_clock::now();
        EpochRecord state = subject_.measure(epoch, within);
        state.measuringSeconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        return state;
    }

    void reportDivergence(int epoch, const std::string& what) {
        record_.status = RunStatus::Diverged;
        record_.message = subject_.divergence(record_, epoch, what);
    }

    TrainingSubject& subject_;
    RunObserver& observer_;
    RunControl& control_;
    const SgdOptions sgd_;
    RunRecord record_;
    std::chrono::steady_clock::time_point begin_;
    double idleBefore_ = 0;   ///< seconds
    bool evaluating_ = false; ///< a complete epoch that is not in the record yet
};

} // namespace

RunRecord runLoop(TrainingSubject& subject, RunObserver& observer, RunControl& control,
                  const RunRecord* earlier) {
    return RunLoop(subject, observer, control).run(earlier);
}

std::string shortNumber(double number) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", number);
    return text;
}

} // namespace zipml
