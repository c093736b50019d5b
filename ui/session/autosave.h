#pragma once
/// The autosave keeps the session on disk while it is being worked on, so that a crash loses nothing that was
/// finished. It writes in the background: what happens goes to the end of a journal, and the session as a whole
/// is written only when the journal has grown to twice its size, so that the bytes written are in proportion
/// to what happened. Each program that runs has its own files, locked while it lives.

#include "core/document/session.h"
#include "ui/widgets/background_job.h"

#include <QLockFile>
#include <QStringList>

#include <atomic>
#include <functional>
#include <vector>

namespace zipml::ui {

class Autosave {
  public:
    /// @param folder is made when there is something to write
    explicit Autosave(const QString& folder);
    /// What is to be written is written. The files stay: discard() removes them.
    ~Autosave() { flush(); }
    Autosave(const Autosave&) = delete;
    Autosave& operator=(const Autosave&) = delete;

    /// The session as it is now. @param obsolete files left behind that it makes superfluous
    void write(Session session, const QString& obsolete = {});
    /// What has happened since write. @param line called in the background
    void append(std::function<std::string()> line);
    /// Whether the session should be written anew.
    [[nodiscard]] bool grown() const;
    /// Nothing is left to recover: the session was saved, or is not wanted.
    void discard();
    /// Waits until all is written. For tests and for the end.
    void flush() { job_.wait(); }
    /// Why writing failed, once.
    [[nodiscard]] QString takeError() { return job_.take().error; }

    static QString usualFolder();
    /// Files of programs that are gone without having said goodbye, latest first.
    static QStringList leftBehind(const QString& folder);
    /// With what its journal tells. @throws InputError.
    static Session recover(const QString& file);
    /// What cannot be recovered is offered no more, and stays under another name. @return that
    static QString setAside(const QString& file);
    static void remove(const QString& file);

  private:
    using Lines = std::vector<std::function<std::string()>>;
    struct Work {
        bool discard = false; ///< first
        Lines before;         ///< behind the old session
        std::optional<Session> session;
        Lines lines;
        QStringList obsolete; ///< last
    };
    /// `change` says what is to be done beside what is not done yet.
    void wish(const std::function<void(Work&)>& change);
    void doIt(const Work& work);
    void appendToJournal(const Lines& lines);

    QString file_; ///< the session; the journal and the lock are beside it
    std::unique_ptr<QLockFile> lock_;
    std::atomic<std::size_t> sessionBytes_ = 0, journalBytes_ = 0;
    std::mutex mutex_;
    Work work_;                                       ///< to be done
    BackgroundJob<JobNews> job_{JobPriority::Normal}; // last: it uses the others
};

} // namespace zipml::ui
