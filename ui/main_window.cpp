#include "ui/main_window.h"

#include "core/lab/welcome.h"
#include "ui/devices/device_memory.h"
#include "ui/devices/devices_page.h"
#include "ui/session/session_controller.h"
#include "ui/training/training_page.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/message_bar.h"

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QProgressBar>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolBar>
#include <QVBoxLayout>

namespace zipml::ui {

MainWindow::MainWindow(DeviceSources devices)
    : page_(new TrainingPage(this)), devices_(new DevicesPage(std::move(devices), usualDeviceFile(), this)),
      pages_(new QStackedWidget(this)), messages_(new MessageBar(this)),
      session_(new SessionController(*page_, *this)) {
    setWindowIcon(QIcon(":/icons/zipml-lab.svg"));
    setAcceptDrops(true);
    auto* centre = new QWidget(this);
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(messages_);
    layout->addWidget(pages_, 1);
    setCentralWidget(centre);
    buildPages();
    buildMenus();
    buildToolBars();
    buildStatusBar();

    const auto tell = [this](const QString& text, bool bad) { messages_->showMessage(text, bad); };
    connect(page_, &TrainingPage::message, this, tell);
    connect(session_, &SessionController::message, this, tell);
    connect(session_, &SessionController::otherFileChosen, this, &MainWindow::open);
    connect(devices_, &DevicesPage::message, this, tell);
    connect(&devices_->devices(), &DeviceList::measuringStarted, this, [this] {
        showPage(Devices);
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
    });
    connect(&page_->panel(), &ExperimentPanel::openRequested, this,
            [this] { chooseFile(tr("Open data"), [this](const QString& file) { open(file); }); });
    connect(&page_->panel(), &ExperimentPanel::openTestRequested, this, [this] {
        chooseFile(tr("Choose a test file"), [this](const QString& file) {
            page_->panel().findChild<QLineEdit*>("test")->setText(file);
        });
    });
    connect(&inspection_, &Inspection::progress, this,
            [this](double share) { loading_->setValue(static_cast<int>(share * 100)); });
    connect(&inspection_, &Inspection::succeeded, this, [this](const QString& file, const QString& card) {
        endInspection();
        page_->panel().setData(file, card);
        session_->addRecent(file);
        messages_->showMessage(tr("Opened %1. Press Start (Ctrl+Return) to train on it.").arg(file), false);
    });
    connect(&inspection_, &Inspection::failed, this, [this](const QString& error) {
        endInspection();
        messages_->showMessage(error, true);
    });
    connect(&inspection_, &Inspection::cancelled, this, &MainWindow::endInspection);

    resize(1280, 800);
    const QSettings settings;
    restoreGeometry(settings.value("window/geometry").toByteArray());
    page_->splitter().restoreState(settings.value("window/columns").toByteArray());
    showPage(Training);
}

void MainWindow::buildPages() {
    auto* group = new QActionGroup(this);
    const auto add = [&](QWidget* page, const QString& title, const QString& icon, const QString& help) {
        const int index = pages_->addWidget(page);
        const QString key = QString("Ctrl+%1").arg(index + 1);
        auto* action = group->addAction(title);
        setIcon(action, icon);
        action->setCheckable(true);
        action->setShortcut(QKeySequence(key));
        action->setStatusTip(help);
        action->setToolTip(help + " (" + key + ")");
        connect(action, &QAction::triggered, this, [this, index] { showPage(static_cast<Page>(index)); });
        pageActions_ << action;
    };
    add(page_, tr("Training"), "training", tr("Set up, run and compare experiments"));
    add(devices_, tr("Devices"), "devices", tr("Check, measure and compare what computes"));
}

void MainWindow::showPage(Page page) {
    pages_->setCurrentIndex(page);
    pageActions_[page]->setChecked(true);
    for (qsizetype i = 0; i < bars_.size(); ++i)
        bars_[i]->setVisible(i == page);
}

void MainWindow::buildMenus() {
    auto* file = menuBar()->addMenu(tr("&File"));
    file->setToolTipsVisible(true);
    file->addAction(makeIcon("open"), tr("&Open data or experiment…"), QKeySequence::Open, this,
                    [this] { chooseFile(tr("Open data"), [this](const QString& name) { open(name); }); });
    file->addAction(tr("Save e&xperiment…"), this, &MainWindow::saveExperiment);
    file->addAction(page_->exportAction());
    file->addSeparator();
    file->addActions(session_->openActions());
    file->addActions(session_->saveActions());
    file->addSeparator();
    file->addAction(tr("&Quit"), QKeySequence::Quit, this, &QWidget::close);

    menuBar()
        ->addMenu(tr("&Edit"))
        ->addActions({session_->history().undoAction(), session_->history().redoAction()});
    auto* run = menuBar()->addMenu(tr("&Run"));
    run->addActions(page_->runActions());
    run->addSeparator();
    run->addAction(page_->compareAction());
    run->addAction(tr("Show the welcome &comparison"), this, &MainWindow::startWelcome);
    auto* selection = menuBar()->addMenu(tr("Selec&ted run"));
    selection->addActions(page_->selectionActions());

    menuBar()->addMenu(tr("&Devices"))->addActions(devices_->deviceActions());

    auto* view = menuBar()->addMenu(tr("&View"));
    view->addActions(pageActions_);
    view->addSeparator();
    view->addAction(tr("&Fit the plots"), QKeySequence("Ctrl+0"), this, [this] {
        for (auto* plot : {&page_->lossPlot(), &page_->secondPlot(), &devices_->roofline()})
            plot->fit();
    });
    auto* themes = view->addMenu(tr("&Theme"));
    auto* group = new QActionGroup(this);
    const Theme current = themeFromName(QSettings().value("theme").toString());
    for (const auto& [theme, title] :
         {std::pair{Theme::System, tr("&System")}, std::pair{Theme::Light, tr("&Light")},
          std::pair{Theme::Dark, tr("&Dark")}}) {
        auto* action = themes->addAction(title, this, [this, theme = theme] { setTheme(theme); });
        action->setCheckable(true);
        action->setChecked(theme == current);
        group->addAction(action);
    }

    auto* help = menuBar()->addMenu(tr("&Help"));
    help->addAction(tr("&Keyboard shortcuts"), QKeySequence("F1"), this, &MainWindow::showShortcuts);
    help->addAction(tr("&About ZipML Lab"), this, &MainWindow::showAbout);
}

QToolBar* MainWindow::addActionBar(const QString& title, const char* name, const QList<QAction*>& actions) {
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
    addActionBar(tr("Pages"), "pageBar", pageActions_)->addSeparator();
    bars_ = {addActionBar(tr("Run"), "runBar", page_->runActions()),
             addActionBar(tr("Devices"), "deviceBar", devices_->deviceActions())};
}

void MainWindow::buildStatusBar() {
    loading_ = new QProgressBar(this);
    loading_->setRange(0, 100);
    loading_->setMaximumWidth(240);
    loading_->setFormat(tr("Reading %p%"));
    loading_->setAccessibleName(tr("Reading progress"));
    cancelLoading_ = new QPushButton(tr("Cancel"), this);
    cancelLoading_->setAccessibleName(tr("Cancel reading"));
    connect(cancelLoading_, &QPushButton::clicked, &inspection_, &Inspection::cancel);
    statusBar()->addPermanentWidget(loading_);
    statusBar()->addPermanentWidget(cancelLoading_);
    statusBar()->setSizeGripEnabled(false);
    statusBar()->addWidget(new QLabel(
        tr("Hover: values   Wheel: zoom   Drag: pan   Double-click: fit   Right-click: export"), this));
    endInspection();
}

void MainWindow::endInspection() {
    loading_->hide();
    cancelLoading_->hide();
}

void MainWindow::startWelcome() {
    session_->demonstrate([this] { page_->startAll(welcomeComparison()); });
}

void MainWindow::open(const QString& file) {
    if (SessionController::isSession(file)) {
        session_->open(file);
        return;
    }
    if (file.endsWith(".json")) {
        try {
            page_->panel().setSpec(readSpec(file.toStdString()));
            session_->addRecent(file);
            messages_->showMessage(tr("Opened %1. Press Start (Ctrl+Return) to run it.").arg(file), false);
        } catch (const InputError& error) {
            messages_->showMessage(QString::fromUtf8(error.what()), true);
        }
        return;
    }
    loading_->setValue(0);
    loading_->show();
    cancelLoading_->show();
    inspection_.start(file, page_->panel().loadOptions());
}

void MainWindow::chooseFile(const QString& title, const std::function<void(const QString&)>& opened) {
    auto* dialog = new QFileDialog(this, title);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, opened);
    dialog->open();
}

