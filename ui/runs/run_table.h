#pragma once
/// The table of runs with what finds, groups and compares them: a filter, groups, columns of choice, a
/// baseline.

#include "ui/runs/run_rows.h"

#include <QTableView>

#include <nlohmann/json_fwd.hpp>

class QAction;
class QComboBox;
class QMenu;
class QToolButton;

namespace zipml::ui {

class FilterBox;

class RunTable : public QWidget {
    Q_OBJECT
  public:
    /// @param runs outlives this
    explicit RunTable(RunList& runs, QWidget* parent = nullptr);

    [[nodiscard]] QTableView& view() const { return *view_; }
    [[nodiscard]] RunRows& rows() const { return *rows_; }
    [[nodiscard]] FilterBox& filter() const { return *filter_; }
    /// Rows of the list of runs that are selected; of a group all of its runs.
    [[nodiscard]] QList<int> selected() const;
    /// Or all runs, where none is selected.
    [[nodiscard]] QList<int> selectedOrAll() const;
    /// And shows it, also where it is in a group that is folded.
    void selectRun(int id);
    /// Edits the name of a row of the list of runs.
    void rename(int run);
    void groupBy(const Grouping& grouping);

    /// For menus: Use as baseline, Plot only these, Filter.
    [[nodiscard]] QAction* baselineAction() const { return baseline_; }
    [[nodiscard]] QAction* plotOnlyAction() const { return plotOnly_; }
    [[nodiscard]] QAction* filterAction() const { return find_; }

    /// Filter, groups, order and baseline, for a session's view.
    [[nodiscard]] nlohmann::json state() const;
    /// Skips what it does not know.
    void setState(const nlohmann::json& state);

  signals:
    void selectionChanged();
    /// The selected runs, by id.
    void highlighted(const QList<int>& ids);
    /// @param id of a run; empty: there is none
    void baselineChanged(std::optional<int> id);

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    enum class Wish { Automatic, Shown, Hidden };
    void buildView();
    void buildBar();
    void fillColumnMenu();
    void fillGroups();
    void runsChanged();
    void updateActions();
    void updateColumns();
    void fitColumns();
    void updateCount();
    void restoreWishes();
    void wish(int column, Wish wanted);
    void toggleBaseline();
    void plotOnlyThese();
    void select(const QList<int>& ids);
    [[nodiscard]] QList<int> selectedIds() const;
    [[nodiscard]] bool wanted(int column, bool narrow) const;
    [[nodiscard]] int widthOfTitle(int column) const;

    RunList& runs_;
    RunTableModel* model_;
    RunRows* rows_;
    QTableView* view_;
    FilterBox* filter_;
    QComboBox* groups_;
    QToolButton* columns_;
    QMenu* columnMenu_;
    QAction *baseline_, *plotOnly_, *find_;
    std::map<int, Wish> wishes_; ///< by column; others are automatic
    std::set<int> differing_;    ///< columns of settings in which the runs differ
    bool anyGroup_ = false, anyDevice_ = false, anyClasses_ = false, anyRegularizer_ = false,
         anyFull_ = false, narrow_ = false;
    QTimer fitSoon_;
    QList<int> selectedBefore_; ///< ids, while rows are arranged anew
};

} // namespace zipml::ui
