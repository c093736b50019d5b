#pragma once
/// What the Help menu shows.

#include <QList>

class QAction;
class QWidget;

namespace zipml::ui {

/// The keys of these actions, and those of plots and tables.
void showShortcuts(const QList<QAction*>& actions, QWidget& window);
void showAbout(QWidget& window);

} // namespace zipml::ui
