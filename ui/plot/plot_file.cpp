#include "ui/plot/plot_file.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/document/figure_file.h"
#include "ui/plot/draw.h"
#include "ui/plot/legend.h"
#include "ui/plot/plot_texts.h"

#include <QBuffer>
#include <QImage>
#include <QPdfWriter>
#include <QSvgGenerator>

#include <memory>

namespace zipml::ui {
namespace {

using Plots = std::vector<std::unique_ptr<QCustomPlot>>;

Plots drawAll(const std::vector<Figure>& figures, const PlotLook& look) {
    Plots plots;
    for (const auto& figure : figures) {
        auto plot = std::make_unique<QCustomPlot>();
        QFont font = plot->font();
        font.setPointSizeF(look.fontPoints);
        plot->setFont(font);
        drawCurves(*plot, figure.curves, figure.axes, PlotColors::light());
        fitAxes(*plot, figure.curves, figure.axes);
        if (figure.xRange)
            plot->xAxis->setRange(*figure.xRange);
        if (figure.yRange)
            plot->yAxis->setRange(*figure.yRange);
        plot->setViewport({{0, 0}, look.size});
        plot->replot(); // finds the room that the axes leave
        if (figure.axes.equalScale)
            equalizeScale(*plot);
        const bool texts = wrapTexts(*plot, figure.axes);
        if (placeLegend(*plot, figure.curves, figure.axes) || texts)
            plot->replot();
        plots.push_back(std::move(plot));
    }
    return plots;
}

void paintAll(const Plots& plots, const QSize& size, QPaintDevice& device, bool vector) {
    QCPPainter painter;
    painter.begin(&device);
    painter.setMode(QCPPainter::pmVectorized, vector);
    painter.setMode(QCPPainter::pmNoCaching, true);
    for (const auto& plot : plots) {
        plot->toPainter(&painter, size.width(), size.height());
        painter.translate(0, size.height());
    }
    painter.end();
}

QImage draw(const Plots& plots, const PlotLook& look) {
    const auto pixels = [&](int points) { return qRound(points * look.pixelsPerPoint); };
    QImage image(pixels(look.size.width()), pixels(look.size.height() * static_cast<int>(plots.size())),
                 QImage::Format_RGB32);
    if (image.isNull()) // Qt says nothing, and saves an empty picture
        throw RunError("there is not enough memory to draw the plots; choose smaller ones");
    image.setDevicePixelRatio(look.pixelsPerPoint);
    const auto setResolution = [&](double dotsPerInch) {
        image.setDotsPerMeterX(qRound(dotsPerInch / 0.0254));
        image.setDotsPerMeterY(qRound(dotsPerInch / 0.0254));
    };
    setResolution(72); // for type: the pixel ratio does the rest
    image.fill(Qt::white);
    paintAll(plots, look.size, image, false);
    setResolution(72 * look.pixelsPerPoint);
    return image;
}

QByteArray png(const Plots& plots, const PlotLook& look) {
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    draw(plots, look).save(&buffer, "PNG");
    return buffer.data();
}

QByteArray svg(const Plots& plots, const PlotLook& look) {
    const QSize size = look.size;
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    const QSize whole(size.width(), size.height() * static_cast<int>(plots.size()));
    generator.setOutputDevice(&buffer);
    generator.setSize(whole);
    generator.setViewBox(QRect(QPoint(0, 0), whole));
    generator.setResolution(72); // one unit a point
    generator.setTitle("ZipML Lab");
    paintAll(plots, size, generator, true);
    return buffer.data();
}

/// @param runs as figureText; empty: it carries none
QByteArray pdf(const Plots& plots, const PlotLook& look, const std::string& runs) {
    const QSize size = look.size;
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setPageSize(
        QPageSize(QSizeF(size.width(), size.height() * static_cast<double>(plots.size())), QPageSize::Point));
    writer.setPageMargins({0, 0, 0, 0});
    writer.setResolution(72); // one unit a point
    writer.setTitle("ZipML Lab");
    if (!runs.empty())
        writer.setDocumentXmpMetadata(QByteArray::fromStdString(xmpOf(runs)));
    paintAll(plots, size, writer, true);
    return buffer.data();
}

} // namespace

void writePlotFile(const std::vector<Figure>& figures, const PlotLook& look,
                   const std::filesystem::path& file, const std::vector<RunSpec>& runs) {
    if (!isFigure(file))
        throw InputError(file.string() + ": the name of a plot must end in .png, .svg or .pdf");
    const std::string text = runs.empty() ? std::string() : figureText(runs);
    const Plots plots = drawAll(figures, look);
    std::string bytes;
    if (file.extension() == ".pdf") {
        bytes = pdf(plots, look, text).toStdString();
    } else {
        const bool isPng = file.extension() == ".png";
        bytes = (isPng ? png(plots, look) : svg(plots, look)).toStdString();
        if (!text.empty())
            bytes = isPng ? pngWithText(bytes, text) : svgWithText(bytes, text);
    }
    writeFileAtomically(file, bytes);
}

QImage plotImage(const std::vector<Figure>& figures, const PlotLook& look) {
    return draw(drawAll(figures, look), look);
}

QByteArray plotSvg(const std::vector<Figure>& figures, const PlotLook& look) {
    return svg(drawAll(figures, look), look);
}

} // namespace zipml::ui
