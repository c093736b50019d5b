#pragma once
/// The table of runs: one row a run.

#include "ui/runs/run_list.h"
#include "ui/widgets/table_model.h"

namespace zipml::ui {

class RunTableModel : public TableModel {
    Q_OBJECT
  public:
    enum Column {
        Name,
        Data,
        Device, ///< hidden until a run uses another than the processor
        Estimator,
        Bits,
        Epoch,
        TrainLoss,
        Objective,
        TestLoss,
        Accuracy, ///< hidden until a run is on classes
        Bias,
        Moved,
        SecondsPerEpoch,
        Progress,
        ColumnCount
    };
    static constexpr int kShareRole = Qt::UserRole; ///< of Progress: 0 to 1

    explicit RunTableModel(RunList& runs, QObject* parent = nullptr);

    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

  private:
    [[nodiscard]] int rows() const override;
    [[nodiscard]] QVariant cell(int row, int column, int role) const override;

    RunList& runs_;
};

} // namespace zipml::ui
