#pragma once
/// Colours: the Okabe-Ito palette, which the colour-blind can tell apart, on light and dark backgrounds.

#include <QApplication>
#include <QColor>
#include <QString>

namespace zipml::ui {

enum class Theme { System, Light, Dark, HighContrast };

/// "system", "light", "dark", "high-contrast". Unknown names mean System.
Theme themeFromName(const QString& name);
QString nameOfTheme(Theme theme);

/// Sets the style and palette of the QApplication, which must be alive. System: what the desktop had at
/// start.
void applyTheme(Theme theme);

/// Colours of runs repeat after so many.
inline constexpr int kRunColors = 7;
/// Colours together with markers and dashes, which tell runs of one colour apart (ui/plot/draw.cpp).
inline constexpr int kRunLooks = 56;

/// Colours of a plot, chosen by whether its background is dark.
struct PlotColors {
    bool dark = false;
    QColor background, axes, grid, text, mutedText;

    static PlotColors light();
    static PlotColors highContrast();
    static PlotColors ofApplication();
    /// Colour of the run with this index. Below 0: the text's.
    [[nodiscard]] QColor run(int index) const;
    /// From a dark colour to a bright one through others, for what has an order. @param share 0 to 1
    [[nodiscard]] QColor ramp(double share) const;
};

/// The same colour, so that what lies behind is seen. @param opacity 0 to 1
inline QColor faint(QColor color, float opacity) {
    color.setAlphaF(opacity);
    return color;
}

} // namespace zipml::ui
