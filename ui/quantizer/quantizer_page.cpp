#include "ui/quantizer/quantizer_page.h"

#include "ui/experiment/experiment_model.h"
#include "ui/quantizer/levels_section.h"
#include "ui/quantizer/rounding_section.h"
#include "ui/quantizer/strategy_table_model.h"
#include "ui/quantizer/values_section.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/column_widths.h"
#include "ui/widgets/panel_scroll.h"
#include "ui/widgets/row_table.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QSignalBlocker>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

#include <cmath>
#include <nlohmann/json.hpp>

namespace zipml::ui {
namespace {

/// What of the training page's settings decides the values.
std::string dataKey(const RunSpec& spec) {
    RunSpec data;
    data.data = spec.data;
    data.seed = spec.seed;
    return toJson(data).dump();
}

} // namespace

QuantizerPage::QuantizerPage(ExperimentModel& experiment, QWidget* parent)
    : Page(parent), experiment_(experiment), model_(experiment.runs().cache()) {
    buildPlots();
    buildTable();
    buildActions();
    arrange(buildPanel(experiment.runs()));
    connect(&model_, &QuantizerModel::valuesChanged, this, [this] {
        valuePlot_->select({});
        valuePlot_->fit();
    });
    connect(&model_, &QuantizerModel::levelsChanged, this, &QuantizerPage::updateAll);
    connect(&model_, &QuantizerModel::progressed, this, [this] { values_->show(model_); });
    zoomed_.setSingleShot(true);
    zoomed_.setInterval(0);
    connect(&zoomed_, &QTimer::timeout, this, &QuantizerPage::updateCurves);
    updateAll();
}

const std::optional<RepeatedRounding>& QuantizerPage::rounding() const {
    return rounding_->rounding();
}

void QuantizerPage::buildPlots() {
    valuePlot_ = new LevelPlot(model_.editor(), "values", this);
    valuePlot_->setLogarithmic(false);
    valuePlot_->setEmptyText(tr("There are no values: choose others on the left."));
    view_ = new QComboBox(this);
    view_->setObjectName("valueView");
    view_->setAccessibleName(tr("What the plot of values shows"));
    view_->setToolTip(view_->accessibleName());
    fill<ValueView>(view_, {{ValueView::Histogram, tr("Histogram")},
                            {ValueView::Density, tr("Density")},
                            {ValueView::Cumulative, tr("Cumulative")}});
    valuePlot_->controls()->addWidget(view_);
    variancePlot_ = new LivePlot("variance", this);
    variancePlot_->setHorizontalOnly();
    variancePlot_->shareX(*valuePlot_);
    variancePlot_->setLogarithmic(false, false);
    variancePlot_->plot()->setMinimumHeight(110);
    variancePlot_->setEmptyText(tr("The rounding variance of every value\nappears here with the levels."));
    roundingPlot_ = new LivePlot("rounding", this);
    roundingPlot_->setLogarithmic(false, false);
    roundingPlot_->setEmptyText(tr("Click a value in the histogram:\nit is rounded again and again."));
    connect(view_, &QComboBox::currentIndexChanged, this, [this] { updateCurves(); });
    connect(valuePlot_, &LevelPlot::levelsEdited, &model_, &QuantizerModel::levelsEdited);
    connect(valuePlot_, &LevelPlot::selectionChanged, this, &QuantizerPage::updateAll);
    connect(valuePlot_->plot()->xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), &zoomed_,
            qOverload<>(&QTimer::start));
    for (auto* plot : {static_cast<LivePlot*>(valuePlot_), variancePlot_, roundingPlot_})
        connect(plot, &LivePlot::message, this, &QuantizerPage::message);
}

void QuantizerPage::buildTable() {
    rows_ = new StrategyTableModel(model_, this);
    table_ = new QTableView(this);
    setUpRows(*table_, "strategies", tr("Table of ways to place levels"));
    table_->setModel(rows_);
    table_->setSelectionMode(QAbstractItemView::SingleSelection);
    table_->setMinimumHeight(110);
    new ColumnWidths(*table_, StrategyTableModel::Strategy);
    connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& now) {
                if (rows_->updating() || !now.isValid() || now.row() == model_.shownRow())
                    return;
                valuePlot_->select({});
                const auto& all = strategies();
                if (const auto row = static_cast<std::size_t>(now.row()); row < all.size())
                    model_.setStrategy(all[row].value);
                else
                    model_.showOwn();
            });
}

