#pragma once
/// Loss, estimator, and how samples, model and gradient are rounded.

#include "ui/widgets/panel_section.h"

#include <map>
#include <nlohmann/json_fwd.hpp>

class QCheckBox;
class QDoubleSpinBox;
class QLineEdit;
class QPushButton;
class QSlider;
class QSpinBox;

namespace zipml::ui {

class MidrunBar;
class SlopeDialog;

class QuantizationSection : public PanelSection {
    Q_OBJECT
  public:
    explicit QuantizationSection(QWidget* parent);

    void setSpec(const RunSpec& spec);
    /// @throws InputError naming the control whose text is not understood.
    void read(RunSpec& spec) const;
    [[nodiscard]] LossKind loss() const;
    /// With an estimator that goes with it.
    void chooseLoss(LossKind loss);
    /// Says at the control what automatic arithmetic takes for all settings together.
    void showArithmetic(RunSpec whole);
    /// What stands at the bits while a run trains.
    [[nodiscard]] MidrunBar& midrun() const { return *midrun_; }

  signals:
    void bitsChanged(int bits);

  private:
    void buildEstimator();
    void buildNonLinear();
    void buildLoss();
    void buildRounding();
    void greyGivenLevels();
    void greyEstimators();
    void showSlope();
    void buildSamples();
    void buildChannels();
    void updateAvailability();
    bool offer(QWidget* control, const char* key, const RunSpec& spec, const nlohmann::json& other);

    QComboBox *loss_, *regularizer_, *estimator_, *grid_, *rounding_, *vectorScale_, *store_, *arithmetic_,
        *certificate_;
    QLineEdit *classWeights_, *regularizerDetail_;
    QSlider* bitsSlider_;
    QSpinBox *bits_, *copies_, *candidates_, *modelBits_, *gradientBits_, *degree_;
    QDoubleSpinBox *interval_, *band_;
    QCheckBox* sharedGrid_;
    QLabel* levels_;
    MidrunBar* midrun_;
    std::vector<double> given_;              ///< levels placed by hand, the last that were seen
    std::map<const QWidget*, bool> refused_; ///< whether another value than the usual one breaks a rule
    QPushButton* slope_;
    SlopeDialog* slopeDialog_ = nullptr;
};

} // namespace zipml::ui
