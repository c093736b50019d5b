#pragma once
/// Text that can be read on a coloured ground.

#include <QColor>

namespace zipml::ui {

/// Black or white, whichever stands out more (WCAG 2.1's relative luminance).
QColor textOn(const QColor& ground);

} // namespace zipml::ui
