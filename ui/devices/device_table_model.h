#pragma once
/// The table of devices: one row a device.

#include "ui/devices/device_list.h"
#include "ui/widgets/table_model.h"

namespace zipml::ui {

class DeviceTableModel : public TableModel {
    Q_OBJECT
  public:
    enum Column { Device, Name, Kind, Platform, Bandwidth, State, ColumnCount };

    explicit DeviceTableModel(DeviceList& devices, QObject* parent = nullptr);

  private:
    [[nodiscard]] int rows() const override;
    [[nodiscard]] QVariant cell(int row, int column, int role) const override;

    DeviceList& devices_;
};

} // namespace zipml::ui
