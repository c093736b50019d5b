#include "ui/plot/parallel_plot.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <limits>

namespace zipml::ui {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr int kReach = 6; // pixels around an axis or a line

QString numberOnAxis(double value) {
    return QString::number(value, 'g', 3);
}

double distanceToSegment(const QPointF& from, const QPointF& to, const QPointF& point) {
    const QPointF along = to - from, there = point - from;
    const double length = QPointF::dotProduct(along, along);
    const double share = length > 0 ? std::clamp(QPointF::dotProduct(there, along) / length, 0.0, 1.0) : 0;
    const QPointF apart = there - share * along;
    return std::hypot(apart.x(), apart.y());
}

} // namespace

ParallelPlot::ParallelPlot(const QString& name, QWidget* parent) : QWidget(parent) {
    setObjectName(name);
    setAccessibleName(tr("Parallel coordinates: drag along an axis to brush it"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
}

void ParallelPlot::setRows(const QVector<ParallelAxis>& axes, const QVector<RunLook>& looks) {
    const auto titles = [](const QVector<ParallelAxis>& all) {
        QStringList list;
        for (const auto& axis : all)
            list << axis.title;
        return list;
    };
    if (titles(axes) != titles(axes_)) {
        brushes_.clear();
        current_ = 0;
    }
    axes_ = axes;
    looks_ = looks;
    brushes_.resize(axes_.size());
    ranges_.clear();
    for (const ParallelAxis& axis : axes_) {
        double low = std::numeric_limits<double>::infinity(), high = -low;
        for (const double value : axis.values)
            if (std::isfinite(value)) {
                low = std::min(low, value);
                high = std::max(high, value);
            }
        const bool logarithmic = axis.logarithmic && low > 0;
        if (!axis.categories.isEmpty())
            low = -0.5, high = static_cast<double>(axis.categories.size()) - 0.5;
        else if (!(low <= high))
            low = 0, high = 1;
        else if (low == high)
            logarithmic ? (low /= 2, high *= 2) : (low -= 0.5, high += 0.5);
        ranges_.push_back({low, high, logarithmic});
    }
    update();
}

void ParallelPlot::setSelected(int row) {
    selected_ = row;
    update();
}

void ParallelPlot::setBrush(int axis, std::optional<std::pair<double, double>> range) {
    if (range && range->first > range->second)
        std::swap(range->first, range->second);
    brushes_[axis] = range;
    update();
    emit brushed();
}

QVector<bool> ParallelPlot::passing() const {
    QVector<bool> rows(looks_.size(), true);
    for (qsizetype axis = 0; axis < axes_.size(); ++axis)
        for (qsizetype row = 0; brushes_[axis] && row < rows.size(); ++row) {
            const double value = axes_[axis].values[row];
            if (!(value >= brushes_[axis]->first && value <= brushes_[axis]->second))
                rows[row] = false;
        }
    return rows;
}

QRectF ParallelPlot::area() const {
    const int line = fontMetrics().height();
    constexpr int kSide = 60;
    return QRectF(rect()).adjusted(kSide, 2.6 * line, -kSide, -1.6 * line);
}

double ParallelPlot::xOf(int axis) const {
    const QRectF in = area();
    return axes_.size() < 2 ? in.center().x()
                            : in.left() + in.width() * axis / static_cast<double>(axes_.size() - 1);
}

double ParallelPlot::yOf(int axis, double value) const {
    const Range& range = ranges_[axis];
    const double share = range.logarithmic ? std::log(value / range.low) / std::log(range.high / range.low)
                                           : (value - range.low) / (range.high - range.low);
    return area().bottom() - area().height() * std::clamp(share, 0.0, 1.0);
}

double ParallelPlot::valueAt(int axis, double y) const {
    const Range& range = ranges_[axis];
    const double share = std::clamp((area().bottom() - y) / area().height(), 0.0, 1.0);
    return range.logarithmic ? range.low * std::pow(range.high / range.low, share)
                             : range.low + share * (range.high - range.low);
}

QPointF ParallelPlot::pointOf(int axis, int row) const {
    const double value = axes_[axis].values[row];
    return std::isnan(value) ? QPointF(kNone, kNone)
                             : QPointF(xOf(axis), yOf(axis, std::isinf(value) ? ranges_[axis].high : value));
}

int ParallelPlot::axisAt(const QPointF& position) const {
    for (int axis = 0; axis < axes_.size(); ++axis)
        if (std::abs(position.x() - xOf(axis)) <= 2 * kReach && position.y() >= area().top() - kReach &&
            position.y() <= area().bottom() + kReach)
            return axis;
    return -1;
}

int ParallelPlot::rowAt(const QPointF& position) const {
    int nearest = -1;
    double least = kReach;
    const auto within = passing();
    for (int row = 0; row < looks_.size(); ++row)
        for (int axis = 0; within[row] && axis + 1 < axes_.size(); ++axis) {
            const QPointF from = pointOf(axis, row), to = pointOf(axis + 1, row);
            const double distance = distanceToSegment(from, to, position);
            if (distance < least) // never where one of them is NaN
                least = distance, nearest = row;
        }
    return nearest;
}

void ParallelPlot::drawLines(QPainter& painter, const QVector<bool>& within) const {
    const PlotColors colors = PlotColors::ofApplication();
    constexpr float kFaint = 0.12F;
    const auto draw = [&](int row, double width) {
        QColor color = colors.run(looks_[row].color, looks_[row].shade);
        painter.setPen(QPen(within[row] ? color : faint(color, kFaint), width));
        QPainterPath path;
        bool on = false;
        for (int axis = 0; axis < axes_.size(); ++axis) {
            const QPointF point = pointOf(axis, row);
            if (std::isnan(point.x()))
                on = false;
            else if (std::exchange(on, true))
                path.lineTo(point);
            else
                path.moveTo(point);
        }
        painter.drawPath(path);
    };
    for (const bool shown : {false, true}) // those in the brush in front
        for (int row = 0; row < looks_.size(); ++row)
            if (within[row] == shown && row != selected_)
                draw(row, 1.5);
    if (selected_ >= 0 && selected_ < looks_.size())
        draw(selected_, 4);
}

void ParallelPlot::drawAxis(QPainter& painter, int axis) const {
    const PlotColors colors = PlotColors::ofApplication();
    const QRectF in = area();
    const double x = xOf(axis);
    const int line = fontMetrics().height();
    painter.setPen(QPen(colors.axes, axis == current_ && hasFocus() ? 2.5 : 1));
    painter.drawLine(QPointF(x, in.top()), QPointF(x, in.bottom()));
    if (brushes_[axis]) {
        const double top = yOf(axis, brushes_[axis]->second), bottom = yOf(axis, brushes_[axis]->first);
        painter.fillRect(QRectF(x - kReach, top, 2 * kReach, std::max(2.0, bottom - top)),
                         faint(palette().color(QPalette::Highlight), 0.45F));
    }
    painter.setPen(colors.text);
    QFont bold = font();
    bold.setBold(true);
    painter.setFont(bold);
    const double room = axes_.size() < 2 ? in.width() : in.width() / static_cast<double>(axes_.size() - 1);
    const double wide = std::max(room - 8, 50.0);
    const QString title = QFontMetricsF(bold).elidedText(axes_[axis].title, Qt::ElideRight, wide);
    painter.drawText(QRectF(x - wide / 2, in.top() - 2.5 * line, wide, line), Qt::AlignCenter, title);
    painter.setFont(font());
    painter.setPen(colors.mutedText);
    const QStringList& categories = axes_[axis].categories;
    for (qsizetype i = 0; i < categories.size(); ++i) {
        const double y = yOf(axis, static_cast<double>(i));
        const bool last = axis + 1 == axes_.size();
        const QRectF beside(last ? x - wide - 6 : x + 6, y - line / 2.0, wide, line);
        const QString text = QFontMetricsF(font()).elidedText(categories[i], Qt::ElideRight, wide);
        QRectF behind =
            QFontMetricsF(font()).boundingRect(beside, last ? Qt::AlignRight : Qt::AlignLeft, text);
        painter.fillRect(behind, faint(colors.background, 0.8F)); // legible over the lines
        painter.drawText(beside, (last ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter, text);
    }
    if (!categories.isEmpty())
        return;
    painter.drawText(QRectF(x - wide / 2, in.top() - 1.3 * line, wide, line), Qt::AlignCenter,
                     numberOnAxis(ranges_[axis].high));
    painter.drawText(QRectF(x - wide / 2, in.bottom() + 0.3 * line, wide, line), Qt::AlignCenter,
                     numberOnAxis(ranges_[axis].low));
}

void ParallelPlot::paintEvent(QPaintEvent* /*event*/) {
    const PlotColors colors = PlotColors::ofApplication();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), colors.background);
    if (looks_.isEmpty() || axes_.isEmpty()) {
        painter.setPen(colors.mutedText);
        painter.drawText(rect(), Qt::AlignCenter, emptyText_);
        return;
    }
    drawLines(painter, passing());
    for (int axis = 0; axis < axes_.size(); ++axis)
        drawAxis(painter, axis);
}

void ParallelPlot::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || axes_.isEmpty())
        return;
    pressed_ = event->position();
    dragged_ = axisAt(event->position());
    if (dragged_ >= 0)
        current_ = dragged_;
    update();
}

