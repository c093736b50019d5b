#include "ui/main_window.h"

#include "core/document/welcome.h"
#include "ui/fetch/fetch_dialog.h"
#include "ui/gallery/gallery_controller.h"
#include "ui/history/history_page.h"
#include "ui/lessons/lesson_panel.h"
#include "ui/message_watch.h"
#include "ui/plot/live_plot.h"
#include "ui/session/file_controller.h"
#include "ui/session/session_controller.h"
#include "ui/widgets/command_palette.h"
#include "ui/widgets/help_boxes.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/theme_menu.h"

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QMimeData>
#include <QScreen>
#include <QScrollArea>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace zipml::ui {
namespace {

/// Asks for the room of the page that is seen, not of the largest one.
class PageStack : public QStackedWidget {
  public:
    [[nodiscard]] QSize minimumSizeHint() const override {
        return currentWidget() != nullptr ? currentWidget()->minimumSizeHint() : QSize(0, 0);
    }
};

} // namespace

MainWindow::MainWindow(DeviceSources devices, const QString& history)
    : pages_(makePages({experiment_, std::move(devices), history})),
      lessons_(new LessonPanel(experiment_, this)), lessonDock_(new QDockWidget(tr("Lessons"), this)),
      present_(new QAction(tr("&Presentation"), this)), centre_(new QWidget(this)), stack_(new PageStack),
      messages_(new MessageBar(centre_)),
      session_(new SessionController(experiment_, *pages_.first(), *this)),
      files_(new FileController(experiment_, *session_, *this)),
      gallery_(new GalleryController(
          experiment_,
          [this](QWidget& parent, const std::filesystem::path& folder) {
              return files_->fetch(parent, folder);
          },
          *this)) {
    setWindowIcon(QIcon(":/icons/zipml-lab.svg"));
    setAcceptDrops(true);
    // Where the window has less room than a page needs, the page scrolls: the window never grows by itself.
    auto* room = new QScrollArea(centre_);
    room->setObjectName("pageRoom");
    room->setFrameShape(QFrame::NoFrame);
    room->setFocusPolicy(Qt::NoFocus);
    room->setWidgetResizable(true);
    room->setWidget(stack_);
    auto* layout = new QVBoxLayout(centre_);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(room);
    setCentralWidget(centre_);
    buildPages();
    buildLessons();
    buildMenus();
    buildToolBars();
    buildStatusBar();
    connectPages();
    connectControllers();
    new MessageWatch(experiment_, *messages_, this);
    resize(1280, 800);
    restoreArrangement();
    stayOnScreen();
    showPage(pages_.first()->card().name);
}

/// What looks at the experiment goes before it.
MainWindow::~MainWindow() {
    delete gallery_;
    delete files_;
    delete session_;
    delete lessons_;
    qDeleteAll(pages_);
}

void MainWindow::connectPages() {
    for (auto* page : pages_) {
        connect(page, &Page::message, messages_, &MessageBar::showMessage);
        connect(page, &Page::pageWanted, this, &MainWindow::showPage);
        connect(page, &Page::openRequested, files_, &FileController::chooseData);
    }
}

void MainWindow::connectControllers() {
    connect(session_, &SessionController::message, messages_, &MessageBar::showMessage);
    connect(files_, &FileController::message, messages_, &MessageBar::showMessage);
    connect(gallery_, &GalleryController::message, messages_, &MessageBar::showMessage);
    connect(files_, &FileController::pageWanted, this, &MainWindow::showPage);
    connect(files_, &FileController::opened, this, [this](bool trainable) {
        if (std::exchange(startWhenOpened_, false) && trainable)
            currentPage().barActions().first()->trigger();
    });
    connect(gallery_, &GalleryController::pageWanted, this, [this] { showPage("training"); });
}

void MainWindow::buildPages() {
    auto* group = new QActionGroup(this);
    int number = 0;
    for (auto* page : pages_) {
        const PageCard& card = page->card();
        stack_->addWidget(page);
        const QString key = card.keys.isEmpty() ? QString("Ctrl+%1").arg(++number) : card.keys;
        auto* action = group->addAction(card.title);
        setIcon(action, card.icon);
        action->setCheckable(true);
        action->setShortcut(QKeySequence(key));
        action->setStatusTip(card.help);
        action->setToolTip(card.help + " (" + key + ")");
        connect(action, &QAction::triggered, this, [this, name = card.name] { showPage(name); });
        pageActions_ << action;
    }
}

