#include "ui/widgets/folding_group.h"

#include <QFormLayout>
#include <QToolButton>
#include <QVBoxLayout>

namespace zipml::ui {

FoldingGroup::FoldingGroup(const QString& title, const QString& name, QWidget* parent)
    : QWidget(parent), title_(title), head_(new QToolButton(this)), body_(new QWidget(this)),
      form_(new QFormLayout(body_)) {
    setObjectName(name);
    head_->setObjectName(name + "Head");
    head_->setCheckable(true);
    head_->setAutoRaise(true);
    head_->setFocusPolicy(Qt::StrongFocus);
    head_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    head_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    form_->setContentsMargins(0, 2, 0, 6);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(head_);
    column->addWidget(body_);
    connect(head_, &QToolButton::clicked, this, [this](bool open) {
        setOpen(open);
        emit toggled(open);
    });
    setChanged({});
    setOpen(false);
}

bool FoldingGroup::isOpen() const {
    return head_->isChecked();
}

void FoldingGroup::setOpen(bool open) {
    head_->setChecked(open);
    head_->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
    body_->setVisible(open);
}

void FoldingGroup::setChanged(const QStringList& lines) {
    const auto count = static_cast<int>(lines.size());
    head_->setText(count == 0 ? title_ : tr("%1  (%2 changed)").arg(title_).arg(count));
    head_->setAccessibleName(head_->text());
    head_->setToolTip(count == 0 ? tr("All of it is as usual") : lines.join("\n"));
}

void FoldingGroup::followRows() {
    bool any = false;
    for (int row = 0; row < form_->rowCount(); ++row)
        any = any || form_->isRowVisible(row);
    setVisible(any);
}

} // namespace zipml::ui
