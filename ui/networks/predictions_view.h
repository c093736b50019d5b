#pragma once
/// Test images in a grid, each with its true and its predicted class; of the chosen one all probabilities.

#include "ui/networks/network_view.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QListView;

namespace zipml::ui {

class PredictionsModel;
class ProbabilityBars;

class PredictionsView : public NetworkView {
    Q_OBJECT
  public:
    explicit PredictionsView(QWidget* parent);
    void show(const NetworkRun* run) override;
    [[nodiscard]] const PredictionsModel& model() const { return *model_; }
    [[nodiscard]] const ProbabilityBars& bars() const { return *bars_; }
    /// Selects a row of the model.
    void choose(int row);

  private:
    void build();
    void filterChanged();
    void showChosen();

    PredictionsModel* model_;
    QListView* grid_;
    QCheckBox* wrongOnly_;
    QComboBox* class_;
    QLabel *count_, *empty_, *picture_, *title_;
    QWidget* details_;
    ProbabilityBars* bars_;
    std::size_t chosen_ = 0; ///< test image
};

} // namespace zipml::ui
