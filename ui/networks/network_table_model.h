#pragma once
/// The table of networks: one row a run.

#include "ui/networks/network_runs.h"
#include "ui/widgets/table_model.h"

namespace zipml::ui {

class NetworkTableModel : public TableModel {
    Q_OBJECT
  public:
    enum Column {
        Name,
        Data,
        Network,
        Weights,
        Levels,
        Iteration,
        TrainLoss,
        TestAccuracy,
        Stored, ///< bytes of the quantized weights with their levels
        Floats, ///< bytes of all parameters as floats
        Progress,
        ColumnCount
    };

    explicit NetworkTableModel(NetworkRuns& runs, QObject* parent = nullptr);

    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

  protected:
    [[nodiscard]] int rows() const override;
    [[nodiscard]] QVariant cell(int row, int column, int role) const override;

  private:
    NetworkRuns& runs_;
};

} // namespace zipml::ui
