#pragma once
/// The table of devices: one row a device.

#include "ui/devices/device_list.h"

#include <QAbstractTableModel>

namespace zipml::ui {

class DeviceTableModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { Device, Name, Kind, Platform, Bandwidth, State, ColumnCount };

    explicit DeviceTableModel(DeviceList& devices, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  private:
    DeviceList& devices_;
};

} // namespace zipml::ui
