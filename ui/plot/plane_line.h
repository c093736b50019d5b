#pragma once
/// Lines in a plane of two parameters, whose points come in any order of x: clouds, arrows, paths, outlines
/// and contours.

#include "ui/plot/curve.h"
#include "ui/theme/palette.h"

#include <qcustomplot.h>

namespace zipml::ui {

bool isInPlane(CurveRole role);
/// Adds a curve whose role is in a plane, and its entry to the legend if it has one.
void addPlaneLine(QCustomPlot& plot, const Curve& curve, const PlotColors& colors);
/// All that were added.
void removePlaneLines(QCustomPlot& plot);

} // namespace zipml::ui
