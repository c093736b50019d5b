#include "ui/training/experiment_panel.h"

#include "ui/training/data_section.h"
#include "ui/training/quantization_section.h"
#include "ui/training/solver_section.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QSpinBox>
#include <QVBoxLayout>

namespace zipml::ui {

ExperimentPanel::ExperimentPanel(ExperimentModel& experiment, QWidget* parent)
    : QWidget(parent), experiment_(experiment), data_(new DataSection(this)),
      quantization_(new QuantizationSection(this)), solver_(new SolverSection(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 8, 12, 8);
    layout->setSpacing(4);
    layout->addWidget(data_);
    layout->addWidget(quantization_);
    layout->addWidget(solver_);
    layout->addStretch(1);
    connect(data_, &DataSection::openRequested, this, &ExperimentPanel::openRequested);
    connect(quantization_, &QuantizationSection::bitsChanged, this, &ExperimentPanel::bitsChanged);
    connect(data_, &DataSection::dataPageRequested, this, &ExperimentPanel::dataPageRequested);
    connect(&experiment_, &ExperimentModel::replaced, this, &ExperimentPanel::showPart);
    connect(&experiment_, &ExperimentModel::cardChanged, data_,
            [this](const QString& source) { data_->setCard(source, experiment_.cardOf(source)); });
    connect(&experiment_, &ExperimentModel::devicesChanged, this, [this] {
        setting_ = true; // the choice stays as it is
        solver_->setDevices(experiment_.devices());
        setting_ = false;
    });
    showPart(SettingsPart::All);
    experiment_.history().restart();
    listen();
}

void ExperimentPanel::listen() {
    const auto connectTo = [this](auto* control, auto signal) {
        connect(control, signal, this, [this, control] {
            if (setting_)
                return;
            RunSpec draft = experiment_.draft();
            const std::string problem = read(draft);
            experiment_.edit(draft, problem, control);
        });
    };
    for (auto* combo : findChildren<QComboBox*>())
        connectTo(combo, &QComboBox::currentIndexChanged);
    for (auto* spin : findChildren<QSpinBox*>())
        connectTo(spin, &QSpinBox::valueChanged);
    for (auto* spin : findChildren<QDoubleSpinBox*>())
        connectTo(spin, &QDoubleSpinBox::valueChanged);
    for (auto* box : findChildren<QCheckBox*>())
        connectTo(box, &QCheckBox::toggled);
    for (auto* edit : findChildren<QLineEdit*>()) {
        connectTo(edit, &QLineEdit::textChanged);
        edit->installEventFilter(this);
    }
    for (auto* spin : findChildren<QAbstractSpinBox*>())
        spin->installEventFilter(this);
}

bool ExperimentPanel::eventFilter(QObject* object, QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo)) {
            event->ignore();
            return true;
        }
    }
    return QWidget::eventFilter(object, event);
}

std::string ExperimentPanel::read(RunSpec& spec) const {
    try {
        data_->read(spec);
        quantization_->read(spec);
        solver_->read(spec);
    } catch (const InputError& error) {
        return error.what();
    }
    return {};
}

void ExperimentPanel::showPart(SettingsPart part) {
    RunSpec spec = experiment_.draft();
    setting_ = true;
    switch (part) {
    case SettingsPart::All:
        data_->setData(spec.data);
        quantization_->setSpec(spec);
        solver_->setSpec(spec);
        break;
    case SettingsPart::Data:
        data_->setData(spec.data);
        break;
    case SettingsPart::Loss:
        quantization_->chooseLoss(spec.loss);
        break;
    }
    setting_ = false;
    const std::string problem = read(spec);
    experiment_.settle(spec, problem);
}

} // namespace zipml::ui
