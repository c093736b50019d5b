#include "ui/theme/high_contrast_style.h"

#include <QPainter>
#include <QPlainTextEdit>
#include <QStyleOption>

namespace zipml::ui {

void HighContrastStyle::frame(QPainter& painter, const QStyleOption& option, const QRect& rect) {
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

void HighContrastStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                                      const QWidget* widget) const {
    IndicatorStyle::drawPrimitive(element, option, painter, widget);
    switch (element) {
    case PE_PanelButtonCommand:
    case PE_FrameLineEdit:
    case PE_FrameGroupBox:
    case PE_FrameMenu:
        return frame(*painter, *option, option->rect);
    case PE_Frame: // tables have none; what one writes into has
        if (qobject_cast<const QPlainTextEdit*>(widget) != nullptr)
            frame(*painter, *option, option->rect);
        return;
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
    IndicatorStyle::drawControl(element, option, painter, widget);
    if (element == CE_ProgressBarGroove || element == CE_TabBarTabShape || element == CE_HeaderSection)
        frame(*painter, *option, option->rect);
}

void HighContrastStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
                                           QPainter* painter, const QWidget* widget) const {
    IndicatorStyle::drawComplexControl(control, option, painter, widget);
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
