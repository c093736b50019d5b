#include "ui/widgets/table_model.h"

#include <QCoreApplication>

namespace zipml::ui {
namespace {

QVariant alignmentOf(const TableColumn& column) {
    const auto side = column.kind == TableColumn::Number ? Qt::AlignRight : Qt::AlignLeft;
    return QVariant(side | Qt::AlignVCenter);
}

} // namespace

int TableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : rows();
}

int TableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(columns_.size());
}

QVariant TableModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rows())
        return {};
    if (role == Qt::TextAlignmentRole)
        return alignmentOf(columns_[static_cast<std::size_t>(index.column())]);
    return cell(index.row(), index.column(), role);
}

QVariant TableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const TableColumn& column = columns_[static_cast<std::size_t>(section)];
    const auto translated = [this](const char* text) {
        return QCoreApplication::translate(metaObject()->className(), text);
    };
    switch (role) {
    case Qt::DisplayRole:
        return translated(column.title);
    case Qt::ToolTipRole:
        return translated(column.help);
    case Qt::TextAlignmentRole:
        return alignmentOf(column);
    default:
        return {};
    }
}

void TableModel::emitRowChanged(int row) {
    emit dataChanged(index(row, 0), index(row, columnCount() - 1));
}

void TableModel::emitColumnChanged(int column) {
    if (rows() > 0)
        emit dataChanged(index(0, column), index(rows() - 1, column));
}

void TableModel::emitAllChanged() {
    if (rows() > 0)
        emit dataChanged(index(0, 0), index(rows() - 1, columnCount() - 1));
}

} // namespace zipml::ui
