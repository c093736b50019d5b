#include "ui/tradeoffs/tradeoff_table_model.h"

#include "ui/widgets/swatch.h"

#include <limits>

namespace zipml::ui {

TradeoffTableModel::TradeoffTableModel(const TradeoffModel& model, QObject* parent)
    : QAbstractTableModel(parent), model_(model) {
    const auto allChanged = [this] {
        if (rowCount() > 0)
            emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    };
    connect(&model, &TradeoffModel::rowsReset, this, [this] {
        beginResetModel();
        endResetModel();
    });
    connect(&model, &TradeoffModel::rowsChanged, this, allChanged);
    connect(&model, &TradeoffModel::progressed, this, [this] {
        if (rowCount() > 0)
            emit dataChanged(index(0, State), index(rowCount() - 1, State));
    });
}

void TradeoffTableModel::setPicojoulesPerBit(double picojoules) {
    energy_.picojoulesPerBit = picojoules;
    if (rowCount() > 0)
        emit dataChanged(index(0, Energy), index(rowCount() - 1, Energy));
}

int TradeoffTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(model_.rows().size());
}

int TradeoffTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

std::optional<double> TradeoffTableModel::numberOf(const TradeoffRow& row, int column) const {
    if (!row.point)
        return {};
    const TradeoffPoint& point = *row.point;
    switch (column) {
    case BitsStored:
        return point.bitsPerValue;
    case Loss:
        return point.loss.median;
    case Excess:
        return point.excess ? std::optional(point.excess->median) : std::nullopt;
    case Moved:
        return point.bytes.median / 1e6;
    case Seconds:
        return point.seconds.median;
    case Energy:
        return costOf(point, energy_);
    default:
        return {};
    }
}

QString TradeoffTableModel::textOf(const TradeoffRow& row, int column) const {
    if (column == Setting)
        return row.shortName + row.bits;
    if (column == State)
        return stateOf(row);
    const auto number = numberOf(row, column);
    if (!number)
        return "–";
    switch (column) {
    case BitsStored:
        return QString::number(*number, 'g', 3);
    case Excess:
        return excessText(*number);
    case Moved:
        return QString::number(*number, 'f', 2);
    case Loss:
        return row.point->diverged > 0 && std::isinf(*number) ? tr("diverged")
                                                              : QString::number(*number, 'g', 4);
    default:
        return QString::number(*number, 'g', 3);
    }
}

QString TradeoffTableModel::stateOf(const TradeoffRow& row) const {
    const auto seeds = static_cast<std::size_t>(model_.plan().seeds);
    const std::size_t made = row.point ? row.point->runs : 0;
    if (!row.failure.isEmpty())
        return tr("Failed");
    if (model_.current() && model_.current()->setting == row.setting)
        return tr("Running");
    if (row.point && row.point->diverged > 0)
        return seeds > 1 ? tr("Diverged: %1 of %2").arg(row.point->diverged).arg(made) : tr("Diverged");
    if (made == seeds)
        return tr("Done");
    return made == 0 ? tr("Waiting") : tr("%1 of %2").arg(made).arg(seeds);
}

QVariant TradeoffTableModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const TradeoffRow& row = model_.rows()[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return textOf(row, index.column());
    case Qt::DecorationRole:
        return index.column() == Setting ? QVariant(swatch(row.series)) : QVariant();
    case Qt::ToolTipRole:
        return row.failure.isEmpty() ? row.name + "\n" +
                                           QString::fromStdString(toCommandLine(
                                               specOf(model_.plan().base, model_.firstRunOf(row.setting))))
                                     : row.failure;
    case Qt::TextAlignmentRole:
        return index.column() == Setting || index.column() == State
                   ? QVariant(Qt::AlignLeft | Qt::AlignVCenter)
                   : QVariant(Qt::AlignRight | Qt::AlignVCenter);
    case kSortRole:
        if (index.column() == Setting)
            return index.row(); // as planned
        if (index.column() == State)
            return stateOf(row);
        return numberOf(row, index.column()).value_or(std::numeric_limits<double>::infinity());
    default:
        return {};
    }
}

QVariant TradeoffTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    struct Header {
        const char* title;
        const char* help;
    };
    static constexpr Header headers[ColumnCount] = {
        {QT_TR_NOOP("Setting"), QT_TR_NOOP("Estimator, levels, and bits of a level's index")},
        {QT_TR_NOOP("Stored"), QT_TR_NOOP("Bits stored a value; double sampling's extra bit is in it")},
        {QT_TR_NOOP("Above full"), QT_TR_NOOP("Training loss above full precision's; ×: times as high")},
        {QT_TR_NOOP("MB moved"), QT_TR_NOOP("Samples, labels, model and gradient, in 10^6 bytes")},
        {QT_TR_NOOP("Seconds"),
         QT_TR_NOOP("Training time without evaluation; what else the machine did meanwhile is in it")},
        {QT_TR_NOOP("Train loss"), QT_TR_NOOP("After the last epoch, on the unquantized training rows")},
        {QT_TR_NOOP("Energy (mJ)"),
         QT_TR_NOOP("An estimate: the bytes moved at the energy a bit that is set on the left")},
        {QT_TR_NOOP("State"), QT_TR_NOOP("Whether it has run")},
    };
    if (role == Qt::DisplayRole)
        return tr(headers[section].title);
    if (role == Qt::ToolTipRole)
        return tr(headers[section].help);
    if (role == Qt::TextAlignmentRole)
        return section == Setting || section == State ? QVariant(Qt::AlignLeft | Qt::AlignVCenter)
                                                      : QVariant(Qt::AlignRight | Qt::AlignVCenter);
    return {};
}

} // namespace zipml::ui
