#include "ui/page.h"

#include "ui/widgets/icon.h"

#include <QAction>

namespace zipml::ui {

QAction* Page::makeAction(const QString& text, const QString& icon, const QList<QKeySequence>& keys,
                          const QString& help) {
    auto* action = new QAction(text, this);
    if (!icon.isEmpty())
        setIcon(action, icon);
    action->setShortcuts(keys);
    action->setToolTip(keys.isEmpty() ? help
                                      : help + " (" + keys.first().toString(QKeySequence::NativeText) + ")");
    action->setStatusTip(help);
    addAction(action);
    return action;
}

} // namespace zipml::ui
