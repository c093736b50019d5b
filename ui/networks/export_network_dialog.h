#pragma once
/// Asks where to save a network, and as what.

#include "core/deep/deep_model.h"
#include "ui/devices/device_worker.h"

#include <QFileDialog>
#include <QTimer>

#include <memory>

namespace zipml::ui {

struct NetworkSnapshot;

class ExportNetworkDialog : public QFileDialog {
    Q_OBJECT
  public:
    /// Deletes itself once the file is written, or when nothing was chosen.
    ExportNetworkDialog(std::shared_ptr<const NetworkSnapshot> network, QWidget* parent);

  signals:
    void message(const QString& text, bool bad);

  private:
    void write(const QString& file);
    void poll(const QString& file);

    std::shared_ptr<const NetworkSnapshot> network_;
    std::unique_ptr<DeviceWorker> worker_;
    QTimer poll_;
};

} // namespace zipml::ui
