#include "ui/widgets/work_progress.h"

#include <QLabel>
#include <QProgressBar>
#include <QVBoxLayout>

namespace zipml::ui {

WorkProgress::WorkProgress(const QString& name, const QString& spoken, QWidget* parent)
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
    status_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    status_->setMinimumHeight(status_->fontMetrics().lineSpacing() * 2);
    status_->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(bar_);
    layout->addWidget(status_);
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
