#pragma once
/// Fusion draws frames a shade darker than the ground, which on black is nothing. Here each control has a frame
/// in the colour of its text, and the one with the focus a broad one.

#include <QProxyStyle>

namespace zipml::ui {

class HighContrastStyle : public QProxyStyle {
  public:
    HighContrastStyle();

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override;
    void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                            const QWidget* widget) const override;
};

} // namespace zipml::ui