bool MainWindow::showPage(const QString& name) {
    const auto page = std::ranges::find(pages_, name, [](auto* each) { return each->card().name; });
    if (page == pages_.end())
        return false;
    const auto index = page - pages_.begin();
    stack_->setCurrentWidget(*page);
    stack_->updateGeometry();
    pageActions_[index]->setChecked(true);
    using Keys = SettingsHistory::Keys;
    experiment_.history().setKeys((*page)->showsSettings() ? Keys::All
                                  : (*page)->hasSteps()    ? Keys::OtherSteps
                                                           : Keys::Nothing);
    showLessons();
    for (qsizetype i = 0; i < bars_.size(); ++i)
        bars_[i]->setVisible(i == index);
    fitPageBar();
    return true;
}

/// Where the page's own buttons would have no room, those of the other pages are icons.
void MainWindow::fitPageBar() {
    const auto dress = [this](bool narrow) {
        for (auto* action : pageActions_)
            qobject_cast<QToolButton*>(pageBar_->widgetForAction(action))
                ->setToolButtonStyle(narrow && !action->isChecked() ? Qt::ToolButtonIconOnly
                                                                    : Qt::ToolButtonTextBesideIcon);
        pageBar_->layout()->invalidate();
    };
    dress(false);
    int wanted = pageBar_->sizeHint().width();
    for (qsizetype i = 0; i < bars_.size(); ++i)
        if (pageActions_[i]->isChecked())
            wanted += bars_[i]->sizeHint().width();
    if (wanted > width())
        dress(true);
}

/// Where page and lessons do not fit beside each other, the lessons become narrower before the page scrolls.
void MainWindow::shareRoom() {
    if (!lessonsAsked_ && stack_->currentIndex() == 0)
        showLessons();
    if (!lessonDock_->isVisible() || lessonDock_->isFloating())
        return;
    const int lacking = stack_->minimumSizeHint().width() - centre_->width();
    const int least = lessonDock_->minimumSizeHint().width();
    if (lacking > 0 && lessonDock_->width() > least)
        resizeDocks({lessonDock_}, {std::max(least, lessonDock_->width() - lacking)}, Qt::Horizontal);
}

void MainWindow::resizeEvent(QResizeEvent* event) {
    QMainWindow::resizeEvent(event);
    fitPageBar();
    QMetaObject::invokeMethod(this, &MainWindow::shareRoom, Qt::QueuedConnection);
}

void MainWindow::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape && present_->isChecked())
        present_->setChecked(false);
    else
        QMainWindow::keyPressEvent(event);
}

Page& MainWindow::currentPage() const {
    return *static_cast<Page*>(stack_->currentWidget());
}

void MainWindow::buildLessons() {
    lessonDock_->setObjectName("lessons");
    lessonDock_->setWidget(lessons_);
    lessonDock_->setAllowedAreas(Qt::LeftDockWidgetArea | Qt::RightDockWidgetArea);
    addDockWidget(Qt::RightDockWidgetArea, lessonDock_);
    lessonDock_->installEventFilter(this);
    auto* toggle = lessonDock_->toggleViewAction();
    setIcon(toggle, "lessons");
    toggle->setShortcut(QKeySequence("Ctrl+L"));
    toggle->setStatusTip(tr("Show or hide the guided lessons"));
    toggle->setToolTip(toggle->statusTip() + " (Ctrl+L)");
    connect(toggle, &QAction::triggered, this,
            [this](bool shown) { lessonsWanted_ = lessonsAsked_ = shown; });
    connect(lessonDock_, &QDockWidget::visibilityChanged, this, &MainWindow::shareRoom, Qt::QueuedConnection);
    connect(lessons_, &LessonPanel::pageWanted, this, [this](const QString& name) {
        lessonsAsked_ = true; // the lesson goes on there
        showPage(name);
        lessonDock_->show();
    });
    present_->setCheckable(true);
    present_->setShortcut(QKeySequence("F11"));
    present_->setStatusTip(tr("Full screen with large type, for a class; Esc leaves it"));
    connect(present_, &QAction::toggled, this, &MainWindow::present);
}

