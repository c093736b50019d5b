#include "ui/plot/draw.h"

#include "ui/plot/plane_line.h"
#include "ui/plot/point_labels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace zipml::ui {
namespace {

/// With more points than this on a curve, markers would run into each other.
constexpr qsizetype kMarkersAtMost = 25;
constexpr qsizetype kHandlesAtMost = 64;
/// Curves of more points, and paths, are drawn segment by segment: Qt strokes a long noisy path a hundred
/// times more slowly.
constexpr qsizetype kPathAtMost = 200;
/// Beyond, lines are a pixel wide and not smoothed, which is six times faster again; noise hides the steps.
constexpr qsizetype kSmoothAtMost = 2000;

QCPGraph::LineStyle lineStyleOf(CurveRole role) {
    switch (role) {
    case CurveRole::Points:
    case CurveRole::Notes:
        return QCPGraph::lsNone;
    case CurveRole::Bars:
        return QCPGraph::lsStepCenter;
    case CurveRole::Impulses:
        return QCPGraph::lsImpulse;
    case CurveRole::Front:
        return QCPGraph::lsStepLeft;
    case CurveRole::Ring:
        return QCPGraph::lsNone;
    default:
        return QCPGraph::lsLine;
    }
}

QColor colorOf(const Curve& curve, const PlotColors& colors) {
    switch (curve.role) {
    case CurveRole::Front:
        return colors.mutedText;
    case CurveRole::Ring:
        return colors.text;
    default:
        return colors.run(curve.run);
    }
}

void styleCurve(QCPGraph& graph, const Curve& curve, const QColor& color) {
    QPen pen(color);
    const bool again =
        curve.run % kRunLooks >= kRunColors; // another run of less has the same colour, and no marker tells
    switch (curve.role) {
    case CurveRole::Main:
        pen.setWidthF(2.0);
        graph.setScatterStyle(markerOf(curve.run, color));
        graph.setScatterSkip(static_cast<int>(std::max<qsizetype>(0, curve.x.size() / kMarkersAtMost - 1)));
        break;
    case CurveRole::Secondary:
        pen.setWidthF(1.6);
        pen.setStyle(again ? Qt::DashDotLine : Qt::DashLine);
        break;
    case CurveRole::Reference:
        pen.setWidthF(1.2);
        pen.setStyle(again ? Qt::DashDotDotLine : Qt::DotLine);
        break;
    case CurveRole::Points:
        graph.setScatterStyle(markerOf(curve.run, color, curve.predicted));
        graph.setScatterSkip(0);
        break;
    case CurveRole::Roof:
        pen.setWidthF(1.6);
        break;
    case CurveRole::Faint:
        pen.setWidthF(1.0);
        pen.setColor(faint(color, 0.35F));
        break;
    case CurveRole::Notes:
        graph.setScatterStyle({QCPScatterStyle::ssCircle, QPen(color, 1.6), Qt::NoBrush, 11});
        graph.setScatterSkip(0);
        break;
    case CurveRole::Bars:
        pen.setWidthF(1.0);
        break;
    case CurveRole::Front:
        pen.setWidthF(5.0);
        pen.setColor(faint(color, 0.4F));
        break;
    case CurveRole::Ring:
        graph.setScatterStyle({QCPScatterStyle::ssCircle, QPen(color, 2), Qt::NoBrush, 15});
        graph.setScatterSkip(0);
        break;
    case CurveRole::Impulses:
        pen.setWidthF(curve.x.size() > kHandlesAtMost ? 1.0 : 1.6);
        if (curve.x.size() > kHandlesAtMost) // what lies behind stays visible
            pen.setColor(faint(color, 0.4F));
        if (!curve.predicted && curve.x.size() <= kHandlesAtMost)
            graph.setScatterStyle({QCPScatterStyle::ssTriangleInverted, color, color, 11});
        graph.setScatterSkip(0);
        break;
    default:
        break; // those in a plane are no graphs
    }
    const bool dense = curve.x.size() > kSmoothAtMost;
    if (dense && pen.widthF() > 1)
        pen.setWidthF(1.0);
    graph.setAntialiased(!dense);
    if (curve.predicted)
        pen.setStyle(Qt::DashLine);
    if (curve.highlighted && !dense)
        pen.setWidthF(pen.widthF() + 2);
    graph.setLayer(curve.role == CurveRole::Front ? "grid" : "main");
    graph.setLineStyle(lineStyleOf(curve.role));
    graph.setPen(pen);
    graph.setBrush(curve.role == CurveRole::Bars ? QBrush(faint(color, 0.3F)) : QBrush(Qt::NoBrush));
}

/// Two graphs without lines, filled between them, behind everything else.
void addBand(QCustomPlot& plot, const Curve& curve, const QColor& color) {
    std::array<QCPGraph*, 2> edges{plot.addGraph(), plot.addGraph()};
    for (auto* edge : edges) {
        edge->setLayer("grid");
        edge->setPen(Qt::NoPen);
        edge->removeFromLegend();
    }
    edges[0]->setData(curve.x, curve.low, true);
    edges[1]->setData(curve.x, curve.high, true);
    edges[1]->setBrush(faint(color, 0.25F));
    edges[1]->setChannelFillGraph(edges[0]);
}

void styleAxis(QCPAxis& axis, const PlotColors& colors) {
    const QPen line(colors.axes);
    axis.setBasePen(line);
    axis.setTickPen(line);
    axis.setSubTickPen(line);
    axis.setLabelColor(colors.text);
    axis.setTickLabelColor(colors.text);
    axis.grid()->setPen(QPen(colors.grid, 0, Qt::SolidLine));
    axis.grid()->setSubGridVisible(false);
    axis.grid()->setZeroLinePen(QPen(colors.grid));
}

void styleScale(QCPAxis& axis, bool logarithmic, double base = 10) {
    axis.setScaleType(logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    if (logarithmic) {
        const QSharedPointer<QCPAxisTickerLog> ticker(new QCPAxisTickerLog);
        ticker->setLogBase(base);
        axis.setTicker(ticker);
    } else {
        axis.setTicker(QSharedPointer<QCPAxisTicker>(new QCPAxisTicker));
    }
    axis.setNumberFormat("gb");
    axis.setNumberPrecision(4);
}

/// Title and caption stand in two rows above the axes, so that an exported plot explains itself.
void placeTexts(QCustomPlot& plot) {
    if (plot.plotLayout()->rowCount() > 1)
        return;
    plot.plotLayout()->insertRow(0);
    plot.plotLayout()->insertRow(0);
    plot.plotLayout()->addElement(0, 0, new QCPTextElement(&plot));
    plot.plotLayout()->addElement(1, 0, new QCPTextElement(&plot));
    plot.plotLayout()->setRowSpacing(0);
}

void styleText(QCustomPlot& plot, int row, const QString& text, const QColor& color, bool bold) {
    auto* element = static_cast<QCPTextElement*>(plot.plotLayout()->element(row, 0));
    QFont font = plot.font();
    font.setBold(bold);
    if (!bold && font.pointSizeF() > 0)
        font.setPointSizeF(font.pointSizeF() * 0.92);
    element->setText(text);
    element->setFont(font);
    element->setTextColor(color);
    element->setTextFlags(Qt::AlignLeft | Qt::AlignVCenter);
    element->setMargins({12, row == 0 ? kPlotMargin : 1, 12, 2});
}

struct Extent {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
    void include(double value) {
        low = std::min(low, value);
        high = std::max(high, value);
    }
    [[nodiscard]] bool empty() const { return !(low <= high); }
};

void fitAxis(QCPAxis& axis, const Extent& extent, bool logarithmic, double below, double above) {
    if (logarithmic) {
        const double factor = std::max(1.3, std::pow(extent.high / extent.low, 0.06));
        axis.setRange(extent.low / factor, extent.high * factor);
        return;
    }
    const double size =
        extent.high > extent.low ? extent.high - extent.low : std::max(std::abs(extent.high), 1e-12);
    axis.setRange(extent.low - below * size, extent.high + above * size);
}

} // namespace

QCPScatterStyle markerOf(int run, const QColor& color, bool hollow) {
    struct Marker {
        QCPScatterStyle::ScatterShape shape, hollow;
        bool stroke; ///< a shape that has no inside
    };
    using Style = QCPScatterStyle;
    static const std::array<Marker, kRunMarkers> markers{
        {{Style::ssDisc, Style::ssCircle, false},
         {Style::ssSquare, Style::ssSquare, false},
         {Style::ssTriangle, Style::ssTriangle, false},
         {Style::ssDiamond, Style::ssDiamond, false},
         {Style::ssCross, Style::ssCrossSquare, true},
         {Style::ssTriangleInverted, Style::ssTriangleInverted, false},
         {Style::ssPlus, Style::ssPlusSquare, true},
         {Style::ssStar, Style::ssCrossCircle, true}}};
    if (run == kNoRun)
        return hollow ? QCPScatterStyle(QCPScatterStyle::ssPlusCircle, QPen(color, 1.6), Qt::NoBrush, 11)
                      : QCPScatterStyle(QCPScatterStyle::ssDisc, color, color, 11);
    const Marker& marker = markers[static_cast<std::size_t>(run) % markers.size()];
    if (hollow)
        return {marker.hollow, QPen(color, 1.6), Qt::NoBrush, 8};
    if (marker.stroke) // stands out from a line through it
        return {marker.shape, QPen(color, 1.6), Qt::NoBrush, 9};
    return {marker.shape, color, color, 6};
}

void styleAxes(QCustomPlot& plot, const Axes& axes, const PlotColors& colors) {
    placeTexts(plot);
    styleText(plot, 0, axes.title, colors.text, true);
    styleText(plot, 1, axes.caption, colors.mutedText, false);
    plot.setBackground(colors.background);
    plot.axisRect()->setBackground(colors.background);
    for (auto* axis : {plot.xAxis, plot.yAxis})
        styleAxis(*axis, colors);
    plot.xAxis->setLabel(axes.xLabel);
    plot.yAxis->setLabel(axes.yLabel);
    styleScale(*plot.yAxis, axes.logarithmic);
    styleScale(*plot.xAxis, axes.logarithmicX, 2);
    constexpr int kLow = 130; // pixels: labels of more ticks would run into each other
    if (!axes.logarithmic && plot.axisRect()->height() < kLow)
        plot.yAxis->ticker()->setTickCount(3);
    plot.legend->setVisible(axes.legend);
    plot.legend->setBrush(
        QColor(colors.background.red(), colors.background.green(), colors.background.blue(), 215));
    plot.legend->setBorderPen(QPen(colors.grid));
    plot.legend->setTextColor(colors.text);
    plot.legend->setFont(plot.font());
    plot.legend->setRowSpacing(0); // low, so that eight runs do not reach below a small plot
    plot.legend->setIconSize(30, QFontMetrics(plot.font()).height());
    if (axes.legendLeft)
        plot.axisRect()->insetLayout()->setInsetAlignment(0, Qt::AlignTop | Qt::AlignLeft);
}

void drawCurves(QCustomPlot& plot, const std::vector<Curve>& curves, const Axes& axes,
                const PlotColors& colors) {
    styleAxes(plot, axes, colors);
    plot.setPlottingHint(QCP::phFastPolylines, std::ranges::any_of(curves, [](const Curve& curve) {
                             return curve.x.size() > kPathAtMost || curve.role == CurveRole::Path;
                         }));
    const auto count = static_cast<int>(curves.size());
    while (plot.graphCount() > count)
        plot.removeGraph(plot.graphCount() - 1);
    while (plot.graphCount() < count)
        plot.addGraph();
    plot.legend->clearItems();
    removePlaneLines(plot);
    for (int i = 0; i < count; ++i) {
        const Curve& curve = curves[static_cast<std::size_t>(i)];
        QCPGraph& graph = *plot.graph(i);
        graph.setScatterStyle(QCPScatterStyle::ssNone);
        graph.setChannelFillGraph(nullptr); // it may have been the edge of a band
        if (isInPlane(curve.role)) {        // by a plottable of its own: x is in no order
            graph.setData({}, {});
            addPlaneLine(plot, curve, colors);
            continue;
        }
        styleCurve(graph, curve, colorOf(curve, colors));
        graph.setName(curve.name);
        graph.setData(curve.x, curve.y, true);
        if (curve.inLegend())
            graph.addToLegend();
    }
    for (const auto& curve : curves)
        if (!curve.low.isEmpty())
            addBand(plot, curve, colors.run(curve.run));
    labelPoints(plot, curves, colors);
    plot.legend->setVisible(axes.legend && plot.legend->itemCount() > 0);
}

void fitAxes(QCustomPlot& plot, const std::vector<Curve>& curves, const Axes& axes) {
    const bool logarithmic = axes.logarithmic;
    Extent x, y;
    for (const auto& curve : curves)
        for (qsizetype i = 0; curve.fits && i < curve.x.size(); ++i) {
            const double value = curve.y[i];
            if (!std::isfinite(value) || (logarithmic && value <= 0))
                continue;
            x.include(curve.x[i]);
            y.include(value);
            if (!curve.low.isEmpty() && !(logarithmic && curve.low[i] <= 0))
                y.include(curve.low[i]);
            if (!curve.high.isEmpty())
                y.include(curve.high[i]);
        }
    if (x.empty()) {
        plot.xAxis->setRange(axes.logarithmicX ? 0.1 : 0, 10);
        plot.yAxis->setRange(logarithmic ? 0.1 : 0, 10);
        return;
    }
    const bool bars = std::ranges::any_of(curves, [](const Curve& c) { return c.role == CurveRole::Bars; });
    if (bars && !logarithmic)
        y.include(0);
    if (x.low == x.high && !axes.logarithmicX)
        x.high += 1;
    if (axes.equalScale) {
        for (const auto& [axis, extent] : {std::pair{plot.xAxis, x}, std::pair{plot.yAxis, y}})
            fitAxis(*axis, extent, false, 0.08, 0.08);
        equalizeScale(plot);
        return;
    }
    fitAxis(*plot.xAxis, x, axes.logarithmicX, 0.01, 0.02);
    fitAxis(*plot.yAxis, y, logarithmic, bars ? 0 : 0.05, 0.08);
}

void equalizeScale(QCustomPlot& plot) {
    const QRect room = plot.axisRect()->rect();
    if (room.width() < 2 || room.height() < 2)
        return;
    const double x = plot.xAxis->range().size() / room.width();
    const double y = plot.yAxis->range().size() / room.height();
    if (x < y)
        plot.xAxis->setRange(plot.xAxis->range().center(), y * room.width(), Qt::AlignCenter);
    else
        plot.yAxis->setRange(plot.yAxis->range().center(), x * room.height(), Qt::AlignCenter);
}

} // namespace zipml::ui
