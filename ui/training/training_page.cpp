#include "ui/training/training_page.h"

#include "core/base/file.h"
#include "core/base/json_text.h"
#include "core/document/bit_comparison.h"
#include "core/document/lesson.h"
#include "core/lab/rules.h"
#include "ui/report/reported_runs.h"
#include "ui/runs/run_table.h"
#include "ui/training/data_bar.h"
#include "ui/training/estimator_menu.h"
#include "ui/training/export_model_dialog.h"
#include "ui/training/midrun_bar.h"
#include "ui/widgets/file_dialogs.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/panel_scroll.h"
#include "ui/widgets/setting_words.h"

#include <QAction>
#include <QClipboard>
#include <QInputDialog>
#include <QLabel>
#include <QMenu>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

namespace zipml::ui {
namespace {

SecondPlot secondPlotOf(const std::string& name) {
    return name == "variance"       ? SecondPlot::Variance
           : name == "distance"     ? SecondPlot::DistanceToOptimum
           : name == "accuracy"     ? SecondPlot::Accuracy
           : name == "refetch-rate" ? SecondPlot::RefetchRate
           : name == "outside"      ? SecondPlot::OutsideShare
                                    : SecondPlot::Bias;
}

/// A record from a file is without.
bool hasModel(const RunRecord& record) {
    return record.model.parameters.weights.size() > 0 || !record.model.perClass.empty();
}

} // namespace

TrainingPage::TrainingPage(ExperimentModel& experiment, QWidget* parent)
    : Page(parent), experiment_(experiment), runs_(experiment.runs()),
      panel_(new ExperimentPanel(experiment)) {
    auto* scroll = new PanelScroll(panel_, "experiment", this);

    plots_ = new RunPlots(runs_, this);
    buildTable();
    connect(plots_, &RunPlots::message, this, &TrainingPage::message);
    auto* right = new QSplitter(Qt::Vertical, this);
    right->addWidget(plots_);
    right->addWidget(runTable_);
    right->setStretchFactor(0, 3);
    right->setStretchFactor(1, 1);
    right->setChildrenCollapsible(false);
    buildActions();
    auto* centre = new QWidget(this);
    auto* column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(right, 1);
    column->addWidget(new DataBar(experiment_, {compareBits_, compareOptimal_, compareBias_}, centre));
    columns_ = besidePanel(scroll, centre, this);
    fillWith(columns_);
    panel_->midrun().follow(experiment_, [this] { return targets(); });
    connect(&panel_->midrun(), &MidrunBar::message, this, &TrainingPage::message);
    connect(runTable_, &RunTable::selectionChanged, &panel_->midrun(), &MidrunBar::update);
    connect(panel_, &ExperimentPanel::revealed, this, &TrainingPage::showThis);
    connect(&runs_, &RunList::message, this, [this](const QString& text, bool bad) {
        emit message(bad ? inWindowWords(text.toStdString()) : text, bad);
    });
    connect(panel_, &ExperimentPanel::openRequested, this, &TrainingPage::openRequested);
    connect(panel_, &ExperimentPanel::dataPageRequested, this, [this] { emit pageWanted("data"); });
    connect(&experiment_, &ExperimentModel::selectionWanted, runTable_, &RunTable::selectRun);
    connect(panel_, &ExperimentPanel::refused, this,
            [this](const QString& text) { emit message(text, true); });
    connect(&experiment_, &ExperimentModel::lookWanted, this, [this](const LessonAction& action) {
        setView(action.xAxis == "megabytes" ? XAxis::MegabytesMoved
                : action.xAxis == "seconds" ? XAxis::Seconds
                                            : XAxis::Epoch,
                secondPlotOf(action.secondPlot), action.lossScale == "above-optimum");
    });
    connect(panel_, &ExperimentPanel::bitsChanged, this, [this](int bits) {
        if (const int following = runs_.setBits(targets(), bits); following > 0)
            emit message(
                tr("%n run(s) on a store of any precision: %1 bits from the next epoch", nullptr, following)
                    .arg(bits),
                false);
    });
    connect(&runs_, &RunList::reset, this, &TrainingPage::updateActions);
    connect(&runs_, &RunList::rowChanged, this, &TrainingPage::updateActions);
    updateActions();
}

void TrainingPage::buildTable() {
    runTable_ = new RunTable(runs_, this);
    table_ = &runTable_->view();
    addAction(runTable_->filterAction());
    table_->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(table_, &QWidget::customContextMenuRequested, this, [this](const QPoint& position) {
        if (selectedRow() < 0)
            return;
        QMenu menu(this);
        menu.addActions(selectionActions());
        menu.exec(table_->viewport()->mapToGlobal(position));
    });
    connect(runTable_, &RunTable::selectionChanged, this, &TrainingPage::updateActions);
    connect(runTable_, &RunTable::highlighted, plots_, &RunPlots::setHighlighted);
    connect(runTable_, &RunTable::baselineChanged, plots_, &RunPlots::setBaseline);
    connect(plots_, &RunPlots::runClicked, runTable_, &RunTable::selectRun);
}

void TrainingPage::buildActions() {
    start_ = makeAction(tr("Start"), "start", {QKeySequence("Ctrl+Return"), QKeySequence("F5")},
                        tr("Start a run with the settings on the left"));
    pause_ = makeAction(tr("Pause"), "pause", {QKeySequence("F6")},
                        tr("Pause or resume the selected runs, or all"));
    step_ = makeAction(tr("Step"), "step", {QKeySequence("F7")},
                       tr("Run one epoch, then pause; Ctrl+Alt+M: one minibatch"));
    stop_ = makeAction(tr("Stop"), "stop", {QKeySequence("F8"), QKeySequence("Shift+F5")},
                       tr("Stop the selected runs, or all; complete epochs are kept"));
    reset_ = makeAction(tr("Reset"), "reset", {QKeySequence("Ctrl+Shift+R")},
                        tr("Stop and remove all runs; Undo brings them back"));
    showOwn_ =
        makeAction(tr("Show own runs"), {}, {},
                   tr("Tick your own runs as they were, and put those of lessons and the gallery away"));
    connect(showOwn_, &QAction::triggered, this,
            [this] { runs_.showOnly([](const RunOrigin& origin) { return origin.group.isEmpty(); }); });
    compare_ = makeAction(
        tr("Compare at equal bytes"), {}, {QKeySequence("Ctrl+Shift+Return")},
        tr("Start double sampling and the corrected estimator at equal stored bits, over MB moved"));
    connect(compare_, &QAction::triggered, this, &TrainingPage::compareAtEqualBytes);
    compareBits_ = makeAction(tr("Compare full, 8, 4, 3, 2 bits"), {}, {},
                              tr("Start full precision, double sampling and the corrected estimator at these "
                                 "widths, with the experiment's other settings"));
    compareBits_->setObjectName("compareBits");
    connect(compareBits_, &QAction::triggered, this, [this] { compareBits({}); });
    compareOptimal_ =
        makeAction(tr("Compare with optimal levels"), {}, {},
                   tr("The same widths, with each feature's levels where rounding has the least "
                      "variance; full precision is run once for both"));
    compareOptimal_->setObjectName("compareOptimal");
    connect(compareOptimal_, &QAction::triggered, this, [this] { compareBits({GridKind::Optimal}); });
    compareBias_ =
        makeAction(tr("Naive against double sampling"), {}, {},
                   tr("Start full precision, naive rounding and double sampling at the experiment's "
                      "bits: what biased rounding does to it"));
    compareBias_->setObjectName("compareBias");
    connect(compareBias_, &QAction::triggered, this,
            [this] { startBeside([&] { return biasComparison(experiment_.spec()); }); });
    report_ = makeAction(tr("Export report…"), {}, {QKeySequence("Ctrl+Shift+E")},
                         tr("Save plots, results and settings of all runs as HTML or PDF"));
    connect(report_, &QAction::triggered, this, [this] {
        save({tr("Save the report"), "report.html", tr("Web page (*.html);;PDF (*.pdf)")},
             [this](const QString& file) {
                 writeComparisonReport(reportedRuns(runs_), {lossPlot().figure(), secondPlot().figure()},
                                       file.toStdString());
             });
    });
    seeds_ = makeAction(tr("Start over several seeds…"), {}, {QKeySequence("Ctrl+Alt+Return")},
                        tr("Start the experiment once for each of several seeds, shown as a band"));
    connect(seeds_, &QAction::triggered, this, [this] {
        auto* dialog = new QInputDialog(this);
        dialog->setWindowTitle(tr("Several seeds"));
        dialog->setLabelText(tr("Runs, each with the next seed"));
        dialog->setInputMode(QInputDialog::IntInput);
        dialog->setIntRange(2, 50);
        dialog->setIntValue(5);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &QInputDialog::intValueSelected, this, &TrainingPage::startSeeds);
        dialog->open();
    });
    connect(start_, &QAction::triggered, this, [this] { attempt([this] { experiment_.start(); }); });
    connect(pause_, &QAction::triggered, this, [this] { runs_.pauseOrResume(targets()); });
    connect(step_, &QAction::triggered, this, [this] { runs_.step(targets()); });
    connect(stop_, &QAction::triggered, this, [this] { runs_.stop(targets()); });
    connect(reset_, &QAction::triggered, this, [this] {
        QList<int> all(runs_.size());
        std::iota(all.begin(), all.end(), 0);
        remove(all);
    });

