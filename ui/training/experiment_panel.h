#pragma once
/// The panel shows and edits the experiment's settings, in sections. Every control stands for one key of
/// them.

#include "ui/experiment/experiment_model.h"

#include <QWidget>

namespace zipml::ui {

class DataSection;
class QuantizationSection;
class SolverSection;

class ExperimentPanel : public QWidget {
    Q_OBJECT
  public:
    /// @param experiment outlives this
    explicit ExperimentPanel(ExperimentModel& experiment, QWidget* parent = nullptr);

  signals:
    /// The person wants to see more of the data.
    void dataPageRequested();
    /// The person asks for a file.
    void openRequested();
    /// The samples' bits were moved: runs on stores of any precision follow.
    void bitsChanged(int bits);

  protected:
    /// Keeps text fields from taking Ctrl+Z for themselves.
    bool eventFilter(QObject* object, QEvent* event) override;

  private:
    void listen();
    void showPart(SettingsPart part);
    /// The settings as the controls have them, as far as they are understood. @return what is not; or empty
    [[nodiscard]] std::string read(RunSpec& spec) const;

    ExperimentModel& experiment_;
    DataSection* data_;
    QuantizationSection* quantization_;
    SolverSection* solver_;
    bool setting_ = false;
};

} // namespace zipml::ui
