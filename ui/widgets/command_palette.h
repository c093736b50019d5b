#pragma once
/// Every command of the menus and every setting, to be found by typing: Ctrl+K.

#include <QDialog>

class QAction;
class QLineEdit;
class QListWidget;
class QMenuBar;

namespace zipml::ui {

class CommandPalette : public QDialog {
    Q_OBJECT
  public:
    /// Lists what `menus` can do at this moment; deletes itself when it is closed.
    /// @param settings listed behind, to be found by their help, too
    CommandPalette(const QMenuBar& menus, QWidget* parent, const QList<QAction*>& settings = {});

  protected:
    /// Up and Down move in the list while the person types.
    bool eventFilter(QObject* object, QEvent* event) override;

  private:
    void add(const QList<QAction*>& actions, const QString& path);
    void filter(const QString& text);
    void run();

    QLineEdit* words_;
    QListWidget* list_;
    QList<QAction*> actions_; ///< by row
};

} // namespace zipml::ui
