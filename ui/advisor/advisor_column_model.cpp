#include "ui/advisor/advisor_column_model.h"

#include <cmath>

namespace zipml::ui {
namespace {

constexpr const char* kRounding =
    QT_TRANSLATE_NOOP("zipml::ui::AdvisorColumnModel",
                      "Rounding variance at this width, as a share of the column's own variance");

constexpr TableColumn kAdvisorColumns[] = {
    {QT_TR_NOOP("Column"), QT_TR_NOOP("Of the data, as the model has a weight for it")},
    {QT_TR_NOOP("Skewness"),
     QT_TR_NOOP("Third standardised moment: the further from 0, the more optimal levels win"),
     TableColumn::Number},
    {QT_TR_NOOP("Width"),
     QT_TR_NOOP("Bits that this column alone would need within the tolerance, with the advised estimator and "
                "levels. A forecast: stores have one width for all columns"),
     TableColumn::Number},
    {QT_TR_NOOP("KB"), QT_TR_NOOP("All training rows of the column at that width, in 10^3 bytes"),
     TableColumn::Number},
    {QT_TR_NOOP("1 bit"), kRounding, TableColumn::Number},
    {QT_TR_NOOP("2 bits"), kRounding, TableColumn::Number},
    {QT_TR_NOOP("3 bits"), kRounding, TableColumn::Number},
    {QT_TR_NOOP("4 bits"), kRounding, TableColumn::Number},
    {QT_TR_NOOP("5 bits"), kRounding, TableColumn::Number},
    {QT_TR_NOOP("6 bits"), kRounding, TableColumn::Number},
    {QT_TR_NOOP("7 bits"), kRounding, TableColumn::Number},
    {QT_TR_NOOP("8 bits"), kRounding, TableColumn::Number},
};
/// "1330%", "0.42%".
QString percentOfVariance(double share) {
    const double percent = 100 * share;
    if (percent < 5e-4)
        return "0%";
    return (percent >= 10 ? QString::number(percent, 'f', 0) : QString::number(percent, 'g', 2)) + "%";
}

static_assert(std::size(kAdvisorColumns) == AdvisorColumnModel::ColumnCount);

} // namespace

AdvisorColumnModel::AdvisorColumnModel(QObject* parent) : TableModel(kAdvisorColumns, parent) {}

void AdvisorColumnModel::show(std::shared_ptr<const Advice> advice, double tolerance, GridKind grid) {
    beginResetModel();
    advice_ = std::move(advice);
    grid_ = grid;
    widths_.clear();
    if (const auto best = advice_ ? bestPoint(*advice_, tolerance) : std::nullopt) {
        const AdvicePoint& point = advice_->points[*best];
        extraBits_ = std::max(0.0, std::round(point.forecast.bitsPerValue - point.setting.bits));
        widths_.resize(advice_->columns.size());
        for (const ColumnGroup& group : columnGroups(*advice_, *best, tolerance))
            for (const std::size_t f : group.columns)
                widths_[f] = group.bits;
    }
    endResetModel();
}

int AdvisorColumnModel::rows() const {
    return advice_ ? static_cast<int>(advice_->columns.size()) : 0;
}

QVariant AdvisorColumnModel::numberOf(int row, int column) const {
    const auto f = static_cast<std::size_t>(row);
    const ColumnRounding& data = advice_->columns[f];
    if (column == Skewness)
        return data.constant ? QVariant() : QVariant(data.skewness);
    if (column == Width)
        return widths_.empty() ? QVariant() : QVariant(widths_[f]);
    if (column == Stored) {
        if (widths_.empty())
            return {};
        const double bits = widths_[f] == 0 ? 0 : widths_[f] + extraBits_;
        return bits * static_cast<double>(advice_->rows) / 8e3;
    }
    if (column >= FirstBits && !data.constant)
        return (grid_ == GridKind::Uniform ? data.uniform
                                           : data.optimal)[static_cast<std::size_t>(column - FirstBits)];
    return {};
}

QString AdvisorColumnModel::textOf(int row, int column) const {
    const ColumnRounding& data = advice_->columns[static_cast<std::size_t>(row)];
    if (column == Name)
        return QString::fromStdString(data.name);
    if (column == Skewness && data.constant)
        return tr("constant");
    const QVariant number = numberOf(row, column);
    if (!number.isValid())
        return "–";
    if (column == Width)
        return QString::number(number.toInt());
    if (column < FirstBits)
        return QString::number(number.toDouble(), 'g', 3);
    return percentOfVariance(number.toDouble());
}

QVariant AdvisorColumnModel::cell(int row, int column, int role) const {
    if (role == Qt::DisplayRole)
        return textOf(row, column);
    if (role == kNumberRole)
        return column == Name ? QVariant(textOf(row, column)) : numberOf(row, column);
    if (role == Qt::ToolTipRole && column == Name)
        return textOf(row, column);
    return {};
}

} // namespace zipml::ui
