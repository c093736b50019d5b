// The part of SessionController that keeps the session on disk while it is worked on, and brings it back.

#include "ui/session/session_controller.h"

#include "core/base/crash_report.h"
#include "ui/session/session_state.h"
#include "ui/widgets/page.h"

#include <QFileInfo>
#include <QMainWindow>
#include <QMessageBox>
#include <QPushButton>

#include <algorithm>
#include <utility>

namespace zipml::ui {

void SessionController::forgetAutosave() {
    autosaveSoon_.stop();
    autosave_.discard();
    kept_ = false;
}

namespace {

bool optimumIsKnown(const RunView& run) {
    return run.setup && (run.setup->optimumLoss || !run.setup->optimumNote.empty());
}

/// What a run's states do not tell.
std::string headOf(const RunView& run) {
    return std::string(run.visible ? "+" : "-") + (run.setup ? "s" : "") + (optimumIsKnown(run) ? "o" : "") +
           (run.active() ? "" : titleOf(run.state).toStdString()) + run.name.toStdString();
}

} // namespace

/// All is kept as it is now, or need not be.
void SessionController::takeStock() {
    seen_.clear();
    for (int row = 0; row < runs().size(); ++row) {
        const RunView& run = runs().at(row);
        seen_[run.id] = {headOf(run), optimumIsKnown(run), run.epochs.size(), run.steps.size()};
    }
    look_ = nlohmann::json::array({toJson(history_.settings()), page_.view()});
}

/// Rows came or went.
void SessionController::watchRuns() {
    if (showing_)
        return;
    const QList<int> ids = runs().ids();
    const std::set<int> there(ids.begin(), ids.end());
    std::vector<int> gone;
    for (const auto& [id, kept] : seen_)
        if (!there.contains(id))
            gone.push_back(id);
    for (const int id : gone) {
        seen_.erase(id);
        keep([id] { return journalRemoval(id); });
    }
    for (int row = 0; row < runs().size(); ++row)
        watchRun(row);
    journalEpochs(); // of runs that were put back
}

void SessionController::watchRun(int row) {
    const RunView& run = runs().at(row);
    const auto [known, isNew] = seen_.try_emplace(run.id);
    std::string head = headOf(run);
    if (!isNew && known->second.head == head)
        return;
    known->second.head = std::move(head);
    if (optimumIsKnown(run) && !std::exchange(known->second.optimum, true))
        known->second.epochs = 0; // it is part of those that were told before
    const auto place = isNew ? std::optional(static_cast<std::size_t>(row)) : std::nullopt;
    keep([place, now = sessionHeadOf(run)] { return journalLine(now, place); });
}

void SessionController::journalEpochs() {
    if (showing_)
        return;
    for (int row = 0; row < runs().size(); ++row) {
        const RunView& run = runs().at(row);
        const auto journal = [&](const std::vector<EpochRecord>& states, std::size_t Kept::*field) {
            const auto known = seen_.find(run.id);
            if (known == seen_.end() || known->second.*field >= states.size())
                return;
            auto& done = known->second.*field;
            std::vector more(states.begin() + static_cast<std::ptrdiff_t>(done), states.end());
            done = states.size();
            keep([id = run.id, more = std::move(more)] { return journalLine(id, more); });
        };
        journal(run.epochs, &Kept::epochs);
        journal(run.steps, &Kept::steps);
    }
    if (const QString error = autosave_.takeError(); !error.isEmpty())
        emit message(tr("The session cannot be kept safe: %1").arg(error), true);
}

/// Settings and how the runs are looked at.
void SessionController::journalLook() {
    const RunSpec settings = history_.settings();
    auto now = nlohmann::json::array({toJson(settings), page_.view()});
    if (now == look_)
        return;
    look_ = std::move(now);
    keep([settings, view = look_[1]] { return journalLine(settings, view); });
}

/// Something changed. @param line tells it to the journal
void SessionController::keep(std::function<std::string()> line) {
    touch();
    if (!worthSaving()) {
        if (kept_) // what was kept is gone by the person's wish
            forgetAutosave();
    } else if (!kept_ || autosave_.grown()) {
        writeAutosave();
    } else {
        autosave_.append(std::move(line));
        if (!autosaveSoon_.isActive())
            autosaveSoon_.start(); // the look may have changed with it
    }
}

void SessionController::writeAutosave(const QString& obsolete) {
    takeStock();
    autosave_.write(sessionOf(runs(), history_.settings(), page_), obsolete);
    kept_ = true;
}

void SessionController::offerRecovery() {
    const QStringList left = Autosave::leftBehind(recoveryFolder_);
    if (left.isEmpty())
        return;
    const QString& file = left.first();
    auto* box = new QMessageBox(QMessageBox::Question, tr("Recover the session?"),
                                tr("ZipML Lab ended unexpectedly. The session of %1 can be recovered, with "
                                   "all epochs that were finished.")
                                    .arg(QFileInfo(file).lastModified().toString("yyyy-MM-dd hh:mm")),
                                QMessageBox::NoButton, &window_);
    box->setObjectName("recovery");
    // Written after the session's last line, in the same second or a later one.
    if (const auto report = crashReportSince(crashReportFolder(), file.toStdString()); !report.empty())
        box->setInformativeText(
            tr("Where it crashed is in %1, without any data. Please send it to the developers.")
                .arg(QString::fromStdString(report.string())));
    auto* recoverIt = box->addButton(tr("&Recover"), QMessageBox::AcceptRole);
    auto* discard = box->addButton(tr("&Discard"), QMessageBox::DestructiveRole);
    box->addButton(tr("&Later"), QMessageBox::RejectRole);
    box->setDefaultButton(recoverIt);
    box->setAttribute(Qt::WA_DeleteOnClose);
    connect(box, &QMessageBox::buttonClicked, this,
            [this, file, recoverIt, discard](QAbstractButton* button) {
                if (button == recoverIt)
                    recover(file);
                else if (button == discard)
                    Autosave::remove(file);
            });
    box->open();
}

void SessionController::recover(const QString& left) {
    auto session = std::make_shared<Session>();
    inBackground(
        *this, [session, left](const Job&) { *session = Autosave::recover(left); },
        [this, session, left](const QString& error) {
            if (!error.isEmpty()) {
                emit message(tr("%1. It is not offered again, and kept as %2.")
                                 .arg(error, QFileInfo(Autosave::setAside(left)).fileName()),
                             true);
                return;
            }
            show(*session, {}, tr("recover the session"));
            touch();
            writeAutosave(left);
            emit message(tr("Recovered the session, with %n run(s). Save it under a name (Ctrl+S).", nullptr,
                            static_cast<int>(session->runs.size())),
                         false);
        });
}

void SessionController::flush() {
    autosave_.flush();
}

} // namespace zipml::ui
