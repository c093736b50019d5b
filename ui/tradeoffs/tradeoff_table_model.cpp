#include "ui/tradeoffs/tradeoff_table_model.h"

#include "ui/widgets/swatch.h"

#include <limits>

namespace zipml::ui {
namespace {

constexpr TableColumn kColumns[] = {
    {QT_TR_NOOP("Setting"), QT_TR_NOOP("Estimator, levels, and bits of a level's index")},
    {QT_TR_NOOP("Stored"), QT_TR_NOOP("Bits stored a value; double sampling's extra bit is in it"),
     TableColumn::Number},
    {QT_TR_NOOP("Above full"), QT_TR_NOOP("Objective above full precision's; ×: times as high"),
     TableColumn::Number},
    {QT_TR_NOOP("MB moved"), QT_TR_NOOP("Samples, labels, model and gradient, in 10^6 bytes"),
     TableColumn::Number},
    {QT_TR_NOOP("Seconds"),
     QT_TR_NOOP("Training time without evaluation; what else the machine did meanwhile is in it"),
     TableColumn::Number},
    {QT_TR_NOOP("Train loss"), QT_TR_NOOP("After the last epoch, on the unquantized training rows"),
     TableColumn::Number},
    {QT_TR_NOOP("Objective"),
     QT_TR_NOOP("What is minimised after the last epoch: training loss and regularizer, in the loss's units"),
     TableColumn::Number},
    {QT_TR_NOOP("Energy (mJ)"),
     QT_TR_NOOP("An estimate: the bytes moved at the energy a bit that is set on the left"),
     TableColumn::Number},
    {QT_TR_NOOP("State"), QT_TR_NOOP("Whether it has run")},
};

} // namespace

TradeoffTableModel::TradeoffTableModel(const TradeoffModel& model, QObject* parent)
    : TableModel(kColumns, parent), model_(model) {
    connect(&model, &TradeoffModel::rowsReset, this, [this] {
        beginResetModel();
        endResetModel();
    });
    connect(&model, &TradeoffModel::rowsChanged, this, &TradeoffTableModel::emitAllChanged);
    connect(&model, &TradeoffModel::progressed, this, [this] { emitColumnChanged(State); });
}

void TradeoffTableModel::setPicojoulesPerBit(double picojoules) {
    energy_.picojoulesPerBit = picojoules;
    emitColumnChanged(Energy);
}

int TradeoffTableModel::rows() const {
    return static_cast<int>(model_.rows().size());
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
    case Objective:
        return point.objective.median;
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
    case Objective:
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

QVariant TradeoffTableModel::cell(int row, int column, int role) const {
    const TradeoffRow& entry = model_.rows()[static_cast<std::size_t>(row)];
    switch (role) {
    case Qt::DisplayRole:
        return textOf(entry, column);
    case Qt::DecorationRole:
        return column == Setting ? QVariant(swatch(entry.look)) : QVariant();
    case Qt::ToolTipRole:
        return entry.failure.isEmpty()
                   ? entry.name + "\n" +
                         QString::fromStdString(
                             toCommandLine(specForRun(model_.plan().base, model_.firstRunOf(entry.setting))))
                   : entry.failure;
    case kSortRole:
        if (column == Setting)
            return row; // as planned
        if (column == State)
            return stateOf(entry);
        return numberOf(entry, column).value_or(std::numeric_limits<double>::infinity());
    default:
        return {};
    }
}

} // namespace zipml::ui
