#pragma once
/// Reconstructions side by side in a thread of their own, in step with each other, with a mailbox that the
/// GUI empties when it likes.

#include "core/tomography/tomography_run.h"

#include <QString>

#include <mutex>
#include <optional>
#include <thread>

namespace zipml::ui {

/// What is measured, as the screen shows it.
struct TomographyView {
    Image truth;
    std::vector<float> sinogram;
    int views = 0, detectors = 0;
};

/// News of one reconstruction.
struct ReconstructionNews {
    std::optional<Image> image;          ///< the newest
    std::vector<TomographyEpoch> points; ///< of each image since the mailbox was last emptied
    QString message;                     ///< when it diverged; its image stays
};

/// What happened since the mailbox was last emptied.
struct TomographyNews {
    std::optional<TomographyView> measured;
    std::vector<ReconstructionNews> runs; ///< one an estimator
    std::optional<double> share;          ///< of all epochs, 0 to 1
    QString phase;
    bool finished = false;
    QString error;
};

class TomographyWorker {
  public:
    /// Starts at once. @param estimators each with `spec`'s other settings
    TomographyWorker(TomographySpec spec, std::vector<EstimatorKind> estimators);
    /// Stops the work and waits for it.
    ~TomographyWorker();
    TomographyWorker(const TomographyWorker&) = delete;
    TomographyWorker& operator=(const TomographyWorker&) = delete;

    RunControl& control() { return control_; }
    [[nodiscard]] TomographyNews takeNews();

  private:
    struct Run;
    void work();
    void reconstruct();
    /// @return whether it goes on
    bool advance(Run& run, std::size_t index, const Job& job);
    void tell(double share, std::string_view phase);

    TomographySpec spec_;
    std::vector<EstimatorKind> estimators_;
    RunControl control_;
    std::mutex mutex_;
    TomographyNews news_;
    std::thread thread_;
};

} // namespace zipml::ui
