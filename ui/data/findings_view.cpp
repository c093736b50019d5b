#include "ui/data/findings_view.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace zipml::ui {

FindingsView::FindingsView(QWidget* parent) : QWidget(parent), column_(new QVBoxLayout(this)) {
    setObjectName("findings");
    hide();
    column_->setContentsMargins(0, 0, 0, 0);
    column_->setSpacing(6);
}

void FindingsView::show(const std::vector<Finding>& findings) {
    if (findings == shown_)
        return; // a button that is being pressed stays
    shown_ = findings;
    while (auto* item = column_->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater(); // a button may be the sender
        delete item;
    }
    for (const auto& finding : findings)
        add(finding);
    setVisible(!findings.empty());
}

void FindingsView::add(const Finding& finding) {
    auto* frame = new QFrame(this);
    frame->setObjectName("finding");
    // As in the message bar: vermillion stands in the way, blue is advice.
    frame->setStyleSheet(QString("#finding { background: %1; border: 0; border-left: 3px solid %2; }")
                             .arg(finding.blocking ? "rgba(213, 94, 0, 40)" : "rgba(86, 180, 233, 40)",
                                  finding.blocking ? "#d55e00" : "#56b4e9"));
    auto* text = new QLabel(finding.text, frame);
    text->setObjectName(finding.blocking ? "blockingFinding" : "advice");
    text->setWordWrap(true);
    text->setTextFormat(Qt::PlainText);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* row = new QHBoxLayout(frame);
    row->setContentsMargins(10, 5, 6, 5);
    row->setSpacing(6);
    row->addWidget(text, 1);
    for (const auto& remedy : finding.remedies) {
        auto* button = new QPushButton(QString(remedy.text).replace('&', "&&"), frame);
        button->setObjectName("remedy");
        connect(button, &QPushButton::clicked, this, [this, remedy] { emit chosen(remedy); });
        row->addWidget(button);
    }
    column_->addWidget(frame);
}

} // namespace zipml::ui
