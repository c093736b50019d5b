#pragma once
/// Ready comparisons as pictures: choose one, and it runs.

#include "core/lab/preset.h"

#include <QDialog>

class QLabel;
class QListWidget;

namespace zipml::ui {

/// Those that are compiled in, in the order of their names.
std::vector<Preset> builtInPresets();

class GalleryDialog : public QDialog {
    Q_OBJECT
  public:
    explicit GalleryDialog(QWidget* parent = nullptr);

  signals:
    /// The person wants to see it run.
    void chosen(const zipml::Preset& preset);

  private:
    void choose();

    std::vector<Preset> presets_;
    QListWidget* list_;
    QLabel* summary_;
};

} // namespace zipml::ui
