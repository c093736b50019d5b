#include "ui/plot/draw.h"

#include "ui/plot/curve_graph.h"
#include "ui/plot/legend.h"
#include "ui/plot/log_ticker.h"
#include "ui/plot/plane_line.h"
#include "ui/plot/plot_texts.h"
#include "ui/plot/point_labels.h"
#include "ui/plot/zero_strip.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace zipml::ui {
namespace {

/// With more points than this on a curve, markers would run into each other; with more in a plot, curves.
constexpr qsizetype kMarkersAtMost = 25, kMarkersOfPlot = 1200, kMarkersAtLeast = 4;
/// With more lines than this they lie on each other, and smooth ones only take longer.
constexpr std::ptrdiff_t kSmoothLines = 60;
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
    case CurveRole::Diverged:
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

/// @param markers of a curve, at most
void styleCurve(QCPGraph& graph, const Curve& curve, const QColor& color, qsizetype markers) {
    QPen pen(color);
    const RunLook look = curve.runLook();
    const bool again = look.shade > 0; // another run has the same colour, and no marker tells
    switch (curve.role) {
    case CurveRole::Main:
        pen.setWidthF(2.0);
        graph.setScatterStyle(markerOf(look.marker, color));
        graph.setScatterSkip(static_cast<int>(std::max<qsizetype>(0, curve.x.size() / markers - 1)));
        pen = dashed(pen, curve.look.dash.value_or(0));
        break;
    case CurveRole::Secondary:
        pen.setWidthF(1.6);
        pen.setStyle(again ? Qt::DashDotLine : Qt::DashLine);
        if (curve.look.dash) { // the dashes say something else: it is pale instead
            pen = dashed(QPen(faint(color, 0.5F), 1.4), *curve.look.dash);
        }
        break;
    case CurveRole::Reference:
        pen.setWidthF(1.2);
        pen.setStyle(again ? Qt::DashDotDotLine : Qt::DotLine);
        break;
    case CurveRole::Points:
        graph.setScatterStyle(markerOf(look.marker, color, curve.predicted));
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
    case CurveRole::Diverged:
        graph.setScatterStyle({QCPScatterStyle::ssCross, QPen(color, 2.6), Qt::NoBrush, 11});
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
    if (curve.baseline && !dense)
        pen.setWidthF(pen.widthF() + kHeavier);
    if (curve.highlighted && !dense)
        pen.setWidthF(pen.widthF() + 2);
    graph.setLayer(curve.role == CurveRole::Front ? "grid" : "main");
    graph.setLineStyle(lineStyleOf(curve.role));
    graph.setPen(pen);
    graph.setBrush(curve.role == CurveRole::Bars ? QBrush(faint(color, 0.3F)) : QBrush(Qt::NoBrush));
}

/// Two graphs without lines, filled between them, behind everything else.
void addBand(QCustomPlot& plot, const Curve& curve, const QColor& color) {
    std::array<CurveGraph*, 2> edges{new CurveGraph(plot), new CurveGraph(plot)}; // the plot owns them
    for (auto* edge : edges) {
        edge->setLayer("grid");
        edge->setPen(Qt::NoPen);
        edge->removeFromLegend();
    }
    edges[0]->show(curve.x, curve.low, false, false);
    edges[1]->show(curve.x, curve.high, false, false);
    edges[1]->setBrush(faint(color, 0.25F));
    edges[1]->setChannelFillGraph(edges[0]);
}

void styleAxis(QCPAxis& axis, const PlotColors& colors, const QFont& font) {
    axis.setLabelFont(font);
    axis.setTickLabelFont(font);
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
        const QSharedPointer<LogTicker> ticker(new LogTicker);
        ticker->setLogBase(base);
        axis.setTicker(ticker);
    } else {
        axis.setTicker(QSharedPointer<QCPAxisTicker>(new QCPAxisTicker));
    }
    axis.setNumberFormat("gb");
    axis.setNumberPrecision(4);
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

QCPRange fitting(const Extent& extent, bool logarithmic, double below, double above) {
    if (logarithmic) {
        const double factor = std::max(1.3, std::pow(extent.high / extent.low, 0.06));
        return {extent.low / factor, extent.high * factor};
    }
    const double size =
        extent.high > extent.low ? extent.high - extent.low : std::max(std::abs(extent.high), 1e-12);
    return {extent.low - below * size, extent.high + above * size};
}

/// Of `room` pixels the first `strip` are for zero.
QCPRange withStrip(QCPRange range, double strip, double room) {
    constexpr double kUnknown = 300; // before the plot has a size
    const double share = strip / (room > 2 * strip ? room : kUnknown);
    range.lower /= std::pow(range.upper / range.lower, share / (1 - share));
    return range;
}

/// In the units in which an axis is even.
double evenly(double value, bool logarithmic) {
    return logarithmic ? std::log(value) : value;
}

double backFrom(double value, bool logarithmic) {
    return logarithmic ? std::exp(value) : value;
}

} // namespace

QColor colorOf(const Curve& curve, const PlotColors& colors) {
    switch (curve.role) {
    case CurveRole::Front:
        return colors.mutedText;
    case CurveRole::Ring:
        return colors.text;
    default:
        return curve.look.ramp ? colors.ramp(*curve.look.ramp)
                               : colors.run(curve.runLook().color, curve.runLook().shade);
    }
}

QPen dashed(QPen pen, int index) {
    static const QVector<QVector<qreal>> dashes{
        {}, {6, 3}, {2, 2}, {9, 3, 2, 3}, {12, 4}, {9, 3, 2, 3, 2, 3}, {2, 5}, {12, 3, 5, 3}};
    const auto& pattern = dashes[index % dashes.size()];
    if (!pattern.isEmpty())
        pen.setDashPattern(pattern);
    return pen;
}

QCPScatterStyle markerOf(int index, const QColor& color, bool hollow) {
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
    if (index == kNoRun)
        return hollow ? QCPScatterStyle(QCPScatterStyle::ssPlusCircle, QPen(color, 1.6), Qt::NoBrush, 11)
                      : QCPScatterStyle(QCPScatterStyle::ssDisc, color, color, 11);
    const Marker& marker = markers[static_cast<std::size_t>(index) % markers.size()];
    if (hollow)
        return {marker.hollow, QPen(color, 1.6), Qt::NoBrush, 8};
    if (marker.stroke) // stands out from a line through it
        return {marker.shape, QPen(color, 1.6), Qt::NoBrush, 9};
    return {marker.shape, color, color, 6};
}

void styleAxes(QCustomPlot& plot, const Axes& axes, const PlotColors& colors) {
    plot.setBackground(colors.background);
    plot.axisRect()->setBackground(colors.background);
    for (auto* axis : {plot.xAxis, plot.yAxis})
        styleAxis(*axis, colors, plot.font());
    styleTexts(plot, axes, colors);
    styleScale(*plot.yAxis, axes.logarithmic);
    styleScale(*plot.xAxis, axes.logarithmicX, axes.baseX);
    constexpr int kLow = 9; // lines of text: labels of more ticks would run into each other
    if (plot.axisRect()->height() < kLow * QFontMetrics(plot.font()).height())
        plot.yAxis->ticker()->setTickCount(3); // also of a logarithmic axis within a decade
    plot.legend->setBrush(
        QColor(colors.background.red(), colors.background.green(), colors.background.blue(), 215));
    plot.legend->setBorderPen(QPen(colors.grid));
    plot.legend->setTextColor(colors.text);
    plot.legend->setFont(plot.font());
    plot.legend->setRowSpacing(0); // low, so that eight runs do not reach below a small plot
    plot.legend->setIconSize(30, QFontMetrics(plot.font()).height());
}

void drawCurves(QCustomPlot& plot, const std::vector<Curve>& curves, const Axes& axes,
                const PlotColors& colors) {
    styleAxes(plot, axes, colors);
    plot.setPlottingHint(QCP::phFastPolylines, std::ranges::any_of(curves, [](const Curve& curve) {
                             return curve.x.size() > kPathAtMost || curve.role == CurveRole::Path;
                         }));
    const auto count = static_cast<int>(curves.size());
    plot.legend->clearItems();
    plot.setAutoAddPlottableToLegend(false);
    while (plot.graphCount() > count)
        plot.removeGraph(plot.graphCount() - 1);
    while (plot.graphCount() < count)
        new CurveGraph(plot); // the plot owns it
    removePlaneLines(plot);
    const auto lines = [&](auto... roles) {
        return std::ranges::count_if(curves,
                                     [&](const Curve& curve) { return ((curve.role == roles) || ...); });
    };
    const auto mains = std::max<std::ptrdiff_t>(1, lines(CurveRole::Main));
    const qsizetype markers = std::clamp<qsizetype>(kMarkersOfPlot / mains, kMarkersAtLeast, kMarkersAtMost);
    const bool crowded =
        lines(CurveRole::Main, CurveRole::Secondary, CurveRole::Reference, CurveRole::Faint) > kSmoothLines;
    for (int i = 0; i < count; ++i) {
        const Curve& curve = curves[static_cast<std::size_t>(i)];
        auto& graph = static_cast<CurveGraph&>(*plot.graph(i));
        graph.setScatterStyle(QCPScatterStyle::ssNone);
        graph.setChannelFillGraph(nullptr); // it may have been the edge of a band
        if (isInPlane(curve.role)) {        // by a plottable of its own: x is in no order
            graph.show({}, {}, false, false);
            addPlaneLine(plot, curve, colors);
            continue;
        }
        styleCurve(graph, curve, colorOf(curve, colors), markers);
        graph.setCrowded(crowded);
        graph.setName(curve.name);
        const bool gaps = showsZeros(curve.role) || curve.role == CurveRole::Faint;
        graph.show(curve.x, curve.y, gaps && axes.logarithmicX, gaps && axes.logarithmic);
        if (curve.inLegend() && axes.entries.empty() && hasRoom(*plot.legend))
            graph.addToLegend();
    }
    for (const auto& curve : curves)
        if (!curve.low.isEmpty())
            addBand(plot, curve, colorOf(curve, colors));
    labelPoints(plot, curves, colors);
    showZeros(plot, curves, axes, colors);
    completeLegend(plot, curves, axes, colors);
}

ViewRange fittingRange(const QCustomPlot& plot, const std::vector<Curve>& curves, const Axes& axes) {
    const bool logarithmic = axes.logarithmic;
    Extent x, y;
    for (const auto& curve : curves)
        for (qsizetype i = 0; curve.fits && i < curve.x.size(); ++i) {
            const double value = curve.y[i];
            const bool zero = logarithmic && value == 0 && showsZeros(curve.role);
            if (!std::isfinite(value) || (logarithmic && value <= 0 && !zero) || value > curve.fitsUpTo)
                continue;
            if (!(axes.logarithmicX && curve.x[i] <= 0))
                x.include(curve.x[i]);
            if (zero)
                continue;
            y.include(value);
            if (!curve.low.isEmpty() && !(logarithmic && curve.low[i] <= 0))
                y.include(curve.low[i]);
            if (!curve.high.isEmpty())
                y.include(curve.high[i]);
        }
    const QCPRange unknownX(axes.logarithmicX ? 0.1 : 0, 10), unknownY(logarithmic ? 0.1 : 0, 10);
    if (x.empty())
        return {unknownX, unknownY};
    const bool bars = std::ranges::any_of(curves, [](const Curve& c) { return c.role == CurveRole::Bars; });
    if (bars && !logarithmic)
        y.include(0);
    if (x.low == x.high && !axes.logarithmicX)
        x.high += 1;
    if (axes.equalScale)
        return {fitting(x, false, 0.08, 0.08), fitting(y, false, 0.08, 0.08)};
    ViewRange range{fitting(x, axes.logarithmicX, 0.01, 0.02),
                    y.empty() ? unknownY : fitting(y, logarithmic, bars ? 0 : 0.05, 0.08)};
    const ZeroPlaces zeros = zeroPlaces(curves, axes);
    if (zeros.x)
        range.x = withStrip(range.x, zeroStripSize(plot), plot.axisRect()->width());
    if (zeros.y)
        range.y = withStrip(range.y, zeroStripSize(plot), plot.axisRect()->height());
    return range;
}

void fitAxes(QCustomPlot& plot, const std::vector<Curve>& curves, const Axes& axes) {
    const ViewRange range = fittingRange(plot, curves, axes);
    plot.xAxis->setRange(range.x);
    plot.yAxis->setRange(range.y);
    if (axes.equalScale)
        equalizeScale(plot);
}

QCPRange withinReach(const QCPRange& wanted, const QCPRange& fitting, bool logarithmic) {
    constexpr double kDeepest = 1e-6, kFarthest = 1e3;
    constexpr double kLeast = 1e-280, kMost = 1e280;
    const double whole = evenly(fitting.upper, logarithmic) - evenly(fitting.lower, logarithmic);
    const double low = evenly(wanted.lower, logarithmic), high = evenly(wanted.upper, logarithmic);
    if (!std::isfinite(whole) || whole <= 0 || !std::isfinite(low) || !std::isfinite(high))
        return wanted;
    const double middle = (low + high) / 2;
    const double size = std::clamp(high - low, kDeepest * whole, kFarthest * whole);
    QCPRange range = wanted;
    if (size != high - low)
        range = {backFrom(middle - size / 2, logarithmic), backFrom(middle + size / 2, logarithmic)};
    if (logarithmic)
        range = {std::clamp(range.lower, kLeast, kMost), std::clamp(range.upper, kLeast, kMost)};
    return range.lower < range.upper ? range : wanted;
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
