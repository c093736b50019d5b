#include "ui/widgets/work_progress.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QVBoxLayout>

namespace zipml::ui {

WorkProgress::WorkProgress(const QString& name, const QString& spoken, QWidget* parent, Place place)
    : QWidget(parent), bar_(new QProgressBar(this)), status_(new QLabel(this)) {
    bar_->setObjectName(name + "Progress");
    bar_->setAccessibleName(spoken);
    bar_->setRange(0, 1000);
    bar_->setFormat("%p%");
    auto policy = bar_->sizePolicy();
    policy.setRetainSizeWhenHidden(true);
    bar_->setSizePolicy(policy);
    bar_->hide();
    status_->setObjectName(name + "Status");
    status_->setAccessibleName(tr("Progress"));
    status_->setWordWrap(true);
    place == Place::Panel ? layInPanel() : layAtFoot();
}

void WorkProgress::layInPanel() {
    status_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    status_->setMinimumHeight(status_->fontMetrics().lineSpacing() * 2);
    status_->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(bar_);
    column->addWidget(status_);
}

void WorkProgress::layAtFoot() {
    constexpr int kBar = 180; // pixels
    status_->setForegroundRole(QPalette::PlaceholderText);
    bar_->setFixedWidth(kBar);
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(12, 3, 8, 3);
    line->setSpacing(10);
    line->addWidget(status_, 1);
    line->addWidget(bar_);
}

void WorkProgress::setShare(double share) {
    bar_->setValue(static_cast<int>(share * bar_->maximum()));
    bar_->show();
}

void WorkProgress::hideBar() {
    bar_->hide();
}

void WorkProgress::setText(const QString& text) {
    status_->setText(text);
}

QString WorkProgress::text() const {
    return status_->text();
}

} // namespace zipml::ui
