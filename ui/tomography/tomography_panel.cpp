#include "ui/tomography/tomography_panel.h"

#include "ui/widgets/estimator_choice.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QSlider>
#include <QSpinBox>

#include <algorithm>

namespace zipml::ui {
namespace {

/// Those that rays are read by; of several that read two roundings, the one that counts both orders.
std::vector<EstimatorKind> rayEstimators() {
    return estimatorsThat(
        [](const Estimator& each) { return each.pairs == Pairs::None || each.pairs == Pairs::Symmetrized; },
        {EstimatorKind::Full, EstimatorKind::Nearest});
}

struct Preset {
    const char *title, *help;
    int angles;
    SinogramNoise noise;
    bool nonnegative;
};

const std::array kPresets{
    Preset{QT_TR_NOOP("Noise-free"),
           QT_TR_NOOP("Exact ray sums at 128 angles: only rounding is seen"),
           128,
           {},
           false},
    Preset{QT_TR_NOOP("Noisy"),
           QT_TR_NOOP("Ray sums with 1% of Gaussian noise: rounding hides behind it"),
           128,
           {NoiseKind::Gaussian, 0.01},
           false},
    Preset{QT_TR_NOOP("Few angles"), QT_TR_NOOP("24 angles, pixels at least 0"), 24, {}, true},
};

const std::array<std::pair<const char*, const char*>, 6> kNoises{
    {{"none", QT_TR_NOOP("None")},
     {"gaussian:0.002", QT_TR_NOOP("Gaussian, 0.2%")},
     {"gaussian:0.01", QT_TR_NOOP("Gaussian, 1%")},
     {"gaussian:0.03", QT_TR_NOOP("Gaussian, 3%")},
     {"poisson:100000", QT_TR_NOOP("Poisson, 100,000 photons")},
     {"poisson:10000", QT_TR_NOOP("Poisson, 10,000 photons")}}};

const SpecKey& tomographyKey(std::string_view name) {
    for (const auto& key : tomographyKeys())
        if (key.name == name)
            return key;
    throw std::logic_error("no such setting of tomography");
}

} // namespace

TomographyPanel::TomographyPanel(QWidget* parent) : PanelSection(tr("Tomography"), parent) {
    build();
    TomographySpec spec;
    spec.bits = 3; // so few that the estimators can be told apart
    setSpec(spec);
    setEstimators(
        {EstimatorKind::Full, EstimatorKind::Naive, EstimatorKind::Double, EstimatorKind::Corrected});
    applyPreset(0);
}

/// A row whose widget stands for a key of the spec. @param buddy takes the keyboard
template <class Widget>
Widget* TomographyPanel::place(const QString& label, Widget* widget, QWidget* buddy, const char* key) {
    auto* text = addLabelled(label, widget, buddy);
    widget->setObjectName(key);
    const QString help = toQt(tomographyKey(key).help);
    for (QWidget* each : {static_cast<QWidget*>(widget), buddy, static_cast<QWidget*>(text)})
        each->setToolTip(help);
    buddy->setAccessibleName(QString(label).remove('&'));
    return widget;
}

void TomographyPanel::build() {
    preset_ = new QComboBox(this);
    addLabelled(tr("P&reset"), preset_, preset_);
    preset_->setObjectName("preset");
    preset_->setAccessibleName(tr("Preset"));
    for (const auto& preset : kPresets) {
        preset_->addItem(tr(preset.title));
        preset_->setItemData(preset_->count() - 1, tr(preset.help), Qt::ToolTipRole);
    }
    preset_->addItem(tr("Own settings"));
    preset_->setToolTip(tr("Angles, noise and constraint at once"));
    connect(preset_, &QComboBox::activated, this, &TomographyPanel::applyPreset);

    const auto addCombo = [this](const QString& label, const char* key) {
        auto* combo = new QComboBox(this);
        place(label, combo, combo, key);
        connect(combo, &QComboBox::currentIndexChanged, this, &TomographyPanel::change);
        return combo;
    };
    phantom_ = addCombo(tr("P&hantom"), "phantom");
    fill<PhantomKind>(phantom_);
    size_ = addCombo(tr("Si&ze"), "size");
    for (const int size : {64, 128, 256, 512})
        size_->addItem(tr("%1 × %1 pixels").arg(size), size);
    const auto addSlider = [this](const QString& label, const char* key, int low, int high) {
        auto* slider = new NumberSlider(low, high, this);
        place(label, slider, slider->slider(), key);
        slider->box()->setAccessibleName(tr("%1, as a number").arg(QString(label).remove('&')));
        slider->box()->setToolTip(slider->toolTip());
        connect(slider, &NumberSlider::changed, this, &TomographyPanel::change);
        return slider;
    };
    angles_ = addSlider(tr("An&gles"), "angles", 4, 360);
    noise_ = addCombo(tr("&Noise"), "noise");
    for (const auto& [value, title] : kNoises)
        noise_->addItem(tr(title), QString(value));
    bits_ = addSlider(tr("&Bits"), "bits", 1, RayStore::kMostBits);
    scale_ = addCombo(tr("&Levels"), "scale");
    fill<LengthScale>(scale_);
    rounding_ = addCombo(tr("Ro&unded"), "rounding");
    fill<RoundingTime>(rounding_);

    estimators_ = new EnumTicks<EstimatorKind>(rayEstimators(), this);
    connect(estimators_, &TickList::changed, this, &TomographyPanel::change);
    addLabelled(tr("Compare"), estimators_, estimators_->box(0));

    epochs_ = new QSpinBox(this);
    epochs_->setRange(1, 10'000);
    place(tr("E&pochs"), epochs_, epochs_, "epochs");
    connect(epochs_, &QSpinBox::valueChanged, this, &TomographyPanel::change);
    step_ = new QDoubleSpinBox(this);
    step_->setRange(0.01, 1.99);
    step_->setSingleStep(0.1);
    place(tr("S&tep"), step_, step_, "step");
    connect(step_, &QDoubleSpinBox::valueChanged, this, &TomographyPanel::change);
    nonnegative_ = new QCheckBox(tr("at least 0"), this);
    place(tr("Pi&xels"), nonnegative_, nonnegative_, "nonnegative");
    connect(nonnegative_, &QCheckBox::toggled, this, &TomographyPanel::change);
    seed_ = new QLineEdit(this);
    place(tr("See&d"), seed_, seed_, "seed");
    connect(seed_, &QLineEdit::editingFinished, this, &TomographyPanel::change);
}

/// "Own settings" is where a change by hand leads.
void TomographyPanel::change() {
    if (filling_)
        return;
    preset_->setCurrentIndex(preset_->count() - 1);
    for (std::size_t i = 0; i < kPresets.size(); ++i)
        if (angles_->value() == kPresets[i].angles && nonnegative_->isChecked() == kPresets[i].nonnegative &&
            noise_->currentData().toString().toStdString() == toString(kPresets[i].noise))
            preset_->setCurrentIndex(static_cast<int>(i));
    emit changed();
}

void TomographyPanel::applyPreset(int index) {
    if (index >= static_cast<int>(kPresets.size()))
        return;
    const Preset& preset = kPresets[static_cast<std::size_t>(index)];
    filling_ = true;
    angles_->setValue(preset.angles);
    noise_->setCurrentIndex(noise_->findData(QString::fromStdString(toString(preset.noise))));
    nonnegative_->setChecked(preset.nonnegative);
    filling_ = false;
    change();
}

TomographySpec TomographyPanel::spec() const {
    TomographySpec spec;
    spec.phantom = chosen<PhantomKind>(phantom_);
    spec.size = size_->currentData().toInt();
    spec.angles = angles_->value();
    spec.noise = parseNoise(noise_->currentData().toString().toStdString());
    spec.bits = bits_->value();
    spec.scale = chosen<LengthScale>(scale_);
    spec.rounding = chosen<RoundingTime>(rounding_);
    spec.epochs = epochs_->value();
    spec.step = step_->value();
    spec.nonnegative = nonnegative_->isChecked();
    bool ok = false;
    spec.seed = seed_->text().trimmed().toULongLong(&ok);
    if (!ok)
        throw InputError("seed: '" + seed_->text().toStdString() + "' is not a whole number of 0 or more");
    validate(spec);
    return spec;
}

void TomographyPanel::setSpec(const TomographySpec& spec) {
    filling_ = true;
    choose(phantom_, spec.phantom);
    if (size_->findData(spec.size) < 0)
        size_->addItem(tr("%1 × %1 pixels").arg(spec.size), spec.size);
    size_->setCurrentIndex(size_->findData(spec.size));
    angles_->setValue(spec.angles);
    const QString noise = QString::fromStdString(toString(spec.noise));
    if (noise_->findData(noise) < 0)
        noise_->addItem(noise, noise);
    noise_->setCurrentIndex(noise_->findData(noise));
    bits_->setValue(spec.bits);
    choose(scale_, spec.scale);
    choose(rounding_, spec.rounding);
    epochs_->setValue(spec.epochs);
    step_->setValue(spec.step);
    nonnegative_->setChecked(spec.nonnegative);
    seed_->setText(QString::number(spec.seed));
    filling_ = false;
    change();
}

std::vector<EstimatorKind> TomographyPanel::estimators() const {
    return estimators_->ticked();
}

void TomographyPanel::setEstimators(const std::vector<EstimatorKind>& estimators) {
    filling_ = true;
    estimators_->tick(estimators);
    filling_ = false;
    change();
}

} // namespace zipml::ui
