#pragma once
/// Tables of runs, devices and settings look and behave alike.

#include <QList>
#include <QString>

class QTableView;

namespace zipml::ui {

/// Without a frame; Tab leaves the table and arrows move in it.
void setUpTable(QTableView& table, const QString& name, const QString& accessibleName);
/// And whole rows are selected; neither grid nor row numbers.
void setUpRows(QTableView& table, const QString& name, const QString& accessibleName);
/// By number, in the order of selection.
QList<int> selectedRows(const QTableView& table);
/// The selected rows, or all of them where none is selected.
QList<int> selectedRowsOrAll(const QTableView& table);

} // namespace zipml::ui
