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
/// What the axes show.
struct ViewRange {
    QCPRange x, y;
};
/// So that all curves are visible, with a margin. The plot only says how much room there is.
ViewRange fittingRange(const QCustomPlot& plot, const std::vector<Curve>& curves, const Axes& axes);
/// Both axes so.
void fitAxes(QCustomPlot& plot, const std::vector<Curve>& curves, const Axes& axes);
/// The nearest to what is wanted that can be drawn and read: not deeper than a millionth of `fitting`, where
/// numbers run out of digits, and not so far away that the curves are a dot.
QCPRange withinReach(const QCPRange& wanted, const QCPRange& fitting, bool logarithmic);

/// Widens one of the axes so that a unit is as long on both. Does nothing before the plot has a size.
void equalizeScale(QCustomPlot& plot);
/// A curve's colour: its run's, unless it has a look of its own.
QColor colorOf(const Curve& curve, const PlotColors& colors);
/// Pixels by which the baseline's lines are broader.
inline constexpr double kHeavier = 1.6;
/// With one of eight patterns of dashes, which repeat. @param index 0: solid
QPen dashed(QPen pen, int index);
/// The marker of this index, which repeat. @param hollow for something predicted
QCPScatterStyle markerOf(int index, const QColor& color, bool hollow = false);

/// Pixels between the lines of the text above a plot and around it.
inline constexpr int kPlotMargin = 6;

} // namespace zipml::ui
