#include "ui/tradeoffs/heat_map_model.h"

#include "ui/theme/contrast.h"

#include <QFont>

#include <array>
#include <cmath>

namespace zipml::ui {

QColor excessColor(double excess) {
    static const std::array stops{QColor("#fee838"), QColor("#bcaf6f"), QColor("#7d7c78"), QColor("#434e6c"),
                                  QColor("#00224e")};
    constexpr double kLow = -3, kHigh = 1; // powers of ten
    if (!std::isfinite(excess))
        return stops.back();
    const double place = excess <= 0 ? 0 : std::clamp((std::log10(excess) - kLow) / (kHigh - kLow), 0.0, 1.0);
    const double at = place * static_cast<double>(stops.size() - 1);
    const auto below = std::min(static_cast<std::size_t>(at), stops.size() - 2);
    const double share = at - static_cast<double>(below);
    const auto mix = [&](int a, int b) { return static_cast<int>(std::lround(a + share * (b - a))); };
    const QColor &a = stops[below], &b = stops[below + 1];
    return {mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue())};
}

HeatMapModel::HeatMapModel(const TradeoffModel& model, QObject* parent)
    : QAbstractTableModel(parent), model_(model) {
    connect(&model, &TradeoffModel::rowsReset, this, [this] {
        beginResetModel();
        arrange();
        endResetModel();
    });
    connect(&model, &TradeoffModel::rowsChanged, this, [this] {
        if (rowCount() > 0)
            emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    });
    arrange();
}

void HeatMapModel::arrange() {
    names_.clear();
    titles_.clear();
    cells_.clear();
    for (int i = 0; i < static_cast<int>(model_.rows().size()); ++i) {
        const TradeoffRow& row = model_.rows()[static_cast<std::size_t>(i)];
        if (row.setting.full())
            continue;
        if (names_.isEmpty() || names_.back() != row.shortName) {
            names_ << row.shortName;
            titles_ << row.seriesName;
            cells_ << QVector<int>(HeatMapModel::columnCount({}), -1);
        }
        cells_.back()[row.setting.bits - model_.plan().leastBits] = i;
    }
}

void HeatMapModel::setTolerance(double tolerance) {
    tolerance_ = tolerance;
    if (rowCount() > 0)
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

int HeatMapModel::settingAt(const QModelIndex& index) const {
    return index.isValid() ? cells_[index.row()][index.column()] : -1;
}

QModelIndex HeatMapModel::cellOf(int setting) const {
    for (int row = 0; row < rowCount(); ++row)
        if (const auto column = cells_[row].indexOf(setting); setting >= 0 && column >= 0)
            return index(row, static_cast<int>(column));
    return {};
}

int HeatMapModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(cells_.size());
}

int HeatMapModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : model_.plan().mostBits - model_.plan().leastBits + 1;
}

QVariant HeatMapModel::data(const QModelIndex& index, int role) const {
    const int setting = settingAt(index);
    if (role == Qt::TextAlignmentRole)
        return {Qt::AlignCenter};
    if (setting < 0)
        return role == Qt::ToolTipRole ? QVariant(tr("Cannot be combined")) : QVariant();
    const TradeoffRow& row = model_.rows()[static_cast<std::size_t>(setting)];
    const bool known = row.point && row.point->excess;
    const double excess = known ? row.point->excess->median : 0;
    const bool within = known && excess <= tolerance_;
    switch (role) {
    case Qt::DisplayRole:
        return !known ? QString("–") : (within ? "✓" : "") + excessText(excess);
    case Qt::BackgroundRole:
        return known ? QVariant(excessColor(excess)) : QVariant();
    case Qt::ForegroundRole:
        return known ? QVariant(textOn(excessColor(excess))) : QVariant();
    case Qt::FontRole: {
        QFont font;
        font.setBold(within);
        return font;
    }
    case Qt::ToolTipRole:
        return known ? tr("%1: %2 stored bits a value, loss %3")
                           .arg(row.name, QString::number(row.point->bitsPerValue, 'g', 3),
                                QString::number(row.point->loss.median, 'g', 4))
                     : row.name;
    case Qt::AccessibleTextRole:
        return row.name + ": " + (known ? excessText(excess) : tr("not run"));
    default:
        return {};
    }
}

QVariant HeatMapModel::headerData(int section, Qt::Orientation orientation, int role) const {
    const bool columns = orientation == Qt::Horizontal;
    if (role == Qt::DisplayRole)
        return columns ? QVariant(tr("%1 bits").arg(model_.plan().leastBits + section))
                       : QVariant(names_.value(section));
    if (role == Qt::ToolTipRole)
        return columns
                   ? QVariant(
                         tr("b bits tell 2^b levels of a feature apart; double sampling stores one bit more"))
                   : QVariant(titles_.value(section));
    return {};
}

} // namespace zipml::ui
