#include "ui/runs/run_rows.h"

#include "core/compare/run_names.h"
#include "ui/widgets/swatch.h"
#include "ui/widgets/text.h"

#include <QApplication>
#include <QCollator>
#include <QFont>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace zipml::ui {
namespace {

/// Columns whose numbers are held against the baseline's.
bool isResult(int column) {
    return column > RunTableModel::Epoch && column < RunTableModel::Progress;
}

QFont boldFont() {
    QFont font = QApplication::font();
    font.setBold(true);
    return font;
}

/// Shares up to tenfold, then times.
QString shareText(double number, double of) {
    const double share = number / of - 1;
    if (share == 0)
        return RunRows::tr("same");
    if (std::abs(share) >= 9)
        return QString("×%1").arg(number / of, 0, 'g', 3);
    const double percent = 100 * share;
    const int digits = std::abs(percent) >= 10 ? 0 : std::abs(percent) >= 1 ? 1 : 2;
    return (percent > 0 ? "+" : "−") + QString::number(std::abs(percent), 'f', digits) + " %";
}

} // namespace

RunRows::RunRows(RunTableModel& runs, QObject* parent) : QAbstractProxyModel(parent), runs_(runs) {
    setSourceModel(&runs);
    soon_.setSingleShot(true);
    soon_.setInterval(0);
    connect(&soon_, &QTimer::timeout, this, &RunRows::rearrange);
    connect(&runs, &QAbstractItemModel::modelAboutToBeReset, this, [this] { beginResetModel(); });
    connect(&runs, &QAbstractItemModel::modelReset, this, [this] {
        arrange();
        endResetModel();
    });
    connect(&runs, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex& from, const QModelIndex& to) {
                if (from.row() == to.row())
                    return runChanged(from.row());
                for (int run = from.row(); run <= to.row(); ++run)
                    noteState(run);
                if (rowCount() > 0) // groups change with their runs
                    emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
            });
    arrange();
}

void RunRows::noteState(int run) {
    if (run >= static_cast<int>(states_.size()))
        return;
    // While a run trains its row stays where it is; once it has ended it is put where it belongs.
    const RunState now = runs_.runs().at(run).state;
    if (states_[static_cast<std::size_t>(run)] != now) {
        states_[static_cast<std::size_t>(run)] = now;
        if (!filter_.empty() || sortColumn_ >= 0)
            soon_.start();
    }
}

void RunRows::runChanged(int run) {
    if (run >= static_cast<int>(states_.size()))
        return;
    noteState(run);
    const int last = columnCount() - 1;
    if (const int row = places_[static_cast<std::size_t>(run)]; row >= 0)
        emit dataChanged(index(row, 0), index(row, last));
    for (int row = 0; row < rowCount(); ++row)
        if (isGroup(row) && std::ranges::find(groupAt(row).runs, run) != groupAt(row).runs.end())
            emit dataChanged(index(row, 0), index(row, last));
}

void RunRows::rearrange() {
    beginResetModel();
    arrange();
    endResetModel();
    emit rearranged();
}

void RunRows::setFilter(const RunFilter& filter) {
    filter_ = filter;
    rearrange();
}

void RunRows::setGrouping(const Grouping& grouping) {
    grouping_ = grouping;
    rearrange();
}

void RunRows::setBaseline(std::optional<int> id) {
    baseline_ = id;
    findBaseline();
    if (rowCount() > 0)
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    emit baselineChanged(id);
}

void RunRows::sort(int column, Qt::SortOrder order) {
    if (column == sortColumn_ && order == order_)
        return;
    sortColumn_ = column;
    order_ = order;
    rearrange();
}

