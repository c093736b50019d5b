#pragma once
/// A plot's menu offers files of it: as it is seen, with a size, together with the plot beside it, or its
/// numbers.

class QMenu;

namespace zipml::ui {

class LivePlot;

/// Each asks for a file's name, writes it, and has the plot say how that went.
void addExports(QMenu& menu, LivePlot& plot);

} // namespace zipml::ui
