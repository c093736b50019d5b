#include "ui/plot/live_plot.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "ui/plot/export_menu.h"
#include "ui/plot/legend.h"
#include "ui/plot/plot_texts.h"
#include "ui/plot/replot_queue.h"
#include "ui/plot/zero_strip.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace zipml::ui {
namespace {

/// A point farther than this from the mouse is not read out.
constexpr double kHoverPixels = 40;
/// The cursor tells so many curves' values.
constexpr int kCursorCurves = 8;
constexpr int kLeastHeight = 180;
/// What a notch of the wheel and a key leave of the range.
constexpr double kNotch = 0.85, kKey = 0.8;

/// The log check box and the page's controls: in one line where both are whole, else in two.
class ControlStrip final : public QWidget {
  public:
    ControlStrip(QWidget* box, QHBoxLayout* controls, QWidget* parent)
        : QWidget(parent), box_(box), controls_(controls),
          lines_(new QBoxLayout(QBoxLayout::LeftToRight, this)) {
        lines_->setContentsMargins(10, 0, 10, 4);
        lines_->addWidget(box);
        lines_->addLayout(controls, 1);
    }
    /// It becomes two lines before it is cut.
    [[nodiscard]] QSize minimumSizeHint() const override {
        const QMargins around = lines_->contentsMargins();
        const int wider = std::max(box_->minimumSizeHint().width(), controls_->minimumSize().width());
        return {wider + around.left() + around.right(), lines_->minimumSize().height()};
    }

  protected:
    void resizeEvent(QResizeEvent* event) override {
        const QMargins around = lines_->contentsMargins();
        const int line = box_->sizeHint().width() + controls_->sizeHint().width() + lines_->spacing() +
                         around.left() + around.right();
        lines_->setDirection(width() < line ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
        QWidget::resizeEvent(event);
    }

  private:
    QWidget* box_;
    QHBoxLayout* controls_;
    QBoxLayout* lines_;
};

} // namespace

LivePlot::LivePlot(const QString& name, QWidget* parent)
    : QWidget(parent), name_(name), plot_(new QCustomPlot(this)), controls_(new QHBoxLayout),
      logarithmic_(new QCheckBox(this)), hover_(*plot_), empty_(new QCPItemText(plot_)) {
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("%1 plot").arg(name));
    setAccessibleDescription(tr("Keys: + and - zoom, 0 fits, arrows pan, Shift+F10 or Menu exports"));
    plot_->setObjectName(name + "Plot");
    plot_->setAccessibleName(tr("%1 plot").arg(name));
    plot_->setInteractions(QCP::iRangeDrag); // the wheel is taken here
    plot_->setNoAntialiasingOnDrag(true);
    plot_->setMinimumHeight(kLeastHeight);
    plot_->setMouseTracking(true);
    logarithmic_->setObjectName(name + "Logarithmic");
    logarithmic_->setAccessibleName(tr("Logarithmic axis of the %1 plot").arg(name));
    logarithmic_->setChecked(true);

    controls_->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(plot_, 1);
    layout->addWidget(new ControlStrip(logarithmic_, controls_, this));

    empty_->position->setType(QCPItemPosition::ptAxisRectRatio);
    empty_->position->setCoords(0.5, 0.5);
    connect(logarithmic_, &QCheckBox::toggled, this, [this] {
        fitted_ = true;
        redraw();
    });
    for (auto* axis : {plot_->xAxis, plot_->yAxis})
        connect(axis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this,
                [this, axis](const QCPRange& range) { keepWithinReach(*axis, range); });
    connect(plot_, &QCustomPlot::afterLayout, this, &LivePlot::settle);
    connectMouse();
    plot_->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(plot_, &QWidget::customContextMenuRequested, this, &LivePlot::openMenu);
}

