#pragma once
/// Where a plot's legend stands.

#include "ui/plot/curve.h"

#include <qcustomplot.h>

namespace zipml::ui {

/// Puts the legend into the corner where it hides the fewest points. It leaves a corner only for one that is
/// clearly better, so that it does not jump while curves grow; `axes.legendLeft` keeps it at the top left.
/// The axes' ranges are those that will be shown. Does nothing before the plot has a size.
void placeLegend(QCustomPlot& plot, const std::vector<Curve>& curves, const Axes& axes);

} // namespace zipml::ui
