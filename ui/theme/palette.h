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

/// Colours of runs repeat after so many, their shades and markers likewise.
inline constexpr int kRunColors = 7, kRunShades = 4, kRunMarkers = 8;

/// What tells a run's curves from those of others.
struct RunLook {
    int color = 0;
    int shade = 0; ///< of the colour; 0: the colour itself
    int marker = 0;
    auto operator<=>(const RunLook&) const = default;
};

/// Of things that are told apart by their number alone. Below 0: in the text's colour.
constexpr RunLook lookOfIndex(int index) {
    return index < 0 ? RunLook{index, 0, index}
                     : RunLook{index % kRunColors, index / kRunColors % kRunShades, index % kRunMarkers};
}

/// Colours of a plot, chosen by whether its background is dark.
struct PlotColors {
    bool dark = false;
    QColor background, axes, grid, text, mutedText;

    static PlotColors light();
    static PlotColors highContrast();
    static PlotColors ofApplication();
    /// @param color index of one of the colours, which repeat. Below 0: the text's. @param shade of it
    [[nodiscard]] QColor run(int color, int shade = 0) const;
    /// From a dark colour to a bright one through others, for what has an order. @param share 0 to 1
    [[nodiscard]] QColor ramp(double share) const;
};

/// @param part of `to`, 0 to 1
QColor mixed(const QColor& from, const QColor& to, float part);

/// The same colour, so that what lies behind is seen. @param opacity 0 to 1
inline QColor faint(QColor color, float opacity) {
    color.setAlphaF(opacity);
    return color;
}

} // namespace zipml::ui
