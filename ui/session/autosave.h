#pragma once
/// The autosave keeps the session on disk while it is being worked on, so that a crash loses nothing that was
/// finished. It writes in the background: the session as a whole at most every few seconds, and each epoch at
/// once to a journal beside it. Each program that runs has its own files, locked while it lives.

#include "core/document/session.h"
#include "ui/widgets/background_job.h"

#include <QLockFile>
#include <QStringList>

namespace zipml::ui {

class Autosave {
  public:
    /// @param folder is made when there is something to write
    explicit Autosave(const QString& folder);
    /// What is to be written is written. The files stay: discard() removes them.
    ~Autosave() { flush(); }
    Autosave(const Autosave&) = delete;
    Autosave& operator=(const Autosave&) = delete;

    /// Replaces one that was not yet written. @param obsolete files left behind that it makes superfluous
    void write(Session session, const QString& obsolete = {});
    void append(int run, const EpochRecord& epoch);
    /// Nothing is left to recover: the session was saved, or is not wanted.
    void discard();
    /// Waits until all is written. For tests and for the end.
    void flush() { job_.wait(); }
    /// Why writing failed, once.
    [[nodiscard]] QString takeError() { return job_.take().error; }

    static QString usualFolder();
    /// Files of programs that are gone without having said goodbye, latest first.
    static QStringList leftBehind(const QString& folder);
    /// With the journal's epochs. @throws InputError.
    static Session recover(const QString& file);
    static void remove(const QString& file);

  private:
    struct Work {
        bool discard = false; ///< first
        std::optional<Session> session;
        std::string lines;
        QStringList obsolete; ///< last
    };
    /// `change` says what is to be done beside what is not done yet.
    void wish(const std::function<void(Work&)>& change);
    void doIt(const Work& work);

    QString file_; ///< the session; the journal and the lock are beside it
    std::unique_ptr<QLockFile> lock_;
    std::mutex mutex_;
    Work work_;                                       ///< to be done
    BackgroundJob<JobNews> job_{JobPriority::Normal}; // last: it uses the others
};

} // namespace zipml::ui
