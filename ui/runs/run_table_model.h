#pragma once
/// The table of runs has a row a run.

#include "ui/runs/run_list.h"
#include "ui/runs/runs_table.h"

namespace zipml::ui {

class RunTableModel : public RunsTable<RunList> {
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
        Group, ///< hidden until a lesson or the gallery has runs
        ColumnCount
    };

    explicit RunTableModel(RunList& runs, QObject* parent = nullptr);

  private:
    [[nodiscard]] QString text(const RunView& run, int column) const override;
    [[nodiscard]] QString tip(const RunView& run) const override;
};

} // namespace zipml::ui