void LivePlot::connectMouse() {
    wheel_.setSingleShot(true);
    wheel_.setInterval(0); // behind all events that wait
    connect(&wheel_, &QTimer::timeout, this, &LivePlot::applyWheel);
    connect(plot_, &QCustomPlot::mouseWheel, this, [this](const QWheelEvent* event) { turnWheel(*event); });
    connect(plot_, &QCustomPlot::mouseMove, this,
            [this](const QMouseEvent* event) { hoverAt(event->position()); });
    connect(plot_, &QCustomPlot::mousePress, this, [this](const QMouseEvent* event) {
        setFocus(Qt::MouseFocusReason);
        beginBox(*event);
    });
    connect(plot_, &QCustomPlot::mouseDoubleClick, this, [this] { fit(); });
    connect(plot_, &QCustomPlot::mouseRelease, this, [this](const QMouseEvent* event) {
        // A drag moved the ranges; a click did not.
        const bool dragged = plot_->property("dragged").toBool();
        plot_->setProperty("dragged", false);
        if (event->button() != Qt::LeftButton)
            return;
        if (plot_->selectionRect()->isActive()) { // zoomed to next, or given up
            plot_->unsetCursor();
            return;
        }
        if (dragged)
            fitted_ = false;
        else if (const auto point = nearestPoint(event->position()))
            emit pointClicked(static_cast<int>(point->curve - curves_.data()), point->index);
    });
    connect(plot_->selectionRect(), &QCPSelectionRect::accepted, this, [this] { fitted_ = false; });
    connect(plot_->xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this, [this] {
        if (QApplication::mouseButtons().testFlag(Qt::LeftButton))
            plot_->setProperty("dragged", true);
    });
}

/// With Shift, or once after the menu said so, a drag draws a box.
void LivePlot::beginBox(const QMouseEvent& event) {
    const bool box = event.button() == Qt::LeftButton && !axes_.equalScale &&
                     (boxNext_ || event.modifiers().testFlag(Qt::ShiftModifier));
    boxNext_ = false;
    plot_->setSelectionRectMode(box ? QCP::srmZoom : QCP::srmNone);
    plot_->axisRect()->setRangeZoomAxes(plot_->xAxis, horizontalOnly_ ? nullptr : plot_->yAxis);
    if (!box)
        return;
    const auto colors = PlotColors::ofApplication();
    plot_->selectionRect()->setPen(QPen(colors.text, 1, Qt::DashLine));
    plot_->selectionRect()->setBrush(faint(colors.text, 0.1F));
    plot_->setCursor(Qt::CrossCursor);
}

/// Once the plot has another size: what depends on it.
void LivePlot::settle() {
    const QRect room = plot_->axisRect()->rect();
    if (axes_.equalScale && room != fittedTo_) {
        fittedTo_ = room;
        fitRanges();
        equalizeScale(*plot_);
    }
    constexpr int kRounds = 6; // a label in two lines takes room from the other one, and a legend from both
    const bool texts = wrapTexts(*plot_, axes_);
    // Texts in more lines leave less for the axes, whose labels would be cut.
    const int least = std::max(kLeastHeight, plot_->plotLayout()->minimumOuterSizeHint().height());
    if (least != plot_->minimumHeight()) // later: it would take its new size while it draws the old one
        QMetaObject::invokeMethod(
            plot_, [plot = plot_, least] { plot->setMinimumHeight(least); }, Qt::QueuedConnection);
    if (plot_->viewport().size() != settledFor_) {
        settledFor_ = plot_->viewport().size();
        settling_ = 0;
        QMetaObject::invokeMethod(this, &LivePlot::redraw, Qt::QueuedConnection);
    } else if (texts && ++settling_ <= kRounds) {
        replotSoon(*plot_);
    }
    alignMargins();
}

const QCPRange& LivePlot::fittingOf(const QCPAxis& axis) const {
    if (&axis == plot_->yAxis)
        return fitting_.y;
    return leader_ != nullptr ? leader_->fitting_.x : fitting_.x;
}

void LivePlot::keepWithinReach(QCPAxis& axis, const QCPRange& range) {
    if (limiting_)
        return;
    const QCPRange near = withinReach(range, fittingOf(axis), axis.scaleType() == QCPAxis::stLogarithmic);
    if (near == range)
        return;
    limiting_ = true;
    axis.setRange(near);
    limiting_ = false;
}

void LivePlot::turnWheel(const QWheelEvent& event) {
    constexpr double kNotchDelta = 120; // eighths of a degree
    wheelSteps_ += event.angleDelta().y() / kNotchDelta;
    wheelAt_ = event.position();
    wheel_.start();
}

/// On an axis it is about that one.
void LivePlot::applyWheel() {
    const double factor = std::pow(kNotch, std::exchange(wheelSteps_, 0));
    const QRect frame = plot_->axisRect()->rect();
    const bool besideY = wheelAt_.x()<frame.left(), belowX = wheelAt_.y()> frame.bottom();
    fitted_ = false;
    if (!besideY || horizontalOnly_)
        scale(*plot_->xAxis, factor, plot_->xAxis->pixelToCoord(wheelAt_.x()));
    if (!belowX && !horizontalOnly_)
        scale(*plot_->yAxis, factor, plot_->yAxis->pixelToCoord(wheelAt_.y()));
    replotSoon(*plot_);
}

