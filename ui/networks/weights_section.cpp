#include "ui/networks/network_sections.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QSpinBox>

#include <algorithm>

namespace zipml::ui {
namespace {

constexpr int kFloatBits = 32;

void fillBits(QComboBox* combo) {
    combo->addItem(WeightsSection::tr("floats"), kFloatBits);
    for (int bits = 8; bits >= 1; --bits)
        combo->addItem(bits == 1 ? WeightsSection::tr("1 bit") : WeightsSection::tr("%1 bits").arg(bits),
                       bits);
}

} // namespace

WeightsSection::WeightsSection(QWidget* parent)
    : PanelSection(tr("Network and weights"), parent, deepHelpOf) {
    const auto addCombo = [this](const QString& label, const char* key) {
        return add(label, new QComboBox(this), key);
    };
    network_ = addCombo(tr("&Network"), "network");
    fill<deep::NetworkKind>(network_);
    weights_ = addCombo(tr("&Weights"), "weights");
    fill<deep::WeightMethod>(weights_);
    levels_ = add(tr("&Levels"), new QSpinBox(this), "levels");
    scope_ = addCombo(tr("Le&vels are"), "scope");
    fill<deep::LevelScope>(scope_);
    rounding_ = addCombo(tr("&Rounding"), "rounding");
    fill<Rounding>(rounding_,
                   {{Rounding::Nearest, tr("To the nearest")}, {Rounding::Stochastic, tr("At random")}});
    refit_ = add(tr("Pla&ced every"), new QSpinBox(this), "refit_every");
    refit_->setRange(0, 1000);
    refit_->setSpecialValueText(tr("as usual"));
    refit_->setSuffix(tr(" steps"));
    auto* ends = new QWidget(this);
    auto* line = new QHBoxLayout(ends);
    line->setContentsMargins(0, 0, 0, 0);
    first_ = new QCheckBox(tr("&first"), ends);
    last_ = new QCheckBox(tr("l&ast layer"), ends);
    for (auto* box : {first_, last_}) {
        line->addWidget(box);
        connect(box, &QCheckBox::toggled, this, &WeightsSection::changed);
    }
    line->addStretch(1);
    addLabelled(tr("Round also"), ends, first_);
    first_->setObjectName("first_layer");
    first_->setAccessibleName(tr("Round the first layer's weights"));
    last_->setObjectName("last_layer");
    last_->setAccessibleName(tr("Round the last layer's weights"));
    activations_ = addCombo(tr("Ac&tivations"), "activation_bits");
    fillBits(activations_);
    gradients_ = addCombo(tr("&Gradients"), "gradient_bits");
    fillBits(gradients_);
    for (auto* combo : {network_, weights_, scope_, rounding_, activations_, gradients_})
        connect(combo, &QComboBox::currentIndexChanged, this, &WeightsSection::update);
    for (auto* box : {levels_, refit_})
        connect(box, &QSpinBox::valueChanged, this, &WeightsSection::changed);
    update();
}

/// What has no effect is grey and says why.
void WeightsSection::update() {
    const auto method = chosen<deep::WeightMethod>(weights_);
    const bool full = method == deep::WeightMethod::Full;
    for (const auto& entry : deep::weightQuantizers())
        if (entry.method == method)
            levels_->setRange(entry.fewest, entry.most);
    const QString whyNot = tr("Full precision has no levels: nothing is rounded");
    setAvailable(levels_, !full && levels_->minimum() < levels_->maximum(), "levels",
                 full ? whyNot : tr("The published rule has five levels"));
    setAvailable(scope_, !full, "scope", whyNot);
    setAvailable(rounding_, !full, "rounding", whyNot);
    setAvailable(refit_, !full && method != deep::WeightMethod::Lsq, "refit_every",
                 full ? whyNot : tr("LSQ trains its step: levels are placed once"));
    setAvailable(first_, !full, "first_layer", whyNot);
    setAvailable(last_, !full, "last_layer", whyNot);
    emit changed();
}

void WeightsSection::write(deep::DeepSpec& spec) const {
    spec.network = chosen<deep::NetworkKind>(network_);
    spec.weights = chosen<deep::WeightMethod>(weights_);
    spec.levels = levels_->value();
    spec.scope = chosen<deep::LevelScope>(scope_);
    spec.rounding = chosen<Rounding>(rounding_);
    spec.refitEvery = refit_->value();
    spec.firstLayer = first_->isChecked();
    spec.lastLayer = last_->isChecked();
    spec.activationBits = activations_->currentData().toInt();
    spec.gradientBits = gradients_->currentData().toInt();
}

void WeightsSection::show(const deep::DeepSpec& spec) {
    choose(network_, spec.network);
    choose(weights_, spec.weights);
    levels_->setValue(spec.levels);
    choose(scope_, spec.scope);
    choose(rounding_, spec.rounding);
    refit_->setValue(spec.refitEvery);
    first_->setChecked(spec.firstLayer);
    last_->setChecked(spec.lastLayer);
    activations_->setCurrentIndex(activations_->findData(spec.activationBits));
    gradients_->setCurrentIndex(gradients_->findData(spec.gradientBits));
}

} // namespace zipml::ui
