#include "ui/networks/networks_page.h"

#include "core/deep/engine.h"
#include "ui/experiment/settings_history.h"
#include "ui/networks/export_network_dialog.h"
#include "ui/networks/network_inspector.h"
#include "ui/networks/network_panel.h"
#include "ui/networks/network_table_model.h"
#include "ui/networks/own_image_view.h"
#include "ui/networks/weights_view.h"
#include "ui/runs/progress_delegate.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/column_widths.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/panel_scroll.h"
#include "ui/widgets/row_table.h"
#include "ui/widgets/work_progress.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QPointer>
#include <QSplitter>
#include <QStandardPaths>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace zipml::ui {
namespace {

/// "about 12 s", "about 3 min".
QString remainingText(double seconds) {
    if (seconds < 90)
        return NetworksPage::tr("about %1 s left").arg(std::max(1LL, std::llround(seconds)));
    if (seconds < 5400)
        return NetworksPage::tr("about %1 min left").arg(std::llround(seconds / 60));
    return NetworksPage::tr("about %1 h left").arg(seconds / 3600, 0, 'f', 1);
}

} // namespace

QString NetworksPage::usualFolder() {
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + "/networks";
}

NetworksPage::NetworksPage(const QString& folder, QWidget* parent)
    : Page(parent), missing_(QString::fromStdString(deep::missingEngine())), runs_(folder),
      panel_(new NetworkPanel), loss_(new LivePlot("networkLoss", this)),
      accuracy_(new LivePlot("networkAccuracy", this)), xAxis_(new QComboBox(this)),
      inspector_(new NetworkInspector(this)), model_(new NetworkTableModel(runs_, this)),
      table_(new QTableView(this)), shown_(new QLabel(this)),
      progress_(new WorkProgress("network", tr("Training progress"), this, WorkProgress::Place::Foot)) {
    setAcceptDrops(true);
    buildTable();
    build();
    buildActions();
    for (auto* plot : {loss_, accuracy_})
        connect(plot, &LivePlot::message, this, &NetworksPage::message);
    connect(inspector_, &NetworkInspector::message, this, &NetworksPage::message);
    connect(inspector_, &NetworkInspector::wanted, this, &NetworksPage::updateInspector);
    connect(&runs_, &NetworkRuns::message, this, &NetworksPage::message);
    connect(&runs_, &NetworkRuns::curvesChanged, this, &NetworksPage::updatePlots);
    connect(&runs_, &NetworkRuns::snapshotChanged, this, [this](int row) {
        if (row == shownRow())
            updateInspector();
    });
    connect(&runs_, &NetworkRuns::reset, this, [this] {
        updateInspector();
        updateActions();
        updateProgress();
    });
    connect(&runs_, &NetworkRuns::rowChanged, this, [this] {
        updateActions();
        updateProgress();
    });
    updatePlots();
    updateInspector();
    updateActions();
    updateProgress();
}

NetworksPage::~NetworksPage() = default;

void NetworksPage::buildTable() {
    setUpRows(*table_, "networkRuns", tr("Table of networks"));
    table_->setModel(model_);
    table_->setItemDelegateForColumn(NetworkTableModel::Progress, new ProgressDelegate(table_));
    table_->setMinimumHeight(84);
    new ColumnWidths(*table_, NetworkTableModel::Name);
    table_->installEventFilter(this);
    table_->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(table_, &QWidget::customContextMenuRequested, this, [this](const QPoint& position) {
        if (selectedRow() < 0)
            return;
        QMenu menu(this);
        menu.addActions({rename_, reuse_, copy_, goOn_, export_, remove_});
        menu.exec(table_->viewport()->mapToGlobal(position));
    });
    connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        updateInspector();
        updateActions();
    });
}