void ParallelPlot::mouseMoveEvent(QMouseEvent* event) {
    if (axes_.isEmpty())
        return;
    setCursor(axisAt(event->position()) >= 0 ? Qt::SizeVerCursor : Qt::ArrowCursor);
    if (!pressed_ || dragged_ < 0 || std::abs(event->position().y() - pressed_->y()) < kReach)
        return;
    setBrush(dragged_, std::pair{valueAt(dragged_, pressed_->y()), valueAt(dragged_, event->position().y())});
}

void ParallelPlot::mouseReleaseEvent(QMouseEvent* event) {
    if (!pressed_)
        return;
    const QPointF way = event->position() - *pressed_;
    pressed_.reset();
    if (std::hypot(way.x(), way.y()) >= kReach)
        return;
    if (const int row = rowAt(event->position()); row >= 0)
        emit rowClicked(row);
    else if (dragged_ >= 0 && brushes_[dragged_])
        setBrush(dragged_, {});
}

void ParallelPlot::mouseDoubleClickEvent(QMouseEvent* event) {
    if (const int axis = axisAt(event->position()); axis >= 0 && brushes_[axis])
        setBrush(axis, {});
}

/// In twentieths of the axis.
void ParallelPlot::moveBrush(double by, double longer) {
    constexpr double kStep = 1.0 / 20;
    const double height = area().height();
    const auto brush = brushes_[current_].value_or(std::pair{ranges_[current_].low, ranges_[current_].high});
    const double bottom = yOf(current_, brush.first) - by * kStep * height;
    const double top = yOf(current_, brush.second) - (by + longer) * kStep * height;
    setBrush(current_, std::pair{valueAt(current_, bottom), valueAt(current_, std::min(top, bottom))});
}

