#pragma once
/// Minibatch SGD, and what is measured while it runs.

#include "ui/training/panel_section.h"

class QCheckBox;
class QDoubleSpinBox;
class QLineEdit;
class QSpinBox;

namespace zipml::ui {

class SolverSection : public PanelSection {
    Q_OBJECT
  public:
    explicit SolverSection(QWidget* parent);

    void setSpec(const RunSpec& spec);
    /// @throws InputError naming the control whose text is not understood.
    void read(RunSpec& spec) const;

  private:
    void updateAvailability();

    QSpinBox *batch_, *epochs_, *earlyStop_, *biasDraws_;
    QLineEdit *step_, *scheduleDetail_, *seed_;
    QComboBox *schedule_, *order_;
    QDoubleSpinBox* average_;
    QCheckBox* intercept_;
};

} // namespace zipml::ui
