#include "ui/tomography/tomography_page.h"

#include "ui/tomography/color_scale.h"
#include "ui/tomography/grey_image.h"
#include "ui/tomography/image_tile.h"
#include "ui/tomography/tomography_panel.h"
#include "ui/widgets/panel_scroll.h"

#include <QAction>
#include <QGridLayout>
#include <QLabel>
#include <QProgressBar>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

namespace zipml::ui {
namespace {

constexpr int kPollMilliseconds = 33;    // 30 images a second
constexpr int kSettleMilliseconds = 120; // a slider that is still moving does not start every time
constexpr float kDifferenceShare = 0.1F; // of the truth's range, where the difference's colours end

} // namespace

TomographyPage::TomographyPage(QWidget* parent)
    : Page(parent), panel_(new TomographyPanel(this)), tiles_(new QGridLayout),
      truthTile_(new ImageTile("truth", tr("Truth"), this)),
      sinogramTile_(new ImageTile("sinogram", tr("Sinogram"), this)), scale_(new ColorScale(this)),
      plot_(new LivePlot("tomography", this)), phase_(new QLabel(this)), progress_(new QProgressBar(this)) {
    build();
    buildActions();
    job_.deliver(kPollMilliseconds, [this](TomographyNews news) { receive(std::move(news)); });
    settle_.setSingleShot(true);
    settle_.setInterval(kSettleMilliseconds);
    connect(&settle_, &QTimer::timeout, this, &TomographyPage::start);
    connect(panel_, &TomographyPanel::changed, this, &TomographyPage::settingsChanged);
    connect(plot_, &LivePlot::message, this, &TomographyPage::message);
    settingsChanged();
    updatePlot();
    updateActions();
}

void TomographyPage::build() {
    auto* inside = new QWidget;
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins(14, 4, 12, 12);
    column->addWidget(panel_);
    column->addStretch(1);
    auto* side = new PanelScroll(inside, "tomographyPanel", this);

    truthTile_->setToolTip(tr("What is to be found; hold the mouse on a pixel for its value"));
    sinogramTile_->setToolTip(tr("The measured ray sums: a row an angle, a column a detector"));
    auto* images = new QWidget(this);
    auto* rows = new QVBoxLayout(images);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    tiles_->setContentsMargins(0, 0, 0, 0);
    tiles_->setSpacing(1);
    rows->addLayout(tiles_, 1);
    phase_->setObjectName("tomographyPhase");
    phase_->setForegroundRole(QPalette::PlaceholderText);
    progress_->setObjectName("tomographyProgress");
    progress_->setAccessibleName(tr("Reconstruction progress"));
    progress_->setRange(0, 100);
    progress_->setFixedWidth(180);
    QSizePolicy policy = progress_->sizePolicy();
    policy.setRetainSizeWhenHidden(true); // nothing jumps
    progress_->setSizePolicy(policy);
    auto* line = new QHBoxLayout;
    line->setContentsMargins(8, 3, 8, 3);
    line->setSpacing(10);
    line->addWidget(scale_, 1);
    line->addWidget(phase_);
    line->addWidget(progress_);
    rows->addLayout(line);

    auto* right = new QSplitter(Qt::Vertical, this);
    right->addWidget(images);
    right->addWidget(plot_);
    right->setSizes({470, 230});
    right->setStretchFactor(0, 3);
    right->setStretchFactor(1, 1);
    right->setChildrenCollapsible(false);
    auto* columns = new QSplitter(Qt::Horizontal, this);
    columns->addWidget(side);
    columns->addWidget(right);
    columns->setSizes({310, 970});
    columns->setStretchFactor(1, 1);
    columns->setChildrenCollapsible(false);
    fillWith(columns);
}

void TomographyPage::buildActions() {
    start_ = makeAction(tr("Reconstruct"), "start", {QKeySequence("Ctrl+F5")},
                        tr("Reconstruct the image from the beginning, with these settings"));
    pause_ = makeAction(tr("Pause"), "pause", {QKeySequence("Shift+F6")},
                        tr("Pause the reconstructions, or go on"));
    stop_ = makeAction(tr("Stop"), "stop", {QKeySequence("Shift+F7")},
                       tr("Stop the reconstructions; the images stay"));
    difference_ = makeAction(tr("Differences"), "difference", {QKeySequence("Ctrl+D")},
                             tr("Show each image's difference to the truth"));
    pause_->setCheckable(true);
    difference_->setCheckable(true);
    difference_->setToolTip(difference_->statusTip() + " (Ctrl+D)");
    connect(start_, &QAction::triggered, this, [this] {
        follow_ = true;
        start();
    });
    connect(pause_, &QAction::toggled, this, [this](bool pause) {
        if (active_)
            pause ? job_.control().pause() : job_.control().resume();
        updateActions();
    });
    connect(stop_, &QAction::triggered, this, [this] {
        follow_ = startAgain_ = false;
        settle_.stop();
        job_.stop();
    });
    connect(difference_, &QAction::toggled, this, &TomographyPage::showAllImages);
}

ImageTile* TomographyPage::tile(const QString& name) const {
    return findChild<ImageTile*>(name);
}

/// Live: while it runs, or has come to its end, a change starts it again from the zero image, so that every
/// curve tells of one setting.
void TomographyPage::settingsChanged() {
    if (follow_)
        return settle_.start();
    if (active_ || std::ranges::any_of(runs_, [](const Run& run) { return !run.points.empty(); }))
        return; // what is shown keeps its names
    try {
        spec_ = panel_->spec();
        layOutTiles();
    } catch (const InputError&) { // said when it starts
    }
}

void TomographyPage::start() {
    try {
        const TomographySpec spec = panel_->spec();
        if (panel_->estimators().empty())
            throw InputError("Nothing to reconstruct: tick an estimator under Compare");
        if (active_) { // it must not run beside its successor
            startAgain_ = true;
            job_.stop();
            return;
        }
        spec_ = spec;
    } catch (const InputError& error) {
        emit message(QString::fromUtf8(error.what()), true);
        return;
    }
    pause_->setChecked(false);
    layOutTiles();
    active_ = true;
    startReconstruction(job_, spec_, panel_->estimators());
    phase_->setText(tr("starting"));
    progress_->setValue(0);
    updateActions();
    showThis();
}

/// A tile an estimator; those that stay keep their image until the new one comes.
void TomographyPage::layOutTiles() {
    const auto estimators = panel_->estimators();
    std::vector<Run> before = std::move(runs_);
    runs_.clear();
    for (const EstimatorKind kind : estimators) {
        const auto old = std::ranges::find(before, kind, &Run::estimator);
        TomographySpec named = spec_;
        named.estimator = kind;
        const QString title = QString::fromStdString(displayName(named));
        if (old != before.end()) {
            old->tile->setTitle(title);
            runs_.push_back({kind, old->tile, std::move(old->image), {}});
            old->tile = nullptr;
        } else {
            auto* tile = new ImageTile(QString::fromUtf8(entryOf(kind).name.data()), title, this);
            tile->setToolTip(QString::fromUtf8(entryOf(kind).summary.data()));
            runs_.push_back({kind, tile, {}, {}});
        }
    }
    for (const Run& gone : before)
        delete gone.tile;
    while (tiles_->count() > 0)
        delete tiles_->takeAt(0);
    const int columns = estimators.size() <= 4 ? 3 : 4;
    int place = 0;
    const auto add = [&](ImageTile* tile, const QString& emptyText) {
        tile->setEmptyText(emptyText);
        tiles_->addWidget(tile, place / columns, place % columns);
        ++place;
    };
    const QString hint = tr("Press Reconstruct (Ctrl+F5) to see it form");
    add(truthTile_, tr("The phantom comes with the first run"));
    add(sinogramTile_, tr("Ray sums, an angle a row"));
    for (std::size_t i = 0; i < runs_.size(); ++i) {
        runs_[i].tile->setRun(static_cast<int>(i));
        add(runs_[i].tile, hint);
    }
    for (int column = 0; column < 4; ++column)
        tiles_->setColumnStretch(column, column < columns ? 1 : 0);
}

void TomographyPage::receive(TomographyNews news) {
    if (news.measured)
        showMeasured(std::move(*news.measured));
    bool anyImage = false;
    for (auto& [i, each] : news.runs) {
        Run& run = runs_[i];
        if (!each.message.isEmpty())
            emit message(each.message, true);
        if (!each.image)
            continue;
        run.image = std::move(*each.image);
        run.points.insert(run.points.end(), each.points.begin(), each.points.end());
        ++imagesShown_;
        anyImage = true;
        showImage(run);
        updateFigures(run);
    }
    if (anyImage)
        updatePlot();
    if (news.share) {
        progress_->setValue(static_cast<int>(*news.share * 100));
        phase_->setText(news.phase);
    }
    if (news.finished)
        finish(news);
}

void TomographyPage::finish(const TomographyNews& news) {
    const bool stopped = news.stopped || job_.control().stopRequested();
    active_ = false;
    phase_->setText(stopped ? tr("stopped") : tr("done"));
    if (!news.error.isEmpty()) {
        follow_ = false;
        emit message(news.error, true);
    }
    updateActions();
    if (startAgain_) {
        startAgain_ = false;
        start();
    }
}

void TomographyPage::showMeasured(TomographyView measured) {
    measured_ = std::move(measured);
    const TomographyView& view = *measured_;
    const ValueRange range = rangeOf(view.truth);
    truthTile_->setPicture(greyImage(view.truth, range), [this](int column, int row) {
        return tr("column %1, row %2: %3").arg(column).arg(row).arg(measured_->truth.at(row, column));
    });
    truthTile_->setFigures({tr("%1 × %1\npixels").arg(view.truth.size)});
    sinogramTile_->setPicture(
        sinogramImage(view.sinogram, view.views, view.detectors), [this](int column, int row) {
            const auto at = static_cast<std::size_t>(row) * static_cast<std::size_t>(measured_->detectors) +
                            static_cast<std::size_t>(column);
            return tr("%1°, detector %2: %3 attenuation × pixels")
                .arg(180.0 * row / measured_->views, 0, 'f', 1)
                .arg(column)
                .arg(measured_->sinogram[at]);
        });
    sinogramTile_->setFigures({tr("↓ %1 angles").arg(view.views), tr("→ %1\ndetectors").arg(view.detectors)});
    for (Run& run : runs_) { // of another truth
        run.image = {};
        run.tile->setPicture({});
        run.tile->setFigures({});
    }
    showAllImages();
    updatePlot();
}

void TomographyPage::showImage(Run& run) {
    if (run.image.size == 0 || !measured_)
        return;
    const ValueRange range = rangeOf(measured_->truth);
    const bool difference = difference_->isChecked();
    const bool dark = PlotColors::ofApplication().dark;
    run.tile->setPicture(difference ? differenceImage(run.image, measured_->truth,
                                                      kDifferenceShare * (range.high - range.low), dark)
                                    : greyImage(run.image, range),
                         [this, estimator = run.estimator](int column, int row) {
                             const auto shown = std::ranges::find(runs_, estimator, &Run::estimator);
                             const double value = double{shown->image.at(row, column)};
                             const double truth = double{measured_->truth.at(row, column)};
                             return tr("column %1, row %2: %3\ntruth %4, difference %5")
                                 .arg(column)
                                 .arg(row)
                                 .arg(value, 0, 'g', 4)
                                 .arg(truth, 0, 'g', 4)
                                 .arg(value - truth, 0, 'g', 3);
                         });
}

void TomographyPage::showAllImages() {
    const ValueRange range = measured_ ? rangeOf(measured_->truth) : ValueRange{};
    if (difference_->isChecked())
        scale_->showDifference(double{kDifferenceShare * (range.high - range.low)});
    else
        scale_->showGrey(double{range.low}, double{range.high});
    for (Run& run : runs_)
        showImage(run);
}

void TomographyPage::updateFigures(Run& run) {
    const TomographyEpoch& last = run.points.back();
    run.tile->setFigures({tr("%1 dB").arg(last.error.psnr, 0, 'f', 1),
                          tr("%1% error").arg(100 * last.error.relative, 0, 'f', 1),
                          tr("%1 MB").arg(static_cast<double>(last.bytesMoved) / 1e6, 0, 'f', 1),
                          tr("epoch %1").arg(last.epoch + last.share, 0, 'f', 2)});
}

void TomographyPage::updatePlot() {
    std::vector<Curve> curves;
    for (std::size_t i = 0; i < runs_.size(); ++i) {
        const Run& run = runs_[i];
        if (run.points.empty())
            continue;
        TomographySpec named = spec_;
        named.estimator = run.estimator;
        Curve curve;
        curve.run = static_cast<int>(i);
        curve.name = QString::fromStdString(displayName(named));
        curve.quantity = tr("relative error");
        for (const TomographyEpoch& point : run.points) {
            curve.x << static_cast<double>(point.bytesMoved) / 1e6;
            curve.y << point.error.relative;
        }
        curves.push_back(std::move(curve));
    }
    Axes axes;
    axes.title = tr("Error against bytes");
    axes.caption = tr("|x − truth| / |truth| at each image over what its rays have moved; colours as above");
    axes.xLabel = tr("Rays moved (MB)");
    axes.yLabel = tr("Relative error");
    axes.logarithmicX = true;
    axes.legend = false; // the images' titles are one
    plot_->setEmptyText(tr("Curves appear here once a reconstruction runs."));
    plot_->setCurves(curves, axes);
}

void TomographyPage::updateActions() {
    const bool runs = active();
    start_->setToolTip(start_->statusTip() + " (Ctrl+F5)");
    pause_->setEnabled(runs);
    pause_->setToolTip(runs ? pause_->statusTip() + " (Shift+F6)" : tr("Nothing is being reconstructed"));
    stop_->setEnabled(runs);
    stop_->setToolTip(runs ? stop_->statusTip() + " (Shift+F7)" : tr("Nothing is being reconstructed"));
    progress_->setVisible(runs);
    if (!runs && pause_->isChecked())
        pause_->setChecked(false);
    if (runs && pause_->isChecked())
        phase_->setText(tr("paused"));
}

void TomographyPage::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange)
        showAllImages();
    QWidget::changeEvent(event);
}

} // namespace zipml::ui
