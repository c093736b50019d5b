#pragma once
/// A plot to work with: hover for values, wheel to zoom, drag to pan, drag with Shift to zoom to a box,
/// double-click or 0 to fit, + and - to zoom, context menu to export.

#include "ui/plot/draw.h"
#include "ui/plot/plot_file.h"
#include "ui/plot/plot_hover.h"

#include <QTimer>
#include <QWidget>

#include <functional>
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

    [[nodiscard]] const QString& name() const { return name_; }
    /// Of the two plots that are exported together; empty: it is alone.
    [[nodiscard]] QString nameOfBoth() const {
        return together_.first == nullptr ? QString()
                                          : together_.first->name_ + "-" + together_.second->name_;
    }

    /// Replaces what is shown. Keeps the zoom that the person chose; else fits.
    void setCurves(const std::vector<Curve>& curves, const Axes& axes);
    /// What is shown while there are no curves.
    void setEmptyText(const QString& text) { emptyText_ = text; }
    /// Logarithmic or linear vertical axis, as the check box says. @param offered whether it is shown
    void setLogarithmic(bool on, bool offered = true);
    /// Logarithmic or linear horizontal axis, where the curves do not say it themselves.
    void setLogarithmicX(bool on);
    /// Zoom and pan move along x only; the vertical axis fits what is shown. Such plots have equal margins.
    void setHorizontalOnly();
    /// Shows the same part of x as `leader`, whichever of the two is zoomed. Both horizontal only.
    void shareX(LivePlot& leader);
    /// Room beside the log check box for the page's own controls.
    QHBoxLayout* controls() const { return controls_; }

    /// Hovering over one of the two shows where that is in the other, with the values there.
    static void shareCursor(LivePlot& one, LivePlot& other);
    /// One menu entry exports both, the first above the second.
    static void exportTogether(LivePlot& first, LivePlot& second);
    /// A line at x with what the curves have there; none: away with it.
    void showCursor(std::optional<double> x);

    void fit();
    /// Whether the view follows the data; else the person chose it.
    [[nodiscard]] bool fitted() const { return fitted_; }
    void zoom(double factor);
    /// PNG, SVG or PDF as seen now, or the curves as CSV, by the name's ending. @throws InputError, RunError.
    void exportTo(const QString& file, const std::optional<PlotLook>& look = {}) const;
    /// The same for both plots of exportTogether, as a picture. @throws InputError, RunError
    void exportBothTo(const QString& file, const std::optional<PlotLook>& look = {}) const;
    /// What is seen now.
    [[nodiscard]] Figure figure() const;
    /// Whose settings exported pictures carry. @param runs says it then
    void setRuns(std::function<std::vector<RunSpec>()> runs) { runs_ = std::move(runs); }
    /// The next drag with the mouse draws a box that is zoomed to.
    void zoomToNextBox() { boxNext_ = true; }
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
    /// What the box beside the mouse says.
    struct ReadOut {
        std::optional<QPointF> place; ///< of what it is about, in pixels; nothing: its mark stays
        QString text;
    };
    /// Of the nearest point. @param position of the mouse
    [[nodiscard]] virtual std::optional<ReadOut> readOutAt(const QPointF& position) const;
    /// "epoch", of "Epoch (...)".
    [[nodiscard]] QString quantityOfX() const;
    /// While it is held the view stays as it is, whatever is shown.
    void holdView(bool hold) { held_ = hold; }
    /// What is at the mouse, and in the plots that share the cursor. For those who take the mouse's events.
    void hoverAt(const QPointF& position);
    void changeEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
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
    void connectMouse();
    [[nodiscard]] QString emptyTextIn(int width) const;
    void fitRanges();
    void settle();
    [[nodiscard]] const QCPRange& fittingOf(const QCPAxis& axis) const;
    void keepWithinReach(QCPAxis& axis, const QCPRange& range);
    void turnWheel(const QWheelEvent& event);
    void applyWheel();
    void beginBox(const QMouseEvent& event);
    void scale(QCPAxis& axis, double factor, double about);
    void alignMargins();
    [[nodiscard]] int leftMargin() const;
    void pan(QCPAxis* axis, double share);
    void showReadOut(const QPointF& position);
    void openMenu(const QPoint& position);

    QString name_;
    std::function<std::vector<RunSpec>()> runs_;
    QString emptyText_;
    QCustomPlot* plot_;
    QHBoxLayout* controls_;
    QCheckBox* logarithmic_;
    PlotHover hover_;
    QCPItemText* empty_;
    std::vector<Curve> curves_;
    Axes axes_;
    LivePlot* leader_ = nullptr; ///< decides the range of x
    QList<LivePlot*> followers_;
    QPair<const LivePlot*, const LivePlot*> together_ = {nullptr, nullptr};
    ViewRange fitting_; ///< what shows everything
    QTimer wheel_;      ///< so that many turns of the wheel are one redraw
    double wheelSteps_ = 0;
    QPointF wheelAt_;
    QSize settledFor_; ///< the size that texts and legend were placed for
    int settling_ = 0;
    bool limiting_ = false;
    bool boxNext_ = false;
    bool horizontalOnly_ = false;
    bool held_ = false;
    QRect fittedTo_;               ///< the room that the axes were scaled for, where they are equal
    bool fitted_ = true;           ///< the view follows the data
    bool bothLogarithmic_ = false; ///< where the box is ticked
    bool logarithmicX_ = false;
};

} // namespace zipml::ui
