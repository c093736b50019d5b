#pragma once
/// Where a plot's legend stands, and what stands in it.

#include "ui/plot/curve.h"
#include "ui/theme/palette.h"

#include <qcustomplot.h>

namespace zipml::ui {

/// More would be no legend but a list, which the table of runs is.
inline constexpr int kLegendEntries = 30;
/// Whether there may be one more. QCPLegend::itemCount counts empty cells too.
bool hasRoom(const QCPLegend& legend);

/// Behind the curves' own entries: those that the axes name, and how many curves found no place.
void completeLegend(QCustomPlot& plot, const std::vector<Curve>& curves, const Axes& axes,
                    const PlotColors& colors);

/// Whether it stands to the right of the axes.
bool isLegendBeside(const QCustomPlot& plot);

/// Puts the legend into the corner where it hides the least. It leaves a corner only for one that is clearly
/// better, so that it does not jump while curves grow; `axes.legendLeft` keeps it at the top left. Where it
/// would lie on curves in every corner, or is as large as the plot, it goes below, in columns, and ends with
/// how many more there are where they are too many; where the plot is low and wide enough it goes beside it. The axes' ranges are those that will be shown.
/// Does nothing before the plot has a size. @return whether the axes have another room now
bool placeLegend(QCustomPlot& plot, const std::vector<Curve>& curves, const Axes& axes);

} // namespace zipml::ui
