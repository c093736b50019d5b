#include "ui/tradeoffs/tradeoffs_page.h"

#include "core/base/file.h"
#include "core/study/tradeoffs_file.h"
#include "ui/experiment/experiment_model.h"
#include "ui/plot/parallel_plot.h"
#include "ui/tradeoffs/heat_map_model.h"
#include "ui/tradeoffs/look_section.h"
#include "ui/tradeoffs/sweep_section.h"
#include "ui/tradeoffs/tradeoff_table_model.h"
#include "ui/widgets/column_widths.h"
#include "ui/widgets/file_dialogs.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/panel_scroll.h"
#include "ui/widgets/row_table.h"
#include "ui/widgets/work_progress.h"

#include <QAction>
#include <QHeaderView>
#include <QLabel>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <limits>

namespace zipml::ui {
namespace {

/// Sorted, and without the rows that a brush leaves out.
class BrushedRows : public QSortFilterProxyModel {
  public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    /// @param shown by row of the source; empty: all
    void show(const QVector<bool>& shown) {
        if (shown == shown_)
            return;
        shown_ = shown;
        invalidateFilter();
    }

  protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& /*parent*/) const override {
        return shown_.value(row, true);
    }

  private:
    QVector<bool> shown_;
};

/// "12 s", "3 min", "2.5 h".
QString durationText(double seconds) {
    if (seconds < 90)
        return TradeoffsPage::tr("%1 s").arg(std::max(1LL, std::llround(seconds)));
    if (seconds < 5400)
        return TradeoffsPage::tr("%1 min").arg(std::llround(seconds / 60));
    return TradeoffsPage::tr("%1 h").arg(seconds / 3600, 0, 'f', 1);
}

QString bitsText(double bits) {
    return QString::number(bits, 'g', 3) +
           (bits == 1 ? TradeoffsPage::tr(" bit") : TradeoffsPage::tr(" bits"));
}

/// "Loss 0.0104, 4.9% above full precision's (3% to 6% over 3 seeds)".
QString lossText(const TradeoffPoint& point) {
    if (point.diverged > 0)
        return TradeoffsPage::tr("diverged in %1 of %2 runs").arg(point.diverged).arg(point.runs);
    QString text = TradeoffsPage::tr("loss %1").arg(QString::number(point.loss.median, 'g', 4));
    if (!point.excess || point.setting.full())
        return text;
    const double excess = point.excess->median;
    const QString shown = excessText(excess);
    text += shown.startsWith("×") ? TradeoffsPage::tr(", %1 full precision's").arg(shown)
                                  : TradeoffsPage::tr(", %1 above full precision's").arg(shown);
    if (point.runs > 1)
        text += TradeoffsPage::tr(" (%1 to %2 over %3 seeds)")
                    .arg(excessText(point.excess->least), excessText(point.excess->most))
                    .arg(point.runs);
    return text;
}

} // namespace

QString TradeoffsPage::usualFolder() {
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + "/tradeoffs";
}

