#include "ui/widgets/row_table.h"

#include <QHeaderView>
#include <QTableView>

#include <numeric>

namespace zipml::ui {

void setUpTable(QTableView& table, const QString& name, const QString& accessibleName) {
    table.setObjectName(name);
    table.setAccessibleName(accessibleName);
    table.setFrameShape(QFrame::NoFrame);
    table.setTabKeyNavigation(false); // Tab leaves the table; arrows move in it
    table.horizontalHeader()->setHighlightSections(false);
}

void setUpRows(QTableView& table, const QString& name, const QString& accessibleName) {
    constexpr int kRowHeight = 24;
    setUpTable(table, name, accessibleName);
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setAlternatingRowColors(true);
    table.setShowGrid(false);
    table.verticalHeader()->hide();
    table.verticalHeader()->setDefaultSectionSize(kRowHeight);
}

QList<int> selectedRows(const QTableView& table) {
    QList<int> rows;
    for (const auto& index : table.selectionModel()->selectedRows())
        rows << index.row();
    return rows;
}

QList<int> selectedRowsOrAll(const QTableView& table) {
    QList<int> rows = selectedRows(table);
    if (rows.isEmpty()) {
        rows.resize(table.model()->rowCount());
        std::iota(rows.begin(), rows.end(), 0);
    }
    return rows;
}

} // namespace zipml::ui
