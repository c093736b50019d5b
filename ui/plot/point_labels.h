#pragma once
/// Labels beside points, where there is room for them.

#include "ui/plot/curve.h"
#include "ui/theme/palette.h"

#include <qcustomplot.h>

namespace zipml::ui {

/// Replaces the labels that the plot shows. They keep clear of each other, of all points and of the legend;
/// what finds no place is left out, and stands in the read-out.
void labelPoints(QCustomPlot& plot, const std::vector<Curve>& curves, const PlotColors& colors);

} // namespace zipml::ui
