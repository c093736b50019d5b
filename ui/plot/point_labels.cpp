#include "ui/plot/point_labels.h"

#include <algorithm>
#include <cmath>

namespace zipml::ui {
namespace {

constexpr double kGap = 7;         // pixels between a point and its label
constexpr double kMarkerSize = 10; // pixels

/// Finds the places anew whenever it is drawn: zooming moves points, not the size of their labels.
class PointLabels final : public QCPAbstractItem {
  public:
    PointLabels(QCustomPlot* plot, const std::vector<Curve>& curves, const PlotColors& colors)
        : QCPAbstractItem(plot), color_(colors.mutedText), ground_(faint(colors.background, 0.7F)),
          font_(plot->font()) {
        if (font_.pointSizeF() > 0)
            font_.setPointSizeF(font_.pointSizeF() * 0.92);
        setSelectable(false);
        for (const auto& curve : curves) {
            for (qsizetype i = 0; curve.labelsBeside && i < curve.labels.size(); ++i)
                points_.push_back({curve.x[i], curve.y[i], curve.labels[i], false});
            if (!curve.endLabel.isEmpty() && !curve.x.isEmpty())
                points_.push_back({curve.x.back(), curve.y.back(), curve.endLabel, true});
        }
    }

    double selectTest(const QPointF&, bool, QVariant*) const override { return -1; }

  protected:
    void draw(QCPPainter* painter) override {
        painter->setFont(font_);
        painter->setPen(QPen(color_));
        const QRectF frame = parentPlot()->axisRect()->rect();
        std::vector<QRectF> taken;
        if (const auto* legend = parentPlot()->legend; legend->visible())
            taken.emplace_back(legend->outerRect());
        for (const auto& point : points_)
            taken.push_back(around(at(point)));
        for (const auto& point : points_) {
            const QSizeF size = painter->fontMetrics().size(0, point.label);
            if (!frame.contains(at(point)))
                continue;
            for (const QRectF& place : point.end ? endPlaces(at(point), size) : places(at(point), size)) {
                const auto overlaps = [&](const QRectF& other) { return other.intersects(place); };
                if (!frame.contains(place) || std::ranges::any_of(taken, overlaps))
                    continue;
                painter->fillRect(place, ground_); // legible on lines
                painter->drawText(place, Qt::AlignCenter | Qt::TextDontClip, point.label);
                taken.push_back(place);
                break;
            }
        }
    }

  private:
    struct Point {
        double x, y;
        QString label;
        bool end; ///< of a line
    };

    [[nodiscard]] QPointF at(const Point& point) const {
        return {parentPlot()->xAxis->coordToPixel(point.x), parentPlot()->yAxis->coordToPixel(point.y)};
    }
    static QRectF around(const QPointF& centre) {
        return {centre.x() - kMarkerSize / 2, centre.y() - kMarkerSize / 2, kMarkerSize, kMarkerSize};
    }
    /// Below right first: roofs rise to the right.
    static std::array<QRectF, 5> places(const QPointF& at, const QSizeF& size) {
        const double w = size.width(), h = size.height();
        return {QRectF(at.x() + kGap, at.y() + 1, w, h), QRectF(at.x() - w / 2, at.y() + kGap, w, h),
                QRectF(at.x() + kGap, at.y() - h / 2, w, h), QRectF(at.x() - w - kGap, at.y() - h / 2, w, h),
                QRectF(at.x() - w / 2, at.y() - kGap - h, w, h)};
    }

    /// Along the line, below it first: curves come from above.
    static std::array<QRectF, 5> endPlaces(const QPointF& at, const QSizeF& size) {
        const double w = size.width(), h = size.height(), left = at.x() - w - kGap;
        return {QRectF(left, at.y() + 1, w, h), QRectF(left, at.y() - h - 1, w, h),
                QRectF(left - w, at.y() + 1, w, h), QRectF(left - w, at.y() - h - 1, w, h),
                QRectF(left, at.y() - h / 2, w, h)};
    }

    QColor color_, ground_;
    QFont font_;
    std::vector<Point> points_;
};

} // namespace

void labelPoints(QCustomPlot& plot, const std::vector<Curve>& curves, const PlotColors& colors) {
    for (int i = plot.itemCount() - 1; i >= 0; --i)
        if (dynamic_cast<PointLabels*>(plot.item(i)) != nullptr)
            plot.removeItem(i);
    if (std::ranges::any_of(
            curves, [](const Curve& curve) { return !curve.labels.isEmpty() || !curve.endLabel.isEmpty(); }))
        new PointLabels(&plot, curves, colors); // the plot owns its items
}

} // namespace zipml::ui