void RunRows::arrange() {
    const RunList& list = runs_.runs();
    const auto count = static_cast<std::size_t>(list.size());
    passing_.clear();
    groups_.clear();
    rows_.clear();
    states_.resize(count);
    places_.assign(count, -1);
    findBaseline();
    for (int run = 0; run < list.size(); ++run) {
        states_[static_cast<std::size_t>(run)] = list.at(run).state;
        if (filter_.matches(runs_.factsOf(run)))
            passing_.push_back(run);
    }
    if (sortColumn_ >= 0) {
        // The numbers first; without one behind all others, whatever the order.
        struct Key {
            std::optional<double> number;
            QCollatorSortKey text;
        };
        QCollator collator;
        collator.setNumericMode(true);
        collator.setCaseSensitivity(Qt::CaseInsensitive);
        std::vector<std::pair<Key, int>> keyed;
        keyed.reserve(passing_.size());
        for (const int run : passing_) {
            auto number = runs_.numberOf(run, sortColumn_);
            if (number && std::isnan(*number))
                number = INFINITY;
            const QString text = number ? QString() : runs_.index(run, sortColumn_).data().toString();
            keyed.push_back({{number, collator.sortKey(text)}, run});
        }
        const bool down = order_ == Qt::DescendingOrder;
        std::ranges::stable_sort(keyed, [down](const auto& one, const auto& other) {
            const Key &a = one.first, &b = other.first;
            if (a.number && b.number)
                return down ? *a.number > *b.number : *a.number < *b.number;
            if (a.number.has_value() != b.number.has_value())
                return a.number.has_value();
            return down ? b.text < a.text : a.text < b.text;
        });
        std::ranges::transform(keyed, passing_.begin(), [](const auto& each) { return each.second; });
    }
    std::vector<const RunFacts*> facts;
    for (const int run : passing_)
        facts.push_back(&runs_.factsOf(run));
    for (const auto& members : groupsOf(facts, grouping_)) {
        std::vector<int> runs;
        for (const std::size_t member : members)
            runs.push_back(passing_[member]);
        const bool together = grouping_.kind == Grouping::Kind::Setting ||
                              (grouping_.kind == Grouping::Kind::Alike && runs.size() > 1);
        if (!together) {
            places_[static_cast<std::size_t>(runs[0])] = static_cast<int>(rows_.size());
            rows_.push_back({runs[0], -1});
            continue;
        }
        const int first = *std::ranges::min_element(runs);
        const std::string key = grouping_.kind == Grouping::Kind::Setting
                                    ? runs_.factsOf(first).settings[grouping_.setting].text
                                    : std::to_string(list.at(first).id);
        const int group = static_cast<int>(groups_.size());
        groups_.push_back({runs, key});
        rows_.push_back({-1, group});
        if (!unfolded_.contains(key))
            continue;
        for (const int run : runs) {
            places_[static_cast<std::size_t>(run)] = static_cast<int>(rows_.size());
            rows_.push_back({run, group});
        }
    }
}

QList<int> RunRows::runsAt(int row) const {
    if (row < 0 || row >= rowCount())
        return {};
    if (!isGroup(row))
        return {rows_[static_cast<std::size_t>(row)].run};
    const auto& runs = groupAt(row).runs;
    return {runs.begin(), runs.end()};
}

int RunRows::rowOf(int run) const {
    return run >= 0 && run < static_cast<int>(places_.size()) ? places_[static_cast<std::size_t>(run)] : -1;
}

bool RunRows::isGroup(int row) const {
    return row >= 0 && row < rowCount() && rows_[static_cast<std::size_t>(row)].run < 0;
}

bool RunRows::isFolded(int row) const {
    return isGroup(row) && !unfolded_.contains(groupAt(row).key);
}

void RunRows::setFolded(int row, bool folded) {
    if (!isGroup(row) || folded == isFolded(row))
        return;
    if (folded)
        unfolded_.erase(groupAt(row).key);
    else
        unfolded_.insert(groupAt(row).key);
    rearrange();
}

int RunRows::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int RunRows::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : runs_.columnCount();
}

QModelIndex RunRows::index(int row, int column, const QModelIndex& parent) const {
    return hasIndex(row, column, parent) ? createIndex(row, column) : QModelIndex();
}

QModelIndex RunRows::parent(const QModelIndex& /*child*/) const {
    return {};
}

QModelIndex RunRows::mapToSource(const QModelIndex& index) const {
    if (!index.isValid() || index.row() >= rowCount() || isGroup(index.row()))
        return {};
    return runs_.index(rows_[static_cast<std::size_t>(index.row())].run, index.column());
}

QModelIndex RunRows::mapFromSource(const QModelIndex& source) const {
    const int row = source.isValid() ? rowOf(source.row()) : -1;
    return row < 0 ? QModelIndex() : index(row, source.column());
}

QVariant RunRows::headerData(int section, Qt::Orientation orientation, int role) const {
    return runs_.headerData(section, orientation, role);
}

Qt::ItemFlags RunRows::flags(const QModelIndex& index) const {
    if (!isGroup(index.row()))
        return runs_.flags(mapToSource(index));
    const Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    return index.column() == RunTableModel::Name ? flags | Qt::ItemIsUserCheckable : flags;
}

bool RunRows::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (!isGroup(index.row()))
        return runs_.setData(mapToSource(index), value, role);
    if (index.column() != RunTableModel::Name || role != Qt::CheckStateRole)
        return false;
    RunList& list = runs_.runs();
    std::map<int, RunTick> ticks;
    for (const int run : runsAt(index.row()))
        ticks[list.at(run).id].visible = value.toInt() == Qt::Checked;
    list.setTicks(ticks);
    return true;
}

void RunRows::findBaseline() {
    const int run = baseline_ ? runs_.runs().rowOf(*baseline_) : -1;
    baselineRow_ = run < 0 ? std::nullopt : std::optional(run);
}

QString RunRows::difference(int column, std::optional<double> number) const {
    if (!baseline_ || !number || !isResult(column) || !std::isfinite(*number))
        return {};
    const auto of = baselineRow_ ? runs_.numberOf(*baselineRow_, column) : std::nullopt;
    if (!of || *of == 0 || !std::isfinite(*of))
        return {};
    return " (" + shareText(*number, *of) + ")";
}

