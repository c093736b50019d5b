#pragma once
/// A plot to work with: hover for values, wheel to zoom, drag to pan, double-click or 0 to fit, + and - to
/// zoom, context menu to export.

#include "ui/plot/draw.h"
#include "ui/plot/plot_file.h"

#include <QWidget>

#include <optional>

class QCheckBox;
class QHBoxLayout;
class QMenu;

namespace zipml::ui {

class LivePlot : public QWidget {
    Q_OBJECT
  public:
    /// @param name for accessibility, tests and file names: "loss"
    explicit LivePlot(const QString& name, QWidget* parent = nullptr);

    /// Replaces what is shown. Keeps the zoom that the person chose; else fits.
    void setCurves(const std::vector<Curve>& curves, const Axes& axes);
    /// What is shown while there are no curves.
    void setEmptyText(const QString& text) { emptyText_ = text; }
    /// Logarithmic or linear vertical axis, as the check box says. @param offered whether it is shown
    void setLogarithmic(bool on, bool offered = true);
    /// Zoom and pan move along x only; the vertical axis fits what is shown. Such plots have equal margins.
    void setHorizontalOnly();
    /// Shows the same part of x as `leader`, whichever of the two is zoomed. Both horizontal only.
    void shareX(LivePlot& leader);
    /// Room beside the log check box for the page's own controls.
    QHBoxLayout* controls() const { return controls_; }

    /// Hovering over one of the two shows where that is in the other, with the values there.
    static void shareCursor(LivePlot& one, LivePlot& other);
    /// A line at x with what the curves have there; none: away with it.
    void showCursor(std::optional<double> x);

    void fit();
    /// Whether the view follows the data; else the person chose it.
    [[nodiscard]] bool fitted() const { return fitted_; }
    void zoom(double factor);
    /// PNG, SVG or PDF as seen now, or the curves as CSV, by the name's ending. @throws InputError, RunError.
    void exportTo(const QString& file, const std::optional<PlotLook>& look = {}) const;
    /// What is seen now.
    [[nodiscard]] Figure figure() const;
    [[nodiscard]] const std::vector<Curve>& curves() const { return curves_; }
    [[nodiscard]] QCustomPlot* plot() const { return plot_; }

  signals:
    /// Something to tell the person; `bad`: an error.
    void message(const QString& text, bool bad);
    /// A click on a point, or near it. @param curve, index as in curves()
    void pointClicked(int curve, qsizetype index);
    /// Where the mouse is; none: elsewhere.
    void hovered(std::optional<double> x);
    /// The context menu of a curve's point, for others to add to.
    void pointMenu(QMenu* menu, const Curve& curve, qsizetype index);

  protected:
    /// While it is held the view stays as it is, whatever is shown.
    void holdView(bool hold) { held_ = hold; }
    void changeEvent(QEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

  private:
    struct Point {
        const Curve* curve;
        qsizetype index;
    };
    /// Of what is drawn, within reach of the mouse.
    [[nodiscard]] std::optional<Point> nearestPoint(const QPointF& position) const;
    [[nodiscard]] bool drawn(double y) const;
    void redraw();
    void fitRanges();
    void pan(QCPAxis* axis, double share);
    void showReadOut(const QPointF& position);
    void hideReadOut();
    void openMenu(const QPoint& position);
    void chooseExportFile(const QString& ending, const std::optional<PlotLook>& look = {});
    void chooseLook();

    QString name_;
    QString emptyText_;
    QCustomPlot* plot_;
    QHBoxLayout* controls_;
    QCheckBox* logarithmic_;
    QCPItemTracer* marker_;
    QCPItemText* readOut_;
    QCPItemText* empty_;
    QCPItemStraightLine* cursor_; ///< of the other plot's mouse
    QCPItemText* cursorText_;
    std::vector<Curve> curves_;
    Axes axes_;
    LivePlot* leader_ = nullptr; ///< decides the range of x
    bool horizontalOnly_ = false;
    bool held_ = false;
    QRect fittedTo_;               ///< the room that the axes were scaled for, where they are equal
    bool fitted_ = true;           ///< the view follows the data
    bool bothLogarithmic_ = false; ///< where the box is ticked
};

} // namespace zipml::ui
