#pragma once
/// Plots as files: PNG, SVG or PDF by the name's ending, on white, for paper and slides.

#include "ui/plot/curve.h"

#include <qcustomplot.h>

#include <filesystem>
#include <optional>

namespace zipml::ui {

/// One plot of a figure. Without ranges all curves are visible.
struct Figure {
    std::vector<Curve> curves;
    Axes axes;
    std::optional<QCPRange> xRange, yRange;
};

/// Draws the figures one below the other and writes them aside, then renames.
/// @param size of each figure in points (PNG: twice as many pixels). A QApplication must be alive.
/// @throws InputError for another ending than .png, .svg, .pdf; RunError when it cannot be written.
void writePlotFile(const std::vector<Figure>& figures, const QSize& size, const std::filesystem::path& file);

} // namespace zipml::ui