TradeoffsPage::TradeoffsPage(ExperimentModel& experiment, const QString& folder, QWidget* parent)
    : Page(parent), experiment_(experiment), model_(folder.toStdString(), experiment.runs().cache()),
      sweep_(new SweepSection(this)), look_(new LookSection(this)), plot_(new LivePlot("trade-offs", this)),
      parallel_(new ParallelPlot("parallel", this)), plots_(new QStackedWidget(this)),
      rows_(new TradeoffTableModel(model_, this)), sorted_(new BrushedRows(this)),
      table_(makeTable("tradeoffTable", tr("Table of settings"))),
      heatMap_(makeTable("heatMap", tr("Heat map: loss above full precision's by setting and bits"))),
      heatRows_(new HeatMapModel(model_, this)), statement_(new QLabel(this)), details_(new QLabel(this)),
      progress_(new WorkProgress("tradeoff", tr("Progress of the sweep"), this, WorkProgress::Place::Foot)) {
    buildTable();
    buildHeatMap();
    buildActions();
    build();
    plot_->setEmptyText(tr("Nothing has run yet.\nPress Start sweep (Ctrl+Shift+F5)."));
    parallel_->setEmptyText(tr("Nothing has run yet.\nPress Start sweep (Ctrl+Shift+F5)."));
    connect(parallel_, &ParallelPlot::rowClicked, this, &TradeoffsPage::select);
    connect(parallel_, &ParallelPlot::brushed, this, &TradeoffsPage::brush);
    connect(plot_, &LivePlot::message, this, &TradeoffsPage::message);
    connect(&experiment_, &ExperimentModel::devicesChanged, this,
            [this] { sweep_->setDevices(experiment_.devices()); });
    connect(plot_, &LivePlot::pointClicked, this, [this](int curve, qsizetype point) {
        if (const int row = plotRows_[static_cast<std::size_t>(curve)].value(point, -1); row >= 0)
            select(row);
    });
    connect(sweep_, &SweepSection::changed, this, &TradeoffsPage::plan);
    connect(look_, &LookSection::changed, this, [this] {
        rows_->setPicojoulesPerBit(look_->look().picojoulesPerBit);
        heatRows_->setTolerance(look_->look().tolerance);
        plot_->fit();
        updateAll();
    });
    connect(&model_, &TradeoffModel::rowsReset, this, [this] {
        table_->resizeColumnToContents(TradeoffTableModel::Setting);
        fitHeatMap();
        select(selectedRow());
    });
    connect(&model_, &TradeoffModel::rowsChanged, this, &TradeoffsPage::updateAll);
    connect(&model_, &TradeoffModel::progressed, this, &TradeoffsPage::updateProgress);
    connect(&model_, &TradeoffModel::message, this, &TradeoffsPage::message);
    updateAll();
    updateProgress();
}

QTableView* TradeoffsPage::makeTable(const QString& name, const QString& accessible) {
    auto* table = new QTableView(this);
    setUpTable(*table, name, accessible);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table->setMinimumHeight(110);
    return table;
}

void TradeoffsPage::buildTable() {
    sorted_->setSourceModel(rows_);
    sorted_->setSortRole(TradeoffTableModel::kSortRole);
    table_->setModel(sorted_);
    setUpRows(*table_, table_->objectName(), table_->accessibleName());
    table_->setSortingEnabled(true);
    table_->sortByColumn(TradeoffTableModel::Setting, Qt::AscendingOrder);
    new ColumnWidths(*table_, TradeoffTableModel::Setting, false);
    connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& now) {
                if (!selecting_ && now.isValid())
                    select(sorted_->mapToSource(now).row());
            });
}

void TradeoffsPage::buildHeatMap() {
    heatMap_->setModel(heatRows_);
    heatMap_->verticalHeader()->setDefaultSectionSize(24);
    heatMap_->verticalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    heatMap_->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    connect(heatMap_->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& now) {
                if (const int row = heatRows_->settingAt(now); !selecting_ && row >= 0)
                    select(row);
            });
}

void TradeoffsPage::buildActions() {
    start_ = makeAction(tr("Start sweep"), "start", {QKeySequence("Ctrl+Shift+F5")},
                        tr("Run what has not been run yet"));
    stop_ = makeAction(tr("Stop sweep"), "stop", {QKeySequence("Ctrl+Shift+F7")},
                       tr("Stop; runs that are complete are kept"));
    train_ = makeAction(tr("Train it"), "use", {QKeySequence("Ctrl+T")},
                        tr("Run the selected setting on the Training page, with its curves and bias"));
    save_ = makeAction(tr("Save table…"), {}, {}, tr("Save one line a setting as CSV"));
    discard_ = makeAction(tr("Discard results"), "reset", {},
                          tr("Forget this experiment's results, so that a sweep runs them all anew"));
    connect(start_, &QAction::triggered, this, &TradeoffsPage::start);
    connect(stop_, &QAction::triggered, this, [this] {
        model_.stop();
        progress_->setText(tr("stopping"));
    });
    connect(train_, &QAction::triggered, this, &TradeoffsPage::train);
    connect(save_, &QAction::triggered, this, [this] {
        saveToFile(
            *this, {tr("Save the table"), "trade-offs.csv", "CSV (*.csv)"},
            [this](const QString& file) { saveTable(file); },
            [this](const QString& text, bool bad) { emit message(text, bad); });
    });
    connect(discard_, &QAction::triggered, &model_, &TradeoffModel::discard);
}

/// The tables ask for rows while they go, and the model goes before the page's children.
TradeoffsPage::~TradeoffsPage() {
    delete table_;
    delete heatMap_;
}

