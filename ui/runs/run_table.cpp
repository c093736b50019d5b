#include "ui/runs/run_table.h"

#include "ui/runs/filter_box.h"
#include "ui/runs/progress_delegate.h"
#include "ui/widgets/row_table.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QScrollBar>
#include <QSettings>
#include <QToolButton>
#include <QVBoxLayout>

#include <nlohmann/json.hpp>
#include <numeric>

namespace zipml::ui {
namespace {

constexpr const char* kWishKey = "runs/columns";
constexpr int kGroupNone = -2, kGroupAlike = -1; // else a place among specKeys()

/// Columns of settings among the first ones.
constexpr std::array kFirstSettings{RunTableModel::Data, RunTableModel::Device, RunTableModel::Estimator,
                                    RunTableModel::Bits};

} // namespace

RunTable::RunTable(RunList& runs, QWidget* parent)
    : QWidget(parent), runs_(runs), model_(new RunTableModel(runs, this)), rows_(new RunRows(*model_, this)),
      view_(new QTableView(this)), filter_(new FilterBox(this)), groups_(new QComboBox(this)),
      columns_(new QToolButton(this)), columnMenu_(new QMenu(this)) {
    buildView();
    buildBar();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(10, 2, 10, 0);
    bar->addWidget(filter_, 1);
    auto* label = new QLabel(tr("G&roup"), this);
    label->setBuddy(groups_);
    bar->addWidget(label);
    bar->addWidget(groups_);
    bar->addWidget(columns_);
    layout->addLayout(bar);
    layout->addWidget(view_, 1);
    restoreWishes();
    runsChanged();
    connect(&runs_, &RunList::reset, this, &RunTable::runsChanged);
    connect(rows_, &RunRows::baselineChanged, this, &RunTable::baselineChanged);
    connect(&runs_, &RunList::rowChanged, this, [this] {
        if (!fitSoon_.isActive())
            fitSoon_.start();
    });
}

void RunTable::buildView() {
    setUpRows(*view_, "runs", tr("Table of runs"));
    view_->setModel(rows_);
    view_->setItemDelegateForColumn(RunTableModel::Progress, new ProgressDelegate(view_));
    view_->setMinimumHeight(120);
    view_->verticalHeader()->setDefaultSectionSize(26);
    view_->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    auto* header = view_->horizontalHeader();
    constexpr int kMeasured = 40; // rows whose texts decide a column's width; others do once they are seen
    header->setResizeContentsPrecision(kMeasured);
    connect(view_->verticalScrollBar(), &QScrollBar::valueChanged, this, [this] { fitSoon_.start(); });
    header->setMinimumSectionSize(24);
    header->setSectionsMovable(true);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(header, &QWidget::customContextMenuRequested, this,
            [this, header](const QPoint& at) { columnMenu_->popup(header->mapToGlobal(at)); });
    // What differs stands beside the names.
    for (int column = RunTableModel::FirstSetting; column < model_->columnCount(); ++column)
        header->moveSection(header->visualIndex(column), header->visualIndex(RunTableModel::Bits) + 1 +
                                                             column - RunTableModel::FirstSetting);
    header->moveSection(header->visualIndex(RunTableModel::Group), 1);
    header->setSortIndicatorClearable(true);
    header->setSortIndicator(-1, Qt::AscendingOrder);
    view_->setSortingEnabled(true);
    view_->viewport()->installEventFilter(this);
    view_->installEventFilter(this);
    connect(view_->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        updateActions();
        emit selectionChanged();
        emit highlighted(selectedIds());
    });
    connect(view_, &QTableView::doubleClicked, this, [this](const QModelIndex& index) {
        if (rows_->isGroup(index.row()))
            rows_->setFolded(index.row(), !rows_->isFolded(index.row()));
    });
    // Rows that are arranged anew keep their selection; a new run takes it away, as every reset does.
    connect(rows_, &QAbstractItemModel::modelAboutToBeReset, this,
            [this] { selectedBefore_ = selectedIds(); });
    connect(rows_, &RunRows::rearranged, this, [this] {
        select(selectedBefore_);
        updateCount();
        fitSoon_.start();
    });
    constexpr int kFitMilliseconds = 200;
    fitSoon_.setSingleShot(true);
    fitSoon_.setInterval(kFitMilliseconds);
    connect(&fitSoon_, &QTimer::timeout, this, [this] {
        updateColumns(); // classes are known by now
        fitColumns();
    });
}

