#include "ui/theme/palette.h"

#include "ui/theme/high_contrast_style.h"

#include <QPalette>
#include <QStyle>

#include <algorithm>
#include <array>

namespace zipml::ui {
namespace {

QPalette lightPalette() {
    QPalette palette;
    const QColor text("#1f2328");
    palette.setColor(QPalette::Window, QColor("#f3f4f6"));
    palette.setColor(QPalette::WindowText, text);
    palette.setColor(QPalette::Base, QColor("#ffffff"));
    palette.setColor(QPalette::AlternateBase, QColor("#f7f8fa"));
    palette.setColor(QPalette::Text, text);
    palette.setColor(QPalette::Button, QColor("#fafbfc"));
    palette.setColor(QPalette::ButtonText, text);
    palette.setColor(QPalette::ToolTipBase, QColor("#ffffff"));
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::Highlight, QColor("#0072b2"));
    palette.setColor(QPalette::HighlightedText, QColor("#ffffff"));
    palette.setColor(QPalette::Link, QColor("#0072b2"));
    palette.setColor(QPalette::PlaceholderText, QColor("#6b7280"));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, QColor("#9aa1ab"));
    return palette;
}

QPalette darkPalette() {
    QPalette palette;
    const QColor text("#e6e8eb");
    palette.setColor(QPalette::Window, QColor("#2b3038"));
    palette.setColor(QPalette::WindowText, text);
    palette.setColor(QPalette::Base, QColor("#181b20"));
    palette.setColor(QPalette::AlternateBase, QColor("#20252b"));
    palette.setColor(QPalette::Text, text);
    palette.setColor(QPalette::Button, QColor("#363c46"));
    palette.setColor(QPalette::ButtonText, text);
    palette.setColor(QPalette::ToolTipBase, QColor("#2b3038"));
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::Highlight, QColor("#2f7fb5"));
    palette.setColor(QPalette::HighlightedText, QColor("#ffffff"));
    palette.setColor(QPalette::Link, QColor("#56b4e9"));
    palette.setColor(QPalette::PlaceholderText, QColor("#9aa1ab"));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, QColor("#6f7782"));
    return palette;
}

/// Black and white, with yellow for what is selected: ratios of 15 to 1 and more.
QPalette highContrastPalette() {
    QPalette palette;
    const QColor text("#ffffff"), ground("#000000"), yellow("#ffff00");
    for (const auto role :
         {QPalette::Window, QPalette::Base, QPalette::AlternateBase, QPalette::Button, QPalette::ToolTipBase})
        palette.setColor(role, ground);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText,
                            QPalette::PlaceholderText})
        palette.setColor(role, text);
    palette.setColor(QPalette::Highlight, yellow);
    palette.setColor(QPalette::HighlightedText, ground);
    palette.setColor(QPalette::Link, yellow);
    // What Fusion draws frames with.
    palette.setColor(QPalette::Dark, text);
    palette.setColor(QPalette::Mid, text);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, QColor("#a0a0a0"));
    return palette;
}

bool isHighContrast(const QPalette& palette) {
    return palette.color(QPalette::Window) == QColor("#000000") &&
           palette.color(QPalette::WindowText) == QColor("#ffffff");
}

bool isDark(const QPalette& palette) {
    return palette.color(QPalette::Window).lightness() < 128;
}

} // namespace

Theme themeFromName(const QString& name) {
    for (const auto theme : {Theme::Light, Theme::Dark, Theme::HighContrast})
        if (name == nameOfTheme(theme))
            return theme;
    return Theme::System;
}

QString nameOfTheme(Theme theme) {
    switch (theme) {
    case Theme::Light:
        return "light";
    case Theme::Dark:
        return "dark";
    case Theme::HighContrast:
        return "high-contrast";
    case Theme::System:
        break;
    }
    return "system";
}

void applyTheme(Theme theme) {
    static const bool systemIsDark = isDark(QApplication::palette());
    // One style everywhere, so that both palettes are honoured and sizes are the ones that were looked at.
    QApplication::setStyle(theme == Theme::HighContrast ? new HighContrastStyle
                                                        : new IndicatorStyle); // the application owns it
    const bool dark = theme == Theme::Dark || (theme == Theme::System && systemIsDark);
    QApplication::setPalette(theme == Theme::HighContrast ? highContrastPalette()
                             : dark                       ? darkPalette()
                                                          : lightPalette());
}

PlotColors PlotColors::light() {
    return {
        false, QColor("#ffffff"), QColor("#4b5563"), QColor("#e5e7eb"), QColor("#1f2328"), QColor("#5b6470")};
}

PlotColors PlotColors::highContrast() {
    const QColor white("#ffffff");
    return {true, QColor("#000000"), white, QColor("#505050"), white, white};
}

PlotColors PlotColors::ofApplication() {
    if (isHighContrast(QApplication::palette()))
        return highContrast();
    if (!isDark(QApplication::palette()))
        return light();
    return {
        true, QColor("#181b20"), QColor("#9aa1ab"), QColor("#2e343d"), QColor("#e6e8eb"), QColor("#aab1bb")};
}

QColor mixed(const QColor& from, const QColor& to, float part) {
    const auto mix = [&](float one, float other) { return one + part * (other - one); };
    return QColor::fromRgbF(mix(from.redF(), to.redF()), mix(from.greenF(), to.greenF()),
                            mix(from.blueF(), to.blueF()));
}

QColor PlotColors::ramp(double share) const {
    // After viridis, without the shades that a background swallows.
    static const std::array<QColor, 5> onLight{"#440154", "#3b528b", "#21918c", "#4a9c3c", "#b8860b"};
    static const std::array<QColor, 5> onDark{"#a98bf0", "#5b8ff0", "#2fb5ad", "#7ad151", "#fde725"};
    const auto& colors = dark ? onDark : onLight;
    const double place = std::clamp(share, 0.0, 1.0) * static_cast<double>(colors.size() - 1);
    const auto below = std::min(static_cast<std::size_t>(place), colors.size() - 2);
    return mixed(colors[below], colors[below + 1], static_cast<float>(place - static_cast<double>(below)));
}

QColor PlotColors::run(int color, int shade) const {
    if (color < 0)
        return text;
    // Okabe and Ito; each background takes the shades that stand out from it first.
    static const std::array<const char*, kRunColors> onLight{"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                             "#e69f00", "#000000", "#56b4e9"};
    static const std::array<const char*, kRunColors> onDark{"#56b4e9", "#e69f00", "#009e73", "#cc79a7",
                                                            "#f0e442", "#ffffff", "#d55e00"};
    const auto place = static_cast<std::size_t>(color) % onLight.size();
    // Stronger, paler, strongest: shares of the text's colour or of the background's.
    static constexpr std::array<float, kRunShades> ofText{0, 0.4F, 0, 0.65F}, ofGround{0, 0, 0.4F, 0};
    const auto step = static_cast<std::size_t>(shade) % kRunShades;
    return mixed(mixed(QColor(dark ? onDark[place] : onLight[place]), text, ofText[step]), background,
                 ofGround[step]);
}

} // namespace zipml::ui
