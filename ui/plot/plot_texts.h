#pragma once
/// The texts around a plot: title, caption and the axes' labels, whole, in lines as long as there is room.

#include "ui/plot/curve.h"
#include "ui/theme/palette.h"

#include <qcustomplot.h>

namespace zipml::ui {

/// Title and caption stand in two rows above the axes, so that an exported plot explains itself.
void styleTexts(QCustomPlot& plot, const Axes& axes, const PlotColors& colors);
/// Breaks the texts into lines for the size that the plot has now. @return whether any was broken otherwise
bool wrapTexts(QCustomPlot& plot, const Axes& axes);

/// In lines of at most `width` pixels where words allow it; where the text has gaps of three spaces, preferably
/// there.
QString wrapped(const QString& text, const QFontMetrics& metrics, int width);

} // namespace zipml::ui
