#pragma once
/// Zero has no place on a logarithmic axis, so it gets one: a strip along the edge of the plot that stays
/// there whatever is zoomed.

#include "ui/plot/curve.h"
#include "ui/theme/palette.h"

#include <qcustomplot.h>

namespace zipml::ui {

/// Which of the axes have zeros to show.
struct ZeroPlaces {
    bool x = false, y = false;
};
ZeroPlaces zeroPlaces(const std::vector<Curve>& curves, const Axes& axes);

/// How wide a strip is, in pixels.
double zeroStripSize(const QCustomPlot& plot);

/// Where a point is drawn, in pixels: at its coordinates or in a strip; none where it has no place.
std::optional<QPointF> placeOf(const QCustomPlot& plot, const Axes& axes, double x, double y);

/// Replaces the strips of the plot.
void showZeros(QCustomPlot& plot, const std::vector<Curve>& curves, const Axes& axes,
               const PlotColors& colors);

} // namespace zipml::ui
