#include "core/tomography/tomography_run.h"

#include <chrono>
#include <nlohmann/json.hpp>

namespace zipml {
namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Looks at the control this often, at least.
constexpr std::size_t kViewsAtOnce = 16;

} // namespace

TomographyProblem::TomographyProblem(const TomographySpec& spec, ThreadTeam& team, const Job& job) {
    validate(spec);
    job.report(0, "drawing the phantom");
    truth_ = makePhantom(spec.phantom, spec.size);
    job.checkpoint();
    job.report(0.2, "tracing rays");
    beam_ = std::make_unique<ParallelBeam>(spec.size, spec.angles, detectorsOf(spec), team);
    job.checkpoint();
    job.report(0.4, "measuring ray sums");
    sinogram_ = beam_->project(truth_.pixels, team);
    addNoise(sinogram_, spec.noise, spec.seed);
    job.report(0.6, "rounding rays");
}

bool hasDiverged(const Reconstruction& run, const ImageError& error) {
    constexpr double kHopeless = 100; // times the truth's norm away from it
    return !run.finite() || !(error.relative < kHopeless);
}

std::string divergenceMessage(const TomographySpec& spec, int epoch) {
    return displayName(spec) + ": the image grew without bound in epoch " + std::to_string(epoch) +
           "; use more bits, a smaller step, or rounding each epoch";
}

TomographyRecord runTomography(const TomographySpec& spec, TomographyObserver& observer,
                               RunControl& control) {
    const auto begin = Clock::now();
    ThreadTeam team(spec.threads);
    const Job job{control.stopToken(),
                  [&](double share, std::string_view phase) { observer.onProgress(share, phase); }};
    const TomographyProblem problem(spec, team, job);
    Reconstruction run(problem.beam(), problem.sinogram(), optionsOf(spec), team, job);
    TomographyRecord record;
    record.spec = spec;
    record.detectors = detectorsOf(spec);
    record.crossings = problem.beam().crossings();
    record.storeBytes = run.store().bytes();
    record.bitsPerLength = run.store().bitsPerLength();
    record.truth = problem.truth();
    record.image = run.image();
    record.setupSeconds = secondsSince(begin);
    double stepping = 0;
    while (run.epoch() < spec.epochs) {
        if (!control.waitIfPaused()) {
            record.status = RunStatus::Stopped;
            break;
        }
        const auto started = Clock::now();
        bool ended = false;
        try {
            ended = run.runViews(kViewsAtOnce, stepOf(spec.schedule, spec.step, run.epoch() + 1), job);
        } catch (const Cancelled&) {
            continue;
        }
        stepping += secondsSince(started);
        observer.onProgress((run.epoch() + run.epochShare()) / spec.epochs, "reconstructing");
        if (!ended)
            continue;
        if (run.epoch() == 1)
            record.firstImageSeconds = secondsSince(begin);
        const TomographyEpoch epoch{run.epoch(), 0, errorOf(run.image(), record.truth), run.bytesMoved(),
                                    stepping};
        if (hasDiverged(run, epoch.error)) {
            record.status = RunStatus::Diverged;
            record.message = divergenceMessage(spec, run.epoch());
            break;
        }
        record.image = run.image();
        record.epochs.push_back(epoch);
        observer.onEpoch(epoch);
        control.epochFinished();
    }
    return record;
}

namespace {

nlohmann::json describe(const TomographyEpoch& epoch) {
    return {{"epoch", epoch.epoch},
            {"relative_error", epoch.error.relative},
            {"psnr", epoch.error.psnr},
            {"bytes_moved", epoch.bytesMoved},
            {"seconds", epoch.seconds}};
}

} // namespace

nlohmann::json toJson(const TomographyRecord& record) {
    nlohmann::json epochs = nlohmann::json::array();
    for (const auto& epoch : record.epochs)
        epochs.push_back(describe(epoch));
    return {{"spec", toJson(record.spec)},
            {"status", nameOf(record.status)},
            {"message", record.message},
            {"geometry",
             {{"rays",
               static_cast<std::uint64_t>(record.spec.angles) * static_cast<std::uint64_t>(record.detectors)},
              {"detectors", record.detectors},
              {"crossings", record.crossings}}},
            {"store", {{"bytes", record.storeBytes}, {"bits_per_length", record.bitsPerLength}}},
            {"setup_seconds", record.setupSeconds},
            {"first_image_seconds", record.firstImageSeconds},
            {"epochs", epochs},
            {"final", record.epochs.empty() ? nlohmann::json(nullptr) : describe(record.epochs.back())}};
}

} // namespace zipml
