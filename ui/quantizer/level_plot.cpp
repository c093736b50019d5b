#include "ui/quantizer/level_plot.h"

#include <QKeyEvent>
#include <QMouseEvent>

#include <algorithm>
#include <cmath>

namespace zipml::ui {
namespace {

constexpr double kGrabPixels = 6;                 // as far from a level the mouse may be
constexpr double kClickPixels = 3;                // farther is a drag
constexpr double kStep = 0.01, kFineStep = 0.001; // of the visible part, for a key

} // namespace

LevelPlot::LevelPlot(LevelEditor& editor, const QString& name, QWidget* parent)
    : LivePlot(name, parent), editor_(editor) {
    setHorizontalOnly();
    setAccessibleDescription(tr("Keys: Tab from level to level, left and right move it, with Shift in finer "
                                "steps, Insert adds a level, Delete removes it, Escape lets go; "
                                "+ and - zoom, 0 fits"));
    plot()->installEventFilter(this);
}

void LevelPlot::select(std::optional<std::size_t> level) {
    if (level && !editor_.movable(*level))
        level.reset();
    if (level == selected_)
        return;
    selected_ = level;
    emit selectionChanged();
}

std::optional<std::size_t> LevelPlot::levelAt(const QPointF& position) const {
    std::optional<std::size_t> nearest;
    double distance = kGrabPixels;
    if (!plot()->axisRect()->rect().contains(position.toPoint()))
        return nearest;
    for (std::size_t i = 0; i < editor_.levels().size(); ++i) {
        const double away = std::abs(plot()->xAxis->coordToPixel(editor_.levels()[i]) - position.x());
        if (editor_.movable(i) && away <= distance) {
            nearest = i;
            distance = away;
        }
    }
    return nearest;
}

bool LevelPlot::eventFilter(QObject* watched, QEvent* event) {
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

bool LevelPlot::press(const QMouseEvent& event) {
    if (event.button() != Qt::LeftButton)
        return false;
    pressedAt_ = event.position();
    const auto level = levelAt(event.position());
    if (!level)
        return false;
    setFocus(Qt::MouseFocusReason);
    select(level);
    editor_.beginDrag();
    dragging_ = true;
    return true;
}

bool LevelPlot::moveTo(const QMouseEvent& event) {
    if (!dragging_ || !selected_) {
        plot()->setCursor(levelAt(event.position()) ? Qt::SizeHorCursor : Qt::ArrowCursor);
        return false;
    }
    editor_.move(*selected_, plot()->xAxis->pixelToCoord(event.position().x()));
    emit levelsEdited();
    hoverAt(event.position());
    return true;
}

bool LevelPlot::release(const QMouseEvent& event) {
    if (event.button() != Qt::LeftButton)
        return false;
    if (dragging_) {
        dragging_ = false;
        editor_.endDrag();
        emit levelsEdited();
        return true;
    }
    const QPointF moved = event.position() - pressedAt_;
    if (!editor_.levels().empty() && std::hypot(moved.x(), moved.y()) <= kClickPixels &&
        plot()->axisRect()->rect().contains(event.position().toPoint()))
        emit valuePicked(plot()->xAxis->pixelToCoord(event.position().x()));
    return false; // the plot ends its own drag
}

void LevelPlot::moveSelected(double share) {
    editor_.move(*selected_, editor_.levels()[*selected_] + share * plot()->xAxis->range().size());
    emit levelsEdited();
}

void LevelPlot::insertLevel() {
    const auto& levels = editor_.levels();
    if (levels.size() < 2)
        return;
    std::size_t before = 0;
    if (selected_)
        before = *selected_;
    else
        for (std::size_t i = 0; i + 1 < levels.size(); ++i)
            if (levels[i + 1] - levels[i] > levels[before + 1] - levels[before])
                before = i;
    if (const auto added = editor_.insert((levels[before] + levels[before + 1]) / 2)) {
        select(added);
        emit levelsEdited();
    }
}

void LevelPlot::removeLevel() {
    if (!selected_)
        return;
    editor_.remove(*selected_);
    const std::size_t next = *selected_;
    selected_.reset();
    select(next < editor_.levels().size() && editor_.movable(next) ? next : next - 1);
    emit levelsEdited();
}

std::optional<LivePlot::ReadOut> LevelPlot::readOutAt(const QPointF& position) const {
    if (!dragging_ || !selected_)
        return LivePlot::readOutAt(position);
    const QRect frame = plot()->axisRect()->rect();
    const double value = editor_.levels()[*selected_];
    const QPointF place(plot()->xAxis->coordToPixel(value),
                        std::clamp<double>(position.y(), frame.top(), frame.bottom()));
    return ReadOut{place, tr("level %1 of %2\n%3 %4")
                              .arg(*selected_ + 1)
                              .arg(editor_.levels().size())
                              .arg(quantityOfX(), QString::number(value, 'g', 6))};
}

bool LevelPlot::focusNextPrevChild(bool next) {
    const std::size_t count = editor_.levels().size();
    if (!hasFocus() || count < 3 || letGo_)
        return LivePlot::focusNextPrevChild(next);
    const std::size_t first = next ? 1 : count - 2;
    const std::size_t last = next ? count - 2 : 1;
    if (selected_ == last) {
        select({}); // and leave
        return LivePlot::focusNextPrevChild(next);
    }
    select(!selected_ ? first : next ? *selected_ + 1 : *selected_ - 1);
    return true;
}

void LevelPlot::focusInEvent(QFocusEvent* event) {
    letGo_ = false;
    LivePlot::focusInEvent(event);
}

void LevelPlot::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Insert)
        return insertLevel();
    if (!selected_)
        return LivePlot::keyPressEvent(event);
    const double step = event->modifiers().testFlag(Qt::ShiftModifier) ? kFineStep : kStep;
    switch (event->key()) {
    case Qt::Key_Left:
        return moveSelected(-step);
    case Qt::Key_Right:
        return moveSelected(step);
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        return removeLevel();
    case Qt::Key_Escape:
        letGo_ = true;
        return select({});
    default:
        LivePlot::keyPressEvent(event);
    }
}

} // namespace zipml::ui
