#include "ui/double_sampling/plane_worker.h"

#include "ui/widgets/background_thread.h"

#include <utility>

namespace zipml::ui {
namespace {

bool differInMoreThanThePoint(PlaneRequest a, const PlaneRequest& b) {
    a.at = b.at;
    return a != b;
}

} // namespace

PlaneResult computePlane(const PlaneRequest& request, ThreadTeam& team, const Job& job) {
    const PlaneProblem problem(request.data);
    const QuantizedPlane plane(problem, request.bits, team);
    const PathOptions path{request.at, request.step, request.batch, request.updates, request.seed};
    PlaneResult result{request,
                       problem.optimum(),
                       problem.gradient(request.at),
                       problem.curvature(),
                       problem.loss(problem.optimum()),
                       plane.naiveLimit(),
                       stepOf(problem, path),
                       drawClouds(plane, request.estimators,
                                  {request.at, request.draws, request.batch, request.seed}, team, job),
                       {}};
    for (const EstimatorKind estimator : request.estimators)
        result.paths.push_back(takePath(plane, estimator, path, team, job));
    return result;
}

PlaneWorker::PlaneWorker() : thread_([this](const std::stop_token& stop) { work(stop); }) {}

PlaneWorker::~PlaneWorker() {
    thread_.request_stop();
    const std::lock_guard lock(mutex_);
    computing_.request_stop();
}

void PlaneWorker::ask(const PlaneRequest& request) {
    const std::lock_guard lock(mutex_);
    if (differInMoreThanThePoint(newest_, request)) {
        computing_.request_stop();
        result_.reset();
    }
    newest_ = request;
    wanted_ = request;
    wake_.notify_one();
}

std::optional<PlaneResult> PlaneWorker::takeResult() {
    const std::lock_guard lock(mutex_);
    return std::exchange(result_, std::nullopt);
}

QString PlaneWorker::takeError() {
    const std::lock_guard lock(mutex_);
    return std::exchange(error_, {});
}

bool PlaneWorker::idle() const {
    const std::lock_guard lock(mutex_);
    return !working_ && !wanted_ && !result_ && error_.isEmpty();
}

void PlaneWorker::work(const std::stop_token& stop) {
    lowerThreadPriority();
    ThreadTeam team;
    while (true) {
        std::unique_lock lock(mutex_);
        working_ = false;
        wake_.wait(lock, stop, [this] { return wanted_.has_value(); });
        if (stop.stop_requested())
            return;
        working_ = true;
        const PlaneRequest request = *std::exchange(wanted_, std::nullopt);
        computing_ = std::stop_source();
        const Job job{computing_.get_token(), {}};
        lock.unlock();
        std::optional<PlaneResult> result;
        QString error;
        try {
            result = computePlane(request, team, job);
        } catch (const Cancelled&) {
        } catch (const std::exception& failure) {
            error = QString::fromUtf8(failure.what());
        }
        lock.lock();
        if (job.stop.stop_requested())
            continue; // nobody waits for it any more
        result_ = std::move(result);
        error_ = error;
    }
}

} // namespace zipml::ui
