#pragma once
/// Several estimators reconstruct the same image side by side, in step with each other, in the background.

#include "core/tomography/tomography_run.h"
#include "ui/widgets/background_job.h"

#include <map>

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
    std::vector<TomographyEpoch> points; ///< of each image since it was last asked
    QString message;                     ///< when it diverged; its image stays
};

/// What happened since it was last asked. The share is of all epochs.
struct TomographyNews : JobNews {
    std::optional<TomographyView> measured;
    std::map<std::size_t, ReconstructionNews> runs; ///< by the number of the estimator
};

using TomographyJob = BackgroundJob<TomographyNews>;

/// @param estimators each with `spec`'s other settings
void startReconstruction(TomographyJob& job, const TomographySpec& spec,
                         const std::vector<EstimatorKind>& estimators);

} // namespace zipml::ui
