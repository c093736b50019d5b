#pragma once
/// Fusion draws frames a shade darker than the ground, which on black is nothing. Here each control has a frame
/// in the colour of its text, and the one with the focus a broad one.

#include "ui/theme/indicator_style.h"

namespace zipml::ui {

class HighContrastStyle : public IndicatorStyle {
  public:
    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override;
    void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                            const QWidget* widget) const override;

  private:
    static void frame(QPainter& painter, const QStyleOption& option, const QRect& rect);
};

} // namespace zipml::ui
