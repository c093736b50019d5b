#include "ui/widgets/message_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QTimer>
#include <QToolButton>

namespace zipml::ui {

MessageBar::MessageBar(QWidget* parent)
    : QFrame(parent), label_(new QLabel(this)), icon_(new QLabel(this)), timer_(new QTimer(this)) {
    setObjectName("messageBar");
    setAccessibleName(tr("Messages"));
    label_->setWordWrap(true);
    label_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label_->setTextFormat(Qt::PlainText);
    auto* close = new QToolButton(this);
    close->setText("✕");
    close->setAutoRaise(true);
    close->setAccessibleName(tr("Close the message"));
    close->setToolTip(tr("Close the message"));
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 6, 8, 6);
    layout->addWidget(icon_);
    layout->addWidget(label_, 1);
    layout->addWidget(close);
    timer_->setSingleShot(true);
    connect(timer_, &QTimer::timeout, this, &QWidget::hide);
    hide();
}

void MessageBar::showMessage(const QString& text, bool bad) {
    constexpr int kGoodNewsMilliseconds = 6000;
    icon_->setText(bad ? "⚠" : "✓");
    label_->setText(text);
    // Vermillion and bluish green of Okabe and Ito, as a tint that works on light and dark.
    setStyleSheet(
        QString("#messageBar { background: %1; border: 0; border-bottom: 2px solid %2; }")
            .arg(bad ? "rgba(213, 94, 0, 40)" : "rgba(0, 158, 115, 40)", bad ? "#d55e00" : "#009e73"));
    show();
    timer_->stop();
    if (!bad)
        timer_->start(kGoodNewsMilliseconds);
}

QString MessageBar::text() const {
    return isHidden() ? QString() : label_->text();
}

} // namespace zipml::ui
