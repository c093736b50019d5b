#pragma once
/// The colour that a run or device has in the plots, for its row in a table.

#include <QIcon>

namespace zipml::ui {

/// The same in a selected row, where a pixmap would be tinted. @param hollow a ring, for something predicted
QIcon swatch(int run, bool hollow = false);

/// The least id, from `from` on, whose colour, marker and dashes are those of run 0.
int nextFirstLook(int from);

} // namespace zipml::ui
