#include "ui/data/column_table_model.h"

#include "ui/data/column_edits.h"
#include "ui/experiment/data_summary.h"
#include "ui/widgets/panel_section.h"

#include <algorithm>

namespace zipml::ui {
namespace {

constexpr TableColumn kColumns[] = {
    {"#", QT_TR_NOOP("Place in the file"), TableColumn::Number},
    {QT_TR_NOOP("Column"), QT_TR_NOOP("The header's name")},
    {QT_TR_NOOP("Role"), QT_TR_NOOP("Click to choose; with several rows selected, for all of them")},
    {QT_TR_NOOP("Type"), QT_TR_NOOP("Click to choose: numbers can be categories")},
    {QT_TR_NOOP("Range"), QT_TR_NOOP("Least and greatest value, or the most frequent texts")},
    {QT_TR_NOOP("Missing"), QT_TR_NOOP("Cells without a value"), TableColumn::Number},
    {QT_TR_NOOP("Distinct"), QT_TR_NOOP("Different values"), TableColumn::Number},
    {QT_TR_NOOP("Distribution"),
     QT_TR_NOOP("Rows by value, from the least to the greatest; of texts by frequency")},
    {QT_TR_NOOP("Bits"),
     QT_TR_NOOP("With uniform levels of so many bits, rounding adds less than 1% to the variance"),
     TableColumn::Number},
};

template <class Enum>
QStringList titlesOf() {
    QStringList titles;
    for (const auto& entry : namesOf<Enum>())
        titles << toQt(entry.title);
    return titles;
}

QString topTexts(const ColumnReport& column, std::size_t count, bool rows) {
    QStringList texts;
    for (std::size_t i = 0; i < std::min(count, column.texts.size()); ++i)
        texts << QString::fromStdString(column.texts[i].first) +
                     (rows ? " (" + counted(column.texts[i].second) + ")" : QString());
    if (column.distinct > count || column.manyDistinct)
        texts << "…";
    return texts.join(", ");
}

QList<double> barsOf(const ColumnReport& column) {
    std::vector<std::size_t> counts = column.histogram;
    if (column.kind == ColumnKind::Category) {
        counts.clear();
        for (const auto& [text, rows] : column.texts)
            counts.push_back(rows);
    }
    QList<double> bars;
    const std::size_t most = counts.empty() ? 0 : *std::ranges::max_element(counts);
    for (const std::size_t count : counts)
        bars << (most == 0 ? 0 : static_cast<double>(count) / static_cast<double>(most));
    return bars;
}

} // namespace

ColumnTableModel::ColumnTableModel(QObject* parent) : TableModel(kColumns, parent) {}

void ColumnTableModel::setReport(std::shared_ptr<const DataReport> report) {
    if (report == report_)
        return;
    chosen_.clear();
    const auto count = [](const auto& each) { return each ? each->columns.size() : 0; };
    if (count(report) == count(report_)) { // selection and place stay
        report_ = std::move(report);
        emitAllChanged();
        return;
    }
    beginResetModel();
    report_ = std::move(report);
    endResetModel();
}

int ColumnTableModel::rows() const {
    return report_ ? static_cast<int>(report_->columns.size()) : 0;
}

ColumnRole ColumnTableModel::roleAt(int row) const {
    const auto chosen = chosen_.find(row);
    return chosen == chosen_.end() ? at(row).role : chosen->second;
}

QStringList ColumnTableModel::choices(int row, int column) const {
    if (report_->schema.sparse)
        return {};
    if (column == Role)
        return titlesOf<ColumnRole>();
    // A time, and a text, cannot be a number.
    if (column == Kind &&
        (at(row).kind == ColumnKind::Number || isChosenCategory(*report_, static_cast<std::size_t>(row))))
        return titlesOf<ColumnKind>().mid(0, 2);
    return {};
}

Qt::ItemFlags ColumnTableModel::flags(const QModelIndex& index) const {
    auto flags = QAbstractTableModel::flags(index);
    if (index.isValid() && !choices(index.row(), index.column()).isEmpty())
        flags |= Qt::ItemIsEditable;
    return flags;
}

bool ColumnTableModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (role != Qt::EditRole || choices(index.row(), index.column()).isEmpty())
        return false;
    const int row = index.row();
    if (index.column() == Kind) {
        emit kindChosen(row, static_cast<ColumnKind>(value.toInt()));
        return true;
    }
    const auto wanted = static_cast<ColumnRole>(value.toInt());
    if (wanted == roleAt(row))
        return true;
    chosen_[row] = wanted;
    emitRowChanged(row);
    emit roleChosen(row, wanted);
    return true;
}

