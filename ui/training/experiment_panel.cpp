#include "ui/training/experiment_panel.h"

#include "ui/training/data_section.h"
#include "ui/training/quantization_section.h"
#include "ui/training/solver_section.h"

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
    setSpec({});
}

LoadOptions ExperimentPanel::loadOptions() const {
    return data_->loadOptions();
}

void ExperimentPanel::setData(const QString& source, const QString& card) {
    data_->setData(source, card);
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
    data_->setSpec(spec);
    quantization_->setSpec(spec);
    solver_->setSpec(spec);
}

} // namespace zipml::ui
