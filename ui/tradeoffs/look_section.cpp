#include "ui/tradeoffs/look_section.h"

#include <QDoubleSpinBox>

namespace zipml::ui {

LookSection::LookSection(QWidget* parent) : PanelSection(tr("View"), parent) {
    const TradeoffLook look;
    view_ = new QComboBox(this);
    view_->setObjectName("tradeoffView");
    view_->setAccessibleName(tr("What the plot shows"));
    fill<TradeoffView>(view_, {{TradeoffView::Cost, tr("Loss against cost")},
                               {TradeoffView::Scatter, tr("Any two quantities")},
                               {TradeoffView::Parallel, tr("All at once")}});
    view_->setToolTip(tr("All at once: an axis a quantity, a line a setting; drag along an axis to keep the "
                         "settings that meet it there, in the table too"));
    addLabelled(tr("&Plot"), view_, view_);
    const auto addQuantity = [this](const QString& label, const char* name, TradeoffQuantity quantity) {
        auto* combo = new QComboBox(this);
        combo->setObjectName(name);
        combo->setAccessibleName(QString(label).remove('&'));
        for (int each = 0; each <= static_cast<int>(TradeoffQuantity::Energy); ++each)
            combo->addItem(titleOf(static_cast<TradeoffQuantity>(each)), each);
        choose(combo, quantity);
        addLabelled(label, combo, combo);
        connect(combo, &QComboBox::currentIndexChanged, this, &LookSection::changed);
        return combo;
    };
    x_ = addQuantity(tr("&Horizontal"), "tradeoffX", look.x);
    y_ = addQuantity(tr("&Vertical"), "tradeoffY", look.y);
    connect(view_, &QComboBox::currentIndexChanged, this, [this] {
        showChoices();
        emit changed();
    });
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
    showChoices();
}

/// Those that the view heeds.
void LookSection::showChoices() {
    const auto view = chosen<TradeoffView>(view_);
    for (auto* combo : {x_, y_})
        form_->setRowVisible(combo, view == TradeoffView::Scatter);
    form_->setRowVisible(cost_, view == TradeoffView::Cost);
}

TradeoffLook LookSection::look() const {
    TradeoffLook look;
    look.cost = chosen<TradeoffCost>(cost_);
    look.tolerance = tolerance_->value() / 100;
    look.picojoulesPerBit = energy_->value();
    look.view = chosen<TradeoffView>(view_);
    look.x = chosen<TradeoffQuantity>(x_);
    look.y = chosen<TradeoffQuantity>(y_);
    return look;
}

} // namespace zipml::ui
