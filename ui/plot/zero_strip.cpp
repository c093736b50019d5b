#include "ui/plot/zero_strip.h"

#include "ui/plot/draw.h"
#include "ui/plot/log_ticker.h"
#include "ui/plot/visible_line.h"

#include <algorithm>
#include <cmath>

namespace zipml::ui {
namespace {

bool isZero(bool logarithmic, double value) {
    return logarithmic && value == 0;
}

bool hasPlace(bool logarithmic, double value) {
    return std::isfinite(value) && (!logarithmic || value >= 0);
}

constexpr double kBaseY = 10; ///< of a logarithmic vertical axis's ticks

/// Along an axis, in pixels.
double placeOfZero(const QCPAxis& axis) {
    const QRectF room = axis.axisRect()->rect();
    const double middle = zeroStripSize(*axis.parentPlot()) / 2;
    return axis.orientation() == Qt::Vertical ? room.bottom() - middle : room.left() + middle;
}

/// Without the labels that would lie on the zero's.
class BesideZeroTicker final : public LogTicker {
  public:
    explicit BesideZeroTicker(const QCPAxis& axis) : axis_(axis) {}

  protected:
    QString getTickLabel(double tick, const QLocale& locale, QChar format, int precision) override {
        const QString text = LogTicker::getTickLabel(tick, locale, format, precision);
        constexpr double kGap = 4; // pixels
        const QFontMetricsF metrics(axis_.tickLabelFont());
        const double needed =
            axis_.orientation() == Qt::Vertical
                ? metrics.height()
                : (metrics.horizontalAdvance(text) + metrics.horizontalAdvance("0")) / 2 + kGap;
        return std::abs(axis_.coordToPixel(tick) - placeOfZero(axis_)) < needed ? QString() : text;
    }

  private:
    const QCPAxis& axis_;
};

void keepLabelsOffZero(QCPAxis& axis, double base) {
    const QSharedPointer<BesideZeroTicker> ticker(new BesideZeroTicker(axis));
    ticker->setLogBase(base);
    ticker->setTickCount(axis.ticker()->tickCount());
    axis.setTicker(ticker);
}

/// The strips, and in them the points at zero with the lines that lead there.
class ZeroStrips final : public QCPAbstractItem {
  public:
    ZeroStrips(QCustomPlot& plot, const std::vector<Curve>& curves, const Axes& axes,
               const PlotColors& colors)
        : QCPAbstractItem(&plot), places_(zeroPlaces(curves, axes)), axes_(axes), colors_(colors) {
        setSelectable(false);
        setClipToAxisRect(false); // the zero stands among the ticks' labels
        setLayer("axes");
        for (const auto& curve : curves)
            if (showsZeros(curve.role) && zeroPlaces({curve}, axes).x + zeroPlaces({curve}, axes).y > 0)
                curves_.push_back(curve);
    }

    double selectTest(const QPointF&, bool, QVariant*) const override { return -1; }

  protected:
    void draw(QCPPainter* painter) override {
        const QRectF room = parentPlot()->axisRect()->rect();
        const double size = zeroStripSize(*parentPlot());
        if (places_.y)
            drawStrip(painter, QRectF(room.left(), room.bottom() - size, room.width(), size), false);
        if (places_.x)
            drawStrip(painter, QRectF(room.left(), room.top(), size, room.height()), true);
        painter->setClipRect(room);
        for (const auto& curve : curves_)
            drawZeros(painter, curve, room);
    }

  private:
    void drawStrip(QCPPainter* painter, const QRectF& strip, bool vertical) const {
        painter->setAntialiasing(false);
        painter->setPen(Qt::NoPen);
        painter->setBrush(colors_.background);
        painter->drawRect(strip);
        painter->setPen(QPen(colors_.axes, 1, Qt::DotLine));
        if (vertical)
            painter->drawLine(strip.topRight(), strip.bottomRight());
        else
            painter->drawLine(strip.topLeft(), strip.topRight());
        const QCPAxis& axis = vertical ? *parentPlot()->xAxis : *parentPlot()->yAxis;
        painter->setFont(axis.tickLabelFont());
        const QString zero("0");
        const QSizeF text = painter->fontMetrics().size(0, zero);
        const double away = axis.tickLengthOut() + axis.tickLabelPadding();
        const QRectF place =
            vertical ? QRectF(strip.center().x() - text.width() / 2, strip.bottom() + away, text.width(),
                              text.height())
                     : QRectF(strip.left() - away - text.width(), strip.center().y() - text.height() / 2,
                              text.width(), text.height());
        painter->fillRect(place.adjusted(-2, 0, 2, 0), colors_.background); // a tick's label may be below
        painter->setPen(colors_.text);
        painter->drawText(place, Qt::AlignCenter | Qt::TextDontClip, zero);
    }

