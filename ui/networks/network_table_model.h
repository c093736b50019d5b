#pragma once
/// The table of networks has a row a run.

#include "ui/networks/network_runs.h"
#include "ui/runs/runs_table.h"

namespace zipml::ui {

class NetworkTableModel : public RunsTable<NetworkRuns> {
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

  private:
    [[nodiscard]] QString text(const NetworkRun& run, int column) const override;
    [[nodiscard]] QString tip(const NetworkRun& run) const override;
};

} // namespace zipml::ui
