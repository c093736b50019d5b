#include "ui/widgets/tick_list.h"

#include <QVBoxLayout>

#include <utility>

namespace zipml::ui {

TickList::TickList(QWidget* parent) : QWidget(parent) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
}

QCheckBox* TickList::add(const QString& name, const QString& title, const QString& help) {
    auto* box = new QCheckBox(title, this);
    box->setObjectName(name);
    box->setToolTip(help);
    layout()->addWidget(box);
    connect(box, &QCheckBox::toggled, this, &TickList::changed);
    boxes_ << box;
    return box;
}

void TickList::clear() {
    for (auto* box : std::exchange(boxes_, {})) {
        box->deleteLater(); // perhaps it is what was clicked
        box->hide();
        box->setObjectName({});
    }
}

} // namespace zipml::ui
