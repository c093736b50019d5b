#pragma once
/// The polynomial that stands for a loss's slope, over the slope, with its error; follows the settings while
/// it is open.

#include "core/loss/slope_polynomial.h"

#include <QDialog>

namespace zipml::ui {

class LivePlot;

class SlopeDialog : public QDialog {
    Q_OBJECT
  public:
    explicit SlopeDialog(QWidget* parent);

    /// @param loss not quadratic
    void showPolynomial(LossKind loss, const PolynomialSpec& spec);
    [[nodiscard]] LivePlot& plot() const { return *plot_; }

  private:
    LivePlot* plot_;
};

} // namespace zipml::ui
