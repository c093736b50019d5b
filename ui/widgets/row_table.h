#pragma once
/// How the tables of runs, devices and settings look and behave.

#include <QString>

class QTableView;

namespace zipml::ui {

/// Whole rows are selected; neither grid nor row numbers; Tab leaves the table and arrows move in it.
void setUpRows(QTableView& table, const QString& name, const QString& accessibleName);

} // namespace zipml::ui