    void drawZeros(QCPPainter* painter, const Curve& curve, const QRectF& room) const {
        const QColor color = colorOf(curve, colors_);
        const bool marked = curve.role == CurveRole::Main || curve.role == CurveRole::Points;
        QVector<QPointF> zeros, way; // the way of the line from one point beside a zero to the next
        const auto drawWay = [&] {
            painter->setAntialiasing(true);
            painter->setPen(QPen(color, 1.2, Qt::DotLine));
            if (curve.role != CurveRole::Points)
                for (const auto& piece : visiblePieces(way, room))
                    painter->drawPolyline(piece.points.constData(), static_cast<int>(piece.points.size()));
            way.clear();
        };
        std::optional<QPointF> before;
        for (qsizetype i = 0; i < curve.x.size(); ++i) {
            const auto place = placeOf(*parentPlot(), axes_, curve.x[i], curve.y[i]);
            const bool zero =
                place && (isZero(axes_.logarithmicX, curve.x[i]) || isZero(axes_.logarithmic, curve.y[i]));
            if (zero) {
                if (way.isEmpty() && before)
                    way << *before;
                way << *place;
                zeros << *place;
            } else if (!way.isEmpty()) {
                if (place)
                    way << *place;
                drawWay();
            }
            before = place;
        }
        drawWay();
        if (!marked)
            return;
        const QCPScatterStyle marker = markerOf(curve.runLook().marker, color, curve.predicted);
        painter->setAntialiasing(true);
        marker.applyTo(painter, QPen(color));
        constexpr double kApart = 12; // pixels between markers
        double last = -std::numeric_limits<double>::infinity();
        for (const QPointF& zero : zeros) {
            const double along = zero.x() + zero.y();
            if (room.contains(zero) && std::abs(along - last) >= kApart) {
                marker.drawShape(painter, zero);
                last = along;
            }
        }
    }

    ZeroPlaces places_;
    Axes axes_;
    PlotColors colors_;
    std::vector<Curve> curves_;
};

} // namespace

ZeroPlaces zeroPlaces(const std::vector<Curve>& curves, const Axes& axes) {
    ZeroPlaces places;
    for (const auto& curve : curves)
        for (qsizetype i = 0; showsZeros(curve.role) && i < curve.x.size(); ++i) {
            if (!hasPlace(axes.logarithmicX, curve.x[i]) || !hasPlace(axes.logarithmic, curve.y[i]))
                continue;
            places.x = places.x || isZero(axes.logarithmicX, curve.x[i]);
            places.y = places.y || isZero(axes.logarithmic, curve.y[i]);
        }
    return places;
}

double zeroStripSize(const QCustomPlot& plot) {
    return QFontMetricsF(plot.font()).height() + 2;
}

std::optional<QPointF> placeOf(const QCustomPlot& plot, const Axes& axes, double x, double y) {
    if (!hasPlace(axes.logarithmicX, x) || !hasPlace(axes.logarithmic, y))
        return std::nullopt;
    const QRectF room = plot.axisRect()->rect();
    const double middle = zeroStripSize(plot) / 2;
    return QPointF(isZero(axes.logarithmicX, x) ? room.left() + middle : plot.xAxis->coordToPixel(x),
                   isZero(axes.logarithmic, y) ? room.bottom() - middle : plot.yAxis->coordToPixel(y));
}

void showZeros(QCustomPlot& plot, const std::vector<Curve>& curves, const Axes& axes,
               const PlotColors& colors) {
    for (int i = plot.itemCount() - 1; i >= 0; --i)
        if (dynamic_cast<ZeroStrips*>(plot.item(i)) != nullptr)
            plot.removeItem(i);
    const ZeroPlaces places = zeroPlaces(curves, axes);
    if (places.x || places.y)
        new ZeroStrips(plot, curves, axes, colors); // the plot owns its items
    if (places.x)
        keepLabelsOffZero(*plot.xAxis, axes.baseX);
    if (places.y)
        keepLabelsOffZero(*plot.yAxis, kBaseY);
}

} // namespace zipml::ui
