#pragma once
/// The list of the history as a table: a row a run, the newest first; name and tags can be edited.

#include "core/compare/run_filter.h"
#include "ui/history/history_index.h"
#include "ui/widgets/table_model.h"

#include <QSortFilterProxyModel>

#include <map>

namespace zipml::ui {

class HistoryModel : public TableModel {
    Q_OBJECT
  public:
    enum Column {
        When,
        Name,
        Tags,
        Data,
        Estimator,
        Bits,
        Epochs,
        TrainLoss,
        TestLoss,
        Accuracy,
        Moved,
        State,
        Origin,
        ColumnCount
    };
    explicit HistoryModel(QObject* parent = nullptr);

    [[nodiscard]] const HistoryRun& at(int row) const { return runs_[static_cast<std::size_t>(row)]; }
    /// -1: not there, or removed.
    [[nodiscard]] int rowOf(const QString& key) const;
    /// Adds them, or takes them in the place of what was known of them.
    void apply(const std::vector<HistoryRun>& changed);
    /// For sorting; empty where there is none.
    [[nodiscard]] std::optional<double> numberOf(int row, int column) const;

    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

  signals:
    /// A person typed something else.
    void edited(const QString& key, zipml::ui::HistoryField field, const QString& value);

  private:
    [[nodiscard]] int rows() const override { return static_cast<int>(runs_.size()); }
    [[nodiscard]] QVariant cell(int row, int column, int role) const override;
    [[nodiscard]] QString textOf(const HistoryRun& run, int column) const;

    std::vector<HistoryRun> runs_;
    std::map<QString, int> rowByKey_;
};

/// Its rows that a filter lets through, sorted.
class HistoryRows : public QSortFilterProxyModel {
    Q_OBJECT
  public:
    explicit HistoryRows(HistoryModel& model, QObject* parent = nullptr);
    void setFilter(const RunFilter& filter);

  protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    [[nodiscard]] bool lessThan(const QModelIndex& one, const QModelIndex& other) const override;

  private:
    HistoryModel& model_;
    RunFilter filter_;
};

} // namespace zipml::ui
