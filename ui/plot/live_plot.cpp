#include "ui/plot/live_plot.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "ui/plot/export_plot_dialog.h"
#include "ui/plot/legend.h"
#include "ui/widgets/file_dialogs.h"

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

} // namespace

LivePlot::LivePlot(const QString& name, QWidget* parent)
    : QWidget(parent), name_(name), plot_(new QCustomPlot(this)), controls_(new QHBoxLayout),
      logarithmic_(new QCheckBox(this)) {
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("%1 plot").arg(name));
    setAccessibleDescription(tr("Keys: + and - zoom, 0 fits, arrows pan"));
    plot_->setObjectName(name + "Plot");
    plot_->setAccessibleName(tr("%1 plot").arg(name));
    plot_->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    plot_->setNoAntialiasingOnDrag(true);
    plot_->setMinimumHeight(150);
    plot_->setMouseTracking(true);
    logarithmic_->setObjectName(name + "Logarithmic");
    logarithmic_->setAccessibleName(tr("Logarithmic axis of the %1 plot").arg(name));
    logarithmic_->setChecked(true);

    controls_->setContentsMargins(10, 0, 10, 4);
    controls_->addWidget(logarithmic_);
    controls_->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(plot_, 1);
    layout->addLayout(controls_);

    marker_ = new QCPItemTracer(plot_);
    marker_->setStyle(QCPItemTracer::tsCircle);
    marker_->setSize(9);
    readOut_ = new QCPItemText(plot_);
    readOut_->setPadding(QMargins(6, 4, 6, 4));
    readOut_->position->setType(QCPItemPosition::ptAbsolute);
    readOut_->setLayer("overlay");
    marker_->setLayer("overlay");
    cursor_ = new QCPItemStraightLine(plot_);
    cursor_->point1->setTypeY(QCPItemPosition::ptAxisRectRatio);
    cursor_->point2->setTypeY(QCPItemPosition::ptAxisRectRatio);
    cursor_->setLayer("overlay");
    cursor_->setVisible(false);
    cursorText_ = new QCPItemText(plot_);
    cursorText_->setPadding(QMargins(6, 4, 6, 4));
    cursorText_->setTextAlignment(Qt::AlignLeft);
    cursorText_->position->setType(QCPItemPosition::ptAbsolute);
    cursorText_->setLayer("overlay");
    cursorText_->setVisible(false);
    empty_ = new QCPItemText(plot_);
    empty_->position->setType(QCPItemPosition::ptAxisRectRatio);
    empty_->position->setCoords(0.5, 0.5);
    hideReadOut();

    connect(logarithmic_, &QCheckBox::toggled, this, [this] {
        fitted_ = true;
        redraw();
    });
    connect(plot_, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) {
        showReadOut(event->position());
        const double x = event->position().x();
        const QRect frame = plot_->axisRect()->rect();
        emit hovered(x >= frame.left() && x <= frame.right() ? std::optional(plot_->xAxis->pixelToCoord(x))
                                                             : std::nullopt);
    });
    connect(plot_, &QCustomPlot::mousePress, this, [this] { setFocus(Qt::MouseFocusReason); });
    connect(plot_, &QCustomPlot::mouseDoubleClick, this, [this] { fit(); });
    connect(plot_, &QCustomPlot::mouseWheel, this, [this] { fitted_ = false; });
    connect(plot_, &QCustomPlot::mouseRelease, this, [this](QMouseEvent* event) {
        // A drag moved the ranges; a click did not.
        const bool dragged = plot_->property("dragged").toBool();
        plot_->setProperty("dragged", false);
        if (event->button() != Qt::LeftButton)
            return;
        if (dragged)
            fitted_ = false;
        else if (const auto point = nearestPoint(event->position()))
            emit pointClicked(static_cast<int>(point->curve - curves_.data()), point->index);
    });
    connect(plot_->xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this, [this] {
        if (QApplication::mouseButtons().testFlag(Qt::LeftButton))
            plot_->setProperty("dragged", true);
    });
    connect(plot_, &QCustomPlot::afterLayout, this, [this] {
        const QRect room = plot_->axisRect()->rect();
        if (!axes_.equalScale || room == fittedTo_)
            return;
        fittedTo_ = room;
        fitRanges();
        equalizeScale(*plot_);
    });
    plot_->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(plot_, &QWidget::customContextMenuRequested, this, &LivePlot::openMenu);
}

