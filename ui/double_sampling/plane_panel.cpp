#include "ui/double_sampling/plane_panel.h"

#include "ui/double_sampling/plane_curves.h"

#include <QDoubleSpinBox>
#include <QSlider>
#include <QSpinBox>

namespace zipml::ui {
namespace {

constexpr int kMostDraws = 2000, kMostRows = 5000, kMostUpdates = 2000;
constexpr double kFarthest = 100; // of the point, a coordinate

} // namespace

PlanePanel::PlanePanel(QWidget* parent) : PanelSection(tr("Gradient estimates"), parent) {
    build();
    set({}, 1);
}

/// @param buddy takes the keyboard
template <class Widget>
Widget* PlanePanel::place(const QString& label, Widget* widget, QWidget* buddy, const char* name,
                          const QString& help) {
    auto* text = addLabelled(label, widget, buddy);
    widget->setObjectName(name);
    for (QWidget* each : {static_cast<QWidget*>(widget), buddy, static_cast<QWidget*>(text)})
        each->setToolTip(help);
    buddy->setAccessibleName(QString(label).remove('&'));
    return widget;
}

QSpinBox* PlanePanel::addNumber(const QString& label, const char* name, int low, int high,
                                const QString& help) {
    auto* box = new QSpinBox(this);
    box->setRange(low, high);
    connect(box, &QSpinBox::valueChanged, this, &PlanePanel::change);
    return place(label, box, box, name, help);
}

QDoubleSpinBox* PlanePanel::addReal(const QString& label, const char* name, double low, double high,
                                    double step, const QString& help) {
    auto* box = new QDoubleSpinBox(this);
    box->setRange(low, high);
    box->setSingleStep(step);
    return place(label, box, box, name, help);
}

void PlanePanel::build() {
    estimators_ = new EnumTicks<EstimatorKind>({planeEstimators().begin(), planeEstimators().end()}, this);
    connect(estimators_, &TickList::changed, this, &PlanePanel::change);
    addLabelled(tr("Estimators"), estimators_, estimators_->box(0));

    const auto addSlider = [this](const QString& label, const char* name, int low, int high,
                                  const QString& help) {
        auto* slider = new NumberSlider(low, high, this);
        place(label, slider, slider->slider(), name, help);
        slider->box()->setAccessibleName(tr("%1, as a number").arg(QString(label).remove('&')));
        slider->box()->setToolTip(help);
        connect(slider, &NumberSlider::changed, this, &PlanePanel::change);
        return slider;
    };
    bits_ =
        addSlider(tr("&Bits"), "bits", 1, 8,
                  tr("Bits of a level's index: 2^bits levels a feature. Double sampling stores one more"));
    draws_ = addSlider(tr("&Draws"), "draws", kFewestDraws, kMostDraws,
                       tr("Gradient estimates an estimator; their mean's ellipse shrinks with the root"));
    batch_ = addNumber(tr("&Minibatch"), "batch", 1, kMostRows,
                       tr("Rows that an estimate averages over, chosen at random: the fewer, the more it "
                          "scatters, at full precision too. All rows: only rounding is left"));
    batch_->setSuffix(tr(" rows"));
    x1_ = addReal(tr("Point &x₁"), "x1", -kFarthest, kFarthest, 0.1,
                  tr("Where gradients are estimated and paths start: drag it in the plot, or move it there "
                     "with the arrow keys"));
    x2_ = addReal(tr("Point x₂"), "x2", -kFarthest, kFarthest, 0.1, x1_->toolTip());
    arrowScale_ = addReal(tr("Arrow &length"), "arrowScale", 0.05, 5, 0.05,
                          tr("Arrows are minus the gradient times this. The step gives each arrow the length "
                             "of its update"));
    arrowScale_->setPrefix(tr("gradient × "));

    addHeading(tr("Problem"));
    rows_ = addNumber(tr("Ro&ws"), "rows", static_cast<int>(kFewestPlaneRows), kMostRows,
                      tr("Rows of the generated problem: two features with correlation 0.6"));
    noise_ = addReal(tr("Label &noise"), "noise", 0, 10, 0.1,
                     tr("Standard deviation of the labels' noise, in units of the label"));
    dataSeed_ = addNumber(tr("Data &seed"), "dataSeed", 0, 1'000'000, tr("Another one, another problem"));

    addHeading(tr("Paths"));
    step_ = addReal(tr("S&tep"), "step", 0, 10, 0.05,
                    tr("Constant step of the paths, on the average gradient of the minibatch"));
    step_->setDecimals(3);
    step_->setSpecialValueText(tr("automatic"));
    updates_ = addNumber(tr("&Updates"), "updates", 1, kMostUpdates, tr("Steps of each path"));
    for (auto* box : {x1_, x2_})
        box->setDecimals(3);
    for (auto* box : {x1_, x2_, noise_, step_})
        connect(box, &QDoubleSpinBox::valueChanged, this, &PlanePanel::change);
    connect(arrowScale_, &QDoubleSpinBox::valueChanged, this, [this] {
        if (!filling_)
            emit arrowScaleChanged();
    });
}

void PlanePanel::change() {
    if (!filling_)
        emit changed();
}

PlaneRequest PlanePanel::request() const {
    PlaneRequest request;
    request.data = {static_cast<std::size_t>(rows_->value()), noise_->value(),
                    static_cast<std::uint64_t>(dataSeed_->value())};
    request.bits = bits_->value();
    request.estimators = estimators_->ticked();
    request.at = {x1_->value(), x2_->value()};
    request.draws = draws_->value();
    request.batch = static_cast<std::size_t>(batch_->value());
    if (step_->value() > 0)
        request.step = step_->value();
    request.updates = updates_->value();
    return request;
}

double PlanePanel::arrowScale() const {
    return arrowScale_->value();
}

void PlanePanel::set(const PlaneRequest& request, double arrowScale) {
    filling_ = true;
    estimators_->tick(request.estimators);
    bits_->setValue(request.bits);
    draws_->setValue(request.draws);
    batch_->setValue(static_cast<int>(request.batch));
    x1_->setValue(request.at[0]);
    x2_->setValue(request.at[1]);
    arrowScale_->setValue(arrowScale);
    rows_->setValue(static_cast<int>(request.data.rows));
    noise_->setValue(request.data.noise);
    dataSeed_->setValue(static_cast<int>(request.data.seed));
    step_->setValue(request.step.value_or(0));
    updates_->setValue(request.updates);
    filling_ = false;
}

void PlanePanel::setPoint(const Eigen::Vector2d& point) {
    filling_ = true;
    x1_->setValue(point[0]);
    x2_->setValue(point[1]);
    filling_ = false;
}

void PlanePanel::showAutomaticStep(double step) {
    step_->setSpecialValueText(tr("automatic: %1").arg(step, 0, 'g', 3));
}

} // namespace zipml::ui