/// As far as there is something to see, so that at the end the view stays where it is.
void LivePlot::scale(QCPAxis& axis, double factor, double about) {
    const bool logarithmic = axis.scaleType() == QCPAxis::stLogarithmic;
    QCPRange range = axis.range();
    if (logarithmic && about > 0)
        range = {about * std::pow(range.lower / about, factor),
                 about * std::pow(range.upper / about, factor)};
    else
        range = {about + (range.lower - about) * factor, about + (range.upper - about) * factor};
    if (withinReach(range, fittingOf(axis), logarithmic) == range)
        axis.setRange(range);
}

void LivePlot::setCurves(const std::vector<Curve>& curves, const Axes& axes) {
    curves_ = curves;
    axes_ = axes;
    settling_ = 0;
    bothLogarithmic_ = axes.logarithmicX;
    if (logarithmicX_)
        axes_.baseX = 10;
    logarithmic_->setEnabled(!axes.bothSigns);
    logarithmic_->setText(bothLogarithmic_ ? tr("Log axes") : tr("Log axis"));
    logarithmic_->setToolTip(bothLogarithmic_ ? tr("Logarithmic or linear axes")
                                              : tr("Logarithmic or linear vertical axis"));
    redraw();
}

void LivePlot::redraw() {
    axes_.logarithmic = logarithmic_->isChecked() && !axes_.bothSigns;
    axes_.logarithmicX = logarithmicX_ || (bothLogarithmic_ && axes_.logarithmic);
    const auto colors = PlotColors::ofApplication();
    drawCurves(*plot_, curves_, axes_, colors);
    fitRanges();
    placeLegend(*plot_, curves_, axes_);
    empty_->setText(emptyTextIn(plot_->axisRect()->width()));
    empty_->setColor(colors.mutedText);
    empty_->setVisible(curves_.empty());
    if (const auto mouse = hover_.mouse())
        showReadOut(*mouse); // the curves moved below it
    replotSoon(*plot_);
}

QString LivePlot::emptyTextIn(int width) const {
    constexpr int kBeside = 6; // pixels
    QStringList lines;
    for (const QString& line : emptyText_.split('\n'))
        lines << wrapped(line, QFontMetrics(empty_->font()), width - 2 * kBeside);
    return lines.join('\n');
}

void LivePlot::fitRanges() {
    fitting_ = fittingRange(*plot_, curves_, axes_);
    const bool keepX = leader_ != nullptr || !fitted_;
    if (held_ || (!fitted_ && !horizontalOnly_))
        return;
    const QCPRange x = leader_ != nullptr ? leader_->plot_->xAxis->range() : plot_->xAxis->range();
    std::optional<QSignalBlocker> quiet; // the range comes back before anybody sees it
    if (keepX)
        quiet.emplace(plot_->xAxis);
    fitAxes(*plot_, curves_, axes_);
    if (keepX)
        plot_->xAxis->setRange(x);
}

void LivePlot::setLogarithmic(bool on, bool offered) {
    logarithmic_->setChecked(on);
    logarithmic_->setVisible(offered);
}

void LivePlot::setLogarithmicX(bool on) {
    if (on == logarithmicX_)
        return;
    logarithmicX_ = on;
    axes_.baseX = on ? 10 : Axes{}.baseX;
    fitted_ = true;
    redraw();
}

/// Room for the ticks' labels, and for the axis's in as many lines as it has.
int LivePlot::leftMargin() const {
    const QFontMetrics metrics(plot_->font());
    constexpr int kBetween = 18; // ticks and paddings
    return metrics.horizontalAdvance("0.0005") + kBetween +
           metrics.height() * static_cast<int>(plot_->yAxis->label().count('\n') + 1);
}

/// Plots that share x begin at the same place.
void LivePlot::alignMargins() {
    if (!horizontalOnly_)
        return;
    constexpr int kRight = 16;
    LivePlot* first = leader_ != nullptr ? leader_ : this;
    int left = first->leftMargin();
    for (const auto* plot : std::as_const(first->followers_))
        left = std::max(left, plot->leftMargin());
    const auto plots = QList<LivePlot*>{first} + first->followers_;
    // One above the other they end at the same place, too, whichever has its legend beside it.
    const auto besideOf = [](const LivePlot& plot) {
        return isLegendBeside(*plot.plot_) ? plot.plot_->legend->outerRect().width() : 0;
    };
    int beside = 0;
    for (const auto* plot : plots)
        if (plot->x() == first->x())
            beside = std::max(beside, besideOf(*plot));
    for (auto* plot : plots) {
        const int lacking = plot->x() == first->x() ? beside - besideOf(*plot) : 0;
        const QMargins now = plot->plot_->axisRect()->margins(); // above and below it finds them itself
        if (now.left() == left && now.right() == kRight + lacking)
            continue;
        plot->plot_->axisRect()->setMargins({left, 0, kRight + lacking, 0});
        replotSoon(*plot->plot_);
    }
}

