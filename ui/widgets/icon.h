#pragma once
/// Icons in the colour of the text, so that they fit light and dark.

#include <QIcon>

namespace zipml::ui {

/// @param name of a file in resources/icons: "start", "pause", "step", "stop", "reset", "open"
QIcon makeIcon(const QString& name);

} // namespace zipml::ui
