#include "ui/session/session_controller.h"

#include "core/base/await_file.h"
#include "ui/session/session_state.h"
#include "ui/widgets/file_dialogs.h"
#include "ui/widgets/page.h"

#include <QAction>
#include <QFileInfo>
#include <QMainWindow>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>

#include <algorithm>

namespace zipml::ui {
namespace {

constexpr int kAutosaveMilliseconds = 3000;
constexpr int kMostRecent = 8;

QString filter() {
    return SessionController::tr("ZipML Lab session (*%1)").arg(kSessionEnding);
}

} // namespace

SessionController::SessionController(ExperimentModel& experiment, Page& page, QMainWindow& window,
                                     const QString& recoveryFolder)
    : QObject(&window), experiment_(experiment), page_(page), window_(window), history_(experiment.history()),
      recoveryFolder_(recoveryFolder), autosave_(recoveryFolder) {
    buildActions();
    autosaveSoon_.setSingleShot(true);
    autosaveSoon_.setInterval(kAutosaveMilliseconds);
    connect(&autosaveSoon_, &QTimer::timeout, this, &SessionController::journalLook);
    connect(&history_, &SettingsHistory::changed, this, [this] {
        if (showing_)
            return;
        touch();
        if (!autosaveSoon_.isActive())
            autosaveSoon_.start();
    });
    connect(&runs(), &RunList::reset, this, &SessionController::watchRuns);
    connect(&runs(), &RunList::rowChanged, this, [this](int row) {
        if (!showing_)
            watchRun(row);
    });
    connect(&runs(), &RunList::ticksChanged, this, [this] {
        for (int row = 0; !showing_ && row < runs().size(); ++row)
            watchRun(row);
    });
    connect(&runs(), &RunList::curvesChanged, this, &SessionController::journalEpochs);
    updateTitle();
}

/// An orderly end; after a crash nobody comes here.
SessionController::~SessionController() {
    autosave_.discard();
}

void SessionController::buildActions() {
    const auto make = [this](const QString& text, const QKeySequence& key, const QString& help) {
        auto* action = new QAction(text, this);
        action->setShortcut(key);
        action->setStatusTip(help);
        action->setToolTip(help);
        return action;
    };
    new_ = make(tr("&New session"), QKeySequence::New, tr("Begin with no runs"));
    open_ = make(tr("Open &session…"), QKeySequence("Ctrl+Shift+O"),
                 tr("Open settings, runs and curves that were saved"));
    save_ = make(tr("&Save session"), QKeySequence::Save, tr("Save settings, runs and curves"));
    saveAs_ = make(tr("Save session &as…"), QKeySequence("Ctrl+Shift+S"),
                   tr("Save settings, runs and curves under another name"));
    recentMenu_ = new QMenu(tr("&Recent files"), &window_);
    recent_ = recentMenu_->menuAction();
    connect(recentMenu_, &QMenu::aboutToShow, this, &SessionController::fillRecent);
    fillRecent();
    connect(new_, &QAction::triggered, this, [this] {
        whenSaved([this] {
            show({history_.settings(), nlohmann::json::object(), {}}, {}, tr("new session"));
        });
    });
    connect(open_, &QAction::triggered, this, [this] {
        chooseFileToOpen(
            window_, tr("Open a session"), [this](const QString& file) { open(file); },
            QFileInfo(file_).path(), filter());
    });
    connect(save_, &QAction::triggered, this, [this] { save({}); });
    connect(saveAs_, &QAction::triggered, this, [this] { saveAs({}); });
}

void SessionController::open(const QString& file) {
    whenSaved([this, file] {
        auto opened = std::make_shared<OpenedSession>();
        inBackground(
            *this,
            [opened, name = file.toStdString()](const Job& job) {
                awaitNoPipe(name, job);
                *opened = readSession(name);
            },
            [this, opened, file, turn = ++opens_](const QString& error) {
                if (turn != opens_)
                    return; // another was opened while this one did not answer
                if (!error.isEmpty()) {
                    emit message(error, true);
                    return;
                }
                show(opened->session, opened->edited ? QString() : file,
                     tr("open %1").arg(QFileInfo(file).fileName()));
                addRecent(file);
                emit this->opened();
                if (opened->edited) {
                    setModified(true);
                    emit message(tr("%1 was edited outside ZipML Lab: this is a copy of it. Saving "
                                    "asks for a name, and the file stays as it is.")
                                     .arg(file),
                                 true);
                } else {
                    emit message(tr("Opened %1").arg(file), false);
                }
            });
    });
}

void SessionController::show(const Session& session, const QString& file, const QString& what) {
    const Document before{file_, modified_, page_.view(), runs().ids()};
    const auto shown = std::make_shared<Document>();
    showing_ = true;
    history_.together(
        what, [&] { showSession(session, experiment_, page_); },
        [this, before, shown](bool undone) { become(undone ? before : *shown); });
    showing_ = false;
    *shown = {file, false, page_.view(), runs().ids()};
    become(*shown);
}

/// Settings and runs are there already.
void SessionController::become(const Document& document) {
    page_.showView(document.view);
    takeStock();
    forgetAutosave();
    setFile(document.file);
    setModified(document.modified || runs().ids() != document.runs);
    if (worthSaving())
        writeAutosave();
}

void SessionController::saveTo(const QString& file, const std::function<void()>& saved) {
    auto session = std::make_shared<Session>(sessionOf(runs(), history_.settings(), page_));
    inBackground(
        *this, [session, name = file.toStdString()](const Job&) { writeSession(*session, name); },
        [this, file, saved, before = changes_](const QString& error) {
            if (!error.isEmpty()) {
                emit message(error, true);
                return;
            }
            setFile(file);
            addRecent(file);
            if (changes_ == before) {
                setModified(false);
                forgetAutosave();
            }
            emit message(tr("Saved %1").arg(file), false);
            if (saved)
                saved();
        });
}

void SessionController::save(const std::function<void()>& saved) {
    file_.isEmpty() ? saveAs(saved) : saveTo(file_, saved);
}

void SessionController::saveAs(const std::function<void()>& saved) {
    chooseFileToSave(
        window_, {tr("Save the session"), file_.isEmpty() ? tr("session") + kSessionEnding : file_, filter()},
        [this, saved](const QString& file) { saveTo(file, saved); });
}

/// Runs that are not a demonstration's, or a file that they belong to.
bool SessionController::worthSaving() const {
    const auto ids = runs().ids();
    return modified_ && (!file_.isEmpty() ||
                         !std::ranges::all_of(ids, [&](int id) { return demonstration_.contains(id); }));
}

void SessionController::whenSaved(const std::function<void()>& go, const QStringList& interrupted) {
    history_.settings(); // a change of this moment counts
    const bool unsaved = worthSaving();
    if (!unsaved && interrupted.isEmpty()) {
        go();
        return;
    }
    if (window_.findChild<QMessageBox*>("unsavedChanges"))
        return; // the person is being asked
    const QString changes = tr("The session has changes that are not saved.");
    auto* box = new QMessageBox(QMessageBox::Question, unsaved ? tr("Unsaved changes") : tr("Close now?"),
                                ((unsaved ? QStringList{changes} : QStringList{}) + interrupted).join("\n\n"),
                                unsaved ? QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel
                                        : QMessageBox::Close | QMessageBox::Cancel,
                                &window_);
    for (const auto& [button, text] : {std::pair{QMessageBox::Save, tr("&Save")},
                                       {QMessageBox::Discard, tr("&Discard")},
                                       {QMessageBox::Close, tr("C&lose")}})
        if (auto* there = box->button(button))
            there->setText(text);
    box->setObjectName("unsavedChanges");
    box->setDefaultButton(unsaved ? QMessageBox::Save : QMessageBox::Cancel);
    box->setAttribute(Qt::WA_DeleteOnClose);
    connect(box, &QMessageBox::finished, this, [this, go](int button) {
        if (button == QMessageBox::Save)
            save(go);
        else if (button != QMessageBox::Cancel)
            go();
    });
    box->open();
}

bool SessionController::mayClose(const QStringList& interrupted) {
    history_.settings();
    if (closing_ || (!worthSaving() && interrupted.isEmpty())) {
        forgetAutosave();
        return true;
    }
    whenSaved(
        [this] {
            closing_ = true;
            window_.close();
        },
        interrupted);
    return false;
}

void SessionController::demonstrate(const std::function<void()>& start) {
    const QList<int> before = runs().ids();
    showing_ = true;
    start();
    showing_ = false;
    for (const int id : runs().ids())
        if (!before.contains(id))
            demonstration_.insert(id);
    watchRuns();
}

void SessionController::putDemonstrationAway() {
    QList<int> rows;
    for (int row = 0; row < runs().size(); ++row)
        if (demonstration_.contains(runs().at(row).id))
            rows << row;
    if (!rows.isEmpty())
        runs().remove(rows);
}

void SessionController::touch() {
    ++changes_;
    modified_ = true;
    updateTitle(); // whether it is worth a mark may have changed, too
}

void SessionController::setFile(const QString& file) {
    file_ = file;
    updateTitle();
}

void SessionController::setModified(bool modified) {
    if (modified == modified_)
        return;
    modified_ = modified;
    updateTitle();
}

void SessionController::updateTitle() {
    const QString name = file_.isEmpty() ? tr("Untitled") : QFileInfo(file_).completeBaseName();
    window_.setWindowTitle(tr("%1[*] – ZipML Lab").arg(name));
    window_.setWindowModified(worthSaving());
}

void SessionController::addRecent(const QString& file) {
    QSettings settings;
    const QString path = QFileInfo(file).absoluteFilePath();
    QStringList files = settings.value("recentFiles").toStringList();
    files.removeAll(path);
    files.prepend(path);
    settings.setValue("recentFiles", QStringList(files.mid(0, kMostRecent)));
    fillRecent();
}

void SessionController::fillRecent() {
    recentMenu_->clear();
    for (const auto& file : QSettings().value("recentFiles").toStringList()) {
        auto* action = recentMenu_->addAction(QFileInfo(file).fileName());
        action->setToolTip(file);
        action->setStatusTip(file);
        connect(action, &QAction::triggered, this,
                [this, file] { isSession(file) ? open(file) : emit otherFileChosen(file); });
    }
    recent_->setEnabled(!recentMenu_->isEmpty());
}

} // namespace zipml::ui