void LivePlot::setHorizontalOnly() {
    horizontalOnly_ = true;
    plot_->axisRect()->setRangeDrag(Qt::Horizontal);
    plot_->axisRect()->setAutoMargins(QCP::msTop | QCP::msBottom);
    alignMargins();
    setAccessibleDescription(tr("Keys: + and - zoom, 0 fits, left and right pan"));
}

void LivePlot::shareX(LivePlot& leader) {
    leader_ = &leader;
    leader.followers_ << this;
    alignMargins();
    const auto changed = qOverload<const QCPRange&>(&QCPAxis::rangeChanged);
    connect(leader.plot_->xAxis, changed, this, [this](const QCPRange& range) {
        plot_->xAxis->setRange(range);
        replotSoon(*plot_);
    });
    connect(plot_->xAxis, changed, &leader, [this](const QCPRange& range) {
        if (leader_->plot_->xAxis->range() == range)
            return;
        leader_->fitted_ = false;
        leader_->plot_->xAxis->setRange(range);
        replotSoon(*leader_->plot_);
    });
}

void LivePlot::fit() {
    if (leader_ != nullptr)
        leader_->fit();
    fitted_ = true;
    redraw();
}

void LivePlot::zoom(double factor) {
    const QRectF room = plot_->axisRect()->rect();
    fitted_ = false;
    scale(*plot_->xAxis, factor, plot_->xAxis->pixelToCoord(room.center().x()));
    if (!horizontalOnly_)
        scale(*plot_->yAxis, factor, plot_->yAxis->pixelToCoord(room.center().y()));
    replotSoon(*plot_);
}

void LivePlot::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        settledFor_ = {};
        redraw();
    }
    QWidget::changeEvent(event);
}

/// @param share of the axis's length
void LivePlot::pan(QCPAxis* axis, double share) {
    const bool horizontal = axis->orientation() == Qt::Horizontal;
    if (!horizontal && horizontalOnly_)
        return;
    fitted_ = false;
    const double pixels = share * (horizontal ? plot_->axisRect()->width() : -plot_->axisRect()->height());
    const double low = axis->pixelToCoord(axis->coordToPixel(axis->range().lower) + pixels);
    const double high = axis->pixelToCoord(axis->coordToPixel(axis->range().upper) + pixels);
    axis->setRange(low, high);
    replotSoon(*plot_);
}

void LivePlot::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoom(kKey);
    case Qt::Key_Minus:
        return zoom(1 / kKey);
    case Qt::Key_0:
        return fit();
    case Qt::Key_Left:
        return pan(plot_->xAxis, -0.1);
    case Qt::Key_Right:
        return pan(plot_->xAxis, 0.1);
    case Qt::Key_Up:
        return pan(plot_->yAxis, 0.1);
    case Qt::Key_Down:
        return pan(plot_->yAxis, -0.1);
    default:
        QWidget::keyPressEvent(event);
    }
}

bool LivePlot::drawn(double y) const {
    return std::isfinite(y) && !(axes_.logarithmic && y < 0);
}

std::optional<LivePlot::Point> LivePlot::nearestPoint(const QPointF& position) const {
    std::optional<Point> nearest;
    double least = kHoverPixels;
    if (!plot_->axisRect()->rect().contains(position.toPoint()))
        return nearest;
    const double low = plot_->xAxis->pixelToCoord(position.x() - kHoverPixels);
    const double high = plot_->xAxis->pixelToCoord(position.x() + kHoverPixels);
    for (const auto& curve : curves_)
        for (qsizetype i = 0; i < curve.x.size(); ++i) {
            const bool zero = axes_.logarithmicX && curve.x[i] == 0;
            if (!zero && (curve.x[i] < low || curve.x[i] > high))
                continue;
            const auto place = placeOf(*plot_, axes_, curve.x[i], curve.y[i]);
            if (!place || (axes_.logarithmic && curve.y[i] == 0 && !showsZeros(curve.role)))
                continue;
            const double distance = std::hypot(place->x() - position.x(), place->y() - position.y());
            if (distance < least) {
                least = distance;
                nearest = {&curve, i};
            }
        }
    return nearest;
}

