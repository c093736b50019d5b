#include "ui/tradeoffs/sweep_section.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace zipml::ui {
namespace {

constexpr std::array kEstimators{
    EstimatorKind::Naive,     EstimatorKind::Nearest,    EstimatorKind::Double, EstimatorKind::DoubleMean,
    EstimatorKind::Corrected, EstimatorKind::Polynomial, EstimatorKind::Refetch};
constexpr int kMostBits = 16, kMostSeeds = 15;

bool within(const auto& list, auto value) {
    return std::ranges::find(list, value) != list.end();
}

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

    estimatorBoxes_ = addBoxes(tr("Estimators"));
    for (const auto kind : kEstimators) {
        const auto& entry = entryOf(kind);
        estimators_ << addBox(estimatorBoxes_, toQt(entry.name), toQt(entry.title), toQt(entry.summary));
        estimators_.back()->setChecked(within(plan.estimators, kind));
    }
    gridBoxes_ = addBoxes(tr("Levels"));
    for (const auto& entry : namesOf<GridKind>()) {
        grids_ << addBox(gridBoxes_, toQt(entry.name), toQt(entry.title), toQt(entry.summary));
        grids_.back()->setChecked(within(plan.grids, entry.value));
    }
    seeds_ = new QSpinBox(this);
    seeds_->setRange(1, kMostSeeds);
    seeds_->setObjectName("sweepSeeds");
    seeds_->setAccessibleName(tr("Seeds"));
    seeds_->setToolTip(tr("Runs of each setting, with seeds one after the other; medians are shown, and "
                          "whiskers from the least to the most"));
    addLabelled(tr("See&ds"), seeds_, seeds_);
    connect(seeds_, &QSpinBox::valueChanged, this, &SweepSection::changed);
    deviceBoxes_ = addBoxes(tr("Devices"));
    devices_ << addBox(deviceBoxes_, "cpu", "cpu", tr("This computer's processor"));
    devices_.back()->setChecked(true);
    runs_ = new QLabel(this);
    runs_->setObjectName("sweepRuns");
    runs_->setWordWrap(true);
    runs_->setForegroundRole(QPalette::PlaceholderText);
    form_->addRow(runs_);
    showBase({}); // texts that wrap, so that the layouts know it from the beginning
    showRuns(0, {});
    lockable_ << both << estimatorBoxes_ << gridBoxes_ << seeds_ << deviceBoxes_;
}

QWidget* SweepSection::addBoxes(const QString& label) {
    auto* boxes = new QWidget(this);
    auto* column = new QVBoxLayout(boxes);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    addLabelled(label, boxes, nullptr);
    return boxes;
}

QCheckBox* SweepSection::addBox(QWidget* boxes, const QString& name, const QString& title,
                                const QString& help) {
    auto* box = new QCheckBox(title, boxes);
    box->setObjectName(name);
    box->setToolTip(help);
    boxes->layout()->addWidget(box);
    connect(box, &QCheckBox::toggled, this, &SweepSection::changed);
    return box;
}

TradeoffPlan SweepSection::plan(const RunSpec& base) const {
    TradeoffPlan plan{base, leastBits_->value(), mostBits_->value(), {}, {}, {}, seeds_->value()};
    for (qsizetype i = 0; i < estimators_.size(); ++i)
        if (estimators_[i]->isChecked() && estimators_[i]->isEnabledTo(estimatorBoxes_))
            plan.estimators.push_back(kEstimators[static_cast<std::size_t>(i)]);
    for (qsizetype i = 0; i < grids_.size(); ++i)
        if (grids_[i]->isChecked())
            plan.grids.push_back(namesOf<GridKind>()[static_cast<std::size_t>(i)].value);
    for (const auto* box : devices_)
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
    for (qsizetype i = 0; i < estimators_.size(); ++i) {
        const EstimatorKind kind = kEstimators[static_cast<std::size_t>(i)];
        const std::string why = whyNotWith(kind, base.loss);
        estimators_[i]->setEnabled(why.empty());
        estimators_[i]->setToolTip(why.empty() ? toQt(entryOf(kind).summary) : toQt(why));
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
    for (auto* box : devices_) {
        if (box->isChecked())
            ticked << box->objectName();
        box->deleteLater();
        box->hide();
        box->setObjectName({});
    }
    devices_.clear();
    const auto add = [&](const QString& id, const QString& help) {
        auto* box = addBox(deviceBoxes_, id, id, help);
        const QSignalBlocker quiet(box);
        box->setChecked(ticked.removeAll(id) > 0);
        devices_ << box;
    };
    for (const auto& device : devices)
        if (!device.predicted)
            add(toQt(device.id), toQt(device.name) + ", " + toQt(device.platform));
    const QStringList gone = ticked;
    for (const auto& id : gone)
        add(id, tr("Not listed now"));
}

void SweepSection::setLocked(bool locked) {
    for (auto* widget : lockable_)
        widget->setEnabled(!locked);
}

} // namespace zipml::ui