    rename_ = makeAction(tr("Rename"), {}, {}, tr("Give the run another name (F2)"));
    reuse_ = makeAction(tr("Use its settings"), {}, {QKeySequence("Ctrl+E")},
                        tr("Copy the run's settings to the left"));
    exportModel_ = makeAction(tr("Export model…"), {}, {QKeySequence("Ctrl+M")},
                              tr("Save the trained model as JSON, ONNX, a C header or for LIBLINEAR"));
    saveRecord_ = makeAction(tr("Save record…"), {}, {}, tr("Save everything that was recorded as JSON"));
    saveCsv_ = makeAction(tr("Save curves as CSV…"), {}, {}, tr("Save one line an epoch"));
    copyCommand_ = makeAction(tr("Copy as command line"), {}, {QKeySequence("Ctrl+Shift+C")},
                              tr("Copy the zipml command that repeats the run"));
    copyJson_ = makeAction(tr("Copy settings as JSON"), {}, {}, tr("Copy the run's settings"));
    stepBatch_ = makeAction(tr("Step one minibatch"), {}, {QKeySequence("Ctrl+Alt+M")},
                            tr("Run one minibatch, then pause: the curves show the state inside the epoch"));
    connect(stepBatch_, &QAction::triggered, this, [this] { runs_.stepBatch(targets()); });
    goOnWith_ = new EstimatorMenu(
        runs_, [this] { return targets(); }, this);
    connect(goOnWith_, &EstimatorMenu::message, this, &TrainingPage::message);
    goOn_ = makeAction(tr("Go on on the CPU"), {}, {},
                       tr("Train on behind the last complete epoch, for runs that lost their device"));
    connect(goOn_, &QAction::triggered, this, [this] { runs_.goOnOnCpu(targets()); });
    remove_ = makeAction(tr("Remove"), {}, {QKeySequence::Delete},
                         tr("Stop and remove the selected runs; Undo brings them back"));
    remove_->setShortcutContext(Qt::WidgetShortcut); // Del edits text elsewhere
    table_->addAction(remove_);

