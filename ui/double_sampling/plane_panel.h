#pragma once
/// The panel has the settings of the plane: which estimates are drawn, of which problem, and how SGD goes.

#include "ui/double_sampling/plane_worker.h"
#include "ui/widgets/number_slider.h"
#include "ui/widgets/panel_section.h"
#include "ui/widgets/tick_list.h"

class QDoubleSpinBox;
class QSpinBox;

namespace zipml::ui {

class PlanePanel : public PanelSection {
    Q_OBJECT
  public:
    explicit PlanePanel(QWidget* parent);

    /// Its seed is not the panel's: it stays the default.
    [[nodiscard]] PlaneRequest request() const;
    [[nodiscard]] double arrowScale() const;
    void set(const PlaneRequest& request, double arrowScale);
    /// Moved on the plot: changed() is not emitted.
    void setPoint(const Eigen::Vector2d& point);
    /// What "automatic" is.
    void showAutomaticStep(double step);

  signals:
    /// Something else is to be computed; once for each change by the person.
    void changed();
    void arrowScaleChanged();

  private:
    void build();
    template <class Widget>
    Widget* place(const QString& label, Widget* widget, QWidget* buddy, const char* name,
                  const QString& help);
    QSpinBox* addNumber(const QString& label, const char* name, int low, int high, const QString& help);
    QDoubleSpinBox* addReal(const QString& label, const char* name, double low, double high, double step,
                            const QString& help);
    void change();

    EnumTicks<EstimatorKind>* estimators_; ///< as planeEstimators()
    NumberSlider *bits_, *draws_;
    QSpinBox *batch_, *rows_, *dataSeed_, *updates_;
    QDoubleSpinBox *x1_, *x2_, *arrowScale_, *noise_, *step_;
    bool filling_ = true; ///< controls change, but not by the person
};

} // namespace zipml::ui
