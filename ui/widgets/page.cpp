#include "ui/widgets/page.h"

#include "core/base/error.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/setting_words.h"

#include <QAction>
#include <QVBoxLayout>

#include <nlohmann/json.hpp>

namespace zipml::ui {

nlohmann::json Page::view() const {
    return nlohmann::json::object();
}

void Page::showView(const nlohmann::json& /*view*/) {}

bool Page::attempt(const std::function<void()>& action) {
    try {
        action();
        return true;
    } catch (const InputError& error) {
        emit message(inWindowWords(error.what()), true);
        return false;
    }
}

void Page::enable(QAction* action, bool enabled, const QString& whyNot) {
    action->setEnabled(enabled);
    const QString keys = action->shortcut().toString(QKeySequence::NativeText);
    action->setToolTip(!enabled         ? whyNot
                       : keys.isEmpty() ? action->statusTip()
                                        : action->statusTip() + " (" + keys + ")");
}

void Page::fillWith(QWidget* content) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(content);
}

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
