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

/// "4" of "4 bits".
QString withoutAffixes(const QAbstractSpinBox& box, QString text) {
    for (const char* affix : {"prefix", "suffix"})
        text.remove(box.property(affix).toString());
    return text.trimmed();
}

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
    for (auto* spin : findChildren<QAbstractSpinBox*>()) {
        spin->installEventFilter(this);
        watchTyping(*spin);
    }
}

/// A box takes only what is in its range, and says nothing: a key that leads out of it types nothing, and a
/// number below it becomes another one.
void ExperimentPanel::watchTyping(QAbstractSpinBox& box) {
    auto* typed = box.findChild<QLineEdit*>();
    connect(typed, &QLineEdit::inputRejected, this, [this, &box] { tellRange(box, wouldBe_); });
    connect(typed, &QLineEdit::textEdited, this, [this](const QString& text) { edited_ = text; });
    connect(&box, &QAbstractSpinBox::editingFinished, this, [this, &box] {
        const QString text = std::exchange(edited_, QString());
        const auto number = [&](const QString& of) { return box.locale().toDouble(withoutAffixes(box, of)); };
        if (!text.isEmpty() && number(text) != number(box.text()))
            tellRange(box, text);
    });
}

void ExperimentPanel::tellRange(const QAbstractSpinBox& box, const QString& text) {
    const QString wanted = withoutAffixes(box, text);
    if (const auto* whole = qobject_cast<const QSpinBox*>(&box)) {
        emit refused(tr("%1: %2 is not possible here, %3 to %4 is.")
                         .arg(box.accessibleName().trimmed(), wanted)
                         .arg(whole->minimum())
                         .arg(whole->maximum()));
        return;
    }
    const auto& real = static_cast<const QDoubleSpinBox&>(box);
    emit refused(tr("%1: %2 is not possible here, %3 to %4 is, with at most %5 decimals.")
                     .arg(box.accessibleName().trimmed(), wanted)
                     .arg(real.minimum())
                     .arg(real.maximum())
                     .arg(real.decimals()));
}

bool ExperimentPanel::eventFilter(QObject* object, QEvent* event) {
    if (const auto* box = qobject_cast<QAbstractSpinBox*>(object);
        box != nullptr && event->type() == QEvent::KeyPress) {
        const auto* typed = box->findChild<const QLineEdit*>();
        const qsizetype selected = typed->selectedText().size();
        wouldBe_ = typed->text().replace(selected > 0 ? typed->selectionStart() : typed->cursorPosition(),
                                         selected, static_cast<QKeyEvent*>(event)->text());
    }
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
