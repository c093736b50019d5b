#pragma once
/// Columns are as wide as what they show: numbers always, other texts as long as there is room, names as the
/// last to give way. A column that a person drags stays as it was dragged.

#include <QObject>
#include <QTimer>

#include <map>
#include <vector>

class QTableView;

namespace zipml::ui {

class ColumnWidths : public QObject {
    Q_OBJECT
  public:
    /// For the table's whole life, which has its model by now. A column of numbers is one that stands to the
    /// right.
    /// @param name the column that takes the room that is left
    /// @param shrinks texts give way; else the table scrolls at once
    ColumnWidths(QTableView& table, int name, bool shrinks = true);

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void measure();
    void fitRows();
    [[nodiscard]] bool isNumber(int column) const;

    QTableView& table_;
    const QObject* viewport_; ///< which has events still while the table goes
    int name_;
    bool shrinks_;
    int rowHeight_; ///< at least
    QTimer soon_;
    bool measuring_ = false;
    std::map<int, int> dragged_; ///< widths by column
    std::vector<int> wanted_;    ///< the widest that was seen, so that columns do not flutter
};

} // namespace zipml::ui
