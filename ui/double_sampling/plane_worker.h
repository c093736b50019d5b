#pragma once
/// A plane worker draws clouds and takes paths in the background; the newest request wins.

#include "core/solve/packed/plane_path.h"
#include "ui/widgets/background_job.h"

namespace zipml::ui {

/// What the page shows.
struct PlaneRequest {
    PlaneData data;
    int bits = 2;
    std::vector<EstimatorKind> estimators{EstimatorKind::Naive, EstimatorKind::Double,
                                          EstimatorKind::Corrected};
    Eigen::Vector2d at{3.6, -1.2}; ///< where gradients are estimated and paths start
    int draws = 200;
    std::size_t batch = 16;
    std::optional<double> step; ///< empty: automatic
    int updates = 150;
    std::uint64_t seed = 1; ///< of draws and paths
    bool operator==(const PlaneRequest&) const = default;
};

struct PlaneResult {
    PlaneRequest request;
    Eigen::Vector2d optimum, gradient; ///< the exact gradient at request.at
    Eigen::Matrix2d curvature;
    double leastLoss = 0;
    Eigen::Vector2d naiveLimit;
    double step = 0; ///< of the paths
    std::vector<GradientCloud> clouds;
    std::vector<PlanePath> paths;
};

/// @throws Cancelled
PlaneResult computePlane(const PlaneRequest& request, ThreadTeam& team, const Job& job = {});

struct PlaneNews : JobNews {
    std::optional<PlaneResult>
        result; ///< of the newest request, or of one that differs from it only in the point

    [[nodiscard]] bool empty() const { return JobNews::empty() && !result; }
};

class PlaneWorker {
  public:
    /// Replaces what was asked before. What is under way is finished if only the point differs, so that
    /// something comes while a point is dragged; else it is stopped, and its result never seen.
    void ask(const PlaneRequest& request);
    [[nodiscard]] BackgroundJob<PlaneNews>& job() { return job_; }

  private:
    PlaneRequest newest_;
    std::unique_ptr<ThreadTeam> team_; ///< the job's
    BackgroundJob<PlaneNews> job_;     // last: it uses the others
};

} // namespace zipml::ui
