#include "ui/session/file_controller.h"

#include "core/base/await_file.h"
#include "core/base/file.h"
#include "core/document/figure_file.h"
#include "core/document/record_file.h"
#include "ui/experiment/data_preview.h"
#include "ui/experiment/data_summary.h"
#include "ui/experiment/experiment_model.h"
#include "ui/fetch/fetch_dialog.h"
#include "ui/session/session_controller.h"
#include "ui/session/session_state.h"
#include "ui/widgets/background_job.h"
#include "ui/widgets/file_dialogs.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/setting_words.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QFileInfo>
#include <QMessageBox>
#include <QProgressBar>
#include <QPushButton>
#include <QSettings>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace zipml::ui {
namespace {

constexpr const char* kOwnDataUsed = "ownDataUsed";

} // namespace

FileController::FileController(ExperimentModel& experiment, SessionController& session, QWidget& window)
    : QObject(&window), experiment_(experiment), preview_(experiment.preview()), session_(session),
      window_(window) {
    buildActions();
    buildProgress();
    connectPreview();
    connect(&session_, &SessionController::opened, this, [this] { emit opened(true); });
    connect(&session_, &SessionController::otherFileChosen, this, &FileController::open);
}

void FileController::buildActions() {
    open_ = new QAction(tr("&Open data, experiment or runs…"), this);
    setIcon(open_, "open");
    open_->setShortcut(QKeySequence::Open);
    fetch_ = new QAction(tr("&Fetch a data set…"), this);
    save_ = new QAction(tr("Save e&xperiment…"), this);
    connect(open_, &QAction::triggered, this, &FileController::chooseData);
    connect(fetch_, &QAction::triggered, this, [this] { fetch(window_, {}); });
    connect(save_, &QAction::triggered, this, &FileController::saveExperiment);
}

void FileController::buildProgress() {
    progress_ = new QProgressBar(&window_);
    progress_->setRange(0, 100);
    progress_->setMaximumWidth(240);
    progress_->setFormat(tr("Reading %p%"));
    progress_->setAccessibleName(tr("Reading progress"));
    cancel_ = new QPushButton(tr("Cancel"), &window_);
    cancel_->setAccessibleName(tr("Cancel reading"));
    connect(cancel_, &QPushButton::clicked, &preview_, &DataPreview::cancel);
    progress_->hide();
    cancel_->hide();
}

void FileController::connectPreview() {
    connect(&preview_, &DataPreview::progress, this,
            [this](double share) { progress_->setValue(static_cast<int>(share * progress_->maximum())); });
    connect(&preview_, &DataPreview::changed, this, [this] {
        const bool reading = preview_.reading();
        if (reading && !progress_->isVisible())
            progress_->setValue(0);
        progress_->setVisible(reading);
        cancel_->setVisible(reading);
    });
    connect(&preview_, &DataPreview::opened, this, &FileController::showOpened);
    connect(&preview_, &DataPreview::refused, this, [this](const QString& error) {
        emit opened(false);
        if (error.isEmpty())
            return;
        const QFileInfo file(QString::fromStdString(preview_.data().source));
        if (file.isFile() && file.size() > 0)
            emit pageWanted("data"); // where it can be read in another way
        emit message(inWindowWords(error.toStdString()), true);
    });
}

void FileController::showOpened() {
    const DataReport& report = *preview_.report();
    const QString file = QString::fromStdString(preview_.data().source);
    session_.addRecent(file);
    session_.putDemonstrationAway();
    QSettings().setValue(kOwnDataUsed, true);
    if (!report.whyNot.empty()) {
        emit pageWanted("data");
        emit message(tr("Opened %1. One thing is to be chosen before it can be trained on.").arg(file),
                     false);
        emit opened(false);
        return;
    }
    const QString label = labelOf(report);
    emit message(tr("Opened %1. Press Start to train on it.").arg(file) +
                     (label.isEmpty() ? QString() : tr(" The %1.").arg(label)),
                 false);
    emit opened(true);
}

bool FileController::ownDataUsed() {
    return QSettings().value(kOwnDataUsed, false).toBool();
}

QList<QWidget*> FileController::progressWidgets() const {
    return {progress_, cancel_};
}

void FileController::chooseData() {
    chooseFileToOpen(window_, tr("Open data, an experiment or runs"),
                     [this](const QString& file) { open(file); });
}

void FileController::open(const QString& file) {
    if (SessionController::isSession(file)) {
        session_.open(file);
        return;
    }
    const auto endings = {".json", ".jsonl", ".ndjson"};
    if (std::ranges::any_of(endings, [&](const char* ending) { return file.endsWith(ending); })) {
        openJson(file);
        return;
    }
    if (isFigure(file.toStdString())) {
        openFigure(file);
        return;
    }
    ++opens_;
    preview_.open(file);
}

