#include "ui/plot/curve_graph.h"

#include "ui/plot/visible_line.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace zipml::ui {
namespace {

constexpr double kTolerance = 0.25; // pixels, which nobody sees
/// From so many markers on they are drawn once and copied.
constexpr qsizetype kMarkersToCopy = 8;

/// The marker in the middle of a square.
QPixmap pictureOf(const QCPScatterStyle& style, const QPen& pen, double pixelRatio, int side) {
    QPixmap picture(qRound(side * pixelRatio), qRound(side * pixelRatio));
    picture.setDevicePixelRatio(pixelRatio);
    picture.fill(Qt::transparent);
    QCPPainter painter(&picture);
    painter.setAntialiasing(true);
    style.applyTo(&painter, pen);
    style.drawShape(&painter, QPointF(side / 2.0, side / 2.0));
    return picture;
}

} // namespace

CurveGraph::CurveGraph(QCustomPlot& plot) : QCPGraph(plot.xAxis, plot.yAxis) {
    setSelectable(QCP::stNone);
}

void CurveGraph::show(const QVector<double>& x, const QVector<double>& y, bool positiveX, bool positiveY) {
    if (!data()->isEmpty() && x.constData() == x_.constData() && y.constData() == y_.constData() &&
        x.size() == x_.size() && positiveX_ == positiveX && positiveY_ == positiveY)
        return; // shared, so that it cannot have changed
    x_ = x;
    y_ = y;
    positiveX_ = positiveX;
    positiveY_ = positiveY;
    QVector<QCPGraphData> points;
    points.reserve(x.size());
    for (qsizetype i = 0; i < std::min(x.size(), y.size()); ++i) {
        if (positiveX && !(x[i] > 0))
            continue;
        const bool drawn = std::isfinite(y[i]) && (!positiveY || y[i] > 0);
        points << QCPGraphData(x[i], drawn ? y[i] : std::numeric_limits<double>::quiet_NaN());
    }
    data()->set(points, true);
}

QRectF CurveGraph::view(double reach) const {
    return QRectF(clipRect()).adjusted(-reach, -reach, reach, reach);
}

void CurveGraph::drawPieces(QCPPainter* painter, const QVector<QPointF>& line) const {
    QPen pen = painter->pen();
    const double width = pen.widthF() > 0 ? pen.widthF() : 1;
    double period = 0;
    if (pen.style() != Qt::SolidLine)
        for (const double dash : pen.dashPattern())
            period += dash;
    // Where nothing clips what is painted, lines end at the axes.
    const double reach = painter->modes().testFlag(QCPPainter::pmVectorized) ? 0 : width + 2;
    for (const LinePiece& piece : visiblePieces(line, view(reach))) {
        if (period > 0) {
            pen.setDashOffset(std::fmod(piece.before / width, period));
            painter->setPen(pen);
        }
        drawPolyline(painter, simplified(piece.points, kTolerance));
    }
}

void CurveGraph::drawLinePlot(QCPPainter* painter, const QVector<QPointF>& lines) const {
    if (painter->pen().style() == Qt::NoPen || painter->pen().color().alpha() == 0)
        return;
    applyDefaultAntialiasingHint(painter);
    if (crowded_ && !painter->modes().testFlag(QCPPainter::pmVectorized)) {
        painter->setAntialiasing(false);
        QPen thin = painter->pen();
        thin.setWidth(0);
        painter->setPen(thin);
    }
    drawPieces(painter, lines);
}

void CurveGraph::drawImpulsePlot(QCPPainter* painter, const QVector<QPointF>& lines) const {
    applyDefaultAntialiasingHint(painter);
    const QPen before = painter->pen();
    QPen pen = before;
    pen.setCapStyle(Qt::FlatCap);
    painter->setPen(pen);
    for (qsizetype i = 0; i + 1 < lines.size(); i += 2)
        drawPieces(painter, {lines[i], lines[i + 1]});
    painter->setPen(before);
}

void CurveGraph::drawScatterPlot(QCPPainter* painter, const QVector<QPointF>& scatters,
                                 const QCPScatterStyle& style) const {
    QVector<QPointF> seen;
    const bool vector = painter->modes().testFlag(QCPPainter::pmVectorized);
    const QRectF place = view(vector ? 0 : style.size());
    std::ranges::copy_if(scatters, std::back_inserter(seen),
                         [&](const QPointF& point) { return place.contains(point); });
    const bool copies =
        seen.size() >= kMarkersToCopy && !vector && !painter->modes().testFlag(QCPPainter::pmNoCaching);
    if (!copies)
        return QCPGraph::drawScatterPlot(painter, seen, style);
    const int side = 2 * qCeil(style.size() / 2 + 2);
    const QPixmap picture = pictureOf(style, pen(), painter->device()->devicePixelRatioF(), side);
    for (const QPointF& point : seen)
        painter->drawPixmap(point - QPointF(side / 2.0, side / 2.0), picture);
}

} // namespace zipml::ui
