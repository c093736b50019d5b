#include "ui/session/autosave.h"

#include "core/base/file.h"

#include <QDir>
#include <QStandardPaths>
#include <QUuid>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
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
    journalBytes_ = 0;
    wish([&](Work& work) {
        if (!obsolete.isEmpty())
            work.obsolete << obsolete;
        std::ranges::move(work.lines, std::back_inserter(work.before));
        work.lines.clear();
        work.session = std::move(session);
    });
}

void Autosave::append(std::function<std::string()> line) {
    wish([&](Work& work) { work.lines.push_back(std::move(line)); });
}

bool Autosave::grown() const {
    constexpr std::size_t kLeast = std::size_t{1} << 20;
    return journalBytes_ > std::max(kLeast, 2 * sessionBytes_);
}

void Autosave::discard() {
    wish([](Work& work) { work = Work{true, {}, {}, {}, work.obsolete}; });
}

void Autosave::appendToJournal(const Lines& lines) {
    if (lines.empty())
        return;
    std::string text;
    for (const auto& line : lines)
        text += line();
    const std::string journal = journalOf(file_).toStdString();
    errno = 0;
    std::ofstream out(journal, std::ios::binary | std::ios::app);
    out << text;
    out.close();
    if (!out)
        throw RunError(journal + ": cannot be written: " + std::strerror(errno != 0 ? errno : EIO));
    journalBytes_ += text.size();
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
    // Until the session is renamed into place, the old one counts with its journal; from then on that journal
    // does not go with it.
    if (work.session) {
        if (QFile::exists(file_))
            appendToJournal(work.before);
        const std::string text = sessionText(*work.session);
        writeFileAtomically(file_.toStdString(), text);
        writeFileAtomically(journalOf(file_).toStdString(), journalHead(text));
        sessionBytes_ = text.size();
        journalBytes_ = 0;
    }
    appendToJournal(work.lines);
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
    const std::string text = readFile(file.toStdString());
    Session session = parseSession(text, file.toStdString()).session;
    if (QFile::exists(journalOf(file)))
        if (const std::string journal = readFile(journalOf(file).toStdString());
            journalGoesWith(journal, text))
            applyJournal(session, journal);
    return session;
}

QString Autosave::setAside(const QString& file) {
    constexpr const char* kEnding = ".damaged"; // which leftBehind does not look for
    for (const auto& each : {file, journalOf(file)}) {
        QFile::remove(each + kEnding);
        QFile::rename(each, each + kEnding);
    }
    return file + kEnding;
}

void Autosave::remove(const QString& file) {
    for (const auto& each : {file, journalOf(file)})
        QFile::remove(each);
}

} // namespace zipml::ui
