#pragma once
/// Draws curves on a QCustomPlot: the same for the live plots and for exported files.

#include "ui/plot/curve.h"
#include "ui/theme/palette.h"

#include <qcustomplot.h>

namespace zipml::ui {

/// Title, caption, axes, colours, legend.
void styleAxes(QCustomPlot& plot, const Axes& axes, const PlotColors& colors);
/// Replaces what the plot shows.
void drawCurves(QCustomPlot& plot, const std::vector<Curve>& curves, const Axes& axes,
                const PlotColors& colors);
/// Both axes so that all curves are visible, with a margin.
void fitAxes(QCustomPlot& plot, const std::vector<Curve>& curves, const Axes& axes);

/// Widens one of the axes so that a unit is as long on both. Does nothing before the plot has a size.
void equalizeScale(QCustomPlot& plot);
/// Markers of runs repeat after so many; colours after fewer, so that this many runs look different.
inline constexpr int kRunMarkers = 8;
/// The marker of a run. @param hollow for something predicted
QCPScatterStyle markerOf(int run, const QColor& color, bool hollow = false);

/// Pixels between the lines of the text above a plot and around it.
inline constexpr int kPlotMargin = 6;

} // namespace zipml::ui
