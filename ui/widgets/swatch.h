#pragma once
/// The colour that a run or device has in the plots, for its row in a table.

#include <QPixmap>

namespace zipml::ui {

/// @param hollow a ring, for something predicted
QPixmap swatch(int run, bool hollow = false);

} // namespace zipml::ui
