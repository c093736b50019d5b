#pragma once
/// The rows of the table of runs: those that a filter lets through, in some order, and groups of them as one
/// row with mean and deviation. Numbers are held against the baseline's.

#include "core/compare/run_filter.h"
#include "core/compare/run_groups.h"
#include "ui/runs/run_table_model.h"

#include <QAbstractProxyModel>
#include <QTimer>

#include <set>

namespace zipml::ui {

class RunRows : public QAbstractProxyModel {
    Q_OBJECT
  public:
    /// @param runs outlives this
    explicit RunRows(RunTableModel& runs, QObject* parent = nullptr);

    void setFilter(const RunFilter& filter);
    void setGrouping(const Grouping& grouping);
    [[nodiscard]] const Grouping& grouping() const { return grouping_; }
    /// By id; empty: none.
    void setBaseline(std::optional<int> id);
    [[nodiscard]] std::optional<int> baseline() const { return baseline_; }

    /// Rows of the list of runs that stand in a row here: one, or a group's.
    [[nodiscard]] QList<int> runsAt(int row) const;
    /// -1: in none, or in a group that is folded.
    [[nodiscard]] int rowOf(int run) const;
    /// Runs that the filter lets through, folded or not, by row of the list.
    [[nodiscard]] const std::vector<int>& passing() const { return passing_; }
    [[nodiscard]] bool isGroup(int row) const;
    [[nodiscard]] bool isFolded(int row) const;
    void setFolded(int row, bool folded);

    /// @param column below 0: as they were started
    void sort(int column, Qt::SortOrder order) override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    [[nodiscard]] QModelIndex mapToSource(const QModelIndex& index) const override;
    [[nodiscard]] QModelIndex mapFromSource(const QModelIndex& index) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

  signals:
    /// The rows are others, or stand elsewhere; the runs are the same.
    void rearranged();
    void baselineChanged(std::optional<int> id);

  private:
    struct Group {
        std::vector<int> runs; ///< rows of the list
        std::string key;       ///< the same for the same runs
    };
    struct Row {
        int run = -1;   ///< -1: a group's
        int group = -1; ///< -1: in none
    };
    void arrange();
    void rearrange();
    void runChanged(int row);
    void noteState(int run);
    void findBaseline();
    [[nodiscard]] const Group& groupAt(int row) const {
        return groups_[static_cast<std::size_t>(rows_[static_cast<std::size_t>(row)].group)];
    }
    [[nodiscard]] std::optional<Spread> spreadAt(const Group& group, int column) const;
    [[nodiscard]] QVariant groupData(const Group& group, bool folded, int column, int role) const;
    [[nodiscard]] QString titleOf(const Group& group) const;
    /// " (-12 %)"; empty where nothing is to be held against.
    [[nodiscard]] QString difference(int column, std::optional<double> number) const;

    RunTableModel& runs_;
    RunFilter filter_;
    Grouping grouping_;
    std::optional<int> baseline_, baselineRow_; ///< its id, and where it stands in the list of runs
    int sortColumn_ = -1;
    Qt::SortOrder order_ = Qt::AscendingOrder;
    std::vector<int> passing_;
    std::vector<Group> groups_;
    std::vector<Row> rows_;
    std::vector<int> places_;        ///< of runs among the rows; -1: none
    std::vector<RunState> states_;   ///< of runs when they were arranged
    std::set<std::string> unfolded_; ///< keys of groups
    QTimer soon_;                    ///< a run has ended, and may stand elsewhere
};

} // namespace zipml::ui
