#pragma once
/// The menu chooses a theme, which the next start has, too.

class QMenu;
class QWidget;

namespace zipml::ui {

/// @param window whose icons follow the theme
void addThemeMenu(QMenu& menu, QWidget& window);

} // namespace zipml::ui