void ParallelPlot::keyPressEvent(QKeyEvent* event) {
    if (axes_.isEmpty())
        return QWidget::keyPressEvent(event);
    const auto last = static_cast<int>(axes_.size()) - 1;
    const double by = event->key() == Qt::Key_Up ? 1 : event->key() == Qt::Key_Down ? -1 : 0;
    if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right)
        current_ = std::clamp(current_ + (event->key() == Qt::Key_Right ? 1 : -1), 0, last);
    else if (by != 0)
        event->modifiers().testFlag(Qt::ShiftModifier) ? moveBrush(0, by) : moveBrush(by, 0);
    else if (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace)
        setBrush(current_, {});
    else
        return QWidget::keyPressEvent(event);
    update();
}

bool ParallelPlot::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip || axes_.isEmpty())
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int row = rowAt(QPointF(help->pos()));
    QStringList lines;
    for (const ParallelAxis& axis : axes_) {
        const double value = row < 0 ? kNone : axis.values[row];
        const bool named = value >= 0 && value < static_cast<double>(axis.categories.size());
        if (!std::isnan(value))
            lines << axis.title + ": " +
                         (named ? axis.categories[static_cast<qsizetype>(value)] : numberOnAxis(value));
    }
    QToolTip::showText(help->globalPos(), lines.join('\n'), this);
    return true;
}

} // namespace zipml::ui
