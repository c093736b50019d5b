#include "ui/tomography/tomography_worker.h"

#include "ui/widgets/background_thread.h"

#include <chrono>
#include <utility>

namespace zipml::ui {
namespace {

/// An image is shown after this share of an epoch, so that large ones move too.
constexpr std::size_t kImagesAnEpoch = 4;

} // namespace

struct TomographyWorker::Run {
    TomographySpec spec;
    const Image& truth;
    Reconstruction reconstruction;
    double seconds = 0;
    bool active = true;
};

TomographyWorker::TomographyWorker(TomographySpec spec, std::vector<EstimatorKind> estimators)
    : spec_(std::move(spec)), estimators_(std::move(estimators)) {
    news_.runs.resize(estimators_.size());
    thread_ = std::thread([this] { work(); });
}

TomographyWorker::~TomographyWorker() {
    control_.stop();
    thread_.join();
}

TomographyNews TomographyWorker::takeNews() {
    TomographyNews empty;
    empty.runs.resize(estimators_.size());
    const std::lock_guard lock(mutex_);
    return std::exchange(news_, std::move(empty));
}

void TomographyWorker::tell(double share, std::string_view phase) {
    const std::lock_guard lock(mutex_);
    news_.share = share;
    news_.phase = QString::fromUtf8(phase.data(), static_cast<qsizetype>(phase.size()));
}

void TomographyWorker::work() {
    lowerThreadPriority();
    QString error;
    try {
        reconstruct();
    } catch (const Cancelled&) { // what came so far is shown
    } catch (const std::bad_alloc&) {
        error = "The reconstruction does not fit into memory; use a smaller size or fewer angles";
    } catch (const std::exception& failure) {
        error = QString::fromUtf8(failure.what());
    }
    const std::lock_guard lock(mutex_);
    news_.finished = true;
    news_.error = error;
}

void TomographyWorker::reconstruct() {
    ThreadTeam team(spec_.threads);
    const Job job{control_.stopToken(), [this](double /*share*/, std::string_view phase) { tell(0, phase); }};
    const TomographyProblem problem(spec_, team, job);
    {
        const std::lock_guard lock(mutex_);
        news_.measured = TomographyView{problem.truth(),
                                        {problem.sinogram().begin(), problem.sinogram().end()},
                                        spec_.angles,
                                        detectorsOf(spec_)};
    }
    std::vector<std::unique_ptr<Run>> runs;
    bool active = true;
    while (active) {
        active = false;
        for (std::size_t i = 0; i < estimators_.size(); ++i) {
            if (!control_.waitIfPaused())
                return;
            if (runs.size() == i) { // the first image of one does not wait for the others' stores
                TomographySpec spec = spec_;
                spec.estimator = estimators_[i];
                runs.push_back(std::unique_ptr<Run>(
                    new Run{spec,
                            problem.truth(),
                            {problem.beam(), problem.sinogram(), optionsOf(spec), team, job}}));
            }
            if (runs[i]->active)
                runs[i]->active = advance(*runs[i], i, job);
            active = active || runs[i]->active;
        }
    }
}

bool TomographyWorker::advance(Run& run, std::size_t index, const Job& job) {
    auto& reconstruction = run.reconstruction;
    const auto begin = std::chrono::steady_clock::now();
    const std::size_t views = (static_cast<std::size_t>(spec_.angles) + kImagesAnEpoch - 1) / kImagesAnEpoch;
    reconstruction.runViews(views, stepOf(spec_.schedule, spec_.step, reconstruction.epoch() + 1), job);
    run.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    const TomographyEpoch point{reconstruction.epoch(), reconstruction.epochShare(),
                                errorOf(reconstruction.image(), run.truth), reconstruction.bytesMoved(),
                                run.seconds};
    const bool diverged = hasDiverged(reconstruction, point.error);
    const double done = point.epoch + point.share;
    const std::lock_guard lock(mutex_);
    auto& news = news_.runs[index];
    news_.share = done / spec_.epochs;
    news_.phase = "reconstructing";
    if (diverged) {
        news.message = QString::fromStdString(divergenceMessage(run.spec, point.epoch));
        return false;
    }
    news.image = reconstruction.image();
    news.points.push_back(point);
    return reconstruction.epoch() < spec_.epochs;
}

} // namespace zipml::ui
