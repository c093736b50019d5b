#include "ui/history/history_model.h"

#include "ui/widgets/text.h"

#include <cmath>

namespace zipml::ui {
namespace {

constexpr TableColumn kHistoryColumns[] = {
    {QT_TR_NOOP("When"), QT_TR_NOOP("When the run ended")},
    {QT_TR_NOOP("Run"), QT_TR_NOOP("F2 or double-click: rename")},
    {QT_TR_NOOP("Tags"), QT_TR_NOOP("Words of your own, with spaces between; F2 or double-click: edit")},
    {QT_TR_NOOP("Data"), QT_TR_NOOP("Training data")},
    {QT_TR_NOOP("Estimator"), QT_TR_NOOP("How gradients were estimated")},
    {QT_TR_NOOP("Bits"), QT_TR_NOOP("Bits of a sample's code; 32: not quantized"), TableColumn::Number},
    {QT_TR_NOOP("Epochs"), QT_TR_NOOP("Complete epochs"), TableColumn::Number},
    {QT_TR_NOOP("Train loss"), QT_TR_NOOP("Mean loss of the training rows at the end"), TableColumn::Number},
    {QT_TR_NOOP("Test loss"), QT_TR_NOOP("Mean loss of the test rows at the end"), TableColumn::Number},
    {QT_TR_NOOP("Accuracy"), QT_TR_NOOP("Share of right classes"), TableColumn::Number},
    {QT_TR_NOOP("MB moved"), QT_TR_NOOP("Bytes moved, in 10^6"), TableColumn::Number},
    {QT_TR_NOOP("State"), QT_TR_NOOP("How it ended")},
    {QT_TR_NOOP("From"), QT_TR_NOOP("The window, or a command of zipml")},
};

std::optional<Result> resultOf(int column) {
    switch (column) {
    case HistoryModel::Epochs:
        return Result::Epoch;
    case HistoryModel::TrainLoss:
        return Result::TrainLoss;
    case HistoryModel::TestLoss:
        return Result::TestLoss;
    case HistoryModel::Accuracy:
        return Result::Accuracy;
    case HistoryModel::Moved:
        return Result::Moved;
    default:
        return {};
    }
}

} // namespace

HistoryModel::HistoryModel(QObject* parent) : TableModel(kHistoryColumns, parent) {
    static_assert(std::size(kHistoryColumns) == ColumnCount);
}

int HistoryModel::rowOf(const QString& key) const {
    const auto found = rowByKey_.find(key);
    return found == rowByKey_.end() ? -1 : found->second;
}

void HistoryModel::apply(const std::vector<HistoryRun>& changed) {
    constexpr std::size_t kMany = 20; // more at a time are a new table
    const bool anew = changed.size() > kMany;
    if (anew)
        beginResetModel();
    for (const HistoryRun& run : changed) {
        const int row = rowOf(run.key);
        if (row >= 0 && !run.removed) {
            runs_[static_cast<std::size_t>(row)] = run;
            if (!anew)
                emitRowChanged(row);
        } else if (row < 0 && !run.removed) {
            if (!anew)
                beginInsertRows({}, rows(), rows());
            rowByKey_[run.key] = rows();
            runs_.push_back(run);
            if (!anew)
                endInsertRows();
        } else if (row >= 0) {
            if (!anew)
                beginRemoveRows({}, row, row);
            runs_.erase(runs_.begin() + row);
            rowByKey_.erase(run.key);
            for (auto& [key, place] : rowByKey_)
                place -= place > row ? 1 : 0;
            if (!anew)
                endRemoveRows();
        }
    }
    if (anew)
        endResetModel();
}

std::optional<double> HistoryModel::numberOf(int row, int column) const {
    const HistoryRun& run = at(row);
    if (column == When)
        return static_cast<double>(run.when);
    if (column == Bits)
        return run.facts.settings[settingIndex("bits")].number;
    const auto result = resultOf(column);
    return result ? run.facts[*result] : std::nullopt;
}

QString HistoryModel::textOf(const HistoryRun& run, int column) const {
    if (const auto result = resultOf(column)) {
        const auto& number = run.facts[*result];
        return !number              ? QString("–")
               : column == Accuracy ? QString::number(*number, 'f', 2) + " %"
               : column == Moved    ? QString::number(*number, 'f', 2)
                                    : QString::number(*number, 'g', 4);
    }
    switch (column) {
    case When:
        return toQt(run.facts.date);
    case Name:
        return toQt(run.facts.name);
    case Tags:
        return toQt(run.facts.tags);
    case Data:
        return run.dataName;
    case Estimator:
        return toQt(entryOf(run.spec.estimator).title);
    case Bits:
        return toQt(run.facts.settings[settingIndex("bits")].text);
    case State:
        return toQt(run.facts.state);
    case Origin:
        return run.facts.origin == "window" ? tr("window") : "zipml " + toQt(run.facts.origin);
    default:
        return {};
    }
}

QVariant HistoryModel::cell(int row, int column, int role) const {
    const HistoryRun& run = at(row);
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        return textOf(run, column);
    case Qt::ToolTipRole:
        return toQt(toCommandLine(run.spec)) +
               (run.facts.notes.empty() ? QString() : "\n\n" + toQt(run.facts.notes));
    default:
        return {};
    }
}

Qt::ItemFlags HistoryModel::flags(const QModelIndex& index) const {
    const auto flags = TableModel::flags(index);
    return index.column() == Name || index.column() == Tags ? flags | Qt::ItemIsEditable : flags;
}

bool HistoryModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (role != Qt::EditRole || (index.column() != Name && index.column() != Tags))
        return false;
    const QString text = value.toString().simplified();
    if (text == textOf(at(index.row()), index.column()) || (index.column() == Name && text.isEmpty()))
        return false;
    emit edited(at(index.row()).key, index.column() == Name ? HistoryField::Name : HistoryField::Tags, text);
    return true;
}

HistoryRows::HistoryRows(HistoryModel& model, QObject* parent)
    : QSortFilterProxyModel(parent), model_(model) {
    setSourceModel(&model);
}

void HistoryRows::setFilter(const RunFilter& filter) {
    filter_ = filter;
    invalidateFilter();
}

bool HistoryRows::filterAcceptsRow(int row, const QModelIndex& /*parent*/) const {
    return filter_.matches(model_.at(row).facts);
}

/// Without a number behind all others, whatever the order.
bool HistoryRows::lessThan(const QModelIndex& one, const QModelIndex& other) const {
    const auto a = model_.numberOf(one.row(), one.column()), b = model_.numberOf(other.row(), other.column());
    if (a && b)
        return *a < *b;
    if (a.has_value() != b.has_value())
        return a.has_value() == (sortOrder() == Qt::AscendingOrder);
    return one.data().toString().compare(other.data().toString(), Qt::CaseInsensitive) < 0;
}

} // namespace zipml::ui
