#pragma once
/// Icons in the colour of the text, so that they fit light and dark.

#include <QIcon>

class QAction;
class QObject;

namespace zipml::ui {

/// @param name of a file in resources/icons: "start", "pause"
QIcon makeIcon(const QString& name);

/// Gives the action an icon that renewIcons() makes again.
void setIcon(QAction* action, const QString& name);
/// In the colours of the application's palette. @param parent of the actions, near or far
void renewIcons(const QObject& parent);

} // namespace zipml::ui
