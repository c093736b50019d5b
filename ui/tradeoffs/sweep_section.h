#pragma once
/// What is swept over: bits, estimators, levels, seeds and devices.

#include "core/bench/device_report.h"
#include "core/study/tradeoffs.h"
#include "ui/widgets/panel_section.h"

class QCheckBox;
class QSpinBox;
class QVBoxLayout;

namespace zipml::ui {

class SweepSection : public PanelSection {
    Q_OBJECT
  public:
    explicit SweepSection(QWidget* parent);

    /// What is chosen, over the experiment's other settings. @throws InputError when nothing is ticked.
    [[nodiscard]] TradeoffPlan plan(const RunSpec& base) const;
    /// Says what is swept over, and greys out what the experiment has no use for.
    void showBase(const RunSpec& base);
    /// Says how many runs there are, and what cannot be combined.
    void showRuns(std::size_t runs, const std::map<std::string, std::size_t>& leftOut);
    /// What runs can be given to; predicted ones are left out. What was ticked stays, listed or not.
    void setDevices(const std::vector<DeviceReport>& devices);
    /// While it sweeps, nothing can be changed.
    void setLocked(bool locked);

  signals:
    void changed();

  private:
    QWidget* addBoxes(const QString& label);
    QCheckBox* addBox(QWidget* boxes, const QString& name, const QString& title, const QString& help);

    QLabel *base_, *runs_;
    QSpinBox *leastBits_, *mostBits_, *seeds_;
    QWidget *estimatorBoxes_, *gridBoxes_, *deviceBoxes_;
    QList<QCheckBox*> estimators_, grids_, devices_;
    QList<QWidget*> lockable_;
};

} // namespace zipml::ui
