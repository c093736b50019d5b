#pragma once
/// DeepSpec -> training -> DeepRecord. The trainer does not know its audience: it calls an observer and polls
/// a RunControl, as core/solve does.

#include "core/base/run_control.h"
#include "core/deep/deep_model.h"
#include "core/deep/image_set.h"

namespace zipml::deep {

/// After a minibatch.
struct DeepStep {
    int iteration = 0; ///< from 1
    int iterations = 0;
    double loss = 0; ///< of the minibatch, before the step
    double learningRate = 0;
};

/// Called from the thread that trains.
class DeepObserver {
  public:
    virtual ~DeepObserver() = default;
    /// @param share of the whole run, 0 to 1
    virtual void onProgress(double /*share*/, std::string_view /*phase*/) {}
    virtual void onPrepared(const DeepSetup& /*setup*/, std::span<const DeepEpoch> /*resumed*/) {}
    virtual void onStep(const DeepStep& /*step*/) {}
    /// With what the network made of each test image.
    virtual void onEpoch(const DeepEpoch& /*epoch*/, const Evaluation& /*test*/) {}
    /// After onEpoch: the network that was evaluated; valid during the call.
    virtual void onModel(const Model& /*model*/) {}
    /// Something went wrong that does not end the run, or the record was written.
    virtual void onNote(std::string_view /*note*/) {}
    /// The record so far, after each evaluation; for whoever keeps it on disk.
    virtual void onRecord(const DeepRecord& /*record*/) {}
};

struct CheckpointPlan {
    std::filesystem::path file; ///< empty: none. Where it exists, training goes on from it
    int every = 0;              ///< iterations; 0: at each evaluation. Also written on stop and at the end
};

struct DeepResult {
    DeepRecord record;
    Model model; ///< as it was at the end
};

/// Loads the data, see the other one. @throws also what loadImageData throws
DeepResult runDeep(const DeepSpec& spec, DeepObserver& observer, RunControl& control,
                   const CheckpointPlan& plan = {});
/// Equal specs and threads give equal curves, also when stopped and gone on from a checkpoint. A stop ends it
/// within one minibatch; complete evaluations are kept. A checkpoint that cannot be written is a note, and
/// tried again at the next time.
/// @throws InputError, RunError (no libtorch; the last checkpoint cannot be written), Cancelled when stopped
/// before the first minibatch.
DeepResult runDeep(const DeepSpec& spec, const ImageData& data, DeepObserver& observer, RunControl& control,
                   const CheckpointPlan& plan = {});

} // namespace zipml::deep
