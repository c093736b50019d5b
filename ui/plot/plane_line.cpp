#include "ui/plot/plane_line.h"

#include "ui/plot/draw.h"

namespace zipml::ui {
namespace {

constexpr double kHeadPixels = 11;
constexpr double kMarkerPlace = 0.7; // of an arrow's length

class PlaneLine final : public QCPCurve {
  public:
    PlaneLine(QCustomPlot& plot, const Curve& curve, const PlotColors& colors)
        : QCPCurve(plot.xAxis, plot.yAxis), role_(curve.role), origin_(curve.origin) {
        setSelectable(QCP::stNone);
        setName(curve.name);
        setData(curve.x, curve.y);
        setLayer("grid"); // behind the points
        const QColor color = colorOf(curve, colors);
        switch (role_) {
        case CurveRole::Cloud:
            setPen(QPen(faint(color, colors.dark ? 0.14F : 0.13F), 1));
            setScatterStyle(markerOf(curve.runLook().marker, faint(color, 0.55F)));
            break;
        case CurveRole::Arrow:
            // The thin one lies on top of the others.
            setPen(QPen(color, curve.run == kNoRun ? 1.4 : 3.2, Qt::SolidLine, Qt::FlatCap));
            if (curve.run != kNoRun)
                setScatterStyle(
                    {markerOf(curve.runLook().marker, color).shape(), QPen(colors.background, 1), color, 11});
            break;
        case CurveRole::Path:
            setPen(QPen(faint(color, 0.55F), 1.2)); // solid: dashes of a path that jitters are no pattern
            break;
        case CurveRole::Outline:
            setPen(dashed(QPen(color, 2), std::max(curve.run, 0)));
            setBrush(faint(color, 0.18F));
            break;
        default:
            setPen(QPen(faint(colors.axes, 0.45F), 1));
            break;
        }
    }

  protected:
    void draw(QCPPainter* painter) override {
        if (role_ == CurveRole::Cloud)
            return drawCloud(painter);
        if (role_ != CurveRole::Arrow) {
            QCPCurve::draw(painter);
            return;
        }
        if (dataCount() != 2)
            return;
        const QPointF from = dataPixelPosition(0), to = dataPixelPosition(1);
        const QCPVector2D way(to - from);
        painter->setAntialiasing(true);
        QPen pen = this->pen();
        painter->setPen(pen);
        const double length = way.length();
        if (length > kHeadPixels / 2) // the line ends inside of the head, which ends in a tip
            painter->drawLine(QLineF(from, to - (to - from) * (kHeadPixels / 2 / length)));
        if (length < 1)
            return;
        painter->setBrush(pen.color());
        pen.setWidthF(1);
        painter->setPen(pen);
        const double head = std::min(kHeadPixels + this->pen().widthF(), length);
        QCPLineEnding(QCPLineEnding::esSpikeArrow, 0.8 * head, head).draw(painter, QCPVector2D(to), way);
        if (scatterStyle().shape() != QCPScatterStyle::ssNone && length > 4 * kHeadPixels) {
            scatterStyle().applyTo(painter, this->pen());
            scatterStyle().drawShape(painter, from + (to - from) * kMarkerPlace);
        }
    }

  private:
    void drawCloud(QCPPainter* painter) {
        const QRect room = clipRect().adjusted(-8, -8, 8, 8);
        std::vector<QPointF> tips;
        for (const auto& point : *data())
            tips.emplace_back(keyAxis()->coordToPixel(point.key), valueAxis()->coordToPixel(point.value));
        painter->setAntialiasing(true);
        if (origin_) {
            const QPointF from(keyAxis()->coordToPixel(origin_->x()),
                               valueAxis()->coordToPixel(origin_->y()));
            painter->setPen(pen());
            for (const QPointF& tip : tips)
                painter->drawLine(QLineF(from, tip));
        }
        scatterStyle().applyTo(painter, pen());
        for (const QPointF& tip : tips)
            if (room.contains(tip.toPoint()))
                scatterStyle().drawShape(painter, tip);
    }

    CurveRole role_;
    std::optional<QPointF> origin_;
};

} // namespace

bool isInPlane(CurveRole role) {
    switch (role) {
    case CurveRole::Cloud:
    case CurveRole::Arrow:
    case CurveRole::Path:
    case CurveRole::Outline:
    case CurveRole::Contour:
        return true;
    default:
        return false;
    }
}

void addPlaneLine(QCustomPlot& plot, const Curve& curve, const PlotColors& colors) {
    auto* line = new PlaneLine(plot, curve, colors); // the plot owns it
    curve.inLegend() ? line->addToLegend() : line->removeFromLegend();
}

void removePlaneLines(QCustomPlot& plot) {
    for (int i = plot.plottableCount() - 1; i >= 0; --i)
        if (dynamic_cast<PlaneLine*>(plot.plottable(i)) != nullptr)
            plot.removePlottable(i);
}

} // namespace zipml::ui
