#pragma once
/// The window has menus, tool bars and a message bar; it only arranges pages and forwards actions.

#include "ui/experiment/experiment_model.h"
#include "ui/page_list.h"

#include <QMainWindow>

#include <algorithm>

class QDockWidget;
class QStackedWidget;
class QToolBar;

namespace zipml::ui {

class FileController;
class GalleryController;
class LessonPanel;
class MessageBar;
class SessionController;

class MainWindow : public QMainWindow {
    Q_OBJECT
  public:
    /// @param devices what the page of devices lists @param history folder of the history; empty: none is kept
    explicit MainWindow(DeviceSources devices = {}, const QString& history = {});
    ~MainWindow() override;

    /// Starts the comparison that a first start shows.
    void startWelcome();
    /// The same at a start, unless the person has come to work on data of their own.
    void greet();
    /// As FileController::open.
    void open(const QString& file);
    /// And then starts what the page starts, unless the file cannot be trained on yet.
    void openAndStart(const QString& file);
    /// @param name as in PageCard. @return false, and nothing changes, where there is none of that name
    bool showPage(const QString& name);
    [[nodiscard]] Page& currentPage() const;
    [[nodiscard]] const QList<Page*>& pages() const { return pages_; }
    /// The page of this class; there must be one.
    template <class PageClass>
    [[nodiscard]] PageClass& page() const {
        return *static_cast<PageClass*>(*std::ranges::find_if(
            pages_, [](Page* each) { return qobject_cast<PageClass*>(each) != nullptr; }));
    }
    [[nodiscard]] ExperimentModel& experiment() { return experiment_; }
    [[nodiscard]] LessonPanel& lessons() const { return *lessons_; }
    [[nodiscard]] SessionController& session() const { return *session_; }
    [[nodiscard]] MessageBar& messages() const { return *messages_; }

  protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    /// Esc, where nothing else takes it, leaves the presentation.
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void buildPages();
    void buildMenus();
    void buildFileMenu();
    void buildViewMenu();
    QToolBar* addActionBar(const QString& title, const QString& name, const QList<QAction*>& actions);
    void buildToolBars();
    void fitPageBar();
    void buildStatusBar();
    void buildLessons();
    void connectPages();
    void connectControllers();
    void restoreArrangement();
    void stayOnScreen();
    void shareRoom();
    void present(bool on);
    void showLessons();
    [[nodiscard]] QList<QAction*> actionsWithKeys();

    ExperimentModel experiment_;
    QList<Page*> pages_; ///< in the order shown
    LessonPanel* lessons_;
    QDockWidget* lessonDock_;
    bool startWhenOpened_ = false;
    bool lessonsWanted_ = true; ///< beside the first page
    bool lessonsAsked_ = false; ///< in this session, whatever the room
    QAction* present_;
    QWidget* centre_;
    QStackedWidget* stack_;
    QList<QAction*> pageActions_; ///< one a page
    QList<QToolBar*> bars_;       ///< likewise
    QToolBar* pageBar_;           ///< with a button a page
    MessageBar* messages_;
    SessionController* session_;
    FileController* files_;
    GalleryController* gallery_;
};

} // namespace zipml::ui
