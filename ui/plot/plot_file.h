#pragma once
/// Plots as files: PNG, SVG or PDF by the name's ending, on white, for paper and slides.

#include "core/lab/run_spec.h"
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

/// How a figure is put on paper.
struct PlotLook {
    QSize size;                ///< points, 1/72 inch
    double pixelsPerPoint = 2; ///< PNG
    double fontPoints = 11;
};

/// Draws the figures one below the other, each as `look` says, and writes them aside, then renames.
/// A QApplication must be alive.
/// @param runs whose curves they are: the file carries their settings (core/document/figure_file.h)
/// @throws InputError for another ending than .png, .svg, .pdf; RunError when it cannot be written.
void writePlotFile(const std::vector<Figure>& figures, const PlotLook& look,
                   const std::filesystem::path& file, const std::vector<RunSpec>& runs = {});
/// The same for reports: as a picture, and as an SVG text.
QImage plotImage(const std::vector<Figure>& figures, const PlotLook& look);
QByteArray plotSvg(const std::vector<Figure>& figures, const PlotLook& look);

} // namespace zipml::ui
