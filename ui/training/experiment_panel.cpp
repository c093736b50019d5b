#include "ui/training/experiment_panel.h"

#include "ui/training/data_section.h"
#include "ui/training/quantization_section.h"
#include "ui/training/solver_section.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QSpinBox>
#include <QVBoxLayout>

namespace zipml::ui {

ExperimentPanel::ExperimentPanel(QWidget* parent)
    : QWidget(parent), data_(new DataSection(this)), quantization_(new QuantizationSection(this)),
      solver_(new SolverSection(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 8, 12, 8);
    layout->setSpacing(4);
    layout->addWidget(data_);
    layout->addWidget(quantization_);
    layout->addWidget(solver_);
    layout->addStretch(1);
    connect(data_, &DataSection::openRequested, this, &ExperimentPanel::openRequested);
    connect(data_, &DataSection::openTestRequested, this, &ExperimentPanel::openTestRequested);
    connect(quantization_, &QuantizationSection::bitsChanged, this, &ExperimentPanel::bitsChanged);
    connect(data_, &DataSection::dataPageRequested, this, &ExperimentPanel::dataPageRequested);
    setSpec({});
    listen();
}

void ExperimentPanel::listen() {
    const auto tell = [this] {
        if (!setting_)
            emit changed();
    };
    for (auto* combo : findChildren<QComboBox*>())
        connect(combo, &QComboBox::currentIndexChanged, this, tell);
    for (auto* spin : findChildren<QSpinBox*>())
        connect(spin, &QSpinBox::valueChanged, this, tell);
    for (auto* spin : findChildren<QDoubleSpinBox*>())
        connect(spin, &QDoubleSpinBox::valueChanged, this, tell);
    for (auto* edit : findChildren<QLineEdit*>())
        connect(edit, &QLineEdit::textChanged, this, tell);
}

DataSpec ExperimentPanel::data() const {
    RunSpec spec = base_;
    data_->read(spec);
    return spec.data;
}

void ExperimentPanel::setData(const DataSpec& data) {
    setting_ = true;
    data_->setData(data);
    setting_ = false;
    emit replaced();
    emit changed();
}

void ExperimentPanel::setCard(const QString& source, const QString& card) {
    data_->setCard(source, card);
}

LossKind ExperimentPanel::loss() const {
    return quantization_->loss();
}

void ExperimentPanel::chooseLoss(LossKind loss) {
    quantization_->chooseLoss(loss);
}

void ExperimentPanel::setDevices(const std::vector<DeviceReport>& devices) {
    solver_->setDevices(devices);
}

RunSpec ExperimentPanel::spec() const {
    RunSpec spec = base_;
    data_->read(spec);
    quantization_->read(spec);
    solver_->read(spec);
    validate(spec);
    return spec;
}

void ExperimentPanel::setSpec(const RunSpec& spec) {
    base_ = spec;
    base_.name.clear();
    setting_ = true;
    data_->setData(spec.data);
    quantization_->setSpec(spec);
    solver_->setSpec(spec);
    setting_ = false;
    emit replaced();
    emit changed();
}

} // namespace zipml::ui
