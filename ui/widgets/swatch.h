#pragma once
/// The colour and the marker that a run or device has in the plots, for its row in a table.

#include "ui/theme/palette.h"

#include <QIcon>

namespace zipml::ui {

/// The same in a selected row, where a pixmap would be tinted. @param hollow a ring, for something predicted
QIcon swatch(const RunLook& look, bool hollow = false);
inline QIcon swatch(int index, bool hollow = false) {
    return swatch(lookOfIndex(index), hollow);
}

} // namespace zipml::ui
