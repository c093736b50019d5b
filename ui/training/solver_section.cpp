#include "ui/training/solver_section.h"

#include "core/base/number_text.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QSpinBox>
#include <QStandardItemModel>

namespace zipml::ui {

SolverSection::SolverSection(QWidget* parent) : PanelSection(tr("Training"), parent) {
    epochs_ = add(new QSpinBox(this), "epochs");
    epochs_->setRange(1, 1'000'000);
    buildSolver();
    buildSteps();
    beginGroup(tr("Stopping and measuring"), "measuringGroup");
    earlyStop_ = add(new QSpinBox(this), "early_stop");
    earlyStop_->setRange(0, 100'000);
    earlyStop_->setSpecialValueText(tr("never"));
    earlyStop_->setSuffix(tr(" epochs"));
    biasDraws_ = add(new QSpinBox(this), "bias_draws");
    biasDraws_->setRange(1, 10'000);
    biasDraws_->setSpecialValueText(tr("not measured"));
}

void SolverSection::buildSolver() {
    beginGroup(tr("Solver and device"), "solverGroup");
    device_ = add(new QComboBox(this), "device");
    device_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    device_->setMinimumContentsLength(12);
    solver_ = add(new QComboBox(this), "solver");
    fill<SolverKind>(solver_);
    connect(solver_, &QComboBox::currentIndexChanged, this, &SolverSection::updateAvailability);
    innerPasses_ = add(new QSpinBox(this), "inner_passes", true);
    innerPasses_->setRange(1, 1000);
    batch_ = add(new QSpinBox(this), "batch");
    batch_->setRange(1, 1'000'000);
    order_ = add(new QComboBox(this), "order");
    fill<RowOrder>(order_);
    intercept_ = add(new QCheckBox(tr("an exact constant feature"), this), "intercept");
    seed_ = add(new QLineEdit(this), "seed");
}

void SolverSection::buildSteps() {
    beginGroup(tr("Step and average"), "stepGroup");
    step_ = add(new QLineEdit(this), "step");
    step_->setPlaceholderText(tr("auto, 0.05 or 2^-6"));
    schedule_ = add(new QComboBox(this), "schedule");
    fill<ScheduleKind>(schedule_);
    scheduleDetail_ = new QLineEdit(this);
    scheduleDetail_->setObjectName("scheduleDetail");
    addLabelled(QString(), scheduleDetail_, scheduleDetail_);
    connect(schedule_, &QComboBox::currentIndexChanged, this, &SolverSection::updateAvailability);
    average_ = add(new QDoubleSpinBox(this), "average");
    average_->setRange(0, 1);
    average_->setSingleStep(0.1);
    average_->setDecimals(3);
    average_->setPrefix(tr("last "));
    average_->setSuffix(tr(" of the steps"));
    average_->setSpecialValueText(tr("none: the last iterate"));
    lowPrecisionAverage_ = new QCheckBox(tr("of a model kept in Model bits"), this);
    lowPrecisionAverage_->setObjectName("lowPrecisionAverage");
    lowPrecisionAverage_->setToolTip(tr("SWALP: the model is rounded to Model bits after each step, and the "
                                        "average goes below their spacing"));
    addLabelled(QString(), lowPrecisionAverage_, lowPrecisionAverage_);
    connect(average_, &QDoubleSpinBox::valueChanged, this, &SolverSection::updateAvailability);
    at_ = add(new QLineEdit(this), "at");
    at_->setPlaceholderText(tr("none; 21:bits=5"));
}

void SolverSection::updateAvailability() {
    const bool sgd = chosen<SolverKind>(solver_) == SolverKind::Sgd;
    showRow(innerPasses_, !sgd);
    const QString keeps = tr("%1 keeps its step, as its noise vanishes: choose SGD to use this")
                              .arg(toQt(entryOf(chosen<SolverKind>(solver_)).title));
    setAvailable(schedule_, sgd, "schedule", keeps);
    scheduleDetail_->setEnabled(sgd);
    setAvailable(average_, sgd, "average",
                 tr("%1 moves its anchors to averages already: choose SGD to use this")
                     .arg(toQt(entryOf(chosen<SolverKind>(solver_)).title)));
    showRow(lowPrecisionAverage_, sgd && average_->value() > 0);
    const auto kind = chosen<ScheduleKind>(schedule_);
    const bool list = kind == ScheduleKind::List;
    showRow(scheduleDetail_, list || kind == ScheduleKind::HalveEvery);
    auto* label = labelOfRow(scheduleDetail_);
    label->setText(list ? tr("Factors") : tr("N (epochs)"));
    scheduleDetail_->setAccessibleName(label->text());
    scheduleDetail_->setToolTip(list ? tr("Factors on the step size for epoch 1, 2, …: 1,0.5,0.1")
                                     : tr("Epochs until the step size halves"));
}

void SolverSection::setDevices(const std::vector<DeviceReport>& devices) {
    const QString before = device_->currentData().toString();
    device_->clear();
    for (const auto& device : devices) {
        if (device.predicted)
            continue;
        const QString name = toQt(device.name);
        device_->addItem(toQt(device.id) + ": " + name, toQt(device.recordName()));
        const int item = device_->count() - 1;
        device_->setItemData(item,
                             device.unusable.empty()
                                 ? name + ", " + toQt(device.platform)
                                 : tr("%1 does not train: %2").arg(name, toQt(device.unusable)),
                             Qt::ToolTipRole);
        qobject_cast<QStandardItemModel*>(device_->model())->item(item)->setEnabled(device.unusable.empty());
    }
    chooseDevice(before);
}

void SolverSection::chooseDevice(const QString& id) {
    int item = device_->findData(id);
    if (item < 0) // called by its place in the list
        item = device_->findText(id + ": ", Qt::MatchStartsWith);
    if (item < 0) {
        device_->addItem(id, id);
        item = device_->count() - 1;
    }
    device_->setCurrentIndex(item);
}

void SolverSection::setSpec(const RunSpec& spec) {
    chooseDevice(QString::fromStdString(spec.device));
    batch_->setValue(static_cast<int>(std::min<std::size_t>(spec.sgd.batch, 1'000'000)));
    epochs_->setValue(spec.sgd.epochs);
    step_->setText(spec.sgd.step ? QString::fromStdString(shortest(*spec.sgd.step)) : QString("auto"));
    choose(solver_, spec.sgd.solver);
    innerPasses_->setValue(spec.sgd.innerPasses);
    choose(schedule_, spec.sgd.schedule.kind);
    const QString detail = behindColon(toString(spec.sgd.schedule));
    scheduleDetail_->setText(detail.isEmpty() ? QString("10") : detail);
    choose(order_, spec.sgd.order);
    average_->setValue(spec.sgd.tailAverage);
    lowPrecisionAverage_->setChecked(spec.sgd.lowPrecisionAverage);
    intercept_->setChecked(spec.intercept);
    seed_->setText(QString::number(spec.seed));
    earlyStop_->setValue(spec.sgd.earlyStop);
    at_->setText(QString::fromStdString(toString(spec.at)));
    biasDraws_->setValue(std::max(1, spec.biasDraws));
    updateAvailability();
}

void SolverSection::read(RunSpec& spec) const {
    spec.device = device_->currentData().toString().toStdString();
    spec.sgd.batch = static_cast<std::size_t>(batch_->value());
    spec.sgd.epochs = epochs_->value();
    const QString step = step_->text().trimmed();
    spec.sgd.step = parseStep(step.isEmpty() ? "auto" : step.toStdString());
    const auto kind = chosen<ScheduleKind>(schedule_);
    std::string schedule(nameOf(kind));
    if (kind == ScheduleKind::HalveEvery || kind == ScheduleKind::List)
        schedule += (":" + scheduleDetail_->text().trimmed()).toStdString();
    spec.sgd.schedule = parseSchedule(schedule);
    spec.sgd.order = chosen<RowOrder>(order_);
    spec.sgd.solver = chosen<SolverKind>(solver_);
    spec.sgd.innerPasses = innerPasses_->value();
    spec.sgd.tailAverage = average_->isEnabled() ? average_->value() : 0;
    spec.sgd.lowPrecisionAverage = spec.sgd.tailAverage > 0 && lowPrecisionAverage_->isChecked();
    spec.intercept = intercept_->isChecked();
    bool ok = false;
    spec.seed = seed_->text().trimmed().toULongLong(&ok);
    if (!ok)
        throw InputError("seed: '" + seed_->text().toStdString() + "' is not a whole number of 0 or more");
    spec.sgd.earlyStop = earlyStop_->value();
    spec.at = parseSwitches(at_->text().trimmed().toStdString());
    spec.biasDraws = biasDraws_->value() < 2 ? 0 : biasDraws_->value();
}

} // namespace zipml::ui