void RunTable::buildBar() {
    connect(filter_, &FilterBox::changed, rows_, &RunRows::setFilter);
    groups_->setObjectName("groups");
    groups_->setAccessibleName(tr("Runs that are taken together"));
    groups_->setToolTip(
        tr("Runs taken together are one row with mean and standard deviation; the arrow keys or a "
           "double-click unfold it"));
    groups_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    groups_->setMinimumContentsLength(8);
    connect(groups_, &QComboBox::activated, this, [this] {
        const int chosen = groups_->currentData().toInt();
        groupBy(chosen == kGroupNone ? Grouping{}
                : chosen == kGroupAlike
                    ? Grouping{Grouping::Kind::Alike}
                    : Grouping{Grouping::Kind::Setting, static_cast<std::size_t>(chosen)});
    });
    columns_->setObjectName("columns");
    columns_->setText(tr("Columns"));
    columns_->setToolTip(tr("Choose the columns; else settings are shown where the runs differ in them"));
    columns_->setPopupMode(QToolButton::InstantPopup);
    columns_->setMenu(columnMenu_);
    columns_->setFocusPolicy(Qt::TabFocus);
    connect(columnMenu_, &QMenu::aboutToShow, this, &RunTable::fillColumnMenu);
    baseline_ = new QAction(tr("Use as baseline"), this);
    baseline_->setStatusTip(tr("Show the other runs' numbers against those of the selected one"));
    baseline_->setToolTip(baseline_->statusTip());
    connect(baseline_, &QAction::triggered, this, &RunTable::toggleBaseline);
    plotOnly_ = new QAction(tr("Plot only these runs"), this);
    plotOnly_->setStatusTip(tr("Tick the selected runs, or those that the filter shows, and no others"));
    plotOnly_->setToolTip(plotOnly_->statusTip());
    connect(plotOnly_, &QAction::triggered, this, &RunTable::plotOnlyThese);
    find_ = new QAction(tr("Filter the runs"), this);
    find_->setShortcut(QKeySequence::Find);
    find_->setShortcutContext(Qt::WidgetWithChildrenShortcut); // other pages find other things
    find_->setStatusTip(tr("Show some of the runs: bits<4 estimator=double"));
    find_->setToolTip(find_->statusTip());
    connect(find_, &QAction::triggered, this, [this] { filter_->focus(); });
}

QList<int> RunTable::selected() const {
    QList<int> runs;
    for (const int row : selectedRows(*view_))
        for (const int run : rows_->runsAt(row))
            if (!runs.contains(run))
                runs << run;
    return runs;
}

QList<int> RunTable::selectedOrAll() const {
    QList<int> runs = selected();
    if (runs.isEmpty()) {
        runs.resize(runs_.size());
        std::iota(runs.begin(), runs.end(), 0);
    }
    return runs;
}

QList<int> RunTable::selectedIds() const {
    QList<int> ids;
    for (const int run : selected())
        if (run < runs_.size())
            ids << runs_.at(run).id;
    return ids;
}

