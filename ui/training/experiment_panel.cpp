#include "ui/training/experiment_panel.h"

#include "ui/training/data_section.h"
#include "ui/training/quantization_section.h"
#include "ui/training/settings_search.h"
#include "ui/training/solver_section.h"
#include "ui/widgets/folding_group.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QSpinBox>
#include <QVBoxLayout>

namespace zipml::ui {
namespace {

/// Controls in the order of the layouts.
void collectControls(QLayout& layout, QList<QWidget*>& controls) {
    for (int i = 0; i < layout.count(); ++i) {
        QLayoutItem* item = layout.itemAt(i);
        if (item->layout() != nullptr)
            collectControls(*item->layout(), controls);
        else if (QWidget* widget = item->widget(); widget != nullptr && widget->layout() != nullptr)
            collectControls(*widget->layout(), controls);
        else if (widget != nullptr && (widget->focusPolicy() & Qt::TabFocus) != 0)
            controls << widget;
    }
}

} // namespace

ExperimentPanel::ExperimentPanel(ExperimentModel& experiment, QWidget* parent)
    : QWidget(parent), experiment_(experiment), data_(new DataSection(this)),
      quantization_(new QuantizationSection(this)), solver_(new SolverSection(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 8, 12, 8);
    layout->setSpacing(4);
    layout->addWidget(data_);
    layout->addWidget(quantization_);
    layout->addWidget(solver_);
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
    const std::vector<PanelSection*> sections{data_, quantization_, solver_};
    search_ = new SettingsSearch(sections, this); // it is no setting itself
    layout->addWidget(search_);
    for (const auto* section : sections)
        for (auto* group : section->groups())
            layout->addWidget(group);
    layout->addStretch(1);
    QList<QWidget*> controls;
    collectControls(*layout, controls);
    for (qsizetype i = 1; i < controls.size(); ++i)
        setTabOrder(controls[i - 1], controls[i]);
    const auto follow = [this] {
        search_->countChanges(experiment_.draft());
        quantization_->showArithmetic(experiment_.draft());
    };
    connect(&experiment_, &ExperimentModel::changed, this, follow);
    follow();
    buildSettingActions();
}

MidrunBar& ExperimentPanel::midrun() const {
    return quantization_->midrun();
}

QList<QAction*> ExperimentPanel::settingActions() const {
    QList<QAction*> shown;
    const auto rows = search_->settings();
    for (qsizetype i = 0; i < actions_.size(); ++i)
        if (search_->isThere(rows[static_cast<std::size_t>(i)]))
            shown << actions_[i];
    return shown;
}

void ExperimentPanel::buildSettingActions() {
    for (const SettingRow& row : search_->settings()) {
        auto* action = new QAction(titleOf(row.key), this);
        action->setStatusTip(helpOf(row.key));
        connect(action, &QAction::triggered, this, [this, row] {
            emit revealed();
            search_->reveal(row);
        });
        actions_ << action;
    }
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
