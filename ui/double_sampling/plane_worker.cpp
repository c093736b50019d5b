#include "ui/double_sampling/plane_worker.h"

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

void PlaneWorker::ask(const PlaneRequest& request) {
    if (differInMoreThanThePoint(newest_, request))
        job_.abandon();
    newest_ = request;
    job_.startNext([this, request](const Job& job, RunControl&) {
        if (!team_) // its threads have the job's priority
            team_ = std::make_unique<ThreadTeam>();
        PlaneResult result = computePlane(request, *team_, job);
        job_.tell([&](PlaneNews& news) { news.result = std::move(result); });
    });
}

} // namespace zipml::ui
