#pragma once
/// What the plane's plot shows of a result.

#include "ui/double_sampling/plane_worker.h"
#include "ui/plot/curve.h"

namespace zipml::ui {

struct PlaneView {
    double arrowScale = 1; ///< arrows are the descent direction, minus the gradient, times this
    bool clouds = true;    ///< each estimate as an arrow
    bool means = true;     ///< with their confidence ellipses
    bool paths = true;
    bool contours = true;
    std::optional<int> updates = {}; ///< of the paths; empty: all
};

/// At most so many of a cloud are drawn; its mean is that of all.
constexpr std::size_t kEstimatesShown = 250;

/// Everywhere an estimator has the same colour, whichever are shown.
int runOf(EstimatorKind estimator);
/// In the order of the check boxes.
std::span<const EstimatorKind> planeEstimators();

std::vector<Curve> planeCurves(const PlaneResult& result, const PlaneView& view);
Axes planeAxes(const PlaneResult& result, const PlaneView& view);

} // namespace zipml::ui
