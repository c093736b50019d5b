#include "ui/plot/live_plot.h"

#include "core/base/error.h"
#include "core/base/file.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <cmath>
#include <optional>

namespace zipml::ui {
namespace {

/// A point farther than this from the mouse is not read out.
constexpr double kHoverPixels = 40;

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
    empty_ = new QCPItemText(plot_);
    empty_->position->setType(QCPItemPosition::ptAxisRectRatio);
    empty_->position->setCoords(0.5, 0.5);
    hideReadOut();

    connect(logarithmic_, &QCheckBox::toggled, this, [this] {
        fitted_ = true;
        redraw();
    });
    connect(plot_, &QCustomPlot::mouseMove, this,
            [this](QMouseEvent* event) { showReadOut(event->position()); });
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
        else if (const Place place = nearestTo(event->position()); place.curve >= 0)
            emit pointClicked(place.curve, place.index);
    });
    connect(plot_->xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this, [this] {
        if (QApplication::mouseButtons().testFlag(Qt::LeftButton))
            plot_->setProperty("dragged", true);
    });
    plot_->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(plot_, &QWidget::customContextMenuRequested, this, &LivePlot::openMenu);
}

void LivePlot::setCurves(const std::vector<Curve>& curves, const Axes& axes) {
    curves_ = curves;
    axes_ = axes;
    bothLogarithmic_ = axes.logarithmicX;
    logarithmic_->setText(bothLogarithmic_ ? tr("Log axes") : tr("Log axis"));
    logarithmic_->setToolTip(bothLogarithmic_ ? tr("Logarithmic or linear axes")
                                              : tr("Logarithmic or linear vertical axis"));
    redraw();
}

void LivePlot::redraw() {
    axes_.logarithmic = logarithmic_->isChecked();
    axes_.logarithmicX = bothLogarithmic_ && axes_.logarithmic;
    const auto colors = PlotColors::ofApplication();
    drawCurves(*plot_, curves_, axes_, colors);
    fitRanges();
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
    if (!fitted_ && !horizontalOnly_)
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

LivePlot::Place LivePlot::nearestTo(const QPointF& position) const {
    Place nearest;
    if (!plot_->axisRect()->rect().contains(position.toPoint()))
        return nearest;
    double least = kHoverPixels;
    for (std::size_t c = 0; c < curves_.size(); ++c)
        for (qsizetype i = 0; i < curves_[c].x.size(); ++i) {
            const double y = curves_[c].y[i];
            if (!std::isfinite(y) || (axes_.logarithmic && y <= 0))
                continue;
            const double distance = std::hypot(plot_->xAxis->coordToPixel(curves_[c].x[i]) - position.x(),
                                               plot_->yAxis->coordToPixel(y) - position.y());
            if (distance < least) {
                least = distance;
                nearest = {static_cast<int>(c), i};
            }
        }
    return nearest;
}

void LivePlot::showReadOut(const QPointF& position) {
    const Place nearest = nearestTo(position);
    if (nearest.curve < 0) {
        hideReadOut();
        return;
    }
    const Curve& curve = curves_[static_cast<std::size_t>(nearest.curve)];
    const double x = curve.x[nearest.index];
    const double y = curve.y[nearest.index];
    marker_->position->setCoords(x, y);
    marker_->setPen(QPen(PlotColors::ofApplication().text, 1.5));
    marker_->setVisible(true);
    readOut_->setText(
        tr("%1\n%2 %3\n%4 %5")
            .arg(curve.labels.isEmpty() ? curve.name : curve.name + "\n" + curve.labels[nearest.index],
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

void LivePlot::openMenu(const QPoint& position) {
    QMenu menu(this);
    menu.addAction(tr("Fit to the data\t0"), this, &LivePlot::fit);
    menu.addSeparator();
    for (const char* ending : {"png", "svg", "pdf", "csv"})
        menu.addAction(QString(ending) == "csv" ? tr("Export data as CSV…")
                                                : tr("Export as %1…").arg(QString(ending).toUpper()),
                       this, [this, ending] { chooseExportFile(ending); })
            ->setEnabled(!curves_.empty());
    menu.exec(plot_->mapToGlobal(position));
}

void LivePlot::chooseExportFile(const QString& ending) {
    auto* dialog = new QFileDialog(this, tr("Export the %1 plot").arg(name_), name_ + "." + ending,
                                   QString("%1 (*.%2)").arg(ending.toUpper(), ending));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(ending);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        try {
            exportTo(file);
            emit message(tr("Exported %1").arg(file), false);
        } catch (const std::exception& error) {
            emit message(QString::fromUtf8(error.what()), true);
        }
    });
    dialog->open(); // not modal to the event loop: runs go on drawing
}

void LivePlot::exportTo(const QString& file) const {
    const std::filesystem::path path = file.toStdString();
    if (path.extension() == ".csv") {
        writeFileAtomically(path, curvesToCsv(curves_, axes_).toStdString());
        return;
    }
    writePlotFile({{curves_, axes_, plot_->xAxis->range(), plot_->yAxis->range()}}, {800, 480}, path);
}

} // namespace zipml::ui