void TradeoffsPage::build() {
    auto* panel = new QWidget;
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(4);
    column->addWidget(look_);
    column->addWidget(sweep_);
    column->addStretch(1);
    auto* side = new PanelScroll(panel, "tradeoffPanel", this);

    for (auto* label : {statement_, details_}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    statement_->setObjectName("tradeoffStatement");
    QFont font = statement_->font();
    font.setBold(true);
    statement_->setFont(font);
    details_->setObjectName("tradeoffDetails");
    details_->setForegroundRole(QPalette::PlaceholderText);
    auto* texts = new QWidget(this);
    auto* lines = new QVBoxLayout(texts);
    lines->setContentsMargins(12, 6, 12, 4);
    lines->setSpacing(2);
    lines->addWidget(statement_);
    lines->addWidget(details_);

    auto* below = new QSplitter(Qt::Horizontal, this);
    below->addWidget(heatMap_);
    below->addWidget(table_);
    below->setChildrenCollapsible(false);
    connect(below, &QSplitter::splitterMoved, this, [this] { divided_ = true; });
    below_ = below;
    auto* middle = new QSplitter(Qt::Vertical, this);
    plots_->addWidget(plot_);
    plots_->addWidget(parallel_);
    middle->addWidget(plots_);
    middle->addWidget(below);
    middle->setSizes({400, 190});
    middle->setStretchFactor(0, 2);
    middle->setStretchFactor(1, 1);
    connect(middle, &QSplitter::splitterMoved, this, &TradeoffsPage::updatePlot);
    middle->setChildrenCollapsible(false);
    auto* right = new QWidget(this);
    auto* rows = new QVBoxLayout(right);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    rows->addWidget(texts);
    rows->addWidget(middle, 1);
    rows->addWidget(progress_);
    fillWith(besidePanel(side, right, this));
}

void TradeoffsPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    plan();
}

void TradeoffsPage::resizeEvent(QResizeEvent* event) {
    Page::resizeEvent(event);
    fitHeatMap();
    updatePlot();
}

bool TradeoffsPage::plan() {
    return !model_.sweeping() && attempt([this] {
        const RunSpec base = experiment_.spec();
        sweep_->showBase(base);
        const TradeoffPlan wanted = sweep_->plan(base);
        if (model_.rows().empty() || wanted != model_.plan())
            model_.setPlan(wanted);
        sweep_->showRuns(model_.runs(), model_.leftOut());
    });
}

void TradeoffsPage::start() {
    if (!plan())
        return;
    model_.start();
    showThis();
}

QString TradeoffsPage::statement() const {
    return statement_->text();
}

void TradeoffsPage::saveTable(const QString& file) const {
    writeFileAtomically(file.toStdString(), tradeoffsCsv(model_.points(), look_->look().picojoulesPerBit));
}

void TradeoffsPage::train() {
    const auto row = static_cast<std::size_t>(selectedRow());
    RunSpec spec = specForRun(model_.plan().base, model_.firstRunOf(model_.rows()[row].setting));
    if (spec.biasDraws == 0)
        spec.biasDraws = RunSpec{}.biasDraws; // the Training page shows the bias
    emit pageWanted("training");
    experiment_.train(spec);
}

int TradeoffsPage::selectedRow() const {
    return selected_ ? model_.rowOf(*selected_) : -1;
}

/// The same in the table, the heat map and the plot.
void TradeoffsPage::select(int row) {
    selected_ = row < 0 ? std::nullopt : std::optional(model_.rows()[static_cast<std::size_t>(row)].setting);
    selecting_ = true;
    const QModelIndex inTable = row < 0 ? QModelIndex() : sorted_->mapFromSource(rows_->index(row, 0));
    const QModelIndex inHeatMap = heatRows_->cellOf(row);
    if (inTable.row() != table_->currentIndex().row())
        table_->selectionModel()->setCurrentIndex(inTable, QItemSelectionModel::ClearAndSelect |
                                                               QItemSelectionModel::Rows);
    if (inHeatMap != heatMap_->currentIndex())
        heatMap_->selectionModel()->setCurrentIndex(inHeatMap, QItemSelectionModel::ClearAndSelect);
    if (inTable.isValid())
        table_->scrollTo(inTable);
    selecting_ = false;
    updatePlot();
    updateTexts();
    updateActions();
}