void FileController::openFigure(const QString& file) {
    auto runs = std::make_shared<std::vector<RunSpec>>();
    inBackground(
        *this,
        [runs, name = file.toStdString()](const Job& job) {
            awaitNoPipe(name, job);
            *runs = readFigure(name);
        },
        [this, runs, file, turn = ++opens_](const QString& error) {
            if (turn != opens_)
                return; // another was opened while this one did not answer
            if (error.isEmpty())
                offerRuns(file, *runs);
            else
                emit message(inWindowWords(error.toStdString()), true);
            emit opened(false);
        });
}

void FileController::offerRuns(const QString& file, const std::vector<RunSpec>& runs) {
    QStringList names;
    for (const RunSpec& run : runs)
        names << toQt(displayName(run) + ", " + run.data.source);
    const QString name = QFileInfo(file).fileName();
    auto* box = new QMessageBox(
        QMessageBox::Question, tr("Run a figure again?"),
        runs.size() == 1
            ? tr("%1 shows a run. Train it again, to the same curve?").arg(name)
            : tr("%1 shows %2 runs. Train them again, to the same curves?").arg(name).arg(runs.size()),
        QMessageBox::Cancel, &window_);
    box->setObjectName("figureRuns");
    box->setInformativeText(names.join("\n"));
    auto* train = box->addButton(tr("&Train"), QMessageBox::AcceptRole);
    box->setDefaultButton(train);
    box->setAttribute(Qt::WA_DeleteOnClose);
    connect(box, &QMessageBox::buttonClicked, this, [this, file, runs, train](QAbstractButton* button) {
        if (button != train)
            return;
        session_.putDemonstrationAway();
        session_.addRecent(file);
        emit pageWanted("training");
        experiment_.startAll(runs);
    });
    box->open();
}

void FileController::openJson(const QString& file) {
    struct Read {
        bool experiment = false;
        RunFile runs;
    };
    auto read = std::make_shared<Read>();
    inBackground(
        *this,
        [read, name = file.toStdString()](const Job& job) {
            awaitNoPipe(name, job);
            const std::string text = readFile(name);
            const auto whole = nlohmann::json::parse(text, nullptr, false); // a stream is not one value
            read->experiment = name.ends_with(".json") && !holdsRuns(whole) &&
                               (whole.is_object() || text.find("\"spec\"") == std::string::npos);
            if (!read->experiment)
                read->runs = parseRuns(text, name);
        },
        [this, read, file, turn = ++opens_](const QString& error) {
            if (turn != opens_)
                return; // another was opened while this one did not answer
            if (!error.isEmpty()) {
                emit message(inWindowWords(error.toStdString()), true);
                emit opened(false);
            } else if (read->experiment) {
                openExperiment(file);
            } else {
                addRuns(file, read->runs);
            }
        });
}

void FileController::addRuns(const QString& file, const RunFile& read) {
    std::vector<RunView> views;
    for (const SessionRun& run : read.runs)
        views.push_back(runViewOf(run));
    experiment_.runs().add(std::move(views));
    session_.addRecent(file);
    emit pageWanted("training");
    const QString text = tr("Added %n run(s) of %1.", nullptr, static_cast<int>(read.runs.size())).arg(file);
    emit message(read.cut ? text + tr(" What stands last is cut short and was left out.") : text, read.cut);
    emit opened(false);
}

void FileController::openExperiment(const QString& file) {
    auto spec = std::make_shared<RunSpec>();
    inBackground(
        *this,
        [spec, name = file.toStdString()](const Job& job) {
            awaitNoPipe(name, job);
            *spec = readSpec(name);
        },
        [this, spec, file, turn = ++opens_](const QString& error) {
            if (turn != opens_)
                return; // another was opened while this one did not answer
            if (!error.isEmpty()) {
                emit message(inWindowWords(error.toStdString()), true);
                emit opened(false);
                return;
            }
            experiment_.setSpec(*spec);
            session_.addRecent(file);
            emit message(tr("Opened %1. Press Start to run it.").arg(file), false);
            emit opened(true);
        });
}

void FileController::saveExperiment() {
    RunSpec spec;
    try {
        spec = experiment_.spec();
    } catch (const InputError& error) {
        emit message(inWindowWords(error.what()), true);
        return;
    }
    saveToFile(
        window_, {tr("Save the experiment"), "experiment.json", tr("Experiment (*.json)")},
        [spec](const QString& file) { writeSpec(spec, file.toStdString()); },
        [this](const QString& text, bool bad) { emit message(text, bad); });
}

FetchDialog* FileController::fetch(QWidget& parent, const std::filesystem::path& folder) {
    auto* dialog = new FetchDialog(&parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    if (!folder.empty())
        dialog->setFolder(folder);
    connect(dialog, &FetchDialog::opened, this, [this, &parent](const DataSpec& set) {
        try {
            RunSpec spec = experiment_.spec();
            spec.data = set;
            experiment_.setSpec(spec);
            preview_.proposeFor(set.source);
        } catch (const InputError& error) {
            emit message(inWindowWords(error.what()), true);
            return;
        }
        if (&parent != &window_)
            parent.close();
        emit pageWanted("training");
        open(QString::fromStdString(set.source));
    });
    dialog->open();
    return dialog;
}

} // namespace zipml::ui
