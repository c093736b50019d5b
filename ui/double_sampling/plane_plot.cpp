#include "ui/double_sampling/plane_plot.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMouseEvent>

#include <cmath>

namespace zipml::ui {
namespace {

constexpr double kGrabPixels = 14;                // as far from the point the mouse may be
constexpr double kStep = 0.02, kFineStep = 0.002; // of the visible width, for a key

} // namespace

PlanePlot::PlanePlot(QWidget* parent)
    : LivePlot("plane", parent), busy_(new QLabel(tr("drawing estimates…"), this)) {
    setAccessibleDescription(
        tr("Keys: arrows move the point, with Shift in finer steps; + and - zoom, 0 fits"));
    setLogarithmic(false, false);
    setEmptyText(tr("Estimates are being drawn"));
    addToggle(tr("Single &estimates"), "showClouds",
              tr("Each estimate as an arrow: their scatter is the noise of SGD"), &PlaneView::clouds);
    addToggle(tr("Me&ans and ellipses"), "showMeans",
              tr("The mean of the estimates, and the ellipse that holds the expectation with 95% confidence"),
              &PlaneView::means);
    addToggle(tr("&Paths"), "showPaths", tr("The way that SGD takes from the point with each estimator"),
              &PlaneView::paths);
    addToggle(tr("C&ontours"), "showContours",
              tr("Where the loss is equally high: from one to the next its excess over the least doubles"),
              &PlaneView::contours);
    busy_->setObjectName("busy");
    busy_->setForegroundRole(QPalette::PlaceholderText);
    busy_->hide();
    controls()->addWidget(busy_);
    plot()->installEventFilter(this);
}

void PlanePlot::addToggle(const QString& text, const char* name, const QString& help,
                          bool PlaneView::*shows) {
    auto* box = new QCheckBox(text, this);
    box->setObjectName(name);
    box->setToolTip(help);
    box->setChecked(view_.*shows);
    connect(box, &QCheckBox::toggled, this, [this, shows](bool on) {
        view_.*shows = on;
        showResult();
    });
    controls()->insertWidget(controls()->count() - 1, box);
}

void PlanePlot::setResult(PlaneResult result) {
    result_ = std::move(result);
    showResult();
}

void PlanePlot::setArrowScale(double scale) {
    view_.arrowScale = scale;
    showResult();
}

void PlanePlot::setUpdates(std::optional<int> updates) {
    holdView(dragging_ || updates.has_value());
    view_.updates = updates;
    showResult();
}

void PlanePlot::showResult() {
    if (result_)
        setCurves(planeCurves(*result_, view_), planeAxes(*result_, view_));
}

bool PlanePlot::isAtPoint(const QPointF& position) const {
    return result_ && plot()->axisRect()->rect().contains(position.toPoint()) &&
           std::hypot(plot()->xAxis->coordToPixel(point_[0]) - position.x(),
                      plot()->yAxis->coordToPixel(point_[1]) - position.y()) <= kGrabPixels;
}

bool PlanePlot::eventFilter(QObject* watched, QEvent* event) {
    if (watched == plot()) {
        const auto mouse = [event]() -> const QMouseEvent& {
            return *static_cast<const QMouseEvent*>(event);
        };
        if (event->type() == QEvent::MouseButtonPress && press(mouse()))
            return true;
        if (event->type() == QEvent::MouseMove && moveTo(mouse()))
            return true;
        if (event->type() == QEvent::MouseButtonRelease && release(mouse()))
            return true;
    }
    return LivePlot::eventFilter(watched, event);
}

bool PlanePlot::press(const QMouseEvent& event) {
    if (event.button() != Qt::LeftButton || !isAtPoint(event.position()))
        return false;
    setFocus(Qt::MouseFocusReason);
    grabbed_ = point_ - Eigen::Vector2d(plot()->xAxis->pixelToCoord(event.position().x()),
                                        plot()->yAxis->pixelToCoord(event.position().y()));
    dragging_ = true;
    holdView(true); // the axes must not run away under the mouse
    return true;
}

bool PlanePlot::moveTo(const QMouseEvent& event) {
    if (!dragging_) {
        plot()->setCursor(isAtPoint(event.position()) ? Qt::SizeAllCursor : Qt::ArrowCursor);
        return false;
    }
    move(grabbed_ + Eigen::Vector2d(plot()->xAxis->pixelToCoord(event.position().x()),
                                    plot()->yAxis->pixelToCoord(event.position().y())));
    hoverAt(event.position());
    return true;
}

bool PlanePlot::release(const QMouseEvent& event) {
    if (event.button() != Qt::LeftButton || !dragging_)
        return false;
    dragging_ = false;
    holdView(view_.updates.has_value());
    showResult();
    return true;
}

void PlanePlot::move(const Eigen::Vector2d& point) {
    point_ = point;
    emit pointMoved(point);
}

void PlanePlot::keyPressEvent(QKeyEvent* event) {
    const double step =
        plot()->xAxis->range().size() * (event->modifiers().testFlag(Qt::ShiftModifier) ? kFineStep : kStep);
    switch (event->key()) {
    case Qt::Key_Left:
        return move(point_ - Eigen::Vector2d(step, 0));
    case Qt::Key_Right:
        return move(point_ + Eigen::Vector2d(step, 0));
    case Qt::Key_Up:
        return move(point_ + Eigen::Vector2d(0, step));
    case Qt::Key_Down:
        return move(point_ - Eigen::Vector2d(0, step));
    default:
        LivePlot::keyPressEvent(event);
    }
}

} // namespace zipml::ui
