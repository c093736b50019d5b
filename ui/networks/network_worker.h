#pragma once
/// A network worker trains one network in the background and keeps its news for the window.

#include "core/deep/deep_run.h"
#include "core/deep/layer_view.h"
#include "ui/networks/image_store.h"
#include "ui/widgets/background_job.h"

namespace zipml::ui {

/// A network as it was evaluated, ready to be shown. A run keeps its newest one.
struct NetworkSnapshot {
    deep::Model model;
    deep::Evaluation test;                ///< of all test images; empty where it was stopped before it came
    std::vector<std::uint32_t> confusion; ///< as confusionOf
    std::vector<deep::LayerView> layers;
    deep::FilterBank filters;
    std::shared_ptr<const deep::ImageSet> images; ///< the test images; null: not read
};

/// Without test images. @param model trained for a minibatch at least
std::shared_ptr<NetworkSnapshot> snapshotOf(const deep::Model& model);

/// What happened since it was last asked.
struct NetworkNews : JobNews {
    std::optional<deep::DeepSetup> setup; ///< with `resumed`
    std::vector<deep::DeepEpoch> resumed;
    std::vector<deep::DeepStep> steps;
    std::vector<deep::DeepEpoch> epochs;
    std::shared_ptr<const NetworkSnapshot> snapshot; ///< the newest
    QString note;                                    ///< something to tell that does not end the run
    std::optional<RunStatus> status; ///< when finished, unless it failed or was stopped before it began;
                                     ///< `error` says then why it diverged

    [[nodiscard]] bool empty() const {
        return JobNews::empty() && !setup && steps.empty() && epochs.empty() && !snapshot && note.isEmpty();
    }
};

class NetworkWorker final : private deep::DeepObserver {
  public:
    /// Starts at once. @param store outlives this @param checkpoint goes on from it where it exists, and is
    /// written at evaluations and on stop
    NetworkWorker(deep::DeepSpec spec, ImageStore& store, std::filesystem::path checkpoint);

    [[nodiscard]] RunControl& control() const { return job_.control(); }
    [[nodiscard]] NetworkNews takeNews();

  private:
    void onProgress(double share, std::string_view phase) override;
    void onPrepared(const deep::DeepSetup& setup, std::span<const deep::DeepEpoch> resumed) override;
    void onStep(const deep::DeepStep& step) override;
    void onEpoch(const deep::DeepEpoch& epoch, const deep::Evaluation& test) override;
    void onModel(const deep::Model& model) override;
    void onNote(std::string_view note) override;
    void train(const Job& job, RunControl& control);
    void show(const deep::Model& model, deep::Evaluation test);

    deep::DeepSpec spec_;
    ImageStore& store_;
    std::filesystem::path checkpoint_;
    std::shared_ptr<const StoredImages> images_;
    deep::Evaluation evaluation_; ///< until its model comes
    int shownIteration_ = 0;
    std::optional<RunStatus> status_; ///< the job's until it has finished, as `message_`
    QString message_;
    BackgroundJob<NetworkNews> job_; // last: it uses the others
};

} // namespace zipml::ui