void RunTable::select(const QList<int>& ids) {
    QItemSelection selection;
    int first = -1;
    for (int row = 0; row < rows_->rowCount(); ++row) {
        const auto runs = rows_->runsAt(row);
        const bool all = std::ranges::all_of(runs, [&](int run) { return ids.contains(runs_.at(run).id); });
        if (!all)
            continue;
        selection.select(rows_->index(row, 0), rows_->index(row, 0));
        first = first < 0 ? row : first;
    }
    if (first >= 0)
        view_->selectionModel()->setCurrentIndex(rows_->index(first, 0), QItemSelectionModel::NoUpdate);
    view_->selectionModel()->select(selection,
                                    QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

void RunTable::selectRun(int id) {
    int run = 0;
    while (run < runs_.size() && runs_.at(run).id != id)
        ++run;
    if (run == runs_.size())
        return;
    for (int row = 0; rows_->rowOf(run) < 0 && row < rows_->rowCount(); ++row)
        if (rows_->isFolded(row) && rows_->runsAt(row).contains(run))
            rows_->setFolded(row, false);
    if (const int row = rows_->rowOf(run); row >= 0) {
        view_->selectRow(row);
        view_->scrollTo(rows_->index(row, 0));
    }
}

void RunTable::rename(int run) {
    if (const int row = rows_->rowOf(run); row >= 0)
        view_->edit(rows_->index(row, RunTableModel::Name));
}

void RunTable::groupBy(const Grouping& grouping) {
    rows_->setGrouping(grouping);
    fillGroups();
}

/// "Seeds", and the settings in which the runs differ.
void RunTable::fillGroups() {
    const Grouping now = rows_->grouping();
    const int chosen = now.kind == Grouping::Kind::None    ? kGroupNone
                       : now.kind == Grouping::Kind::Alike ? kGroupAlike
                                                           : static_cast<int>(now.setting);
    groups_->clear();
    groups_->addItem(tr("None"), kGroupNone);
    groups_->addItem(tr("Seeds together"), kGroupAlike);
    for (std::size_t key = 0; key < specKeys().size(); ++key)
        if (differing_.contains(RunTableModel::columnOf(key)) || chosen == static_cast<int>(key))
            groups_->addItem(tr("By %1").arg(toQt(titleOfSetting(specKeys()[key].name)).toLower()),
                             static_cast<int>(key));
    groups_->setCurrentIndex(groups_->findData(chosen));
}

/// Runs were added or removed.
void RunTable::runsChanged() {
    std::vector<const std::vector<SettingValue>*> settings;
    for (int run = 0; run < runs_.size(); ++run)
        settings.push_back(&model_->factsOf(run).settings);
    differing_.clear();
    for (const std::size_t key : differingSettings(settings))
        differing_.insert(RunTableModel::columnOf(key));
    fillGroups();
    updateColumns();
    updateCount();
    fitColumns();
    updateActions();
    emit highlighted(selectedIds()); // others, or none
}

void RunTable::updateActions() {
    const auto ids = selectedIds();
    const bool isBaseline = !ids.isEmpty() && rows_->baseline() == ids.first();
    baseline_->setEnabled(!ids.isEmpty());
    baseline_->setText(isBaseline ? tr("No baseline") : tr("Use as baseline"));
    plotOnly_->setEnabled(runs_.size() > 0);
}

/// @param narrow only what is looked at first, so that the table need not scroll sideways
bool RunTable::wanted(int column, bool narrow) const {
    if (const auto wish = wishes_.find(column); wish != wishes_.end())
        return wish->second == Wish::Shown;
    switch (column) {
    case RunTableModel::Name:
        return true;
    case RunTableModel::Device:
        return anyDevice_;
    case RunTableModel::MeasuringSeconds:
        return false;
    case RunTableModel::TimesFaster:
    case RunTableModel::TimesLessData:
        return anyFull_ && !narrow;
    case RunTableModel::Group:
        return anyGroup_;
    case RunTableModel::Objective: // else it is the training loss
        return anyRegularizer_;
    case RunTableModel::Accuracy:
        return anyClasses_;
    case RunTableModel::TestLoss:
    case RunTableModel::SecondsPerEpoch:
        return !narrow;
    case RunTableModel::Data:
    case RunTableModel::Estimator:
    case RunTableModel::Bits:
        return !narrow && differing_.contains(column);
    default:
        return column < RunTableModel::FirstSetting || differing_.contains(column);
    }
}

void RunTable::updateColumns() {
    anyDevice_ = anyClasses_ = anyRegularizer_ = anyGroup_ = anyFull_ = false;
    for (int run = 0; run < runs_.size(); ++run) {
        const RunView& view = runs_.at(run);
        anyRegularizer_ = anyRegularizer_ || view.spec.regularizer.kind != RegularizerKind::None;
        anyGroup_ = anyGroup_ || !view.origin.group.isEmpty();
        anyFull_ = anyFull_ || (view.spec.estimator == EstimatorKind::Full && runs_.size() > 1);
        anyDevice_ = anyDevice_ || view.spec.device != RunSpec{}.device;
        anyClasses_ = anyClasses_ || (view.initial && view.initial->trainAccuracy);
    }
    for (int column = 0; column < model_->columnCount(); ++column)
        if (view_->isColumnHidden(column) == wanted(column, narrow_))
            view_->setColumnHidden(column, !wanted(column, narrow_));
}

/// Also of a column that is hidden, whose section has no size.
int RunTable::widthOfTitle(int column) const {
    const QString title = model_->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    constexpr int kAround = 16;
    return view_->horizontalHeader()->fontMetrics().horizontalAdvance(title) + kAround;
}

/// Each column has the room that its texts need; the name takes what is left, and not less than some.
void RunTable::fitColumns() {
    constexpr int kLeastName = 150, kMostName = 320;
    auto* header = view_->horizontalHeader();
    const QAbstractItemView& texts = *view_; // where the hint is public
    int all = kLeastName;
    for (int column = 0; column < model_->columnCount(); ++column)
        if (column != RunTableModel::Name && wanted(column, false))
            all += std::max(widthOfTitle(column), texts.sizeHintForColumn(column) + 1);
    // Numbers change while runs train: what has gone comes back only once there is some more room.
    if (const bool narrow = all > (narrow_ ? 0.92 : 1.0) * view_->viewport()->width(); narrow != narrow_) {
        narrow_ = narrow;
        updateColumns();
    }
    int others = 0, name = 0;
    std::map<int, int> wanted;
    for (int column = 0; column < model_->columnCount(); ++column) {
        if (view_->isColumnHidden(column))
            continue;
        const int needed = std::max(header->sectionSizeHint(column), texts.sizeHintForColumn(column) + 1);
        if (column == RunTableModel::Name) {
            name = needed;
            continue;
        }
        wanted[column] = needed;
        others += std::max(needed, view_->columnWidth(column));
    }
    const int least = std::clamp(name, kLeastName, kMostName);
    // A column keeps what it has while numbers change, unless it is far too much or room is scarce.
    const double kept = others + least > view_->viewport()->width() ? 0.95 : 0.67;
    others = 0;
    for (const auto& [column, needed] : wanted) {
        const int width = view_->columnWidth(column);
        if (needed > width || needed < kept * width)
            view_->setColumnWidth(column, needed);
        others += view_->columnWidth(column);
    }
    view_->setColumnWidth(RunTableModel::Name, std::max(view_->viewport()->width() - others, least));
}

void RunTable::updateCount() {
    filter_->setCount(static_cast<qsizetype>(rows_->passing().size()), runs_.size());
}

void RunTable::fillColumnMenu() {
    columnMenu_->clear();
    auto* automatic = columnMenu_->addAction(tr("Only what differs"), this, [this] {
        wishes_.clear();
        QSettings().remove(kWishKey);
        updateColumns();
        fitColumns();
    });
    automatic->setCheckable(true);
    automatic->setChecked(wishes_.empty());
    columnMenu_->addSeparator();
    auto* settings = new QMenu(tr("Settings"), columnMenu_);
    const auto add = [&](QMenu* menu, int column) {
        auto* action =
            menu->addAction(model_->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        action->setCheckable(true);
        action->setChecked(!view_->isColumnHidden(column));
        connect(action, &QAction::toggled, this,
                [this, column](bool shown) { wish(column, shown ? Wish::Shown : Wish::Hidden); });
    };
    for (int column = RunTableModel::Epoch; column < RunTableModel::FirstSetting; ++column)
        add(columnMenu_, column);
    // Those in which the runs differ first, then by name: there are some sixty.
    std::vector<int> others(kFirstSettings.begin(), kFirstSettings.end());
    for (int column = RunTableModel::FirstSetting; column < model_->columnCount(); ++column)
        others.push_back(column);
    const auto titleOf = [&](int column) {
        return model_->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    };
    std::ranges::sort(others, {}, titleOf);
    for (const bool differs : {true, false}) {
        for (const int column : others)
            if (differing_.contains(column) == differs)
                add(settings, column);
        if (differs && !differing_.empty())
            settings->addSeparator();
    }
    columnMenu_->addMenu(settings);
}

void RunTable::wish(int column, Wish wanted) {
    wishes_[column] = wanted;
    QStringList kept;
    for (const auto& [each, wish] : wishes_)
        kept << RunTableModel::keyOf(each) + (wish == Wish::Shown ? "=1" : "=0");
    QSettings().setValue(kWishKey, kept);
    updateColumns();
    fitColumns();
}

void RunTable::restoreWishes() {
    const QStringList kept = QSettings().value(kWishKey).toStringList();
    for (int column = RunTableModel::Data; column < model_->columnCount(); ++column)
        for (const QString& wish : kept)
            if (wish.section('=', 0, 0) == RunTableModel::keyOf(column))
                wishes_[column] = wish.endsWith("=1") ? Wish::Shown : Wish::Hidden;
}

void RunTable::toggleBaseline() {
    const auto ids = selectedIds();
    const bool off = ids.isEmpty() || rows_->baseline() == ids.first();
    rows_->setBaseline(off ? std::nullopt : std::optional(ids.first()));
    fitColumns();
    updateActions();
}

void RunTable::plotOnlyThese() {
    QList<int> these = selected();
    if (these.isEmpty())
        these = QList<int>(rows_->passing().begin(), rows_->passing().end());
    runs_.tickOnly(these);
}

bool RunTable::eventFilter(QObject* watched, QEvent* event) {
    if (watched == view_->viewport() && event->type() == QEvent::Resize) {
        fitSoon_.start();
    } else if (watched == view_ && event->type() == QEvent::KeyPress) {
        const int row = view_->currentIndex().row();
        const int key = static_cast<QKeyEvent*>(event)->key();
        const bool enter = key == Qt::Key_Return || key == Qt::Key_Enter;
        if (rows_->isGroup(row) && (enter || key == (rows_->isFolded(row) ? Qt::Key_Right : Qt::Key_Left))) {
            rows_->setFolded(row, !rows_->isFolded(row));
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

nlohmann::json RunTable::state() const {
    nlohmann::json state = nlohmann::json::object();
    state["filter"] = filter_->text().toStdString();
    const Grouping grouping = rows_->grouping();
    state["group"] = grouping.kind == Grouping::Kind::None ? ""
                     : grouping.kind == Grouping::Kind::Alike
                         ? "seeds"
                         : std::string(specKeys()[grouping.setting].name);
    const auto* header = view_->horizontalHeader();
    const int sorted = header->sortIndicatorSection();
    state["sort"] =
        sorted < 0 || sorted >= model_->columnCount() ? "" : RunTableModel::keyOf(sorted).toStdString();
    state["descending"] = header->sortIndicatorOrder() == Qt::DescendingOrder;
    state["baseline"] = rows_->baseline() ? nlohmann::json(*rows_->baseline()) : nlohmann::json();
    return state;
}

void RunTable::setState(const nlohmann::json& state) {
    const auto text = [&](const char* key) {
        return state.is_object() && state.contains(key) && state[key].is_string()
                   ? state[key].get<std::string>()
                   : std::string();
    };
    filter_->setText(QString::fromStdString(text("filter")));
    Grouping grouping;
    if (const std::string group = text("group"); group == "seeds")
        grouping.kind = Grouping::Kind::Alike;
    else if (const std::size_t setting = settingIndex(group); setting < specKeys().size())
        grouping = {Grouping::Kind::Setting, setting};
    groupBy(grouping);
    int sorted = -1;
    for (int column = 0; column < model_->columnCount(); ++column)
        if (RunTableModel::keyOf(column).toStdString() == text("sort"))
            sorted = column;
    const bool down = state.is_object() && state.contains("descending") && state["descending"] == true;
    view_->sortByColumn(sorted, down ? Qt::DescendingOrder : Qt::AscendingOrder);
    const bool marked =
        state.is_object() && state.contains("baseline") && state["baseline"].is_number_integer();
    rows_->setBaseline(marked ? std::optional(state["baseline"].get<int>()) : std::nullopt);
}

} // namespace zipml::ui
