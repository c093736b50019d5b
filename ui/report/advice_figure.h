#pragma once
/// The plot of a bit advisor's forecasts: loss above full precision's against bits, a line an estimator with
/// its levels.

#include "core/advise/advice.h"
#include "ui/plot/curve.h"

namespace zipml::ui {

/// @param tolerance is a line across the plot
std::vector<Curve> adviceCurves(const Advice& advice, double tolerance);
Axes adviceAxes(double tolerance);

} // namespace zipml::ui
