#pragma once
/// Draws clouds and takes paths in a thread of its own; the newest request wins.

#include "core/solve/packed/plane_path.h"

#include <QString>

#include <condition_variable>
#include <mutex>
#include <thread>

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

class PlaneWorker {
  public:
    PlaneWorker();
    /// Stops what is under way.
    ~PlaneWorker();
    PlaneWorker(const PlaneWorker&) = delete;
    PlaneWorker& operator=(const PlaneWorker&) = delete;

    /// Replaces what was asked before. What is under way is finished if only the point differs, so that
    /// something comes while a point is dragged; else it is stopped, and its result never seen.
    void ask(const PlaneRequest& request);
    /// Of the newest request, or of one that differs from it only in the point.
    [[nodiscard]] std::optional<PlaneResult> takeResult();
    /// Why there is no result; once.
    [[nodiscard]] QString takeError();
    /// Whether nothing is left to do and nothing to take.
    [[nodiscard]] bool idle() const;

  private:
    void work(const std::stop_token& stop);

    mutable std::mutex mutex_;
    std::condition_variable_any wake_;
    PlaneRequest newest_;
    std::optional<PlaneRequest> wanted_;
    std::optional<PlaneResult> result_;
    std::stop_source computing_;
    QString error_;
    bool working_ = false;
    std::jthread thread_; // last: it uses the others
};

} // namespace zipml::ui
