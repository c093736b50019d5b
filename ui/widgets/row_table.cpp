#include "ui/widgets/row_table.h"

#include <QHeaderView>
#include <QTableView>

namespace zipml::ui {

void setUpRows(QTableView& table, const QString& name, const QString& accessibleName) {
    constexpr int kRowHeight = 24;
    table.setObjectName(name);
    table.setAccessibleName(accessibleName);
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setAlternatingRowColors(true);
    table.setShowGrid(false);
    table.setFrameShape(QFrame::NoFrame);
    table.setTabKeyNavigation(false);
    table.verticalHeader()->hide();
    table.verticalHeader()->setDefaultSectionSize(kRowHeight);
    table.horizontalHeader()->setHighlightSections(false);
}

} // namespace zipml::ui
