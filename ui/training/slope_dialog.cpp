#include "ui/training/slope_dialog.h"

#include "core/loss/loss.h"
#include "ui/plot/live_plot.h"
#include "ui/plot/run_curves.h"

#include <QVBoxLayout>

#include <cmath>

namespace zipml::ui {
namespace {

constexpr int kPoints = 601;
constexpr double kBeyond = 1.1; // of the interval: how it leaves the slope there

double valueOf(const std::vector<double>& coefficients, double z) {
    double value = 0, power = 1;
    for (const double coefficient : coefficients) {
        value += coefficient * power;
        power *= z;
    }
    return value;
}

} // namespace

SlopeDialog::SlopeDialog(QWidget* parent) : QDialog(parent), plot_(new LivePlot("slope", this)) {
    setWindowTitle(tr("Polynomial in the place of the slope"));
    plot_->setLogarithmic(false, false);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(plot_);
    resize(640, 420);
}

void SlopeDialog::showPolynomial(LossKind loss, const PolynomialSpec& spec) {
    const SlopePolynomial polynomial = approximateSlope(loss, spec);
    const Loss exact{loss, {}};
    Curve slope{0, tr("Slope of the %1").arg(lossName(loss)), tr("slope"), CurveRole::Main, {}, {}};
    Curve fit{1, tr("Polynomial of degree %1").arg(spec.degree), tr("polynomial"), CurveRole::Main, {}, {}};
    Curve error{1, fit.name, tr("error"), CurveRole::Secondary, {}, {}};
    for (int i = 0; i < kPoints; ++i) {
        const double z = kBeyond * spec.interval * (2.0 * i / (kPoints - 1) - 1);
        const double truth = exact.slope(z, 1), value = valueOf(polynomial.coefficients, z);
        for (auto* curve : {&slope, &fit, &error})
            curve->x << z;
        slope.y << truth;
        fit.y << value;
        error.y << std::abs(value - truth);
    }
    Axes axes{tr("Slope of the %1").arg(lossName(loss)),
              loss == LossKind::Hinge
                  ? tr("dashed: error, at most %1 for |b a.x| up to %2, outside the band of ±%3")
                        .arg(polynomial.error, 0, 'g', 2)
                        .arg(spec.interval)
                        .arg(spec.band)
                  : tr("dashed: error, at most %1 for |b a.x| up to %2")
                        .arg(polynomial.error, 0, 'g', 2)
                        .arg(spec.interval),
              tr("Margin b a.x"), tr("Slope"), false};
    axes.bothSigns = true;
    axes.legendLeft = true;
    plot_->setCurves({slope, fit, error}, axes);
}

} // namespace zipml::ui
