#pragma once
/// A list with columns, one row of which is chosen: data sets to fetch, experiments to run.

#include <QList>
#include <QTreeWidget>

namespace zipml::ui {

class RowList : public QTreeWidget {
    Q_OBJECT
  public:
    /// @param name for tests @param spoken what it is to somebody who hears it
    /// @param numbers columns that are aligned at the right
    RowList(const QString& name, const QString& spoken, const QStringList& titles, QList<int> numbers,
            QWidget* parent);

    /// At the end. @param title of the first column
    QTreeWidgetItem* addRow(const QString& title, const QString& toolTip);
    /// -1: none.
    [[nodiscard]] int selectedRow() const { return indexOfTopLevelItem(currentItem()); }
    void select(int row) { setCurrentItem(topLevelItem(row)); }

  private:
    QList<int> numbers_;
};

} // namespace zipml::ui
