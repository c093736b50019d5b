#include "core/deep/deep_run.h"

#include "core/deep/trainer.h"

#include <cmath>
#include <utility>

namespace zipml::deep {
namespace {

DeepSetup setupOf(const Model& model, const ImageData& data) {
    DeepSetup setup = setupOf(model);
    setup.trainImages = data.train.size();
    setup.testImages = data.test.size();
    setup.fingerprint = data.fingerprint();
    return setup;
}

/// One run, from its first minibatch, or a checkpoint's, to its end.
class Run {
  public:
    Run(const DeepSpec& spec, const ImageData& data, DeepObserver& observer, RunControl& control,
        CheckpointPlan plan)
        : data_(data), observer_(observer), control_(control), plan_(std::move(plan)), trainer_(spec, data) {
        record_.spec = spec;
        resume();
        record_.setup = setupOf(trainer_.model(), data);
        record_.epochs = trainer_.training().epochs;
    }

    DeepResult operator()() {
        observer_.onPrepared(record_.setup, record_.epochs);
        record_.status = RunStatus::Stopped;
        try {
            train();
        } catch (const Cancelled&) {
            // Stopped while evaluating: the checkpoint evaluates again.
        }
        if (record_.status != RunStatus::Diverged && trainer_.model().iteration > 0)
            save(true);
        return {record_, trainer_.model()};
    }

  private:
    void resume() {
        std::error_code code;
        if (plan_.file.empty() || !std::filesystem::exists(plan_.file, code))
            return;
        const Checkpoint checkpoint = readCheckpoint(plan_.file);
        try {
            trainer_.restore(checkpoint);
        } catch (const InputError& error) {
            throw InputError(plan_.file.string() + ": " + error.what());
        }
    }

    void train() {
        const int iterations = trainer_.solver().iterations;
        // A stop may have come between a step and its evaluation.
        if (trainer_.model().iteration > 0 && trainer_.training().images > 0 && trainer_.evaluationDue())
            evaluate();
        while (!trainer_.finished()) {
            if (!control_.waitIfPaused())
                return;
            const double rate = trainer_.learningRate();
            const double loss = trainer_.step();
            if (!std::isfinite(loss)) {
                record_.status = RunStatus::Diverged;
                record_.message = displayName(record_.spec) + ": the loss is not finite after " +
                                  std::to_string(trainer_.model().iteration) +
                                  " minibatches; use a smaller learning rate or more levels";
                return;
            }
            const int iteration = trainer_.model().iteration;
            observer_.onStep({iteration, iterations, loss, rate});
            observer_.onProgress(static_cast<double>(iteration) / iterations, "training");
            if (trainer_.evaluationDue())
                evaluate();
            else if (plan_.every > 0 && iteration % plan_.every == 0)
                save(false);
        }
        finish();
    }

    [[nodiscard]] Job job() {
        return {control_.stopToken(), [this](double, std::string_view phase) {
                    observer_.onProgress(static_cast<double>(trainer_.model().iteration) /
                                             trainer_.solver().iterations,
                                         phase);
                }};
    }

    void evaluate() {
        const Evaluation test = trainer_.evaluateEpoch(job());
        record_.epochs = trainer_.training().epochs;
        observer_.onEpoch(record_.epochs.back(), test);
        observer_.onModel(trainer_.model());
        observer_.onRecord(record_);
        control_.epochFinished();
        if (plan_.every == 0 || trainer_.finished())
            save(false);
    }

    void finish() {
        DeepFinal final;
        final.train = trainer_.evaluate(data_.train, job());
        final.test = trainer_.evaluate(data_.test, job());
        final.confusion = confusionOf(data_.test.labels, final.test.predicted, data_.classes.size());
        record_.final = std::move(final);
        record_.status = RunStatus::Completed;
        observer_.onRecord(record_);
    }

    /// @param last there is no later time to try again
    void save(bool last) {
        if (plan_.file.empty())
            return;
        try {
            writeCheckpoint(trainer_.checkpoint(), plan_.file);
        } catch (const RunError& error) {
            const std::string note =
                std::string("checkpoint not written, the last one is kept: ") + error.what();
            record_.notes.push_back(note);
            observer_.onNote(note);
            if (last)
                record_.message = note;
        }
    }

    const ImageData& data_;
    DeepObserver& observer_;
    RunControl& control_;
    CheckpointPlan plan_;
    Trainer trainer_;
    DeepRecord record_;
};

} // namespace

DeepResult runDeep(const DeepSpec& spec, DeepObserver& observer, RunControl& control,
                   const CheckpointPlan& plan) {
    if (const std::string problem = engineProblem(); !problem.empty())
        throw RunError(problem);
    observer.onProgress(0, "reading images");
    const ImageData data = loadImageData(
        spec.data, spec.seed, spec.trainImages, spec.testImages,
        {control.stopToken(), [&](double, std::string_view phase) { observer.onProgress(0, phase); }});
    return runDeep(spec, data, observer, control, plan);
}

DeepResult runDeep(const DeepSpec& spec, const ImageData& data, DeepObserver& observer, RunControl& control,
                   const CheckpointPlan& plan) {
    return Run(spec, data, observer, control, plan)();
}

} // namespace zipml::deep
