#include "ui/widgets/panel_section.h"

#include "ui/widgets/folding_group.h"

#include <QVBoxLayout>

namespace zipml::ui {
namespace {

/// As high as its wrapped text is at the width that it has: a form gives a plain label the room of fewer
/// lines.
class Note final : public QLabel {
  public:
    using QLabel::QLabel;
    [[nodiscard]] QSize sizeHint() const override { return {QLabel::sizeHint().width(), neededHeight()}; }
    [[nodiscard]] QSize minimumSizeHint() const override {
        return {QLabel::minimumSizeHint().width(), neededHeight()};
    }

  protected:
    void resizeEvent(QResizeEvent* event) override {
        QLabel::resizeEvent(event);
        updateGeometry();
    }

  private:
    [[nodiscard]] int neededHeight() const { return heightForWidth(width()); }
};

} // namespace

namespace {

constexpr int kLabelWidth = 92; // the sections' fields line up

void setUpForm(QFormLayout& form) {
    form.setHorizontalSpacing(10);
    form.setVerticalSpacing(5);
    form.setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form.setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
}

QLabel* headingOf(const QString& title, QWidget* parent) {
    auto* heading = new QLabel(title, parent);
    QFont font = heading->font();
    font.setBold(true);
    heading->setFont(font);
    heading->setContentsMargins(0, 8, 0, 2);
    return heading;
}

} // namespace

PanelSection::PanelSection(const QString& title, QWidget* parent, QString (*help)(std::string_view key))
    : QWidget(parent), form_(new QFormLayout), help_(help) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(headingOf(title, this));
    form_->setContentsMargins(0, 0, 0, 0);
    setUpForm(*form_);
    column->addLayout(form_);
    forms_ = {form_};
}

void PanelSection::addSetting(const char* key, QWidget* control) {
    settings_.push_back({key, control, form_ == forms_.front() ? nullptr : groups_.back()});
}

void PanelSection::beginGroup(const QString& title, const char* name) {
    groups_.push_back(new FoldingGroup(title, name, this));
    form_ = groups_.back()->form();
    setUpForm(*form_);
    forms_.push_back(form_);
}

QFormLayout* PanelSection::formOf(QWidget* field) const {
    for (auto* form : forms_)
        if (form->indexOf(field) >= 0)
            return form;
    return nullptr;
}

void PanelSection::showRow(QWidget* field, bool visible) {
    formOf(field)->setRowVisible(field, visible);
    for (auto* group : groups_)
        if (group->form()->indexOf(field) >= 0)
            group->followRows();
}

bool PanelSection::offers(const SettingRow& row) const {
    for (QWidget* field : {row.control, row.control->parentWidget()}) // perhaps side by side with another
        if (QFormLayout* form = formOf(field))
            return form->isRowVisible(field);
    return false;
}

QLabel* PanelSection::labelOfRow(QWidget* field) const {
    QFormLayout* form = formOf(field);
    return form == nullptr ? nullptr : qobject_cast<QLabel*>(form->labelForField(field));
}

QLabel* PanelSection::addLabelled(const QString& label, QWidget* field, QWidget* buddy) {
    auto* text = new QLabel(label, form_->parentWidget() != nullptr ? form_->parentWidget() : this);
    text->setMinimumWidth(kLabelWidth);
    text->setBuddy(buddy);
    form_->addRow(text, field);
    return text;
}

QLabel* PanelSection::addHeading(const QString& title) {
    auto* heading = headingOf(title, this);
    form_->addRow(heading);
    return heading;
}

QLabel* PanelSection::addNote(const char* name) {
    auto* note = new Note(this);
    note->setObjectName(name);
    note->setWordWrap(true);
    note->setForegroundRole(QPalette::PlaceholderText);
    form_->addRow(QString(), note);
    return note;
}

void PanelSection::setAvailable(QWidget* control, bool available, const char* key, const QString& why) {
    control->setEnabled(available);
    control->setToolTip(available ? help_(key) : why);
    if (auto* label = labelOfRow(control))
        label->setToolTip(control->toolTip());
}

} // namespace zipml::ui
