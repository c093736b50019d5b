#pragma once
/// Ready comparisons as pictures: choose one, and it runs; and the published experiments.

#include "core/document/preset.h"

#include <QDialog>

class QLabel;
class QListWidget;
class QTabWidget;

namespace zipml::ui {

class ExperimentsPanel;
class ReproduceWorker;

/// Those that are compiled in, in the order of their names.
std::vector<Preset> builtInPresets();

class GalleryDialog : public QDialog {
    Q_OBJECT
  public:
    /// @param worker outlives the dialog
    explicit GalleryDialog(ReproduceWorker& worker, QWidget* parent = nullptr);
    /// The tab of the published experiments.
    void showExperiments();
    [[nodiscard]] ExperimentsPanel& experiments() const { return *experiments_; }

  signals:
    /// The person wants to see it run.
    void chosen(const zipml::Preset& preset);

  private:
    QWidget* buildPresets();
    void choose();

    std::vector<Preset> presets_;
    QTabWidget* tabs_;
    ExperimentsPanel* experiments_;
    QListWidget* list_;
    QLabel* summary_;
};

} // namespace zipml::ui
