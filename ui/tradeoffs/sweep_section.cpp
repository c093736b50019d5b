#include "ui/tradeoffs/sweep_section.h"

#include "ui/widgets/estimator_choice.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace zipml::ui {
namespace {

/// Full precision is among the runs in any case; what reads two roundings in one order only has the bytes of
/// double sampling at more noise.
std::vector<EstimatorKind> sweptEstimators() {
    return estimatorsThat(
        [](const Estimator& each) { return each.quantized() && each.pairs != Pairs::Plain; });
}

std::vector<GridKind> allGrids() {
    std::vector<GridKind> all;
    for (const auto& entry : namesOf<GridKind>())
        if (entry.value != GridKind::Given) // those are for one number of bits
            all.push_back(entry.value);
    return all;
}

constexpr int kMostBits = 16, kMostSeeds = 15;

} // namespace

SweepSection::SweepSection(QWidget* parent) : PanelSection(tr("Sweep"), parent) {
    base_ = new QLabel(this);
    base_->setObjectName("sweepBase");
    base_->setWordWrap(true);
    base_->setForegroundRole(QPalette::PlaceholderText);
    form_->addRow(base_);

    const TradeoffPlan plan;
    const auto addBits = [this](const char* name, const QString& accessible, int value) {
        auto* box = new QSpinBox(this);
        box->setRange(1, kMostBits);
        box->setValue(value);
        box->setObjectName(name);
        box->setAccessibleName(accessible);
        box->setToolTip(tr("b bits tell 2^b levels apart; double sampling stores one bit more"));
        return box;
    };
    leastBits_ = addBits("leastBits", tr("Fewest bits"), plan.leastBits);
    mostBits_ = addBits("mostBits", tr("Most bits"), plan.mostBits);
    connect(leastBits_, &QSpinBox::valueChanged, this, [this](int bits) {
        mostBits_->setValue(std::max(bits, mostBits_->value()));
        emit changed();
    });
    connect(mostBits_, &QSpinBox::valueChanged, this, [this](int bits) {
        leastBits_->setValue(std::min(bits, leastBits_->value()));
        emit changed();
    });
    auto* both = new QWidget(this);
    auto* line = new QHBoxLayout(both);
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(leastBits_, 1);
    line->addWidget(new QLabel(tr("to"), both));
    line->addWidget(mostBits_, 1);
    addLabelled(tr("&Bits"), both, leastBits_);

    estimators_ = new EnumTicks<EstimatorKind>(sweptEstimators(), this);
    estimators_->tick(plan.estimators);
    addLabelled(tr("Estimators"), estimators_, nullptr);
    grids_ = new EnumTicks<GridKind>(allGrids(), this);
    grids_->tick(plan.grids);
    addLabelled(tr("Grids"), grids_, nullptr);
    seeds_ = new QSpinBox(this);
    seeds_->setRange(1, kMostSeeds);
    seeds_->setObjectName("sweepSeeds");
    seeds_->setAccessibleName(tr("Seeds"));
    seeds_->setToolTip(tr("Runs of each setting, with seeds one after the other; medians are shown, and "
                          "whiskers from the least to the most"));
    addLabelled(tr("See&ds"), seeds_, seeds_);
    connect(seeds_, &QSpinBox::valueChanged, this, &SweepSection::changed);
    devices_ = new TickList(this);
    devices_->add("cpu", "cpu", tr("This computer's processor"))->setChecked(true);
    addLabelled(tr("Devices"), devices_, nullptr);
    for (TickList* list : {static_cast<TickList*>(estimators_), static_cast<TickList*>(grids_), devices_})
        connect(list, &TickList::changed, this, &SweepSection::changed);
    runs_ = new QLabel(this);
    runs_->setObjectName("sweepRuns");
    runs_->setWordWrap(true);
    runs_->setForegroundRole(QPalette::PlaceholderText);
    form_->addRow(runs_);
    showBase({}); // texts that wrap, so that the layouts know it from the beginning
    showRuns(0, {});
    lockable_ << both << estimators_ << grids_ << seeds_ << devices_;
}

TradeoffPlan SweepSection::plan(const RunSpec& base) const {
    TradeoffPlan plan{base, leastBits_->value(), mostBits_->value(), {}, {}, {}, seeds_->value()};
    plan.estimators = estimators_->ticked();
    plan.grids = grids_->ticked();
    for (const auto* box : devices_->boxes())
        if (box->isChecked())
            plan.devices.push_back(box->objectName().toStdString());
    if (plan.estimators.empty())
        throw InputError("Nothing to compare: tick an estimator");
    if (plan.grids.empty())
        throw InputError("Nothing to compare: tick a way to place levels");
    if (plan.devices.empty())
        throw InputError("Nothing to run on: tick a device");
    return plan;
}

void SweepSection::showBase(const RunSpec& base) {
    base_->setText(tr("%1: %2, %3 epochs, batches of %4, as set on the Training page")
                       .arg(QString::fromStdString(base.data.source).section('/', -1),
                            toQt(entryOf(base.loss).title).toLower())
                       .arg(base.sgd.epochs)
                       .arg(base.sgd.batch));
    for (std::size_t i = 0; i < estimators_->values().size(); ++i) {
        const EstimatorKind kind = estimators_->values()[i];
        const std::string why = whyNotWith(kind, base.loss);
        estimators_->box(i)->setEnabled(why.empty());
        estimators_->box(i)->setToolTip(why.empty() ? toQt(entryOf(kind).summary) : toQt(why));
    }
}

void SweepSection::showRuns(std::size_t runs, const std::map<std::string, std::size_t>& leftOut) {
    QString text = tr("%1 runs, full precision among them.").arg(runs);
    for (const auto& [why, count] : leftOut)
        text += tr("\nLeft out, %1: %2.").arg(count).arg(toQt(why));
    runs_->setText(text);
}

void SweepSection::setDevices(const std::vector<DeviceReport>& devices) {
    QStringList ticked;
    for (const auto* box : devices_->boxes())
        if (box->isChecked())
            ticked << box->objectName();
    devices_->clear();
    const auto add = [&](const QString& name, const QString& title, const QString& help, bool usable) {
        auto* box = devices_->add(name, title, help);
        const QSignalBlocker quiet(box);
        box->setChecked(ticked.removeAll(name) > 0 && usable);
        box->setEnabled(usable);
    };
    for (const auto& device : devices)
        if (!device.predicted)
            add(toQt(device.recordName()), toQt(device.id),
                toQt(device.name) + ", " + toQt(device.platform) +
                    (device.unusable.empty() ? QString()
                                             : "\n" + tr("It does not train: %1").arg(toQt(device.unusable))),
                device.unusable.empty());
    const QStringList gone = ticked;
    for (const auto& name : gone)
        add(name, name, tr("Not listed now"), true);
}

void SweepSection::setLocked(bool locked) {
    for (auto* widget : lockable_)
        widget->setEnabled(!locked);
}

} // namespace zipml::ui
