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
    : file_(folder + "/" + QUuid::createUuid().toString(QUuid::WithoutBraces) + kSessionEnding),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

Autosave::~Autosave() {
    thread_.request_stop();
    thread_.join();
}

void Autosave::write(Session session, const QString& obsolete) {
    {
        const std::lock_guard lock(mutex_);
        if (!obsolete.isEmpty())
            work_.obsolete << obsolete;
        work_.session = std::move(session);
    }
    wake_.notify_all();
}

void Autosave::append(int run, const EpochRecord& epoch) {
    const std::string line = journalLine(run, epoch);
    {
        const std::lock_guard lock(mutex_);
        work_.lines += line;
    }
    wake_.notify_all();
}

void Autosave::discard() {
    {
        const std::lock_guard lock(mutex_);
        work_ = Work{true, {}, {}, work_.obsolete};
    }
    wake_.notify_all();
}

void Autosave::flush() {
    std::unique_lock lock(mutex_);
    done_.wait(lock, [this] { return work_.empty() && !busy_; });
}

QString Autosave::takeError() {
    const std::lock_guard lock(mutex_);
    return std::exchange(error_, {});
}

void Autosave::work(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (wake_.wait(lock, stop, [this] { return !work_.empty(); })) {
        const Work work = std::exchange(work_, Work{});
        busy_ = true;
        lock.unlock();
        QString error;
        try {
            doIt(work);
        } catch (const std::exception& failure) {
            error = QString::fromUtf8(failure.what());
        }
        lock.lock();
        busy_ = false;
        if (!error.isEmpty())
            error_ = error;
        done_.notify_all();
    }
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