void MainWindow::saveExperiment() {
    RunSpec spec;
    try {
        spec = page_->panel().spec();
    } catch (const InputError& error) {
        messages_->showMessage(QString::fromUtf8(error.what()), true);
        return;
    }
    auto* dialog =
        new QFileDialog(this, tr("Save the experiment"), "experiment.json", tr("Experiment (*.json)"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix("json");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, [this, spec](const QString& file) {
        try {
            writeSpec(spec, file.toStdString());
            messages_->showMessage(tr("Saved %1").arg(file), false);
        } catch (const std::exception& error) {
            messages_->showMessage(QString::fromUtf8(error.what()), true);
        }
    });
    dialog->open();
}

void MainWindow::setTheme(Theme theme) {
    QSettings().setValue("theme", nameOfTheme(theme));
    applyTheme(theme);
    renewIcons(*this);
}

void MainWindow::showShortcuts() {
    QString rows;
    const auto add = [&](const QString& keys, const QString& what) {
        rows += QString("<tr><td style='padding-right:18px'><b>%1</b></td><td>%2</td></tr>").arg(keys, what);
    };
    for (const auto* action : pageActions_ + page_->runActions() + QList{page_->compareAction()} +
                                  page_->selectionActions() + session_->openActions() +
                                  session_->saveActions() +
                                  QList{session_->history().undoAction(), session_->history().redoAction()} +
                                  devices_->deviceActions())
        if (!action->shortcuts().isEmpty())
            add(QKeySequence::listToString(action->shortcuts(), QKeySequence::NativeText).replace("; ", ", "),
                action->statusTip());
    add("Ctrl+O", tr("Open data or an experiment"));
    add("Ctrl+0", tr("Fit the plots"));
    add(tr("+  −  0  arrows"), tr("In a plot: zoom in, zoom out, fit, pan"));
    add("F2", tr("In the table: rename the run"));
    add(tr("Space"), tr("In the table: show or hide the run"));
    auto* box = new QMessageBox(QMessageBox::NoIcon, tr("Keyboard shortcuts"), "<table>" + rows + "</table>",
                                QMessageBox::Close, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void MainWindow::showAbout() {
    auto* box = new QMessageBox(QMessageBox::NoIcon, tr("About ZipML Lab"),
                                tr("<h3>ZipML Lab %1</h3><p>A laboratory for low-precision "
                                   "training.</p><p>The method: Zhang, Li, Kara, "
                                   "Alistarh, Liu, Zhang, <i>ZipML: Training Linear Models with End-to-End "
                                   "Low Precision, and a Little Bit of "
                                   "Deep Learning</i>, ICML 2017.</p>")
                                    .arg(ZIPML_VERSION),
                                QMessageBox::Close, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
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
    if (!session_->mayClose()) {
        event->ignore();
        return;
    }
    QSettings settings;
    settings.setValue("window/geometry", saveGeometry());
    settings.setValue("window/columns", page_->splitter().saveState());
    QMainWindow::closeEvent(event);
}

} // namespace zipml::ui