    connect(rename_, &QAction::triggered, this, [this] { runTable_->rename(selectedRow()); });
    connect(reuse_, &QAction::triggered, this, [this] { experiment_.setSpec(runs_.at(selectedRow()).spec); });
    connect(exportModel_, &QAction::triggered, this, [this] {
        auto* dialog = new ExportModelDialog(runs_.at(selectedRow()).record->model, this);
        connect(dialog, &ExportModelDialog::message, this, &TrainingPage::message);
        dialog->open();
    });
    connect(saveRecord_, &QAction::triggered, this, [this] {
        const auto text = jsonText(toJson(*runs_.at(selectedRow()).record), 2) + "\n";
        save({tr("Save the record"), "run.json"},
             [text](const QString& file) { writeFileAtomically(file.toStdString(), text); });
    });
    connect(saveCsv_, &QAction::triggered, this, [this] {
        const auto text = toCsv(*runs_.at(selectedRow()).record);
        save({tr("Save the curves"), "curves.csv"},
             [text](const QString& file) { writeFileAtomically(file.toStdString(), text); });
    });
    connect(copyCommand_, &QAction::triggered, this, [this] {
        QApplication::clipboard()->setText(
            QString::fromStdString(toCommandLine(runs_.at(selectedRow()).repeated())));
        emit message(tr("Copied the command"), false);
    });
    connect(copyJson_, &QAction::triggered, this, [this] {
        QApplication::clipboard()->setText(
            QString::fromStdString(toJson(runs_.at(selectedRow()).repeated()).dump(2)));
        emit message(tr("Copied the settings"), false);
    });
    connect(remove_, &QAction::triggered, this, [this] {
        if (selectedRow() >= 0)
            remove(targets());
    });
}

void TrainingPage::remove(const QList<int>& rows) {
    if (rows.isEmpty())
        return;
    runs_.remove(rows);
    emit message(
        rows.size() == 1
            ? tr("Removed a run. Edit > Undo brings it back, with its curves.")
            : tr("Removed %1 runs. Edit > Undo brings them back, with their curves.").arg(rows.size()),
        false);
}

QList<QAction*> TrainingPage::barActions() const {
    return {start_, pause_, step_, stop_, reset_};
}

QList<PageMenu> TrainingPage::menus() const {
    return {{tr("&Run"),
             barActions() + QList<QAction*>{nullptr, showOwn_, compareBits_, compareOptimal_, compareBias_,
                                            compare_, seeds_, nullptr, runTable_->filterAction()}},
            {tr("Selec&ted run"), selectionActions()}};
}

