#pragma once
/// Plots are drawn anew one a turn of the event loop, so that a page with several of them does not keep the
/// keyboard and the mouse waiting for the sum.

class QCustomPlot;

namespace zipml::ui {

/// Draws the plot anew in a later turn, behind those that wait; once, however often it is asked for until
/// then. A plot that goes before its turn is left out.
void replotSoon(QCustomPlot& plot);

} // namespace zipml::ui
