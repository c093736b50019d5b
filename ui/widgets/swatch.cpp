#include "ui/widgets/swatch.h"

#include <QPainter>
#include <QPainterPath>
#include <QPalette>

namespace zipml::ui {
namespace {

/// In a square of 14 pixels, as the plots' markers (ui/plot/draw.h) are in theirs.
QPainterPath shapeOf(int marker) {
    constexpr double kLow = 1.5, kMiddle = 7, kHigh = 12.5;
    const auto polygon = [](const QPolygonF& corners) {
        QPainterPath path;
        path.addPolygon(corners);
        path.closeSubpath();
        return path;
    };
    const auto lines = [](const QList<QLineF>& strokes) {
        QPainterPath path;
        for (const QLineF& stroke : strokes) {
            path.moveTo(stroke.p1());
            path.lineTo(stroke.p2());
        }
        QPainterPathStroker broad;
        broad.setWidth(3);
        return broad.createStroke(path).simplified();
    };
    const QLineF down(3, 3, 11, 11), up(3, 11, 11, 3), across(kLow, kMiddle, kHigh, kMiddle),
        upright(kMiddle, kLow, kMiddle, kHigh);
    QPainterPath path;
    switch (marker % kRunMarkers) {
    case 1:
        path.addRoundedRect(QRectF(kLow, kLow, kHigh - kLow, kHigh - kLow), 2, 2);
        return path;
    case 2:
        return polygon({{kMiddle, kLow}, {kHigh, kHigh}, {kLow, kHigh}});
    case 3:
        return polygon({{kMiddle, 0.5}, {13.5, kMiddle}, {kMiddle, 13.5}, {0.5, kMiddle}});
    case 4:
        return lines({down, up});
    case 5:
        return polygon({{kLow, kLow}, {kHigh, kLow}, {kMiddle, kHigh}});
    case 6:
        return lines({across, upright});
    case 7:
        return lines({across, upright, down, up});
    default:
        path.addEllipse(QPointF(kMiddle, kMiddle), 5.5, 5.5);
        return path;
    }
}

QPixmap draw(const RunLook& look, bool hollow) {
    QPixmap pixmap(14, 14);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor color = PlotColors::ofApplication().run(look.color, look.shade);
    if (hollow) {
        painter.setPen(QPen(color, 2));
        painter.drawEllipse(2, 2, 10, 10);
        return pixmap;
    }
    painter.setBrush(color);
    painter.setPen(QApplication::palette().color(QPalette::Base)); // stands out from a selected row
    painter.drawPath(shapeOf(look.marker));
    return pixmap;
}

} // namespace

QIcon swatch(const RunLook& look, bool hollow) {
    const QPixmap pixmap = draw(look, hollow);
    QIcon icon(pixmap);
    icon.addPixmap(pixmap, QIcon::Selected);
    return icon;
}

} // namespace zipml::ui
