#include "ui/theme/high_contrast_style.h"

#include <QPainter>
#include <QPainterPath>
#include <QStyleFactory>
#include <QStyleOption>

namespace zipml::ui {
namespace {

QPen penOf(const QStyleOption& option) {
    const bool enabled = option.state.testFlag(QStyle::State_Enabled);
    const bool focus = enabled && option.state.testFlag(QStyle::State_HasFocus);
    const QColor color =
        focus ? option.palette.color(QPalette::Highlight)
              : option.palette.color(enabled ? QPalette::Active : QPalette::Disabled, QPalette::WindowText);
    return {color, focus ? 2.0 : 1.0};
}

QRectF inside(const QRect& rect, const QPen& pen) {
    const double half = pen.widthF() / 2;
    return QRectF(rect).adjusted(half, half, -half, -half);
}

void frame(QPainter& painter, const QStyleOption& option, const QRect& rect) {
    const QPen pen = penOf(option);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    if (pen.widthF() > 1)
        painter.drawRect(inside(rect, pen));
    else
        painter.drawRect(rect.adjusted(0, 0, -1, -1));
    painter.restore();
}

/// A box or a ring with what says that it is chosen.
void indicator(QPainter& painter, const QStyleOption& option, bool round) {
    const QPen pen = penOf(option);
    const QRectF place = inside(option.rect, pen);
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

HighContrastStyle::HighContrastStyle() : QProxyStyle(QStyleFactory::create("Fusion")) {}

void HighContrastStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                                      const QWidget* widget) const {
    switch (element) {
    case PE_IndicatorCheckBox:
        return indicator(*painter, *option, false);
    case PE_IndicatorRadioButton:
        return indicator(*painter, *option, true);
    default:
        break;
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    switch (element) {
    case PE_PanelButtonCommand:
    case PE_FrameLineEdit:
    case PE_FrameGroupBox:
    case PE_FrameMenu:
        return frame(*painter, *option, option->rect);
    case PE_PanelButtonTool: // flat ones have a frame once they are pointed at or switched on
        if (!option->state.testFlag(State_AutoRaise) ||
            (option->state & (State_On | State_Sunken | State_MouseOver)))
            frame(*painter, *option, option->rect);
        return;
    default:
        return;
    }
}

void HighContrastStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                                    const QWidget* widget) const {
    QProxyStyle::drawControl(element, option, painter, widget);
    if (element == CE_ProgressBarGroove || element == CE_TabBarTabShape || element == CE_HeaderSection)
        frame(*painter, *option, option->rect);
}

void HighContrastStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
                                           QPainter* painter, const QWidget* widget) const {
    QProxyStyle::drawComplexControl(control, option, painter, widget);
    const auto part = [&](SubControl which) {
        return proxy()->subControlRect(control, option, which, widget);
    };
    switch (control) {
    case CC_SpinBox:
    case CC_ComboBox:
        return frame(*painter, *option, option->rect);
    case CC_Slider: {
        const bool horizontal = part(SC_SliderGroove).width() > part(SC_SliderGroove).height();
        const QRect groove = part(SC_SliderGroove);
        constexpr int kThin = 4; // pixels of the way
        QStyleOption still = *option;
        still.state &= ~State_HasFocus; // the handle has it
        const QPoint centre = groove.center();
        const QRect way = horizontal ? QRect(groove.left(), centre.y() - kThin / 2, groove.width(), kThin)
                                     : QRect(centre.x() - kThin / 2, groove.top(), kThin, groove.height());
        const QRect handle = part(SC_SliderHandle);
        frame(*painter, still, way);
        painter->fillRect(handle, option->palette.color(QPalette::Button));
        return frame(*painter, *option, handle);
    }
    case CC_ScrollBar:
        return frame(*painter, *option, part(SC_ScrollBarSlider));
    default:
        return;
    }
}

} // namespace zipml::ui
