#pragma once
/// A page fills the window. The window shows its name, its actions and what it has to say, and knows no more.

#include <QKeySequence>
#include <QWidget>

#include <functional>
#include <nlohmann/json_fwd.hpp>

class QAction;

namespace zipml::ui {

/// A card is how a page is listed.
struct PageCard {
    QString name;      ///< for the command line and links: "training"
    QString title;     ///< for menus and bars
    QString icon;      ///< in resources/icons
    QString help;      ///< what it is for, in a line
    QString keys = {}; ///< empty: Ctrl and its number among those without
};

/// A menu of a page in the menu bar. Null actions separate.
struct PageMenu {
    QString title;
    QList<QAction*> actions;
};

class Page : public QWidget {
    Q_OBJECT
  public:
    explicit Page(QWidget* parent) : QWidget(parent) {}

    [[nodiscard]] const PageCard& card() const { return card_; }
    /// By the list of pages.
    void setCard(const PageCard& card) { card_ = card; }
    /// For the tool bar, which shows while the page does, and the list of keys.
    [[nodiscard]] virtual QList<QAction*> barActions() const { return {}; }
    /// For the page's menu: what the bar has, and what it has no room for.
    [[nodiscard]] virtual QList<QAction*> menuActions() const { return barActions(); }
    /// In the order of the menu bar.
    [[nodiscard]] virtual QList<PageMenu> menus() const { return {{card_.title, menuActions()}}; }
    /// For the File menu: what saves something of this page.
    [[nodiscard]] virtual QList<QAction*> fileActions() const { return {}; }
    /// One for each setting on the page, which shows it.
    [[nodiscard]] virtual QList<QAction*> settingActions() const { return {}; }
    /// Whether the settings of the experiment can be changed here, so that undoing is about them.
    [[nodiscard]] virtual bool showsSettings() const { return false; }
    /// Whether something else that is done here can be undone with the experiment's settings and runs.
    [[nodiscard]] virtual bool hasSteps() const { return false; }
    /// How the room is divided, for the next start.
    [[nodiscard]] virtual QByteArray layoutState() const { return {}; }
    virtual void restoreLayout(const QByteArray& /*state*/) {}
    /// How the runs are looked at, for a session's file.
    [[nodiscard]] virtual nlohmann::json view() const;
    /// Skips what it does not know: a view is no reason to refuse a session.
    virtual void showView(const nlohmann::json& view);
    /// What closing the window now would interrupt, in a sentence or two; empty: nothing.
    [[nodiscard]] virtual QString interruptedByClosing() const { return {}; }

  signals:
    /// Something to tell the person; `bad`: an error.
    void message(const QString& text, bool bad);
    /// By name: where to look now, perhaps here.
    void pageWanted(const QString& name);
    /// The person asks for a data file.
    void openRequested();

  protected:
    /// Does it; wrong input becomes a message. @return whether it went well
    bool attempt(const std::function<void()>& action);
    /// With its help and keys as the tool tip, or with the reason.
    static void enable(QAction* action, bool enabled, const QString& whyNot);
    /// `content` without margins.
    void fillWith(QWidget* content);
    void showThis() { emit pageWanted(card_.name); }
    /// An action of this page, with its keys in the tool tip. @param icon may be empty
    QAction* makeAction(const QString& text, const QString& icon, const QList<QKeySequence>& keys,
                        const QString& help);

  private:
    PageCard card_;
};

} // namespace zipml::ui