void NetworksPage::build() {
    auto* side = new PanelScroll(panel_, "networkPanel", this);
    xAxis_->setObjectName("networkX");
    xAxis_->setAccessibleName(tr("Horizontal axis of both plots"));
    xAxis_->setToolTip(xAxis_->accessibleName());
    fill<NetworkX>(xAxis_,
                   {{NetworkX::Iteration, tr("over iterations")}, {NetworkX::Epoch, tr("over epochs")}});
    accuracy_->setLogarithmic(false, false);
    accuracy_->controls()->addWidget(xAxis_);
    loss_->controls()->addStrut(xAxis_->sizeHint().height()); // both plots end at the same height
    shown_->setObjectName("networkShown");
    shown_->setContentsMargins(8, 0, 12, 8);
    inspector_->setCornerWidget(shown_);
    LivePlot::shareCursor(*loss_, *accuracy_);
    connect(xAxis_, &QComboBox::currentIndexChanged, this, [this] {
        updatePlots();
        loss_->fit();
        accuracy_->fit();
    });
    auto* plots = new QSplitter(Qt::Horizontal, this);
    plots->addWidget(loss_);
    plots->addWidget(accuracy_);
    plots->setSizes({1000, 1000}); // equal shares
    plots->setChildrenCollapsible(false);

    auto* stack = new QSplitter(Qt::Vertical, this);
    stack->addWidget(plots);
    stack->addWidget(inspector_);
    stack->addWidget(table_);
    stack->setSizes({250, 270, 125});
    stack->setStretchFactor(0, 3);
    stack->setStretchFactor(1, 3);
    stack->setStretchFactor(2, 1);
    stack->setChildrenCollapsible(false);
    auto* right = new QWidget;
    auto* rows = new QVBoxLayout(right);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    rows->addWidget(stack, 1);
    rows->addWidget(progress_);
    fillWith(besidePanel(side, new PanelScroll(right, "networkViews", this), this));
}

void NetworksPage::buildActions() {
    compare_ = makeAction(tr("Compare"), "difference", {QKeySequence("Ctrl+Shift+F8")},
                          tr("Train full precision, XNOR's five levels, the published optimal-5 and five "
                             "exactly optimal levels, one after the other"));
    start_ = makeAction(tr("Train"), "start", {QKeySequence("Ctrl+F8")},
                        tr("Train a network with the settings on the left"));
    pause_ = makeAction(tr("Pause"), "pause", {QKeySequence("Ctrl+F6")},
                        tr("Pause the training after this minibatch, or go on"));
    stop_ = makeAction(tr("Stop"), "stop", {QKeySequence("Ctrl+F7")},
                       tr("Stop the selected runs, or all, after this minibatch; they can go on later"));
    goOn_ = makeAction(tr("Go on"), "step", {QKeySequence("Ctrl+F9")},
                       tr("Train stopped runs on, from their checkpoints"));
    export_ = makeAction(tr("Export network…"), "use", {QKeySequence("Ctrl+Shift+X")},
                         tr("Save the network as ONNX, weights as level numbers or floats"));
    copy_ = makeAction(tr("Copy command"), "copy", {}, tr("Copy the zipml command that repeats the run"));
    reuse_ = makeAction(tr("Use its settings"), {}, {}, tr("Copy the run's settings to the left"));
    rename_ = makeAction(tr("Rename"), {}, {}, tr("Give the run another name (F2)"));
    remove_ = makeAction(tr("Remove"), {}, {QKeySequence::Delete},
                         tr("Stop and remove the selected runs; Undo brings them back"));
    remove_->setShortcutContext(Qt::WidgetShortcut); // Del edits text elsewhere
    table_->addAction(remove_);
    paste_ = makeAction(tr("Paste a picture"), {}, {QKeySequence::Paste},
                        tr("Let the network say what the picture on the clipboard is"));
    paste_->setShortcutContext(Qt::WidgetWithChildrenShortcut);

    connect(compare_, &QAction::triggered, this, [this] { startAll(networkComparison); });
    connect(start_, &QAction::triggered, this,
            [this] { startAll([](const deep::DeepSpec& spec) { return std::vector{spec}; }); });
    connect(pause_, &QAction::triggered, this, [this] { runs_.pauseOrResume(targets()); });
    connect(stop_, &QAction::triggered, this, [this] { runs_.stop(targets()); });
    connect(goOn_, &QAction::triggered, this, [this] { runs_.goOn(targets()); });
    connect(export_, &QAction::triggered, this, &NetworksPage::exportNetwork);
    connect(copy_, &QAction::triggered, this, [this] {
        QApplication::clipboard()->setText(QString::fromStdString(toCommandLine(runs_.at(shownRow()).spec)));
        emit message(tr("Copied the command"), false);
    });
    connect(reuse_, &QAction::triggered, this, [this] { panel_->setSpec(runs_.at(selectedRow()).spec); });
    connect(rename_, &QAction::triggered, this, [this] { table_->edit(model_->index(selectedRow(), 0)); });
    connect(remove_, &QAction::triggered, this, [this] {
        if (selectedRow() >= 0)
            remove(targets());
    });
    connect(paste_, &QAction::triggered, this, [this] {
        inspector_->setCurrentWidget(&inspector_->ownImage());
        inspector_->ownImage().paste();
    });
}