QVariant RunRows::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const int column = index.column();
    if (isGroup(index.row()))
        return groupData(groupAt(index.row()), isFolded(index.row()), column, role);
    const int run = rows_[static_cast<std::size_t>(index.row())].run;
    const QVariant plain = runs_.data(runs_.index(run, column), role);
    if (!baseline_)
        return rows_[static_cast<std::size_t>(index.row())].group >= 0 && role == Qt::DisplayRole &&
                       column == RunTableModel::Name
                   ? "    " + plain.toString()
                   : plain;
    const bool isBaseline = runs_.runs().at(run).id == *baseline_;
    if (role == Qt::DisplayRole && !isBaseline)
        return plain.toString() + difference(column, runs_.numberOf(run, column));
    if (role == Qt::DisplayRole && column == RunTableModel::Name)
        return tr("%1 – baseline").arg(plain.toString());
    if (role == Qt::FontRole) {
        if (isBaseline)
            return column == RunTableModel::Name ? QVariant(boldFont()) : QVariant();
        const auto setting = RunTableModel::settingOf(column);
        const auto of = setting ? baselineRow_ : std::nullopt;
        if (of && runs_.factsOf(run).settings[*setting] != runs_.factsOf(*of).settings[*setting])
            return boldFont();
    }
    return plain;
}

std::optional<Spread> RunRows::spreadAt(const Group& group, int column) const {
    std::vector<std::optional<double>> numbers;
    for (const int run : group.runs)
        numbers.push_back(runs_.numberOf(run, column));
    return spreadOf(numbers);
}

QString RunRows::titleOf(const Group& group) const {
    const int first = *std::ranges::min_element(group.runs);
    const int count = static_cast<int>(group.runs.size());
    if (grouping_.kind == Grouping::Kind::Alike)
        return tr("%1, %2 seeds").arg(runs_.runs().at(first).name).arg(count);
    const SettingValue& value = runs_.factsOf(first).settings[grouping_.setting];
    const SpecKey& key = specKeys()[grouping_.setting];
    const QString what = value.used ? toQt(phraseOf(key, value))
                                    : tr("without %1").arg(toQt(titleOfSetting(key.name)).toLower());
    return count == 1 ? tr("%1, 1 run").arg(what) : tr("%1, %2 runs").arg(what).arg(count);
}

QVariant RunRows::groupData(const Group& group, bool folded, int column, int role) const {
    const RunList& list = runs_.runs();
    const auto sameText = [&] {
        const QString first = runs_.index(group.runs[0], column).data().toString();
        const bool same = std::ranges::all_of(
            group.runs, [&](int run) { return runs_.index(run, column).data().toString() == first; });
        return same ? first : QString("…");
    };
    switch (role) {
    case Qt::DisplayRole:
        if (column == RunTableModel::Name)
            return (folded ? "▸ " : "▾ ") + titleOf(group);
        if (isResult(column)) {
            const auto spread = spreadAt(group, column);
            if (!spread)
                return QString("–");
            return RunTableModel::numberText(column, spread->mean) +
                   (spread->deviation ? " ± " + QString::number(*spread->deviation, 'g', 2) : QString()) +
                   difference(column, spread->mean);
        }
        return sameText();
    case Qt::ToolTipRole: {
        QStringList names{tr("Mean ± standard deviation of the runs:")};
        for (const int run : group.runs)
            names << list.at(run).name;
        constexpr int kShown = 20;
        if (names.size() > kShown)
            names = names.mid(0, kShown) << "…";
        return names.join('\n');
    }
    case Qt::DecorationRole:
        return column == RunTableModel::Name ? QVariant(swatch(list.at(group.runs[0]).look)) : QVariant();
    case Qt::AccessibleTextRole:
        return column == RunTableModel::Name
                   ? QVariant((folded ? tr("%1, folded") : tr("%1, unfolded")).arg(titleOf(group)))
                   : QVariant();
    case Qt::CheckStateRole: {
        if (column != RunTableModel::Name)
            return {};
        const auto visible = std::ranges::count_if(group.runs, [&](int run) { return list.at(run).visible; });
        return visible == 0                                      ? Qt::Unchecked
               : visible == static_cast<long>(group.runs.size()) ? Qt::Checked
                                                                 : Qt::PartiallyChecked;
    }
    case Qt::TextAlignmentRole:
        return runs_.index(group.runs[0], column).data(role);
    case Qt::FontRole:
        return column == RunTableModel::Name ? QVariant(boldFont()) : QVariant();
    case ProgressDelegate::kShareRole: {
        double share = 0;
        for (const int run : group.runs)
            share += list.at(run).share / static_cast<double>(group.runs.size());
        return share;
    }
    default:
        return {};
    }
}

} // namespace zipml::ui
