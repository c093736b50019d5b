#pragma once
/// TomographySpec -> run -> TomographyRecord; and the parts, for whoever runs several side by side.

#include "core/base/run_control.h"
#include "core/base/run_status.h"
#include "core/tomography/tomography_spec.h"

#include <memory>

namespace zipml {

/// What is measured: equal for all runs that differ in the estimator, its bits and its steps only.
class TomographyProblem {
  public:
    /// @throws InputError, Cancelled
    TomographyProblem(const TomographySpec& spec, ThreadTeam& team, const Job& job = {});

    [[nodiscard]] const Image& truth() const { return truth_; }
    [[nodiscard]] const ParallelBeam& beam() const { return *beam_; }
    /// Ray sums with their noise, view by view.
    [[nodiscard]] std::span<const float> sinogram() const { return sinogram_; }

  private:
    Image truth_;
    std::unique_ptr<ParallelBeam> beam_;
    std::vector<float> sinogram_;
};

/// The state of a run after `epoch` epochs.
struct TomographyEpoch {
    int epoch = 0;
    double share = 0; ///< of the next epoch, where an image is shown in the middle of it
    ImageError error;
    std::uint64_t bytesMoved = 0; ///< lengths, ray sums and bounds since the start, the correction once
    double seconds = 0;           ///< of stepping since the start
};

/// @return whether it is diverging: then `error` means nothing.
bool hasDiverged(const Reconstruction& run, const ImageError& error);
/// One line that says what happened and what to change.
std::string divergenceMessage(const TomographySpec& spec, int epoch);

struct TomographyRecord {
    TomographySpec spec;
    int detectors = 0;
    std::uint64_t crossings = 0, storeBytes = 0;
    int bitsPerLength = 32;
    double setupSeconds = 0;      ///< phantom, ray sums and store
    double firstImageSeconds = 0; ///< from the start to the first image
    std::vector<TomographyEpoch> epochs;
    RunStatus status = RunStatus::Completed;
    std::string message; ///< for Diverged
    Image truth, image;  ///< as it was at the end
};
/// Everything but the images.
nlohmann::json toJson(const TomographyRecord& record);

class TomographyObserver {
  public:
    virtual ~TomographyObserver() = default;
    virtual void onProgress(double /*share*/, std::string_view /*phase*/) {}
    virtual void onEpoch(const TomographyEpoch& /*epoch*/) {}
};

/// Equal specs give equal images, whatever the number of threads. Stopped: complete epochs are kept.
/// @throws InputError, Cancelled when stopped before the first epoch began.
TomographyRecord runTomography(const TomographySpec& spec, TomographyObserver& observer, RunControl& control);

} // namespace zipml