void MainWindow::present(bool on) {
    constexpr double kLarger = 1.5;
    QFont font = QApplication::font();
    font.setPointSizeF(font.pointSizeF() * (on ? kLarger : 1 / kLarger));
    QApplication::setFont(font);
    // The class does not read the menus; where they have no room in its type they keep theirs.
    menuBar()->setFont(QFont());
    if (on && menuBar()->sizeHint().width() > screen()->availableSize().width()) {
        font.setPointSizeF(font.pointSizeF() / kLarger);
        menuBar()->setFont(font);
    }
    setWindowState(windowState().setFlag(Qt::WindowFullScreen, on)); // what it was before comes back
    showLessons();
}

/// Beside the Training page alone: the others need the room, and so does large type on a small screen. In a
/// window without room for both they wait until they are asked for.
void MainWindow::showLessons() {
    const bool room = lessonsAsked_ || lessonDock_->isFloating() ||
                      stack_->minimumSizeHint().width() + lessonDock_->minimumSizeHint().width() <= width();
    constexpr int kRoomForLargeType = 1600; // pixels
    const bool fits = !present_->isChecked() || screen()->availableSize().width() >= kRoomForLargeType;
    lessonDock_->setVisible(lessonsWanted_ && fits && room && stack_->currentIndex() == 0);
}

/// Its own button closes the lessons for good, as the action does.
bool MainWindow::eventFilter(QObject* watched, QEvent* event) {
    if (watched == lessonDock_ && event->type() == QEvent::Close)
        lessonsWanted_ = false;
    return QMainWindow::eventFilter(watched, event);
}

/// With its frame, unless it is maximised or full.
void MainWindow::stayOnScreen() {
    constexpr QSize kFrame(16, 40);
    if (!(windowState() & (Qt::WindowMaximized | Qt::WindowFullScreen)))
        resize(size().boundedTo(screen()->availableSize() - kFrame));
}

void MainWindow::buildMenus() {
    buildFileMenu();
    menuBar()
        ->addMenu(tr("&Edit"))
        ->addActions({experiment_.history().undoAction(), experiment_.history().redoAction()});
    QMenu* first = nullptr;
    for (auto* page : pages_)
        for (const PageMenu& each : page->menus()) {
            auto* menu = menuBar()->addMenu(each.title);
            first = first == nullptr ? menu : first;
            for (auto* action : each.actions)
                if (action != nullptr)
                    menu->addAction(action);
                else
                    menu->addSeparator();
        }
    first->addAction(tr("Show the welcome &comparison"), this, &MainWindow::startWelcome);
    buildViewMenu();
    auto* help = menuBar()->addMenu(tr("&Help"));
    help->addAction(tr("&Find a command…"), QKeySequence("Ctrl+K"), this, [this] {
        QList<QAction*> settings;
        for (const auto* page : pages_)
            settings << page->settingActions();
        (new CommandPalette(*menuBar(), this, settings))->open();
    });
    help->addAction(tr("&Keyboard shortcuts"), QKeySequence("F1"), this,
                    [this] { showShortcuts(actionsWithKeys(), *this); });
    help->addAction(tr("&About ZipML Lab"), this, [this] { showAbout(*this); });
}

void MainWindow::buildFileMenu() {
    auto* file = menuBar()->addMenu(tr("&File"));
    file->setToolTipsVisible(true);
    file->addActions(files_->actions());
    file->addAction(gallery_->action());
    for (auto* page : pages_)
        file->addActions(page->fileActions());
    file->addSeparator();
    file->addActions(session_->openActions());
    file->addActions(session_->saveActions());
    file->addSeparator();
    file->addAction(tr("&Quit"), QKeySequence::Quit, this, &QWidget::close);
}

void MainWindow::buildViewMenu() {
    auto* view = menuBar()->addMenu(tr("&View"));
    view->addActions(pageActions_);
    view->addSeparator();
    view->addAction(lessonDock_->toggleViewAction());
    view->addAction(present_);
    view->addSeparator();
    view->addAction(tr("&Fit the plots"), QKeySequence("Ctrl+0"), this, [this] {
        for (auto* plot : stack_->currentWidget()->findChildren<LivePlot*>())
            plot->fit();
    });
    addThemeMenu(*view, *this);
}