void LivePlot::setCurves(const std::vector<Curve>& curves, const Axes& axes) {
    curves_ = curves;
    axes_ = axes;
    bothLogarithmic_ = axes.logarithmicX;
    logarithmic_->setEnabled(!axes.bothSigns);
    logarithmic_->setText(bothLogarithmic_ ? tr("Log axes") : tr("Log axis"));
    logarithmic_->setToolTip(bothLogarithmic_ ? tr("Logarithmic or linear axes")
                                              : tr("Logarithmic or linear vertical axis"));
    redraw();
}

void LivePlot::redraw() {
    axes_.logarithmic = logarithmic_->isChecked() && !axes_.bothSigns;
    axes_.logarithmicX = bothLogarithmic_ && axes_.logarithmic;
    const auto colors = PlotColors::ofApplication();
    drawCurves(*plot_, curves_, axes_, colors);
    fitRanges();
    placeLegend(*plot_, curves_, axes_);
    readOut_->setColor(colors.text);
    readOut_->setBrush(colors.background);
    readOut_->setPen(QPen(colors.axes));
    empty_->setText(emptyText_);
    empty_->setColor(colors.mutedText);
    empty_->setVisible(curves_.empty());
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

void LivePlot::fitRanges() {
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

void LivePlot::setHorizontalOnly() {
    constexpr int kLeft = 76, kRight = 16;
    horizontalOnly_ = true;
    plot_->axisRect()->setRangeDrag(Qt::Horizontal);
    plot_->axisRect()->setRangeZoom(Qt::Horizontal);
    plot_->axisRect()->setAutoMargins(QCP::msTop | QCP::msBottom);
    plot_->axisRect()->setMargins({kLeft, 0, kRight, 0});
    setAccessibleDescription(tr("Keys: + and - zoom, 0 fits, left and right pan"));
}

void LivePlot::shareX(LivePlot& leader) {
    leader_ = &leader;
    const auto changed = qOverload<const QCPRange&>(&QCPAxis::rangeChanged);
    connect(leader.plot_->xAxis, changed, this, [this](const QCPRange& range) {
        plot_->xAxis->setRange(range);
        plot_->replot(QCustomPlot::rpQueuedReplot);
    });
    connect(plot_->xAxis, changed, &leader, [this](const QCPRange& range) {
        if (leader_->plot_->xAxis->range() == range)
            return;
        leader_->fitted_ = false;
        leader_->plot_->xAxis->setRange(range);
        leader_->plot_->replot(QCustomPlot::rpQueuedReplot);
    });
}

void LivePlot::fit() {
    if (leader_ != nullptr)
        leader_->fit();
    fitted_ = true;
    redraw();
}

void LivePlot::zoom(double factor) {
    fitted_ = false;
    plot_->xAxis->scaleRange(factor);
    if (!horizontalOnly_)
        plot_->yAxis->scaleRange(factor);
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

void LivePlot::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange)
        redraw();
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
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

void LivePlot::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoom(0.8);
    case Qt::Key_Minus:
        return zoom(1.25);
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
    return std::isfinite(y) && !(axes_.logarithmic && y <= 0);
}

std::optional<LivePlot::Point> LivePlot::nearestPoint(const QPointF& position) const {
    std::optional<Point> nearest;
    double least = kHoverPixels;
    for (const auto& curve : curves_)
        for (qsizetype i = 0; i < curve.x.size(); ++i) {
            if (!drawn(curve.y[i]))
                continue;
            const double distance = std::hypot(plot_->xAxis->coordToPixel(curve.x[i]) - position.x(),
                                               plot_->yAxis->coordToPixel(curve.y[i]) - position.y());
            if (distance < least) {
                least = distance;
                nearest = {&curve, i};
            }
        }
    return plot_->axisRect()->rect().contains(position.toPoint()) ? nearest : std::nullopt;
}

void LivePlot::showReadOut(const QPointF& position) {
    const auto nearest = nearestPoint(position);
    if (!nearest) {
        hideReadOut();
        return;
    }
    const Curve& curve = *nearest->curve;
    const double x = curve.x[nearest->index];
    const double y = curve.y[nearest->index];
    marker_->position->setCoords(x, y);
    marker_->setPen(QPen(PlotColors::ofApplication().text, 1.5));
    marker_->setVisible(true);
    readOut_->setText(
        tr("%1\n%2 %3\n%4 %5")
            .arg(curve.labels.isEmpty() ? curve.name : curve.name + "\n" + curve.labels[nearest->index],
                 axes_.xLabel.section('(', 0, 0).trimmed().toLower(), QString::number(x, 'g', 6),
                 curve.quantity, QString::number(y, 'g', 6)));
    // On the side of the mouse where there is room.
    const bool left = position.x() > plot_->axisRect()->center().x();
    const bool above = position.y() > plot_->axisRect()->center().y();
    readOut_->setPositionAlignment((left ? Qt::AlignRight : Qt::AlignLeft) |
                                   (above ? Qt::AlignBottom : Qt::AlignTop));
    readOut_->position->setCoords(position.x() + (left ? -12 : 12), position.y() + (above ? -12 : 12));
    readOut_->setVisible(true);
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

void LivePlot::hideReadOut() {
    if (!readOut_->visible() && !marker_->visible())
        return;
    readOut_->setVisible(false);
    marker_->setVisible(false);
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

void LivePlot::shareCursor(LivePlot& one, LivePlot& other) {
    connect(&one, &LivePlot::hovered, &other, &LivePlot::showCursor);
    connect(&other, &LivePlot::hovered, &one, &LivePlot::showCursor);
}

void LivePlot::showCursor(std::optional<double> x) {
    const bool before = cursor_->visible();
    cursor_->setVisible(x && !curves_.empty());
    cursorText_->setVisible(false);
    if (cursor_->visible()) {
        const auto colors = PlotColors::ofApplication();
        cursor_->setPen(QPen(colors.mutedText, 1, Qt::DashLine));
        cursor_->point1->setCoords(*x, 0);
        cursor_->point2->setCoords(*x, 1);
        QStringList values;
        for (const auto& curve : curves_) {
            if (curve.role != CurveRole::Main || curve.x.isEmpty() || values.size() == kCursorCurves)
                continue;
            const auto after = std::ranges::lower_bound(curve.x, *x);
            qsizetype i = after - curve.x.begin();
            if (i == curve.x.size() || (i > 0 && *x - curve.x[i - 1] < curve.x[i] - *x))
                --i;
            const bool within = *x >= curve.x.front() && *x <= curve.x.back();
            if (within && drawn(curve.y[i]))
                values << tr("%1: %2").arg(curve.name, QString::number(curve.y[i], 'g', 4));
        }
        const double pixel = plot_->xAxis->coordToPixel(*x);
        const bool left = pixel > plot_->axisRect()->center().x();
        cursorText_->setText(values.join('\n'));
        cursorText_->setColor(colors.text);
        cursorText_->setBrush(colors.background);
        cursorText_->setPen(QPen(colors.axes));
        cursorText_->setPositionAlignment((left ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignBottom);
        cursorText_->position->setCoords(pixel + (left ? -8 : 8), plot_->axisRect()->bottom() - 6);
        cursorText_->setVisible(!values.isEmpty() && plot_->axisRect()->rect().contains(
                                                         static_cast<int>(pixel), plot_->axisRect()->top()));
    }
    if (before || cursor_->visible())
        plot_->replot(QCustomPlot::rpQueuedReplot);
}

void LivePlot::leaveEvent(QEvent* event) {
    hideReadOut();
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
    menu.addSeparator();
    for (const char* ending : {"png", "svg", "pdf", "csv"})
        menu.addAction(QString(ending) == "csv" ? tr("Export data as CSV…")
                                                : tr("Export as %1…").arg(QString(ending).toUpper()),
                       this, [this, ending] { chooseExportFile(ending); })
            ->setEnabled(!curves_.empty());
    menu.addAction(tr("Export with a size…"), this, &LivePlot::chooseLook)->setEnabled(!curves_.empty());
    menu.exec(plot_->mapToGlobal(position));
}

void LivePlot::chooseLook() {
    auto* dialog = new ExportPlotDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this,
            [this, dialog] { chooseExportFile(dialog->ending(), dialog->look()); });
    dialog->open();
}

void LivePlot::chooseExportFile(const QString& ending, const std::optional<PlotLook>& look) {
    chooseFileToSave(*this,
                     {tr("Export the %1 plot").arg(name_), name_ + "." + ending,
                      QString("%1 (*.%2)").arg(ending.toUpper(), ending)},
                     [this, look](const QString& file) {
                         try {
                             exportTo(file, look);
                             emit message(tr("Exported %1").arg(file), false);
                         } catch (const std::exception& error) {
                             emit message(QString::fromUtf8(error.what()), true);
                         }
                     });
}

void LivePlot::exportTo(const QString& file, const std::optional<PlotLook>& look) const {
    const std::filesystem::path path = file.toStdString();
    if (path.extension() == ".csv") {
        writeFileAtomically(path, curvesToCsv(curves_, axes_).toStdString());
        return;
    }
    writePlotFile({figure()}, look.value_or(PlotLook{{800, axes_.equalScale ? 640 : 480}}), path);
}

Figure LivePlot::figure() const {
    return {curves_, axes_, plot_->xAxis->range(), plot_->yAxis->range()};
}

} // namespace zipml::ui
