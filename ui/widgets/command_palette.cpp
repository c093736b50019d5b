#include "ui/widgets/command_palette.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QPointer>
#include <QTimer>
#include <QVBoxLayout>

namespace zipml::ui {

CommandPalette::CommandPalette(const QMenuBar& menus, QWidget* parent, const QList<QAction*>& settings)
    : QDialog(parent), words_(new QLineEdit(this)), list_(new QListWidget(this)) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Commands"));
    words_->setPlaceholderText(tr("What do you want to do?"));
    words_->setAccessibleName(tr("Words of the command"));
    words_->setClearButtonEnabled(true);
    words_->installEventFilter(this);
    list_->setAccessibleName(tr("Commands that match"));
    list_->setUniformItemSizes(true);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(words_);
    layout->addWidget(list_);
    resize(520, 420);
    add(menus.actions(), {});
    add(settings, tr("Setting") + " › ");
    filter({});
    connect(words_, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(words_, &QLineEdit::returnPressed, this, &CommandPalette::run);
    connect(list_, &QListWidget::itemActivated, this, &CommandPalette::run);
}

void CommandPalette::add(const QList<QAction*>& actions, const QString& path) {
    for (auto* action : actions) {
        if (action->isSeparator() || !action->isVisible())
            continue;
        const QString title = path + action->text().remove('&');
        if (!action->isEnabled())
            continue;
        if (auto* menu = action->menu()) {
            emit menu->aboutToShow(); // it brings its commands up to date
            add(menu->actions(), title + " › ");
        } else {
            const QString keys = action->shortcut().toString(QKeySequence::NativeText);
            list_->addItem(keys.isEmpty() ? title : title + "    " + keys);
            list_->item(list_->count() - 1)->setToolTip(action->statusTip());
            actions_ << action;
        }
    }
}

/// Each word must occur, in any order.
void CommandPalette::filter(const QString& text) {
    const QStringList words = text.split(' ', Qt::SkipEmptyParts);
    int first = -1;
    for (int row = 0; row < list_->count(); ++row) {
        const QString title = list_->item(row)->text();
        const bool fits = std::ranges::all_of(
            words, [&](const QString& word) { return title.contains(word, Qt::CaseInsensitive); });
        list_->item(row)->setHidden(!fits);
        first = fits && first < 0 ? row : first;
    }
    list_->setCurrentRow(first);
}

void CommandPalette::run() {
    const int row = list_->currentRow();
    if (row < 0)
        return;
    // After this dialog has gone, so that the command finds the window as it was.
    QTimer::singleShot(0, parent(), [action = QPointer(actions_[row])] {
        if (action)
            action->trigger();
    });
    close();
}

bool CommandPalette::eventFilter(QObject* object, QEvent* event) {
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const int step = key == Qt::Key_Down ? 1 : key == Qt::Key_Up ? -1 : 0;
        if (step != 0) {
            int row = list_->currentRow() + step;
            while (row >= 0 && row < list_->count() && list_->item(row)->isHidden())
                row += step;
            if (row >= 0 && row < list_->count())
                list_->setCurrentRow(row);
            return true;
        }
    }
    return QDialog::eventFilter(object, event);
}

} // namespace zipml::ui
