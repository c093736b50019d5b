#include "ui/data/rows_model.h"

#include <QApplication>
#include <QFont>
#include <QPalette>

#include <algorithm>

namespace zipml::ui {

void RowsModel::setReport(std::shared_ptr<const DataReport> report) {
    if (report == report_)
        return;
    beginResetModel();
    report_ = std::move(report);
    columns_ = 0;
    if (report_)
        for (const auto& row : report_->firstRows)
            columns_ = std::max(columns_, row.size());
    endResetModel();
}

int RowsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !report_ ? 0 : static_cast<int>(report_->firstRows.size());
}

int RowsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(columns_);
}

const ColumnReport* RowsModel::columnAt(int column) const {
    const auto place = static_cast<std::size_t>(column);
    return report_ && place < report_->columns.size() ? &report_->columns[place] : nullptr;
}

QVariant RowsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid())
        return {};
    const auto& row = report_->firstRows[static_cast<std::size_t>(index.row())];
    const auto place = static_cast<std::size_t>(index.column());
    const ColumnReport* column = columnAt(index.column());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return place < row.size() ? QVariant(QString::fromStdString(row[place])) : QVariant();
    case Qt::TextAlignmentRole:
        return QVariant(
            (column != nullptr && column->kind == ColumnKind::Number ? Qt::AlignRight : Qt::AlignLeft) |
            Qt::AlignVCenter);
    case Qt::ForegroundRole:
        return column != nullptr && column->role == ColumnRole::Ignored
                   ? QVariant(QApplication::palette().color(QPalette::PlaceholderText))
                   : QVariant();
    case Qt::FontRole: {
        QFont font = QApplication::font();
        font.setBold(column != nullptr && column->role == ColumnRole::Label);
        return font;
    }
    default:
        return {};
    }
}

QVariant RowsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    const ColumnReport* column = columnAt(section);
    if (orientation != Qt::Horizontal || column == nullptr)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((column->kind == ColumnKind::Number ? Qt::AlignRight : Qt::AlignLeft) |
                        Qt::AlignVCenter);
    if (role == Qt::ToolTipRole)
        return QString::fromUtf8(entryOf(column->role).title.data()) + ": " +
               QString::fromUtf8(entryOf(column->role).summary.data());
    return role == Qt::DisplayRole ? QVariant(QString::fromStdString(column->name)) : QVariant();
}

} // namespace zipml::ui