std::optional<LivePlot::ReadOut> LivePlot::readOutAt(const QPointF& position) const {
    const auto nearest = nearestPoint(position);
    if (!nearest)
        return std::nullopt;
    const Curve& curve = *nearest->curve;
    const double x = curve.x[nearest->index];
    const double y = curve.y[nearest->index];
    return ReadOut{
        placeOf(*plot_, axes_, x, y),
        tr("%1\n%2 %3\n%4 %5")
            .arg(curve.labels.isEmpty() ? curve.name : curve.name + "\n" + curve.labels[nearest->index],
                 quantityOfX(), QString::number(x, 'g', 6), curve.quantity, QString::number(y, 'g', 6))};
}

QString LivePlot::quantityOfX() const {
    return axes_.xLabel.section('(', 0, 0).trimmed().toLower();
}

void LivePlot::showReadOut(const QPointF& position) {
    const auto told = readOutAt(position);
    if (told && !plot_->selectionRect()->isActive()) // it would cover the box that is drawn
        hover_.showReadOut(position, told->place, told->text);
    else
        hover_.hideReadOut();
}

void LivePlot::hoverAt(const QPointF& position) {
    showReadOut(position);
    const QRect frame = plot_->axisRect()->rect();
    const bool inside = position.x() >= frame.left() && position.x() <= frame.right();
    emit hovered(inside ? std::optional(plot_->xAxis->pixelToCoord(position.x())) : std::nullopt);
}

void LivePlot::shareCursor(LivePlot& one, LivePlot& other) {
    connect(&one, &LivePlot::hovered, &other, &LivePlot::showCursor);
    connect(&other, &LivePlot::hovered, &one, &LivePlot::showCursor);
}

void LivePlot::showCursor(std::optional<double> x) {
    QStringList values;
    for (const auto& curve : curves_) {
        if (!x || curve.role != CurveRole::Main || curve.x.isEmpty() || values.size() == kCursorCurves)
            continue;
        const auto after = std::ranges::lower_bound(curve.x, *x);
        qsizetype i = after - curve.x.begin();
        if (i == curve.x.size() || (i > 0 && *x - curve.x[i - 1] < curve.x[i] - *x))
            --i;
        const bool within = *x >= curve.x.front() && *x <= curve.x.back();
        if (within && drawn(curve.y[i]))
            values << tr("%1: %2").arg(curve.name, QString::number(curve.y[i], 'g', 4));
    }
    hover_.showCursor(curves_.empty() ? std::nullopt : x, values);
}

void LivePlot::leaveEvent(QEvent* event) {
    hover_.hideReadOut();
    emit hovered(std::nullopt);
    QWidget::leaveEvent(event);
}

void LivePlot::openMenu(const QPoint& position) {
    QMenu menu(this);
    if (const auto point = nearestPoint(position)) {
        emit pointMenu(&menu, *point->curve, point->index);
        menu.addSeparator();
    }
    menu.addAction(tr("Fit to the data\t0"), this, &LivePlot::fit);
    menu.addAction(tr("Zoom to a box\tShift+drag"), this, &LivePlot::zoomToNextBox)
        ->setEnabled(!axes_.equalScale); // a box has another shape than the plot
    menu.addSeparator();
    addExports(menu, *this);
    menu.exec(plot_->mapToGlobal(position));
}

void LivePlot::contextMenuEvent(QContextMenuEvent* event) {
    if (event->reason() == QContextMenuEvent::Keyboard)
        openMenu(plot_->axisRect()->center());
    else
        QWidget::contextMenuEvent(event);
}

void LivePlot::exportTogether(LivePlot& first, LivePlot& second) {
    first.together_ = second.together_ = {&first, &second};
}

void LivePlot::exportTo(const QString& file, const std::optional<PlotLook>& look) const {
    const std::filesystem::path path = file.toStdString();
    if (path.extension() == ".csv") {
        writeFileAtomically(path, curvesToCsv(curves_, axes_).toStdString());
        return;
    }
    writePlotFile({figure()}, look.value_or(PlotLook{{800, axes_.equalScale ? 640 : 480}}), path,
                  runs_ ? runs_() : std::vector<RunSpec>());
}

void LivePlot::exportBothTo(const QString& file, const std::optional<PlotLook>& look) const {
    writePlotFile({together_.first->figure(), together_.second->figure()},
                  look.value_or(PlotLook{{800, 420}}), file.toStdString(),
                  runs_ ? runs_() : std::vector<RunSpec>());
}

Figure LivePlot::figure() const {
    return {curves_, axes_, plot_->xAxis->range(), plot_->yAxis->range()};
}

} // namespace zipml::ui