/// Cells are as wide as the widest text, and the table has what they leave, until the person divides it.
void TradeoffsPage::fitHeatMap() {
    QFont bold = heatMap_->font();
    bold.setBold(true);
    const QFontMetrics metrics(bold);
    int widest = metrics.horizontalAdvance("✓0.00%");
    for (int row = 0; row < heatRows_->rowCount(); ++row)
        for (int column = 0; column < heatRows_->columnCount(); ++column)
            widest =
                std::max(widest, metrics.horizontalAdvance(heatRows_->index(row, column).data().toString()));
    constexpr int kMargins = 12;
    heatMap_->horizontalHeader()->setMinimumSectionSize(widest + kMargins);
    const int whole = below_->width() - below_->handleWidth();
    const int needed = heatMap_->verticalHeader()->sizeHint().width() +
                       (widest + kMargins) * heatRows_->columnCount() + 2 * heatMap_->frameWidth();
    const int least = whole / 3; // of either
    if (!divided_ && whole > 0)
        below_->setSizes({std::clamp(needed, least, whole - least), whole});
}

void TradeoffsPage::updateAll() {
    fitHeatMap();
    updatePlot();
    updateTexts();
    updateActions();
}

void TradeoffsPage::updatePlot() {
    TradeoffLook look = look_->look();
    look.selected = selectedRow();
    const bool parallel = look.view == TradeoffView::Parallel;
    plots_->setCurrentWidget(parallel ? static_cast<QWidget*>(parallel_) : plot_);
    updateParallel();
    if (parallel)
        return;
    const bool scatter = look.view == TradeoffView::Scatter;
    auto [curves, rows] = scatter ? scatterCurves(model_.rows(), look) : tradeoffCurves(model_.rows(), look);
    plotRows_ = std::move(rows);
    Axes axes = scatter ? scatterAxes(look, curves) : tradeoffAxes(look, model_.plan().seeds);
    constexpr int kLow = 280; // units: the legend would hide the points; the table has the colours too
    axes.legend = plot_->height() >= kLow;
    plot_->setCurves(curves, axes);
}

/// Only rows that have run are lines; those that the brush leaves out are hidden in the table too.
void TradeoffsPage::updateParallel() {
    const TradeoffLook look = look_->look();
    ParallelAxis series{tr("Estimator, levels"), {}, {}, false};
    QVector<RunLook> looks;
    for (const TradeoffRow& row : model_.rows()) {
        if (!series.categories.contains(row.shortName))
            series.categories << row.shortName;
        series.values << (row.point ? static_cast<double>(series.categories.indexOf(row.shortName))
                                    : std::numeric_limits<double>::quiet_NaN());
        looks << row.look;
    }
    QVector<ParallelAxis> axes{series};
    for (const auto quantity : {TradeoffQuantity::Bits, TradeoffQuantity::Stored, TradeoffQuantity::Moved,
                                TradeoffQuantity::Seconds, TradeoffQuantity::Excess}) {
        const bool linear = quantity == TradeoffQuantity::Bits || quantity == TradeoffQuantity::Stored;
        ParallelAxis axis{titleOf(quantity), {}, {}, !linear};
        for (const TradeoffRow& row : model_.rows())
            axis.values << valueOf(row, quantity, look);
        axes << axis;
    }
    parallel_->setRows(axes, looks);
    parallel_->setSelected(selectedRow());
    brush();
}

void TradeoffsPage::brush() {
    const bool brushes = look_->look().view == TradeoffView::Parallel;
    static_cast<BrushedRows*>(sorted_)->show(brushes ? parallel_->passing() : QVector<bool>());
}

