#include "ui/widgets/panel_scroll.h"

#include <QEvent>
#include <QScrollBar>

namespace zipml::ui {

PanelScroll::PanelScroll(QWidget* panel, const QString& name, QWidget* parent) : QScrollArea(parent) {
    setObjectName(name);
    setWidget(panel);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    widen();
}

bool PanelScroll::eventFilter(QObject* object, QEvent* event) {
    if (object == widget() && event->type() == QEvent::LayoutRequest)
        widen();
    return QScrollArea::eventFilter(object, event);
}

void PanelScroll::widen() {
    setMinimumWidth(widget()->minimumSizeHint().width() + verticalScrollBar()->sizeHint().width());
}

} // namespace zipml::ui
