#pragma once
/// The plane of two parameters: a point that can be moved, the gradient estimates at it as arrows, contours
/// of the loss and paths.

#include "ui/double_sampling/plane_curves.h"
#include "ui/plot/live_plot.h"

#include <QLabel>

namespace zipml::ui {

/// The point is dragged with the mouse; arrow keys move it (Shift: in finer steps).
class PlanePlot : public LivePlot {
    Q_OBJECT
  public:
    explicit PlanePlot(QWidget* parent = nullptr);

    /// Where the point is asked to be: the result for it may be still to come.
    void setPoint(const Eigen::Vector2d& point) { point_ = point; }
    void setResult(PlaneResult result);
    [[nodiscard]] const std::optional<PlaneResult>& result() const { return result_; }
    void setArrowScale(double scale);
    /// Says that what is shown is not yet what was asked for.
    void setBusy(bool busy) { busy_->setVisible(busy); }
    /// How much of the paths is shown. @param updates empty: all of them
    void setUpdates(std::optional<int> updates);

  signals:
    /// By the person.
    void pointMoved(const Eigen::Vector2d& point);

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

  private:
    void addToggle(const QString& text, const char* name, const QString& help, bool PlaneView::*shows);
    void showResult();
    [[nodiscard]] bool isAtPoint(const QPointF& position) const;
    bool press(const QMouseEvent& event);
    bool moveTo(const QMouseEvent& event);
    bool release(const QMouseEvent& event);
    void move(const Eigen::Vector2d& point);

    QLabel* busy_;
    std::optional<PlaneResult> result_;
    PlaneView view_;
    Eigen::Vector2d point_ = PlaneRequest{}.at;
    Eigen::Vector2d grabbed_; ///< from the mouse to the point
    bool dragging_ = false;
};

} // namespace zipml::ui
