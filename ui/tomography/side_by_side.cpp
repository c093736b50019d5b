#include "ui/tomography/side_by_side.h"

#include <chrono>

namespace zipml::ui {
namespace {

/// An image is shown after this share of an epoch, so that large ones move too.
constexpr std::size_t kImagesAnEpoch = 4;

struct Run {
    TomographySpec spec;
    const Image& truth;
    Reconstruction reconstruction;
    double seconds = 0;
    bool active = true;
};

/// @return whether it goes on
bool advance(Run& run, std::size_t index, TomographyJob& mailbox, const Job& job) {
    auto& reconstruction = run.reconstruction;
    const auto begin = std::chrono::steady_clock::now();
    const std::size_t views =
        (static_cast<std::size_t>(run.spec.angles) + kImagesAnEpoch - 1) / kImagesAnEpoch;
    const double step = stepOf(run.spec.schedule, run.spec.step, reconstruction.epoch() + 1);
    reconstruction.runViews(views, step, job);
    run.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    const TomographyEpoch point{reconstruction.epoch(), reconstruction.epochShare(),
                                errorOf(reconstruction.image(), run.truth), reconstruction.bytesMoved(),
                                run.seconds};
    const bool diverged = hasDiverged(reconstruction, point.error);
    mailbox.report((point.epoch + point.share) / run.spec.epochs, "reconstructing");
    mailbox.tell([&](TomographyNews& news) {
        auto& each = news.runs[index];
        if (diverged) {
            each.message = QString::fromStdString(divergenceMessage(run.spec, point.epoch));
            return;
        }
        each.image = reconstruction.image();
        each.points.push_back(point);
    });
    return !diverged && reconstruction.epoch() < run.spec.epochs;
}

void reconstruct(const TomographySpec& wanted, const std::vector<EstimatorKind>& estimators,
                 TomographyJob& mailbox, const Job& job, RunControl& control) {
    ThreadTeam team(wanted.threads);
    const Job unmeasured{job.stop, [&](double /*share*/, std::string_view phase) { job.report(0, phase); }};
    const TomographyProblem problem(wanted, team, unmeasured);
    mailbox.tell([&](TomographyNews& news) {
        news.measured = TomographyView{problem.truth(),
                                       {problem.sinogram().begin(), problem.sinogram().end()},
                                       wanted.angles,
                                       detectorsOf(wanted)};
    });
    std::vector<std::unique_ptr<Run>> runs;
    bool active = true;
    while (active) {
        active = false;
        for (std::size_t i = 0; i < estimators.size(); ++i) {
            if (!control.waitIfPaused())
                return;
            if (runs.size() == i) { // the first image of one does not wait for the others' stores
                TomographySpec spec = wanted;
                spec.estimator = estimators[i];
                runs.push_back(std::unique_ptr<Run>(
                    new Run{spec,
                            problem.truth(),
                            {problem.beam(), problem.sinogram(), optionsOf(spec), team, unmeasured}}));
            }
            if (runs[i]->active)
                runs[i]->active = advance(*runs[i], i, mailbox, unmeasured);
            active = active || runs[i]->active;
        }
    }
}

} // namespace

void startReconstruction(TomographyJob& job, const TomographySpec& spec,
                         const std::vector<EstimatorKind>& estimators) {
    job.start(
        [&job, spec, estimators](const Job& each, RunControl& control) {
            reconstruct(spec, estimators, job, each, control);
        },
        "The reconstruction does not fit into memory; use a smaller size or fewer angles");
}

} // namespace zipml::ui