void QuantizerPage::buildActions() {
    undo_ = makeAction(tr("Undo"), "undo", {QKeySequence(QKeySequence::Undo)},
                       tr("Undo the last change of a level"));
    redo_ = makeAction(tr("Redo"), "redo", {QKeySequence(QKeySequence::Redo)}, tr("Redo what was undone"));
    for (auto* action : {undo_, redo_})
        action->setPriority(QAction::LowPriority); // without text in the bar, which is full
    reset_ = makeAction(tr("Reset levels"), "reset", {QKeySequence("Ctrl+R")},
                        tr("Put the levels back where the strategy has them"));
    copyJson_ = makeAction(tr("Copy levels"), "copy", {QKeySequence("Ctrl+Shift+L")},
                           tr("Copy the levels shown, with their mean variance, as JSON"));
    copyCsv_ = makeAction(tr("Copy as CSV"), "copy", {}, tr("Copy the levels shown, one a line"));
    use_ = makeAction(tr("Use in training"), "use", {QKeySequence("Ctrl+U")},
                      tr("Set Grid and Bits on the Training page to the levels shown, also those by hand"));
    for (auto* action : menuActions()) // the keys have other meanings on other pages
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    const auto edit = [this](void (LevelEditor::*change)()) {
        (model_.editor().*change)();
        valuePlot_->select({});
        model_.levelsEdited();
    };
    connect(undo_, &QAction::triggered, this, [edit] { edit(&LevelEditor::undo); });
    connect(redo_, &QAction::triggered, this, [edit] { edit(&LevelEditor::redo); });
    connect(reset_, &QAction::triggered, this, [edit] { edit(&LevelEditor::reset); });
    connect(copyJson_, &QAction::triggered, this, [this] { copyLevels(true); });
    connect(copyCsv_, &QAction::triggered, this, [this] { copyLevels(false); });
    connect(use_, &QAction::triggered, this, &QuantizerPage::useInTraining);
}

QWidget* QuantizerPage::buildPanel(RunList& runs) {
    auto* panel = new QWidget;
    values_ = new ValuesSection(runs, panel);
    levels_ = new LevelsSection(panel);
    rounding_ = new RoundingSection(panel);
    auto* layout = new QVBoxLayout(panel);
    layout->setContentsMargins(12, 8, 12, 8);
    layout->setSpacing(4);
    layout->addWidget(values_);
    layout->addWidget(levels_);
    layout->addWidget(rounding_);
    layout->addStretch(1);
    connect(values_, &ValuesSection::choiceChanged, this, &QuantizerPage::fetch);
    connect(levels_, &LevelsSection::bitsChanged, this, [this](int bits) {
        valuePlot_->select({});
        model_.setBits(bits);
    });
    connect(levels_, &LevelsSection::insertRequested, valuePlot_, &LevelPlot::insertLevel);
    connect(levels_, &LevelsSection::removeRequested, valuePlot_, &LevelPlot::removeLevel);
    connect(valuePlot_, &LevelPlot::valuePicked, rounding_, &RoundingSection::setValue);
    connect(rounding_, &RoundingSection::changed, this, &QuantizerPage::updateRounding);
    return panel;
}

void QuantizerPage::arrange(QWidget* panel) {
    auto* scroll = new PanelScroll(panel, "quantizerPanel", this);
    auto* below = new QSplitter(Qt::Horizontal, this);
    below->addWidget(table_);
    below->addWidget(roundingPlot_);
    below->setSizes({520, 460});
    below->setChildrenCollapsible(false);
    auto* right = new QSplitter(Qt::Vertical, this);
    right->addWidget(valuePlot_);
    right->addWidget(variancePlot_);
    right->addWidget(below);
    right->setSizes({280, 190, 225});
    right->setChildrenCollapsible(false);
    fillWith(besidePanel(scroll, right, this));
}

