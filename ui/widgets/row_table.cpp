#include "ui/widgets/row_table.h"

#include <QHeaderView>
#include <QTableView>

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

} // namespace zipml::ui
