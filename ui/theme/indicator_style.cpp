#include "ui/theme/indicator_style.h"

#include <QPainter>
#include <QPainterPath>
#include <QStyleFactory>
#include <QStyleOption>

namespace zipml::ui {
namespace {

/// A box or a ring with what says that it is chosen.
void indicator(QPainter& painter, const QStyleOption& option, const QPen& pen, const QRectF& place,
               bool round) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, round);
    painter.setPen(pen);
    painter.setBrush(option.palette.color(QPalette::Base));
    if (round)
        painter.drawEllipse(place);
    else if (pen.widthF() > 1)
        painter.drawRect(place);
    else
        painter.drawRect(option.rect.adjusted(0, 0, -1, -1));
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor mark = option.state.testFlag(QStyle::State_Enabled)
                            ? option.palette.color(QPalette::Highlight)
                            : pen.color();
    const double size = place.width();
    if (option.state.testFlag(QStyle::State_NoChange)) {
        painter.fillRect(place.adjusted(size / 4, size * 0.4, -size / 4, -size * 0.4), mark);
    } else if (option.state.testFlag(QStyle::State_On) && round) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(mark);
        painter.drawEllipse(place.adjusted(size / 4, size / 4, -size / 4, -size / 4));
    } else if (option.state.testFlag(QStyle::State_On)) {
        painter.setPen(QPen(mark, 2.2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        QPainterPath tick(place.topLeft() + QPointF(0.2 * size, 0.52 * size));
        tick.lineTo(place.topLeft() + QPointF(0.43 * size, 0.76 * size));
        tick.lineTo(place.topLeft() + QPointF(0.8 * size, 0.26 * size));
        painter.setBrush(Qt::NoBrush);
        painter.drawPath(tick);
    }
    painter.restore();
}

} // namespace

IndicatorStyle::IndicatorStyle() : QProxyStyle(QStyleFactory::create("Fusion")) {}

QPen IndicatorStyle::penOf(const QStyleOption& option) {
    const bool enabled = option.state.testFlag(QStyle::State_Enabled);
    const bool focus = enabled && option.state.testFlag(QStyle::State_HasFocus);
    const QColor color = focus     ? option.palette.color(QPalette::Highlight)
                         : enabled ? option.palette.color(QPalette::Active, QPalette::PlaceholderText)
                                   : option.palette.color(QPalette::Disabled, QPalette::WindowText);
    return {color, focus ? 2.0 : 1.0};
}

QRectF IndicatorStyle::inside(const QRect& rect, const QPen& pen) {
    const double half = pen.widthF() / 2;
    return QRectF(rect).adjusted(half, half, -half, -half);
}

void IndicatorStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                                   const QWidget* widget) const {
    if (element != PE_IndicatorCheckBox && element != PE_IndicatorRadioButton)
        return QProxyStyle::drawPrimitive(element, option, painter, widget);
    const QPen pen = penOf(*option);
    indicator(*painter, *option, pen, inside(option->rect, pen), element == PE_IndicatorRadioButton);
}

QSize IndicatorStyle::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& contents,
                                       const QWidget* widget) const {
    QSize size = QProxyStyle::sizeFromContents(type, option, contents, widget);
    const auto* button =
        type == CT_ToolButton ? qstyleoption_cast<const QStyleOptionToolButton*>(option) : nullptr;
    if (button != nullptr && button->features.testFlag(QStyleOptionToolButton::HasMenu) &&
        !button->features.testFlag(QStyleOptionToolButton::MenuButtonPopup) && !button->text.isEmpty())
        size.rwidth() +=
            2 * pixelMetric(PM_MenuButtonIndicator, option, widget); // on both sides: it is centred
    return size;
}

int IndicatorStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                              QStyleHintReturn* data) const {
    return hint == SH_EtchDisabledText ? 0 : QProxyStyle::styleHint(hint, option, widget, data);
}

} // namespace zipml::ui
