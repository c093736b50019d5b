#include "ui/widgets/message_bar.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QShortcut>
#include <QTimer>
#include <QToolButton>

#include <algorithm>

namespace zipml::ui {

MessageBar::MessageBar(QWidget* page)
    : QFrame(page), label_(new QLabel(this)), icon_(new QLabel(this)), timer_(new QTimer(this)) {
    setObjectName("messageBar");
    setAccessibleName(tr("Messages"));
    setAutoFillBackground(true);
    label_->setWordWrap(true);
    label_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label_->setTextFormat(Qt::PlainText);
    auto* close = new QToolButton(this);
    close->setText("✕");
    close->setAutoRaise(true);
    close->setAccessibleName(tr("Close the message"));
    close->setToolTip(tr("Close the message (Esc)"));
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 8, 8, 8);
    layout->addWidget(icon_);
    layout->addWidget(label_, 1);
    layout->addWidget(close);
    timer_->setSingleShot(true);
    connect(timer_, &QTimer::timeout, this, &QWidget::hide);
    // Of the window, while this is shown: a hidden widget's shortcuts do nothing.
    connect(new QShortcut(QKeySequence(Qt::Key_Escape), this), &QShortcut::activated, this, &QWidget::hide);
    page->installEventFilter(this);
    hide();
}

void MessageBar::showMessage(const QString& text, bool bad) {
    constexpr int kGoodNewsMilliseconds = 6000;
    bad_ = bad;
    icon_->setText(bad ? "⚠" : "✓");
    label_->setText(text);
    paintIn(bad ? "#d55e00" : "#009e73"); // vermillion and bluish green of Okabe and Ito
    place();
    show();
    raise();
    timer_->stop();
    if (!bad)
        timer_->start(kGoodNewsMilliseconds);
}

QString MessageBar::text() const {
    return isHidden() ? QString() : label_->text();
}

void MessageBar::paintIn(const char* color) {
    setStyleSheet(
        QString("#messageBar { background: palette(base); border: 2px solid %1; border-radius: 6px; }")
            .arg(color));
}

/// As wide as its text needs, within half of the page: the panel of settings beside it stays free.
void MessageBar::place() {
    ensurePolished(); // the frame takes room too
    constexpr int kAway = 10, kLeast = 280;
    const int room = parentWidget()->width() - 2 * kAway;
    const int most = std::min(room, std::max(kLeast, parentWidget()->width() / 2));
    const int fixed = sizeHint().width() - label_->sizeHint().width();
    const int text = label_->fontMetrics().horizontalAdvance(label_->text()) + label_->fontMetrics().height();
    const int width = std::min(most, std::max(std::min(kLeast, most), fixed + text));
    setGeometry(parentWidget()->width() - kAway - width, kAway, width, heightForWidth(width));
}

bool MessageBar::eventFilter(QObject* watched, QEvent* event) {
    if (watched == parentWidget() && event->type() == QEvent::Resize && !isHidden())
        place();
    return QFrame::eventFilter(watched, event);
}

void MessageBar::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange && !isHidden())
        place();
    QFrame::changeEvent(event);
}

} // namespace zipml::ui
