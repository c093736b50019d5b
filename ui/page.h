#pragma once
/// A page of the window. The window shows its name, its actions and what it has to say, and knows no more.

#include <QKeySequence>
#include <QWidget>

class QAction;

namespace zipml::ui {

/// How a page is listed.
struct PageCard {
    QString name;      ///< for the command line and links: "training"
    QString title;     ///< for menus and bars
    QString icon;      ///< in resources/icons
    QString help;      ///< what it is for, in a line
    QString keys = {}; ///< empty: Ctrl and its number among those without
};

class Page : public QWidget {
    Q_OBJECT
  public:
    explicit Page(PageCard card, QWidget* parent) : QWidget(parent), card_(std::move(card)) {}

    [[nodiscard]] const PageCard& card() const { return card_; }
    /// For the tool bar, which shows while the page does, and the list of keys.
    [[nodiscard]] virtual QList<QAction*> barActions() const { return {}; }
    /// For the page's menu: what the bar has, and what it has no room for.
    [[nodiscard]] virtual QList<QAction*> menuActions() const { return barActions(); }
    /// What closing the window now would interrupt, in a sentence or two; empty: nothing.
    [[nodiscard]] virtual QString interruptedByClosing() const { return {}; }

  signals:
    /// Something to tell the person; `bad`: an error.
    void message(const QString& text, bool bad);

  protected:
    /// An action of this page, with its keys in the tool tip. @param icon may be empty
    QAction* makeAction(const QString& text, const QString& icon, const QList<QKeySequence>& keys,
                        const QString& help);

  private:
    PageCard card_;
};

} // namespace zipml::ui