void NetworksPage::startAll(const std::function<std::vector<deep::DeepSpec>(const deep::DeepSpec&)>& specs) {
    attempt([&] {
        for (const auto& spec : specs(panel_->spec()))
            runs_.start(spec);
        table_->clearSelection(); // what trains is shown
        showThis();
    });
}

void NetworksPage::open(const QString& file) {
    if (isPictureName(file)) {
        inspector_->setCurrentWidget(&inspector_->ownImage());
        inspector_->ownImage().openFile(file);
        return;
    }
    panel_->setFolder(file);
    emit message(
        tr("Train (Ctrl+F8) reads the images of %1.").arg(QString::fromStdString(panel_->spec().data)),
        false);
}

void NetworksPage::dragEnterEvent(QDragEnterEvent* event) {
    const QMimeData& mime = *event->mimeData();
    if (mime.hasImage() || (mime.hasUrls() && mime.urls().first().isLocalFile()))
        event->acceptProposedAction();
}

void NetworksPage::dropEvent(QDropEvent* event) {
    event->acceptProposedAction();
    const QMimeData& mime = *event->mimeData();
    if (mime.hasUrls() && mime.urls().first().isLocalFile())
        return open(mime.urls().first().toLocalFile());
    inspector_->setCurrentWidget(&inspector_->ownImage());
    inspector_->ownImage().openPicture(mime.imageData().value<QImage>(), tr("The dropped picture"));
}

void NetworksPage::undoWith(SettingsHistory& history) {
    history_ = &history;
}

void NetworksPage::remove(const QList<int>& rows) {
    const QList<int> ids = runs_.remove(rows);
    if (history_ == nullptr)
        return runs_.forget(ids);
    const QPointer<NetworksPage> page(this); // steps may outlive it
    const auto count = ids.size();
    history_->add(
        count == 1 ? tr("remove a network") : tr("remove %1 networks").arg(count),
        [page, ids](bool undone) {
            if (page)
                undone ? page->runs_.putBack(ids) : page->runs_.takeOut(ids);
        },
        [page, ids](bool done) {
            if (page && done)
                page->runs_.forget(ids);
        });
    emit message(count == 1
                     ? tr("Removed a network. Edit > Undo brings it back, with its curves.")
                     : tr("Removed %1 networks. Edit > Undo brings them back, with their curves.").arg(count),
                 false);
}

void NetworksPage::exportNetwork() {
    auto* dialog = new ExportNetworkDialog(runs_.at(shownRow()).snapshot, this);
    connect(dialog, &ExportNetworkDialog::message, this, &NetworksPage::message);
    dialog->open();
}

QString NetworksPage::interruptedByClosing() const {
    QString text;
    int waiting = 0;
    for (int row = 0; row < runs_.size(); ++row) {
        const NetworkRun& run = runs_.at(row);
        waiting += run.state == RunState::Queued ? 1 : 0;
        if (run.state != RunState::Running && run.state != RunState::Paused)
            continue;
        text = run.setup ? tr("A network is being trained: %1, iteration %2 of %3. ")
                               .arg(run.name)
                               .arg(run.iteration)
                               .arg(run.setup->solver.iterations)
                         : tr("A network is being trained: %1. ").arg(run.name);
        text += runs_.lasting() && run.iteration > 0 ? tr("It can go on when ZipML Lab is started again.")
                                                     : tr("It would be lost.");
    }
    if (waiting > 0)
        text += waiting == 1 ? tr(" The run that waits would be lost.")
                             : tr(" The %1 runs that wait would be lost.").arg(waiting);
    return text.trimmed();
}

int NetworksPage::selectedRow() const {
    const auto rows = selectedRows(*table_);
    return rows.isEmpty() ? -1 : rows.first();
}

QList<int> NetworksPage::targets() const {
    return selectedRowsOrAll(*table_);
}

int NetworksPage::shownRow() const {
    if (const int selected = selectedRow(); selected >= 0 && selected < runs_.size())
        return selected;
    int row = -1;
    for (int each = 0; each < runs_.size(); ++each)
        if (runs_.at(each).snapshot)
            row = each; // the one that trains is behind those that have ended
    return row < 0 ? runs_.size() - 1 : row;
}