QList<QAction*> TrainingPage::selectionActions() const {
    return {stepBatch_,
            goOnWith_->menuAction(),
            rename_,
            reuse_,
            goOn_,
            copyCommand_,
            copyJson_,
            exportModel_,
            saveRecord_,
            saveCsv_,
            runTable_->baselineAction(),
            runTable_->plotOnlyAction(),
            remove_};
}

int TrainingPage::selectedRow() const {
    const auto runs = runTable_->selected();
    return runs.isEmpty() ? -1 : runs.first();
}

QList<int> TrainingPage::targets() const {
    return runTable_->selectedOrAll();
}

void TrainingPage::compareAtEqualBytes() {
    attempt([this] {
        RunSpec spec = experiment_.spec();
        spec.estimator = EstimatorKind::Double;
        spec.copies = 2;
        spec.bits = std::min(spec.bits, 15); // the corrected one stores the extra bit as a finer level
        RunSpec corrected = spec;
        corrected.estimator = EstimatorKind::Corrected;
        corrected.bits += 1;
        experiment_.startAll({spec, corrected});
        plots_->setXAxis(XAxis::MegabytesMoved);
    });
}

void TrainingPage::compareBits(const GridSpec& grid) {
    startBeside([&] { return bitComparison(experiment_.spec(), grid); });
}

/// Starts those of a comparison's runs that are not there; all of them where none is missing.
void TrainingPage::startBeside(const std::function<std::vector<RunSpec>()>& comparison) {
    attempt([&] {
        const auto wanted = comparison();
        std::vector<nlohmann::json> known;
        for (int row = 0; row < runs_.size(); ++row)
            if (const RunView& run = runs_.at(row);
                run.state != RunState::Failed && run.state != RunState::Stopped)
                known.push_back(identityOf(run.spec));
        std::vector<RunSpec> missing;
        std::ranges::copy_if(wanted, std::back_inserter(missing), [&](const RunSpec& spec) {
            return std::ranges::find(known, identityOf(spec)) == known.end();
        });
        experiment_.startAll(missing.empty() ? wanted : missing);
    });
}

void TrainingPage::startSeeds(int count) {
    attempt([this, count] {
        std::vector<RunSpec> specs(static_cast<std::size_t>(count), experiment_.spec());
        for (int i = 0; i < count; ++i)
            specs[static_cast<std::size_t>(i)].seed += static_cast<std::uint64_t>(i);
        experiment_.startAll(specs);
        plots_->setSeedBands(true);
    });
}

void TrainingPage::updateActions() {
    const auto rows = targets();
    const auto any = [&](auto&& test) {
        return std::ranges::any_of(rows, [&](int row) { return test(runs_.at(row)); });
    };
    const bool running = any([](const RunView& run) { return run.state == RunState::Running; });
    const bool paused = any([](const RunView& run) { return run.state == RunState::Paused; });
    pause_->setEnabled(running || paused);
    pause_->setText(!running && paused ? tr("Resume") : tr("Pause"));
    setIcon(pause_, !running && paused ? "start" : "pause");
    for (auto* action : {step_, stepBatch_, goOnWith_->menuAction()})
        action->setEnabled(running || paused);
    stop_->setEnabled(any([](const RunView& run) { return run.active(); }));
    for (auto* action : {reset_, report_})
        action->setEnabled(runs_.size() > 0);
    goOn_->setEnabled(any([](const RunView& run) { return !run.active() && run.deviceLost(); }));
    goOn_->setToolTip(goOn_->isEnabled() ? goOn_->statusTip() : tr("No run here lost its device"));
    const int row = selectedRow();
    for (auto* action : {rename_, reuse_, copyCommand_, copyJson_, remove_})
        action->setEnabled(row >= 0);
    const bool ended = row >= 0 && runs_.at(row).record.has_value();
    for (auto* action : {exportModel_, saveRecord_, saveCsv_}) {
        action->setEnabled(ended);
        action->setToolTip(ended ? action->statusTip() : tr("Select a run that has ended"));
    }
    bool groups = false;
    for (int each = 0; each < runs_.size(); ++each)
        groups = groups || !runs_.at(each).origin.group.isEmpty();
    showOwn_->setEnabled(groups);
    if (ended && !hasModel(*runs_.at(row).record)) {
        exportModel_->setEnabled(false);
        exportModel_->setToolTip(tr("The file that this run came from has no model: start it again"));
    }
}

void TrainingPage::save(const SaveRequest& request, const std::function<void(const QString&)>& write) {
    saveToFile(*this, request, write, [this](const QString& text, bool bad) { emit message(text, bad); });
}

QByteArray TrainingPage::layoutState() const {
    return columns_->saveState();
}

void TrainingPage::restoreLayout(const QByteArray& state) {
    columns_->restoreState(state);
}

} // namespace zipml::ui
