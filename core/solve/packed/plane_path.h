#pragma once
/// The way that SGD takes through the plane of two parameters (core/estimate/plane.h), update by update.

#include "core/estimate/plane.h"

namespace zipml {

struct PathOptions {
    Eigen::Vector2d start = Eigen::Vector2d::Zero();
    std::optional<double> step; ///< constant, on the average gradient; empty: automatic (autoStep)
    std::size_t batch = 16;     ///< rows an update, chosen at random each time; all rows if there are fewer
    int updates = 150;
    std::uint64_t seed = 1;
};

struct PlanePath {
    EstimatorKind estimator = EstimatorKind::Full;
    std::vector<Eigen::Vector2d> points; ///< the start, and one an update
    bool diverged = false;               ///< then it ends early
};

/// The step that a path takes.
double stepOf(const PlaneProblem& problem, const PathOptions& options);

/// Each update is one of runEpoch, samples rounded afresh. All estimators see the same minibatches. The
/// result does not depend on the team. @throws Cancelled
PlanePath takePath(const QuantizedPlane& plane, EstimatorKind estimator, const PathOptions& options,
                   ThreadTeam& team, const Job& job = {});

} // namespace zipml
