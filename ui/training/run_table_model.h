#pragma once
/// The table of runs: one row a run.

#include "ui/training/run_list.h"

#include <QAbstractTableModel>

namespace zipml::ui {

class RunTableModel : public QAbstractTableModel {
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

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

  private:
    RunList& runs_;
};

} // namespace zipml::ui
