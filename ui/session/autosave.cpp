#include "ui/session/autosave.h"

#include "core/base/file.h"

#include <QDir>
#include <QStandardPaths>
#include <QUuid>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

namespace zipml::ui {
namespace {

QString journalOf(const QString& file) {
    return file + ".journal";
}

QString lockOf(const QString& file) {
    return file + ".lock";
}

/// Locked by process id: one that is gone does not hold it.
std::unique_ptr<QLockFile> makeLock(const QString& file) {
    auto lock = std::make_unique<QLockFile>(lockOf(file));
    lock->setStaleLockTime(0);
    return lock;
}

} // namespace

Autosave::Autosave(const QString& folder)
    : file_(folder + "/" + QUuid::createUuid().toString(QUuid::WithoutBraces) + kSessionEnding) {}

void Autosave::wish(const std::function<void(Work&)>& change) {
    {
        const std::lock_guard lock(mutex_);
        change(work_);
    }
    job_.startNext([this](const Job&, RunControl&) {
        Work work;
        {
            const std::lock_guard lock(mutex_);
            work = std::exchange(work_, Work{});
        }
        doIt(work);
    });
}

void Autosave::write(Session session, const QString& obsolete) {
    wish([&](Work& work) {
        if (!obsolete.isEmpty())
            work.obsolete << obsolete;
        work.session = std::move(session);
    });
}

void Autosave::append(int run, const EpochRecord& epoch) {
    wish([&](Work& work) { work.lines += journalLine(run, epoch); });
}

void Autosave::discard() {
    wish([](Work& work) { work = Work{true, {}, {}, work.obsolete}; });
}

void Autosave::doIt(const Work& work) {
    if (work.discard) {
        remove(file_);
        lock_.reset();
    }
    if (!work.session && work.lines.empty())
        return;
    if (!lock_) {
        QDir().mkpath(QFileInfo(file_).path());
        lock_ = makeLock(file_);
        lock_->tryLock(0);
    }
    const std::string journal = journalOf(file_).toStdString();
    // The old journal first: until the session is renamed into place, old session and old journal count.
    if (!work.lines.empty()) {
        errno = 0;
        std::ofstream out(journal, std::ios::binary | std::ios::app);
        out << work.lines;
        out.close();
        if (!out)
            throw RunError(journal + ": cannot be written: " + std::strerror(errno != 0 ? errno : EIO));
    }
    if (work.session) {
        writeSession(*work.session, file_.toStdString());
        writeFileAtomically(journal, work.lines); // epochs that the session has already do no harm
    }
    for (const auto& file : work.obsolete)
        remove(file);
}

QString Autosave::usualFolder() {
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + "/recovery";
}

QStringList Autosave::leftBehind(const QString& folder) {
    QStringList files;
    const auto candidates =
        QDir(folder).entryInfoList({QString("*") + kSessionEnding}, QDir::Files, QDir::Time);
    for (const auto& candidate : candidates)
        if (const auto lock = makeLock(candidate.filePath()); lock->tryLock(0))
            files << candidate.filePath();
    return files;
}

Session Autosave::recover(const QString& file) {
    Session session = readSession(file.toStdString()).session;
    if (QFile::exists(journalOf(file)))
        applyJournal(session, readFile(journalOf(file).toStdString()));
    return session;
}

void Autosave::remove(const QString& file) {
    for (const auto& each : {file, journalOf(file)})
        QFile::remove(each);
}

} // namespace zipml::ui