/// For the list of keys.
QList<QAction*> MainWindow::actionsWithKeys() {
    QList<QAction*> actions = pageActions_;
    actions << lessonDock_->toggleViewAction() << present_ << gallery_->action();
    const auto add = [&](const QList<QAction*>& more) {
        for (auto* action : more)
            if (action != nullptr && !actions.contains(action))
                actions << action;
    };
    for (auto* page : pages_)
        add(page->menuActions());
    for (auto* page : pages_) {
        for (const PageMenu& menu : page->menus())
            add(menu.actions);
        add(page->fileActions());
    }
    add(session_->openActions() + session_->saveActions());
    add({experiment_.history().undoAction(), experiment_.history().redoAction()});
    return actions;
}

QToolBar* MainWindow::addActionBar(const QString& title, const QString& name,
                                   const QList<QAction*>& actions) {
    auto* bar = addToolBar(title);
    bar->setObjectName(name);
    bar->setMovable(false);
    bar->setIconSize({18, 18});
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    bar->addActions(actions);
    for (auto* action : actions) {
        auto* button = bar->widgetForAction(action);
        button->setFocusPolicy(Qt::TabFocus);
        button->setAccessibleName(action->text());
    }
    return bar;
}

void MainWindow::buildToolBars() {
    pageBar_ = addActionBar(tr("Pages"), "pageBar", pageActions_ + QList{lessonDock_->toggleViewAction()});
    pageBar_->addSeparator();
    for (auto* page : pages_)
        bars_ << addActionBar(page->card().title, page->card().name + "Bar", page->barActions());
}

void MainWindow::buildStatusBar() {
    for (auto* widget : files_->progressWidgets())
        statusBar()->addPermanentWidget(widget);
    statusBar()->setSizeGripEnabled(false);
    auto* hint = new QLabel(tr("Hover: values   Wheel: zoom   Drag: pan   Shift+drag: zoom to a box   "
                               "Double-click: fit   Right-click: export"),
                            this);
    hint->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // asks for no width of the window
    statusBar()->addWidget(hint, 1);
}

void MainWindow::startWelcome() {
    session_->demonstrate(
        [this] { page<HistoryPage>().leaveOut([this] { experiment_.startAll(welcomeComparison()); }); });
}

void MainWindow::greet() {
    if (!FileController::ownDataUsed())
        return startWelcome();
    messages_->showMessage(tr("File > Recent files has your data; Run > Show the welcome comparison has the "
                              "runs of the first start."),
                           false);
}

void MainWindow::open(const QString& file) {
    files_->open(file);
}

void MainWindow::openAndStart(const QString& file) {
    startWhenOpened_ = true;
    open(file);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls() && event->mimeData()->urls().first().isLocalFile())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    event->acceptProposedAction();
    open(event->mimeData()->urls().first().toLocalFile());
}

void MainWindow::restoreArrangement() {
    const QSettings settings;
    restoreGeometry(settings.value("window/geometry").toByteArray());
    for (auto* page : pages_)
        page->restoreLayout(
            settings.value("pages/" + page->card().name, settings.value("window/columns")).toByteArray());
    restoreState(settings.value("window/state").toByteArray());
    lessonsWanted_ = settings.value("window/lessons", true).toBool();
}

void MainWindow::closeEvent(QCloseEvent* event) {
    QStringList interrupted;
    for (const auto* page : pages_)
        if (const QString what = page->interruptedByClosing(); !what.isEmpty())
            interrupted << what;
    if (!session_->mayClose(interrupted)) {
        event->ignore();
        return;
    }
    QSettings settings;
    settings.setValue("window/geometry", saveGeometry());
    for (const auto* page : pages_)
        if (const QByteArray state = page->layoutState(); !state.isEmpty())
            settings.setValue("pages/" + page->card().name, state);
    settings.setValue("window/state", saveState());
    settings.setValue("window/lessons", lessonsWanted_);
    QMainWindow::closeEvent(event);
}

} // namespace zipml::ui
