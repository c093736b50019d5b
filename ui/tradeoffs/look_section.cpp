#include "ui/tradeoffs/look_section.h"

#include <QDoubleSpinBox>

namespace zipml::ui {

LookSection::LookSection(QWidget* parent) : PanelSection(tr("View"), parent) {
    const TradeoffLook look;
    cost_ = new QComboBox(this);
    cost_->setObjectName("tradeoffCost");
    cost_->setAccessibleName(tr("Cost on the horizontal axis"));
    fill<TradeoffCost>(cost_, {{TradeoffCost::Bytes, tr("Bytes moved")},
                               {TradeoffCost::Seconds, tr("Training time")},
                               {TradeoffCost::Energy, tr("Energy (estimate)")}});
    cost_->setToolTip(tr("What the plot and its Pareto front hold the loss against"));
    addLabelled(tr("&Cost"), cost_, cost_);
    connect(cost_, &QComboBox::currentIndexChanged, this, &LookSection::changed);

    const auto addNumber = [this](const QString& label, const char* name, const QString& accessible) {
        auto* box = new QDoubleSpinBox(this);
        box->setObjectName(name);
        box->setAccessibleName(accessible);
        box->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
        addLabelled(label, box, box);
        connect(box, &QDoubleSpinBox::valueChanged, this, &LookSection::changed);
        return box;
    };
    tolerance_ = addNumber(tr("&Within"), "tolerance", tr("Loss above full precision's that is allowed"));
    tolerance_->setDecimals(3);
    tolerance_->setRange(0.001, 1000);
    tolerance_->setSuffix("%");
    tolerance_->setValue(100 * look.tolerance);
    tolerance_->setToolTip(
        tr("How far above full precision's training loss a setting may end; the fewest bits are those of "
           "the settings that end within it"));
    energy_ = addNumber(tr("Ener&gy a bit"), "picojoules", tr("Energy of moving a bit"));
    energy_->setDecimals(2);
    energy_->setRange(0.01, 10'000);
    energy_->setSuffix(tr(" pJ"));
    energy_->setValue(look.picojoulesPerBit);
    energy_->setToolTip(
        tr("An assumption. 20 to 40 pJ: external DRAM (Horowitz, ISSCC 2014: 1.3 to 2.6 nJ for 64 bits); "
           "stacked memory takes several times less"));
}

TradeoffLook LookSection::look() const {
    TradeoffLook look;
    look.cost = chosen<TradeoffCost>(cost_);
    look.tolerance = tolerance_->value() / 100;
    look.picojoulesPerBit = energy_->value();
    return look;
}

} // namespace zipml::ui
