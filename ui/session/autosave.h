#pragma once
/// Keeps the session on disk while it is being worked on, so that a crash loses nothing that was finished.
/// A thread of its own writes: the session as a whole at most every few seconds, and each epoch at once to a
/// journal beside it. Each program that runs has its own files, locked while it lives.

#include "core/document/session.h"

#include <QLockFile>
#include <QStringList>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace zipml::ui {

class Autosave {
  public:
    /// @param folder is made when there is something to write
    explicit Autosave(const QString& folder);
    /// The files stay: discard() removes them.
    ~Autosave();
    Autosave(const Autosave&) = delete;
    Autosave& operator=(const Autosave&) = delete;

    /// Replaces one that was not yet written. @param obsolete files left behind that it makes superfluous
    void write(Session session, const QString& obsolete = {});
    void append(int run, const EpochRecord& epoch);
    /// Nothing is left to recover: the session was saved, or is not wanted.
    void discard();
    /// Waits until all is written. For tests and for the end.
    void flush();
    /// Why writing failed, once.
    [[nodiscard]] QString takeError();

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
        [[nodiscard]] bool empty() const { return !discard && !session && lines.empty(); }
    };
    void work(const std::stop_token& stop);
    void doIt(const Work& work);

    QString file_; ///< the session; the journal and the lock are beside it
    std::unique_ptr<QLockFile> lock_;
    std::mutex mutex_;
    std::condition_variable_any wake_, done_;
    Work work_;
    bool busy_ = false;
    QString error_;
    std::jthread thread_; // last: it uses the others
};

} // namespace zipml::ui