void TradeoffsPage::updateTexts() {
    const TradeoffLook look = look_->look();
    const QString within = QString::number(100 * look.tolerance) + "%";
    const auto points = model_.points();
    const auto full = std::ranges::find_if(points, [](const auto& p) { return p.setting.full(); });
    const auto fewerBytes = [&](const TradeoffPoint& point) {
        const auto same = std::ranges::find_if(points, [&](const auto& p) {
            return p.setting.full() && p.setting.device == point.setting.device;
        });
        return same == points.end() ? QString()
                                    : tr(", %1 times fewer bytes moved (samples, model and gradient)")
                                          .arg(same->bytes.median / point.bytes.median, 0, 'f', 1);
    };
    const auto nameOfPoint = [&](const TradeoffPoint& point) {
        return model_.rows()[static_cast<std::size_t>(model_.rowOf(point.setting))].seriesName;
    };
    QString statement = model_.complete() ? QString() : tr("So far: ");
    if (const auto best = fewestBits(points, look.tolerance)) {
        statement += tr("Within %1 of full precision: %2 levels, %3 stored a value%4.")
                         .arg(within, nameOfPoint(points[*best]), bitsText(points[*best].bitsPerValue),
                              fewerBytes(points[*best]));
    } else if (full == points.end() || points.size() < 2) {
        statement = tr("How many bits are enough? A sweep runs each setting and compares its loss with full "
                       "precision's.");
    } else {
        const TradeoffPoint* nearest = nullptr;
        for (const auto& point : points)
            if (!point.setting.full() && point.excess &&
                (nearest == nullptr || point.excess->median < nearest->excess->median))
                nearest = &point;
        statement += tr("Nothing is within %1 of full precision").arg(within);
        if (nearest != nullptr)
            statement += tr("; the nearest is %1 levels, %2 stored: %3")
                             .arg(nameOfPoint(*nearest), bitsText(nearest->bitsPerValue),
                                  excessText(nearest->excess->median));
        statement += tr(". Try more bits.");
    }
    statement_->setText(statement);

    const int row = selectedRow();
    if (row < 0) {
        details_->setText(tr("Click a point, a cell or a row to see what it is; Train it (Ctrl+T) runs it on "
                             "the Training page."));
        return;
    }
    const TradeoffRow& shown = model_.rows()[static_cast<std::size_t>(row)];
    if (!shown.failure.isEmpty())
        return details_->setText(shown.name + ": " + shown.failure);
    if (!shown.point)
        return details_->setText(tr("%1: has not run yet").arg(shown.name));
    TradeoffLook energy = look;
    energy.cost = TradeoffCost::Energy;
    details_->setText(
        tr("%1: %2; %3 stored a value; %4 MB moved%5; %6 s; about %7 mJ")
            .arg(shown.name, lossText(*shown.point), bitsText(shown.point->bitsPerValue))
            .arg(shown.point->bytes.median / 1e6, 0, 'f', 2)
            .arg(shown.setting.full() ? QString() : fewerBytes(*shown.point).section(" bytes", 0, 0))
            .arg(shown.point->seconds.median, 0, 'g', 3)
            .arg(costOf(*shown.point, energy), 0, 'g', 3));
}

void TradeoffsPage::updateProgress() {
    model_.sweeping() ? progress_->setShare(model_.share()) : progress_->hideBar();
    QString text = tr("%1 of %2 runs").arg(model_.runsDone()).arg(model_.runs());
    if (model_.sweeping() && model_.current()) {
        const int row = model_.rowOf(model_.current()->setting);
        if (row >= 0)
            text += ": " + model_.rows()[static_cast<std::size_t>(row)].name + ", " + model_.phase();
        if (const auto left = model_.secondsLeft())
            text += tr("; about %1 left").arg(durationText(*left));
    } else if (!model_.sweeping() && model_.runsDone() > 0 && !model_.complete()) {
        text += tr("; Start sweep goes on from there");
    }
    progress_->setText(text);
    updateActions();
}

void TradeoffsPage::updateActions() {
    const bool sweeping = model_.sweeping();
    const bool any = model_.runsDone() > 0;
    sweep_->setLocked(sweeping);
    const bool complete = !model_.rows().empty() && model_.complete();
    const QString startText = any && !complete ? tr("Resume sweep") : tr("Start sweep");
    if (start_->text() != startText)
        start_->setText(startText);
    enable(start_, !sweeping && !complete,
           sweeping ? tr("It runs") : tr("All of these have run: tick more, or discard the results"));
    enable(stop_, sweeping, tr("Nothing runs"));
    enable(train_, selectedRow() >= 0, tr("Select a setting first"));
    enable(save_, any, tr("Nothing has run yet"));
    enable(discard_, any && !sweeping, sweeping ? tr("Stop the sweep first") : tr("There are no results"));
}

} // namespace zipml::ui
