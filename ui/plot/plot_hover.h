#pragma once
/// What lies over a plot while the mouse is there: a box beside it that tells of what is below, with a mark on
/// that, and a line where the mouse is in the plot that shares the cursor. The curves are not drawn anew.

#include <qcustomplot.h>

#include <optional>

namespace zipml::ui {

class PlotHover {
  public:
    /// The plot owns what is drawn, and outlives this.
    explicit PlotHover(QCustomPlot& plot);

    /// @param mouse in pixels @param place of what the text is about; nothing: the mark stays where it is
    void showReadOut(const QPointF& mouse, const std::optional<QPointF>& place, const QString& text);
    void hideReadOut();
    /// Where the read-out is shown.
    [[nodiscard]] std::optional<QPointF> mouse() const { return mouse_; }
    /// @param x in the axis's units; nothing: away with it @param values what the curves have there
    void showCursor(std::optional<double> x, const QStringList& values);

  private:
    void dress(QCPItemText& box) const;
    void replot();

    QCustomPlot& plot_;
    QCPItemTracer* marker_;
    QCPItemText* readOut_;
    QCPItemStraightLine* cursor_; ///< of the other plot's mouse
    QCPItemText* cursorText_;
    std::optional<QPointF> mouse_;
};

} // namespace zipml::ui
