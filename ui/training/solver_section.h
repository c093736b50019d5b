#pragma once
/// Solver, and what is measured while it runs.

#include "core/bench/device_report.h"
#include "ui/widgets/panel_section.h"

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
    void setDevices(const std::vector<DeviceReport>& devices);

  private:
    void buildSolver();
    void buildSteps();
    void updateAvailability();
    /// Adds the device where it is missing.
    void chooseDevice(const QString& id);

    QSpinBox *batch_, *epochs_, *innerPasses_, *earlyStop_, *biasDraws_;
    QLineEdit *step_, *scheduleDetail_, *seed_, *at_;
    QComboBox *device_, *solver_, *schedule_, *order_;
    QDoubleSpinBox* average_;
    QCheckBox *intercept_, *lowPrecisionAverage_;
};

} // namespace zipml::ui
