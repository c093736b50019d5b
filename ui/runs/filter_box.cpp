#include "ui/runs/filter_box.h"

#include "core/base/error.h"

#include <QHBoxLayout>
#include <QLabel>

namespace zipml::ui {

FilterBox::FilterBox(QWidget* parent) : QWidget(parent), edit_(new QLineEdit(this)), said_(new QLabel(this)) {
    constexpr int kMilliseconds = 150; // between two letters
    edit_->setObjectName("filter");
    edit_->setAccessibleName(tr("Filter of the runs"));
    edit_->setPlaceholderText(tr("Filter: bits<4 estimator=double"));
    edit_->setClearButtonEnabled(true);
    edit_->setMinimumWidth(90);
    edit_->setToolTip(tr("<p>Conditions side by side all hold:</p><p><b>bits&lt;4 estimator=double</b><br>"
                         "<b>step=0.001,2^-6 seed=1..5</b> – one of, from and to<br>"
                         "<b>test_loss&lt;0.3 state=done</b> – results<br>"
                         "<b>wide</b> – part of the name<br>"
                         "<b>-seed=1</b>, <b>not state=diverged</b>, <b>bits=2 or bits=4</b></p>"));
    said_->setObjectName("filterSaid");
    said_->setTextFormat(Qt::PlainText);
    said_->setMinimumWidth(0);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(edit_, 1);
    row->addWidget(said_);
    setFocusProxy(edit_);
    soon_.setSingleShot(true);
    soon_.setInterval(kMilliseconds);
    connect(&soon_, &QTimer::timeout, this, &FilterBox::read);
    connect(edit_, &QLineEdit::textEdited, &soon_, qOverload<>(&QTimer::start));
    connect(edit_, &QLineEdit::returnPressed, this, &FilterBox::read);
    connect(edit_, &QLineEdit::textChanged, this, [this](const QString& text) {
        if (text.isEmpty()) // by the button, too
            read();
    });
}

void FilterBox::setText(const QString& text) {
    edit_->setText(text);
    read();
}

void FilterBox::focus() {
    edit_->setFocus(Qt::ShortcutFocusReason);
    edit_->selectAll();
}

void FilterBox::read() {
    soon_.stop();
    try {
        const RunFilter filter(edit_->text().toStdString());
        bad_ = false;
        emit changed(filter);
    } catch (const InputError& error) {
        say(QString::fromUtf8(error.what()), true);
    }
}

void FilterBox::setCount(qsizetype shown, qsizetype all) {
    if (!bad_)
        say(edit_->text().trimmed().isEmpty() ? QString() : tr("%1 of %2 runs").arg(shown).arg(all), false);
}

/// A long fault is cut, with the whole of it in the tip: the box keeps its room.
void FilterBox::say(const QString& text, bool bad) {
    constexpr int kWidest = 420;
    bad_ = bad;
    said_->setText(said_->fontMetrics().elidedText(text, Qt::ElideRight, kWidest));
    said_->setToolTip(text);
    said_->setAccessibleName(text);
    QFont font = edit_->font();
    font.setBold(bad);
    said_->setFont(font);
}

} // namespace zipml::ui
