#pragma once
/// The dialog asks where to save a network, and as what.

#include "core/deep/deep_model.h"

#include <QFileDialog>

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

    std::shared_ptr<const NetworkSnapshot> network_;
};

} // namespace zipml::ui