void QuantizerPage::fetch() {
    RunSpec training;
    try {
        if (values_->usesTrainingData())
            training = experiment_.spec();
    } catch (const InputError& error) {
        emit message(QString::fromUtf8(error.what()), true);
        return;
    }
    trainingData_ = dataKey(training);
    fetched_ = true;
    if (const auto choice = values_->choice(training))
        model_.setChoice(*choice);
    else
        model_.clear();
    values_->show(model_);
}

void QuantizerPage::updateAll() {
    updateActions();
    levels_->show(model_, *valuePlot_);
    values_->show(model_);
    updateCurves();
    rounding_->setLevels(model_.levels());
    const QSignalBlocker quiet(table_->selectionModel());
    table_->selectRow(model_.shownRow());
    table_->viewport()->update();
}

void QuantizerPage::updateActions() {
    const bool any = !model_.levels().empty();
    const bool own = model_.editor().edited();
    enable(undo_, model_.editor().canUndo(), tr("No level was changed"));
    enable(redo_, model_.editor().canRedo(), tr("Nothing was undone"));
    enable(reset_, own, tr("The levels are where the strategy has them"));
    enable(copyJson_, any, tr("There are no levels yet"));
    enable(copyCsv_, any, tr("There are no levels yet"));
    enable(use_, any && model_.levels().size() > 1, tr("There are no levels yet"));
}

void QuantizerPage::updateCurves() {
    const auto view = chosen<ValueView>(view_);
    const QCPRange range = valuePlot_->plot()->xAxis->range();
    const Stretch shown =
        valuePlot_->fitted() ? Stretch{-HUGE_VAL, HUGE_VAL} : Stretch{range.lower, range.upper};
    const auto& picked = rounding_->rounding();
    valuePlot_->setCurves(valueCurves(model_, view, shown, valuePlot_->selected(),
                                      picked ? std::optional(picked->value()) : std::nullopt),
                          valueAxes(model_, view));
    variancePlot_->setCurves(varianceCurves(model_, shown), varianceAxes(model_));
}

void QuantizerPage::updateRounding() {
    const auto& rounding = rounding_->rounding();
    if (!rounding)
        return roundingPlot_->setCurves({}, {});
    roundingPlot_->setCurves(roundingCurves(*rounding), roundingAxes(*rounding));
    if (rounding->draws() == 1)
        updateCurves(); // another value was picked
}

void QuantizerPage::copyLevels(bool json) {
    QString text;
    if (json) {
        const nlohmann::json all{{"values", model_.chosen().title.toStdString()},
                                 {"placed by", model_.levelsName().toStdString()},
                                 {"levels", model_.levels()},
                                 {"mean variance", *model_.meanVariance()}};
        text = QString::fromStdString(all.dump(2));
    } else {
        text = "level\n";
        for (const double level : model_.levels())
            text += QString::number(level, 'g', 17) + "\n";
    }
    QApplication::clipboard()->setText(text);
    emit message(tr("Copied %1 levels").arg(model_.levels().size()), false);
}

void QuantizerPage::useInTraining() {
    std::optional<bool> shared;
    if (values_->usesTrainingData())
        shared = !values_->feature().has_value();
    const bool own = model_.editor().edited();
    GridSpec grid{own ? GridKind::Given : model_.strategy()};
    int bits = model_.bits();
    if (own) {
        grid.levels = model_.levels();
        bits = std::max(bits, bitsFor(grid.levels.size())); // levels may have been added
    }
    if (attempt([&] { experiment_.useLevels(grid, bits, shared); }))
        emit message(tr("The Training page is set to %1 and %2 bits: its Start trains with them.")
                         .arg(own ? tr("these %1 levels").arg(grid.levels.size())
                                  : tr("%1 levels").arg(toQt(entryOf(grid.kind).title)))
                         .arg(bits),
                     false);
}

void QuantizerPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    rounding_->setWatched(true);
    if (!fetched_)
        return fetch();
    if (!values_->usesTrainingData())
        return;
    try {
        if (dataKey(experiment_.spec()) != trainingData_)
            fetch();
    } catch (const InputError&) { // the Training page says it when it starts
    }
}

void QuantizerPage::hideEvent(QHideEvent* event) {
    rounding_->setWatched(false);
    QWidget::hideEvent(event);
}

} // namespace zipml::ui
