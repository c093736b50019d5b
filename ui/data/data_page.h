#pragma once
/// The data page shows what is in the experiment's data file and how it is read: first rows, columns, what
/// may be meant otherwise. Whatever is chosen here is a setting of the experiment.

#include "ui/data/column_table_model.h"
#include "ui/experiment/data_preview.h"
#include "ui/widgets/page.h"

class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QSortFilterProxyModel;
class QStackedWidget;
class QTableView;
class QTimer;

namespace zipml::ui {

class FindingsView;
class ReadingSection;
class RowsModel;
struct Remedy;

class DataPage : public Page {
    Q_OBJECT
  public:
    /// @param experiment outlives this
    explicit DataPage(ExperimentModel& experiment, QWidget* parent = nullptr);

    /// Start training, Open.
    [[nodiscard]] QList<QAction*> barActions() const override { return {start_, open_}; }
    [[nodiscard]] QTableView& columns() const { return *columns_; }
    [[nodiscard]] QTableView& rows() const { return *rows_; }
    [[nodiscard]] bool showsSettings() const override { return true; }

  protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

  private:
    void buildActions();
    QWidget* buildEmpty();
    QWidget* buildHead();
    QWidget* buildColumns();
    QWidget* buildRows();
    void update();
    void showHead();
    void showFindings();
    void showNotes();
    void showTables();
    void sizeColumns();
    void sizeRange();
    void choose(const Remedy& remedy);
    void chooseRole(int row, ColumnRole role);
    void chooseKind(int row, ColumnKind kind);
    /// The selected rows of the table of columns if `row` is one of them, else `row`.
    [[nodiscard]] QList<int> rowsWith(int row) const;

    ExperimentModel& experiment_;
    DataPreview& preview_; ///< the experiment's
    QAction *start_, *open_;
    QStackedWidget* stack_;
    QLabel *emptyText_, *title_, *summary_, *notes_, *rowsTitle_, *count_;
    QWidget *progressRow_, *notesArea_, *rowsPart_, *columnsPart_;
    QProgressBar* progress_;
    QLineEdit* filter_;
    ReadingSection* reading_;
    FindingsView* findings_;
    ColumnTableModel* model_;
    QSortFilterProxyModel* sorted_;
    RowsModel* rowsModel_;
    QTableView *columns_, *rows_;
};

} // namespace zipml::ui
