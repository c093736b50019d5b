#pragma once
/// The section says what is swept over: bits, estimators, levels, seeds and devices.

#include "core/bench/device_report.h"
#include "core/study/tradeoffs.h"
#include "ui/widgets/panel_section.h"
#include "ui/widgets/tick_list.h"

class QSpinBox;

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
    QLabel *base_, *runs_;
    QSpinBox *leastBits_, *mostBits_, *seeds_;
    EnumTicks<EstimatorKind>* estimators_;
    EnumTicks<GridKind>* grids_;
    TickList* devices_; ///< called by their ids
    QList<QWidget*> lockable_;
};

} // namespace zipml::ui
