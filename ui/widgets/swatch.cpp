#include "ui/widgets/swatch.h"

#include "ui/theme/palette.h"

#include <QPainter>
#include <QPalette>

namespace zipml::ui {
namespace {

QPixmap draw(int run, bool hollow) {
    QPixmap pixmap(14, 14);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor color = PlotColors::ofApplication().run(run);
    if (hollow) {
        painter.setPen(QPen(color, 2));
        painter.drawEllipse(2, 2, 10, 10);
        return pixmap;
    }
    painter.setBrush(color);
    painter.setPen(QApplication::palette().color(QPalette::Base)); // stands out from a selected row
    painter.drawRoundedRect(1, 1, 12, 12, 3, 3);
    return pixmap;
}

} // namespace

QIcon swatch(int run, bool hollow) {
    const QPixmap pixmap = draw(run, hollow);
    QIcon icon(pixmap);
    icon.addPixmap(pixmap, QIcon::Selected);
    return icon;
}

int nextFirstLook(int from) {
    return (from + kRunLooks - 1) / kRunLooks * kRunLooks;
}

} // namespace zipml::ui
