#include "ui/widgets/panel_scroll.h"

#include <QEvent>
#include <QLayout>
#include <QScrollBar>

namespace zipml::ui {

PanelScroll::PanelScroll(QWidget* panel, const QString& name, QWidget* parent) : QScrollArea(parent) {
    setObjectName(name);
    setWidget(panel);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    fit();
}

bool PanelScroll::eventFilter(QObject* object, QEvent* event) {
    if (object == widget() && event->type() == QEvent::LayoutRequest) // the layout hears of it after this
        QMetaObject::invokeMethod(this, &PanelScroll::fit, Qt::QueuedConnection);
    return QScrollArea::eventFilter(object, event);
}

void PanelScroll::resizeEvent(QResizeEvent* event) {
    QScrollArea::resizeEvent(event);
    fit();
}

void PanelScroll::fit() {
    setMinimumWidth(widget()->minimumSizeHint().width() + verticalScrollBar()->sizeHint().width());
    // A text that wraps needs more lines than the panel's own hint knows; the controls would pay for them.
    if (const auto* layout = widget()->layout(); layout->hasHeightForWidth())
        widget()->setMinimumHeight(layout->minimumHeightForWidth(viewport()->width()));
}

} // namespace zipml::ui
