#include "ui/main_window.h"

#include "core/document/welcome.h"
#include "core/lab/rules.h"
#include "ui/data/data_page.h"
#include "ui/data/file_controller.h"
#include "ui/devices/device_memory.h"
#include "ui/devices/devices_page.h"
#include "ui/double_sampling/double_sampling_page.h"
#include "ui/gallery/gallery_controller.h"
#include "ui/lessons/lesson_panel.h"
#include "ui/networks/networks_page.h"
#include "ui/quantizer/quantizer_page.h"
#include "ui/session/session_controller.h"
#include "ui/theme/theme_menu.h"
#include "ui/tomography/tomography_page.h"
#include "ui/tradeoffs/tradeoffs_page.h"
#include "ui/training/training_page.h"
#include "ui/widgets/command_palette.h"
#include "ui/widgets/help_boxes.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/message_bar.h"

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QLabel>
#include <QMenuBar>
#include <QMimeData>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolBar>
#include <QVBoxLayout>

namespace zipml::ui {

MainWindow::MainWindow(DeviceSources devices)
    : page_(new TrainingPage(this)), preview_(new DataPreview(page_->panel(), this)),
      data_(new DataPage(*preview_, page_->panel(), this)),
      quantizer_(new QuantizerPage(page_->runs(), page_->panel(), this)),
      doubleSampling_(new DoubleSamplingPage(this)),
      tradeoffs_(new TradeoffsPage(page_->runs(), page_->panel(), TradeoffsPage::usualFolder(), this)),
      tomography_(new TomographyPage(this)),
      devices_(new DevicesPage(std::move(devices), usualDeviceFile(), this)),
      networks_(new NetworksPage(NetworksPage::usualFolder(), this)), lessons_(new LessonPanel(*page_, this)),
      lessonDock_(new QDockWidget(tr("Lessons"), this)),
      present_(new QAction(tr("&Presentation"), this)), pages_{page_,           data_,      quantizer_,
                                                               doubleSampling_, tradeoffs_, tomography_,
                                                               devices_,        networks_},
      stack_(new QStackedWidget(this)), messages_(new MessageBar(this)),
      session_(new SessionController(*page_, *this)),
      files_(new FileController(*page_, *preview_, *session_, *this)),
      gallery_(new GalleryController(*page_, *files_, *this)) {
    setWindowIcon(QIcon(":/icons/zipml-lab.svg"));
    setAcceptDrops(true);
    auto* centre = new QWidget(this);
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(messages_);
    layout->addWidget(stack_, 1);
    setCentralWidget(centre);
    buildPages();
    buildLessons();
    buildMenus();
    buildToolBars();
    buildStatusBar();
    connectPages();
    connectControllers();

    resize(1280, 800);
    const QSettings settings;
    restoreGeometry(settings.value("window/geometry").toByteArray());
    page_->splitter().restoreState(settings.value("window/columns").toByteArray());
    restoreState(settings.value("window/state").toByteArray());
    lessonsWanted_ = settings.value("window/lessons", true).toBool();
    showPage("training");
}

void MainWindow::connectPages() {
    for (auto* page : pages_)
        connect(page, &Page::message, messages_, &MessageBar::showMessage);
    connect(tomography_, &TomographyPage::started, this, [this] { showPage("tomography"); });
    connect(tradeoffs_, &TradeoffsPage::started, this, [this] { showPage("trade-offs"); });
    connect(networks_, &NetworksPage::started, this, [this] { showPage("networks"); });
    connect(tradeoffs_, &TradeoffsPage::runRequested, this, &MainWindow::train);
    connect(quantizer_, &QuantizerPage::useRequested, this, &MainWindow::useLevels);
    connect(&devices_->devices(), &DeviceList::measuringStarted, this, [this] {
        showPage("devices");
        if (page_->runs().anyActive())
            messages_->showMessage(
                tr("A run is training meanwhile, so that the devices look slower than they "
                   "are: stop it (F8) and measure again."),
                true);
    });
    connect(&devices_->devices(), &DeviceList::reset, this, [this] {
        std::vector<DeviceReport> choices;
        for (int row = 0; row < devices_->devices().size(); ++row)
            choices.push_back(devices_->devices().at(row).report);
        page_->panel().setDevices(choices);
        tradeoffs_->setDevices(choices);
    });
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
    connect(data_, &DataPage::openRequested, files_, &FileController::chooseData);
    QAction* start = page_->barActions().first();
    connect(data_, &DataPage::startRequested, start, &QAction::trigger);
    connect(start, &QAction::triggered, this, [this] {
        if (&currentPage() == data_)
            showPage("training"); // where it can be watched
    });
    connect(&page_->panel(), &ExperimentPanel::dataPageRequested, this, [this] { showPage("data"); });
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
    pageActions_[index]->setChecked(true);
    session_->history().setKeysActive(*page == page_ || *page == data_); // both show the settings
    lessonDock_->setVisible(lessonsWanted_ && *page == page_);           // the other pages need the room
    for (qsizetype i = 0; i < bars_.size(); ++i)
        bars_[i]->setVisible(i == index);
    return true;
}

Page& MainWindow::currentPage() const {
    return *static_cast<Page*>(stack_->currentWidget());
}

void MainWindow::buildLessons() {
    lessonDock_->setObjectName("lessons");
    lessonDock_->setWidget(lessons_);
    lessonDock_->setAllowedAreas(Qt::LeftDockWidgetArea | Qt::RightDockWidgetArea);
    addDockWidget(Qt::RightDockWidgetArea, lessonDock_);
    auto* toggle = lessonDock_->toggleViewAction();
    setIcon(toggle, "lessons");
    toggle->setShortcut(QKeySequence("Ctrl+L"));
    toggle->setStatusTip(tr("Show or hide the guided lessons"));
    toggle->setToolTip(toggle->statusTip() + " (Ctrl+L)");
    connect(toggle, &QAction::triggered, this, [this](bool shown) { lessonsWanted_ = shown; });
    connect(lessons_, &LessonPanel::pageWanted, this, [this](const QString& name) {
        showPage(name);
        lessonDock_->show(); // the lesson goes on there
    });
    present_->setCheckable(true);
    present_->setShortcut(QKeySequence("F11"));
    present_->setStatusTip(tr("Full screen with large type, for a class"));
    connect(present_, &QAction::toggled, this, &MainWindow::present);
}

void MainWindow::present(bool on) {
    constexpr double kLarger = 1.5;
    QFont font = QApplication::font();
    font.setPointSizeF(font.pointSizeF() * (on ? kLarger : 1 / kLarger));
    QApplication::setFont(font);
    on ? showFullScreen() : showNormal();
}

void MainWindow::buildMenus() {
    buildFileMenu();
    menuBar()
        ->addMenu(tr("&Edit"))
        ->addActions({session_->history().undoAction(), session_->history().redoAction()});
    auto* run = menuBar()->addMenu(tr("&Run"));
    run->addActions(page_->barActions());
    run->addSeparator();
    run->addAction(page_->compareAction());
    run->addAction(page_->seedsAction());
    run->addAction(tr("Show the welcome &comparison"), this, &MainWindow::startWelcome);
    menuBar()->addMenu(tr("Selec&ted run"))->addActions(page_->selectionActions());
    for (auto* page : pages_)
        if (page != page_)
            menuBar()->addMenu(page->card().title)->addActions(page->menuActions());
    buildViewMenu();
    auto* help = menuBar()->addMenu(tr("&Help"));
    help->addAction(tr("&Find a command…"), QKeySequence("Ctrl+K"), this,
                    [this] { (new CommandPalette(*menuBar(), this))->open(); });
    help->addAction(tr("&Keyboard shortcuts"), QKeySequence("F1"), this,
                    [this] { showShortcuts(actionsWithKeys(), *this); });
    help->addAction(tr("&About ZipML Lab"), this, [this] { showAbout(*this); });
}

void MainWindow::buildFileMenu() {
    auto* file = menuBar()->addMenu(tr("&File"));
    file->setToolTipsVisible(true);
    file->addActions(files_->actions());
    file->addAction(gallery_->action());
    file->addAction(page_->exportAction());
    file->addAction(page_->reportAction());
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
QList<QAction*> MainWindow::actionsWithKeys() const {
    QList<QAction*> actions = pageActions_;
    actions << lessonDock_->toggleViewAction() << present_ << gallery_->action();
    for (auto* page : pages_)
        actions += page->menuActions();
    actions += page_->selectionActions();
    actions << page_->compareAction() << page_->seedsAction() << page_->reportAction();
    actions += session_->openActions() + session_->saveActions();
    actions << session_->history().undoAction() << session_->history().redoAction();
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
    addActionBar(tr("Pages"), "pageBar", pageActions_ + QList{lessonDock_->toggleViewAction()})
        ->addSeparator();
    for (auto* page : pages_)
        bars_ << addActionBar(page->card().title, page->card().name + "Bar", page->barActions());
}

void MainWindow::buildStatusBar() {
    for (auto* widget : files_->progressWidgets())
        statusBar()->addPermanentWidget(widget);
    statusBar()->setSizeGripEnabled(false);
    statusBar()->addWidget(new QLabel(
        tr("Hover: values   Wheel: zoom   Drag: pan   Double-click: fit   Right-click: export"), this));
}

void MainWindow::useLevels(const GridSpec& grid, int bits, std::optional<bool> shared) {
    RunSpec spec;
    try {
        spec = page_->panel().spec();
    } catch (const InputError& error) {
        messages_->showMessage(QString::fromUtf8(error.what()), true);
        return;
    }
    spec.grid = grid;
    spec.bits = bits;
    spec.sharedGrid = shared.value_or(spec.sharedGrid);
    if (!whyUnused(spec, "grid").empty())
        spec.estimator = EstimatorKind::Double; // full precision has no levels
    constexpr std::string_view wanted[] = {"grid", "bits", "shared_grid"};
    spec = makingRoom(spec, wanted);
    page_->panel().setSpec(spec);
    messages_->showMessage(tr("The Training page is set to %1 levels and %2 bits. Ctrl+1 shows it.")
                               .arg(QString::fromUtf8(nameOf(grid.kind).data()))
                               .arg(bits),
                           false);
}

void MainWindow::train(RunSpec spec) {
    if (spec.biasDraws == 0)
        spec.biasDraws = RunSpec{}.biasDraws; // the page shows the bias
    showPage("training");
    page_->panel().setSpec(spec);
    page_->startAll({spec});
}

void MainWindow::startWelcome() {
    session_->demonstrate([this] { page_->startAll(welcomeComparison()); });
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
    settings.setValue("window/columns", page_->splitter().saveState());
    settings.setValue("window/state", saveState());
    settings.setValue("window/lessons", lessonsWanted_);
    QMainWindow::closeEvent(event);
}

} // namespace zipml::ui
