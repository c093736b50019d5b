#include "ui/plot/plot_hover.h"

#include "ui/theme/palette.h"

namespace zipml::ui {

PlotHover::PlotHover(QCustomPlot& plot)
    : plot_(plot), marker_(new QCPItemTracer(&plot)), readOut_(new QCPItemText(&plot)),
      cursor_(new QCPItemStraightLine(&plot)), cursorText_(new QCPItemText(&plot)) {
    marker_->setStyle(QCPItemTracer::tsCircle);
    marker_->setSize(9);
    for (auto* point : {cursor_->point1, cursor_->point2})
        point->setTypeY(QCPItemPosition::ptAxisRectRatio);
    for (auto* box : {readOut_, cursorText_}) {
        box->setPadding(QMargins(6, 4, 6, 4));
        box->position->setType(QCPItemPosition::ptAbsolute);
    }
    cursorText_->setTextAlignment(Qt::AlignLeft);
    for (QCPAbstractItem* item :
         std::initializer_list<QCPAbstractItem*>{marker_, readOut_, cursor_, cursorText_}) {
        item->setLayer("overlay");
        item->setVisible(false);
    }
}

void PlotHover::dress(QCPItemText& box) const {
    const auto colors = PlotColors::ofApplication();
    box.setColor(colors.text);
    box.setBrush(colors.background);
    box.setPen(QPen(colors.axes));
}

void PlotHover::replot() {
    if (plot_.isVisible())
        plot_.layer("overlay")->replot();
}

void PlotHover::showReadOut(const QPointF& mouse, const std::optional<QPointF>& place, const QString& text) {
    if (place)
        marker_->position->setPixelPosition(*place);
    marker_->setPen(QPen(PlotColors::ofApplication().text, 1.5));
    marker_->setVisible(true);
    dress(*readOut_);
    readOut_->setText(text);
    // On the side of the mouse where there is room.
    const bool left = mouse.x() > plot_.axisRect()->center().x();
    const bool above = mouse.y() > plot_.axisRect()->center().y();
    readOut_->setPositionAlignment((left ? Qt::AlignRight : Qt::AlignLeft) |
                                   (above ? Qt::AlignBottom : Qt::AlignTop));
    readOut_->position->setCoords(mouse.x() + (left ? -12 : 12), mouse.y() + (above ? -12 : 12));
    readOut_->setVisible(true);
    mouse_ = mouse;
    replot();
}

void PlotHover::hideReadOut() {
    mouse_.reset();
    if (!readOut_->visible() && !marker_->visible())
        return;
    readOut_->setVisible(false);
    marker_->setVisible(false);
    replot();
}

void PlotHover::showCursor(std::optional<double> x, const QStringList& values) {
    const bool before = cursor_->visible();
    cursor_->setVisible(x.has_value());
    cursorText_->setVisible(false);
    if (x) {
        cursor_->setPen(QPen(PlotColors::ofApplication().mutedText, 1, Qt::DashLine));
        cursor_->point1->setCoords(*x, 0);
        cursor_->point2->setCoords(*x, 1);
        const double pixel = plot_.xAxis->coordToPixel(*x);
        const QRect room = plot_.axisRect()->rect();
        const bool left = pixel > room.center().x();
        dress(*cursorText_);
        cursorText_->setText(values.join('\n'));
        cursorText_->setPositionAlignment((left ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignBottom);
        cursorText_->position->setCoords(pixel + (left ? -8 : 8), room.bottom() - 6);
        cursorText_->setVisible(!values.isEmpty() && room.contains(static_cast<int>(pixel), room.top()));
    }
    if (before || x)
        replot();
}

} // namespace zipml::ui
