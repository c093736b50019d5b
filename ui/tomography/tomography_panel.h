#pragma once
/// The panel says what is measured and how it is reconstructed: the controls of a TomographySpec.

#include "core/tomography/tomography_spec.h"
#include "ui/widgets/number_slider.h"
#include "ui/widgets/panel_section.h"
#include "ui/widgets/tick_list.h"

#include <vector>

class QCheckBox;
class QDoubleSpinBox;
class QLineEdit;
class QSpinBox;

namespace zipml::ui {

class TomographyPanel : public PanelSection {
    Q_OBJECT
  public:
    explicit TomographyPanel(QWidget* parent);

    /// @throws InputError naming the setting.
    [[nodiscard]] TomographySpec spec() const;
    void setSpec(const TomographySpec& spec);
    /// Those that are ticked, in the order of the tiles.
    [[nodiscard]] std::vector<EstimatorKind> estimators() const;
    void setEstimators(const std::vector<EstimatorKind>& estimators);

  signals:
    /// By the person or by a preset: once for each change.
    void changed();

  private:
    template <class Widget>
    Widget* place(const QString& label, Widget* widget, QWidget* buddy, const char* key);
    void build();
    void applyPreset(int index);
    void change();

    QComboBox *preset_, *phantom_, *size_, *noise_, *scale_, *rounding_;
    NumberSlider *angles_, *bits_;
    EnumTicks<EstimatorKind>* estimators_;
    QSpinBox* epochs_;
    QDoubleSpinBox* step_;
    QCheckBox* nonnegative_;
    QLineEdit* seed_;
    bool filling_ = true; ///< controls change, but not by the person
};

} // namespace zipml::ui
