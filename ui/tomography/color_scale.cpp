#include "ui/tomography/color_scale.h"

#include "ui/theme/palette.h"
#include "ui/tomography/grey_image.h"

#include <QPainter>

namespace zipml::ui {
namespace {

constexpr int kBarWidth = 160, kBarHeight = 12, kGap = 8;

} // namespace

ColorScale::ColorScale(QWidget* parent) : QWidget(parent) {
    setObjectName("colorScale");
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    showGrey(0, 1);
}

QSize ColorScale::sizeHint() const {
    return {kBarWidth + 320, fontMetrics().height() + 6};
}

void ColorScale::showGrey(double low, double high) {
    set(false, low, high, tr("attenuation per pixel"));
}

void ColorScale::showDifference(double limit) {
    set(true, -limit, limit, tr("image − truth, attenuation per pixel"));
}

void ColorScale::set(bool difference, double low, double high, const QString& unit) {
    difference_ = difference;
    low_ = low;
    high_ = high;
    unit_ = unit;
    setAccessibleName(tr("Colours: %1 to %2, %3").arg(low).arg(high).arg(unit));
    setToolTip(difference ? tr("Blue: too low, orange: too high; beyond the ends the colour stays")
                          : tr("The truth's range, the same for every image"));
    update();
}

void ColorScale::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    const PlotColors colors = PlotColors::ofApplication();
    painter.setPen(palette().color(QPalette::WindowText));
    const QString low = difference_ ? QString("−%1").arg(-low_) : QString::number(low_);
    const QString high = (difference_ ? "+" : "") + QString::number(high_);
    const int lowWidth = fontMetrics().horizontalAdvance(low);
    painter.drawText(QRect(0, 0, lowWidth, height()), Qt::AlignVCenter, low);
    const QRect bar(lowWidth + kGap, (height() - kBarHeight) / 2, kBarWidth, kBarHeight);
    for (int x = 0; x < kBarWidth; ++x) {
        const float share = static_cast<float>(x) / (kBarWidth - 1);
        const int grey = static_cast<int>(share * 255);
        painter.fillRect(
            bar.left() + x, bar.top(), 1, kBarHeight,
            QColor(difference_ ? differenceColor(2 * share - 1, colors.dark) : qRgb(grey, grey, grey)));
    }
    painter.setPen(colors.axes);
    painter.drawRect(bar.adjusted(0, 0, -1, -1));
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(QRect(bar.right() + kGap, 0, width() - bar.right() - kGap, height()), Qt::AlignVCenter,
                     high + "   " + unit_);
}

} // namespace zipml::ui