QVariant ColumnTableModel::cell(int row, int column, int role) const {
    switch (role) {
    case Qt::DisplayRole:
        return text(row, column);
    case Qt::EditRole:
        return column == Role   ? QVariant(static_cast<int>(roleAt(row)))
               : column == Kind ? QVariant(static_cast<int>(at(row).kind))
                                : QVariant(text(row, column));
    case Qt::ToolTipRole:
        return help(row, column);
    case Qt::AccessibleTextRole:
        return column == Histogram ? tr("Histogram of %1").arg(QString::fromStdString(at(row).name))
                                   : QVariant();
    case kNumberRole:
        return number(row, column);
    case kChoicesRole:
        return choices(row, column);
    case kBarsRole:
        return column == Histogram ? QVariant::fromValue(barsOf(at(row))) : QVariant();
    case kUsedRole:
        return roleAt(row) != ColumnRole::Ignored;
    default:
        return {};
    }
}

QString ColumnTableModel::text(int row, int column) const {
    const ColumnReport& seen = at(row);
    constexpr std::size_t kTexts = 3;
    switch (column) {
    case Number:
        return QString::number(row + 1);
    case Name:
        return QString::fromStdString(seen.name);
    case Role:
        return toQt(entryOf(roleAt(row)).title);
    case Kind:
        return toQt(entryOf(seen.kind).title);
    case Range:
        if (seen.kind == ColumnKind::Category)
            return topTexts(seen, kTexts, false);
        if (seen.histogram.empty())
            return seen.texts.empty() ? QString("–") : topTexts(seen, kTexts, false);
        return seen.minimum == seen.maximum
                   ? valueOf(seen, seen.minimum)
                   : tr("%1 to %2").arg(valueOf(seen, seen.minimum), valueOf(seen, seen.maximum));
    case Missing: {
        if (seen.missing == 0)
            return "–";
        const double share = report_->rows == 0 ? 0
                                                : 100.0 * static_cast<double>(seen.missing) /
                                                      static_cast<double>(report_->rows);
        return QString("%1 (%2%)").arg(counted(seen.missing)).arg(share, 0, 'g', 2);
    }
    case Distinct:
        return seen.manyDistinct ? tr("> %1").arg(counted(seen.distinct)) : counted(seen.distinct);
    case Bits:
        return seen.bits == 0 || seen.kind == ColumnKind::Category ? QString("–")
                                                                   : QString::number(seen.bits);
    default:
        return {};
    }
}

QString ColumnTableModel::help(int row, int column) const {
    const ColumnReport& seen = at(row);
    if (column == Role)
        return toQt(entryOf(roleAt(row)).summary);
    if (column == Kind)
        return toQt(entryOf(seen.kind).summary);
    if (column == Bits)
        return tr(kColumns[Bits].help);
    QString text = QString::fromStdString(seen.name);
    if (seen.kind != ColumnKind::Category && !seen.histogram.empty())
        text += tr("\n%1 to %2").arg(valueOf(seen, seen.minimum), valueOf(seen, seen.maximum));
    if (seen.kind == ColumnKind::Number && !seen.histogram.empty())
        text +=
            tr("\nmean %1, standard deviation %2").arg(seen.mean, 0, 'g', 6).arg(seen.deviation, 0, 'g', 6);
    if (!seen.texts.empty())
        text += "\n" + topTexts(seen, seen.texts.size(), true);
    if (seen.constant)
        text += tr("\nconstant: nothing can be learned from it");
    return text;
}

/// For sorting.
QVariant ColumnTableModel::number(int row, int column) const {
    const ColumnReport& seen = at(row);
    switch (column) {
    case Number:
        return row;
    case Role:
        return static_cast<int>(roleAt(row));
    case Kind:
        return static_cast<int>(seen.kind);
    case Range:
    case Histogram:
        return seen.maximum - seen.minimum;
    case Missing:
        return static_cast<qulonglong>(seen.missing);
    case Distinct:
        return static_cast<qulonglong>(seen.distinct + (seen.manyDistinct ? 1 : 0));
    case Bits:
        return seen.bits;
    default:
        return text(row, column);
    }
}

} // namespace zipml::ui
