// The part of SessionController that keeps the session on disk while it is worked on, and brings it back.

#include "ui/session/session_controller.h"
#include "ui/session/session_state.h"

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

/// Names, states, order: what a journal of epochs does not tell.
std::string SessionController::runsSeen() const {
    std::string seen;
    for (int row = 0; row < runs().size(); ++row) {
        const RunView& run = runs().at(row);
        seen += std::to_string(run.id) + (run.visible ? "+" : "-") + (run.setup ? "s" : "") +
                (run.active() ? "" : titleOf(run.state).toStdString()) + run.name.toStdString() + '\n';
    }
    return seen;
}

void SessionController::watchRuns() {
    if (showing_)
        return;
    std::string seen = runsSeen();
    if (seen == seen_)
        return;
    seen_ = std::move(seen);
    if (runs().size() == 0)
        demonstration_.clear(); // ids begin anew
    touch();
    autosaveNow(); // rare, and the journal needs it
}

void SessionController::journalEpochs() {
    if (showing_)
        return;
    watchRuns();
    std::vector<std::pair<const RunView*, std::size_t>> more; // from this epoch on
    for (int row = 0; row < runs().size(); ++row) {
        const RunView& run = runs().at(row);
        auto& done = journaled_[run.id];
        done = std::min(done, run.epochs.size()); // another run may have the id of one that was removed
        if (done < run.epochs.size())
            more.emplace_back(&run, std::exchange(done, run.epochs.size()));
    }
    if (!more.empty()) {
        touch();
        if (!kept_)
            autosaveNow();
    }
    if (kept_) // a demonstration is not
        for (const auto& [run, first] : more)
            for (std::size_t e = first; e < run->epochs.size(); ++e)
                autosave_.append(run->id, run->epochs[e]);
    if (const QString error = autosave_.takeError(); !error.isEmpty())
        emit message(tr("The session cannot be kept safe: %1").arg(error), true);
}

void SessionController::autosaveNow() {
    autosaveSoon_.stop();
    if (!worthSaving()) {
        if (kept_) // what was kept is gone by the person's wish
            forgetAutosave();
        return;
    }
    autosave_.write(sessionOf(runs(), history_.settings(), page_));
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
        *this, [session, left] { *session = Autosave::recover(left); },
        [this, session, left](const QString& error) {
            if (!error.isEmpty()) {
                emit message(error, true);
                return;
            }
            show(*session, {});
            touch();
            autosave_.write(*session, left);
            kept_ = true;
            emit message(tr("Recovered the session, with %n run(s). Save it under a name (Ctrl+S).", nullptr,
                            static_cast<int>(session->runs.size())),
                         false);
        });
}

void SessionController::flush() {
    autosave_.flush();
}

} // namespace zipml::ui