void NetworksPage::updatePlots() {
    const auto x = chosen<NetworkX>(xAxis_);
    loss_->setEmptyText(missing_.isEmpty()
                            ? tr("No networks yet.\nPress Compare (Ctrl+Shift+F8) or Train (Ctrl+F8):\n"
                                 "generated shapes need no file.")
                            : tr("Networks need libtorch, which this build is without.\n"
                                 "apt-get install libtorch-dev, and build again."));
    accuracy_->setEmptyText(tr("Test accuracy comes with each evaluation."));
    loss_->setCurves(networkLossCurves(runs_, x), networkLossAxes(x));
    accuracy_->setCurves(networkAccuracyCurves(runs_, x), networkAccuracyAxes(x));
}

void NetworksPage::updateInspector() {
    const int row = shownRow();
    const NetworkRun* run = row >= 0 ? &runs_.at(row) : nullptr;
    inspector_->show(run);
    if (run == nullptr || !run->snapshot)
        return shown_->clear();
    shown_->setText(
        QString("<span style='color:%1'>■</span> %2")
            .arg(PlotColors::ofApplication().run(run->id).name(),
                 tr("%1, iteration %2").arg(run->name.toHtmlEscaped()).arg(run->snapshot->model.iteration)));
}

bool NetworksPage::eventFilter(QObject* object, QEvent* event) {
    if (object == table_ && event->type() == QEvent::Resize)
        updateColumns();
    return Page::eventFilter(object, event);
}

/// In little room without what the name, the tool tip or the plots say too.
void NetworksPage::updateColumns() {
    constexpr int kRoomForAll = 860;
    for (const auto column : {NetworkTableModel::Data, NetworkTableModel::Network, NetworkTableModel::Weights,
                              NetworkTableModel::Levels, NetworkTableModel::Floats})
        table_->setColumnHidden(column, table_->width() < kRoomForAll);
}

void NetworksPage::updateProgress() {
    int waiting = 0, training = -1;
    for (int row = 0; row < runs_.size(); ++row) {
        waiting += runs_.at(row).state == RunState::Queued ? 1 : 0;
        if (runs_.at(row).active() && runs_.at(row).state != RunState::Queued)
            training = row;
    }
    if (training < 0) {
        progress_->hideBar();
        bool stopped = false;
        for (int row = 0; row < runs_.size(); ++row)
            stopped = stopped || runs_.canGoOn(row);
        return progress_->setText(stopped
                                      ? tr("Nothing is being trained. What was stopped can go on (Ctrl+F9).")
                                  : runs_.size() == 0 ? tr("Nothing is being trained.")
                                                      : tr("Done."));
    }
    const NetworkRun& run = runs_.at(training);
    progress_->setShare(run.share);
    QString text = run.name + ": " + (run.state == RunState::Paused ? tr("paused") : run.phase);
    if (run.setup)
        text += tr(", iteration %1 of %2").arg(run.iteration).arg(run.setup->solver.iterations);
    if (run.secondsLeft)
        text += ", " + remainingText(*run.secondsLeft);
    if (waiting > 0)
        text += (waiting == 1 ? tr("; 1 run waits") : tr("; %1 runs wait").arg(waiting));
    progress_->setText(text);
}

void NetworksPage::updateActions() {
    const auto rows = targets();
    const auto any = [&](auto&& test) { return std::ranges::any_of(rows, test); };
    const bool running = any([this](int row) { return runs_.at(row).state == RunState::Running; });
    const bool paused = any([this](int row) { return runs_.at(row).state == RunState::Paused; });
    enable(compare_, missing_.isEmpty(), missing_);
    enable(start_, missing_.isEmpty(), missing_);
    enable(pause_, running || paused, tr("Nothing is being trained"));
    pause_->setText(!running && paused ? tr("Resume") : tr("Pause"));
    setIcon(pause_, !running && paused ? "start" : "pause");
    enable(stop_, any([this](int row) { return runs_.at(row).active(); }), tr("Nothing is being trained"));
    enable(goOn_, any([this](int row) { return runs_.canGoOn(row); }), tr("No run was stopped"));
    const int shown = shownRow();
    enable(export_, shown >= 0 && runs_.at(shown).snapshot, tr("No network has been evaluated yet"));
    enable(copy_, shown >= 0, tr("There is no run yet"));
    for (auto* action : {reuse_, rename_, remove_})
        enable(action, selectedRow() >= 0, tr("Select a run in the table"));
}

} // namespace zipml::ui
