#pragma once
/// What is known of one device: its kernels and its capabilities.

#include "ui/devices/device_list.h"

#include <QWidget>

class QLabel;
class QTableWidget;

namespace zipml::ui {

class DeviceDetails : public QWidget {
    Q_OBJECT
  public:
    enum KernelColumn { Kernel, Gvalues, Gbytes, Share, Check, KernelColumns };

    explicit DeviceDetails(QWidget* parent = nullptr);

    /// @param device null: none is selected
    void setDevice(const DeviceView* device);

  private:
    void showKernels(const DeviceView& device);
    void showCapabilities(const DeviceView& device);
    void clear();

    QLabel *heading_, *note_;
    QTableWidget *kernels_, *capabilities_;
};

} // namespace zipml::ui
