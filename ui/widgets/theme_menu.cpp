#include "ui/widgets/theme_menu.h"

#include "ui/theme/palette.h"
#include "ui/widgets/icon.h"

#include <QActionGroup>
#include <QMenu>
#include <QSettings>

namespace zipml::ui {

void addThemeMenu(QMenu& menu, QWidget& window) {
    auto* themes = menu.addMenu(QObject::tr("&Theme"));
    auto* group = new QActionGroup(themes);
    const Theme current = themeFromName(QSettings().value("theme").toString());
    for (const auto& [theme, title] :
         {std::pair{Theme::System, QObject::tr("&System")}, std::pair{Theme::Light, QObject::tr("&Light")},
          std::pair{Theme::Dark, QObject::tr("&Dark")},
          std::pair{Theme::HighContrast, QObject::tr("&High contrast")}}) {
        auto* action = themes->addAction(title, &window, [&window, theme = theme] {
            QSettings().setValue("theme", nameOfTheme(theme));
            applyTheme(theme);
            renewIcons(window);
        });
        action->setCheckable(true);
        action->setChecked(theme == current);
        group->addAction(action);
    }
}

} // namespace zipml::ui
