#pragma once
/// A layer's weights as a histogram with the levels that they are rounded to.

#include "ui/networks/network_view.h"
#include "ui/plot/live_plot.h"

class QComboBox;
class QLabel;
class QSpinBox;

namespace zipml::ui {

class WeightsView : public NetworkView {
    Q_OBJECT
  public:
    explicit WeightsView(QWidget* parent);
    void show(const NetworkRun* run) override;
    [[nodiscard]] LivePlot& plot() const { return *plot_; }

  signals:
    void message(const QString& text, bool bad);

  private:
    void update();

    LivePlot* plot_;
    QComboBox* layer_;
    QLabel* channelLabel_;
    QSpinBox* channel_;
    std::shared_ptr<const NetworkSnapshot> snapshot_;
    int color_ = 0;
};

} // namespace zipml::ui
