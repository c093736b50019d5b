#include "ui/widgets/panel_scroll.h"

#include <QEvent>
#include <QScrollBar>
#include <QSplitter>

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

QSplitter* besidePanel(PanelScroll* panel, QWidget* content, QWidget* parent) {
    auto* columns = new QSplitter(Qt::Horizontal, parent);
    columns->addWidget(panel);
    columns->addWidget(content);
    columns->setStretchFactor(0, 0);
    columns->setStretchFactor(1, 1);
    columns->setSizes({1, 940}); // the panel at its smallest
    columns->setChildrenCollapsible(false);
    return columns;
}

} // namespace zipml::ui
