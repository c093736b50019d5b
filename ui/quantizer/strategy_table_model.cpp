#include "ui/quantizer/strategy_table_model.h"

namespace zipml::ui {
namespace {

constexpr TableColumn kColumns[] = {
    {QT_TR_NOOP("Levels by"), QT_TR_NOOP("How levels are placed; the selected ones are drawn")},
    {QT_TR_NOOP("Levels"), QT_TR_NOOP("Fewer than 2 to the bits where values repeat or levels coincide"),
     TableColumn::Number},
    {QT_TR_NOOP("Mean variance"),
     QT_TR_NOOP("Mean over the values of (upper level - v)(v - lower level), in squared units of v"),
     TableColumn::Number},
    {QT_TR_NOOP("To uniform"), QT_TR_NOOP("Mean variance as a multiple of the uniform levels'"),
     TableColumn::Number},
    {QT_TR_NOOP("Uniform bits"),
     QT_TR_NOOP("Bits that uniform levels need for the same mean variance; in between on a log scale"),
     TableColumn::Number},
};

std::optional<double> numberOf(const QuantizerModel::Row& row, int column) {
    switch (column) {
    case StrategyTableModel::Levels:
        return row.levels ? std::optional(static_cast<double>(*row.levels)) : std::nullopt;
    case StrategyTableModel::MeanVariance:
        return row.meanVariance;
    case StrategyTableModel::Ratio:
        return row.ratio;
    case StrategyTableModel::UniformBits:
        return row.uniformBits;
    default:
        return std::nullopt;
    }
}

/// @param coming whether what is missing is being computed
QString cellText(const QuantizerModel::Row& row, int column, bool coming) {
    if (column == StrategyTableModel::Strategy)
        return row.name;
    const auto number = numberOf(row, column);
    if (!number)
        return coming && !row.levels ? "…" : "–";
    switch (column) {
    case StrategyTableModel::Levels:
        return QString::number(*row.levels);
    case StrategyTableModel::Ratio:
        return QString::number(*number, 'g', 3) + " ×";
    case StrategyTableModel::UniformBits:
        return *number <= 0                             ? QString("< 1")
               : *number >= UniformYardstick::kMostBits ? QString("≥ %1").arg(UniformYardstick::kMostBits)
                                                        : QString::number(*number, 'f', 1);
    default:
        return QString::number(*number, 'g', 4);
    }
}

} // namespace

StrategyTableModel::StrategyTableModel(const QuantizerModel& model, QObject* parent)
    : TableModel(kColumns, parent), model_(model), rows_(model.rows()) {
    connect(&model, &QuantizerModel::levelsChanged, this, &StrategyTableModel::update);
}

void StrategyTableModel::update() {
    auto rows = model_.rows();
    updating_ = true;
    const int before = rowCount();
    const int now = static_cast<int>(rows.size());
    if (now > before)
        beginInsertRows({}, before, now - 1);
    else if (now < before)
        beginRemoveRows({}, now, before - 1);
    rows_ = std::move(rows);
    if (now > before)
        endInsertRows();
    else if (now < before)
        endRemoveRows();
    updating_ = false;
    emitAllChanged();
}

int StrategyTableModel::rows() const {
    return static_cast<int>(rows_.size());
}

QVariant StrategyTableModel::cell(int row, int column, int role) const {
    const auto& entry = rows_[static_cast<std::size_t>(row)];
    switch (role) {
    case Qt::DisplayRole:
        return cellText(entry, column, model_.values() != nullptr);
    case Qt::ToolTipRole:
        return entry.help;
    case kNumberRole: {
        const auto number = numberOf(entry, column);
        return number ? QVariant(*number) : QVariant();
    }
    default:
        return {};
    }
}

} // namespace zipml::ui
