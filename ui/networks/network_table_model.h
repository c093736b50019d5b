#pragma once
/// The table of networks: one row a run.

#include "ui/networks/network_runs.h"

#include <QAbstractTableModel>

namespace zipml::ui {

class NetworkTableModel : public QAbstractTableModel {
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

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

  private:
    NetworkRuns& runs_;
};

} // namespace zipml::ui
