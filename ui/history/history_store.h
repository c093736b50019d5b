#pragma once
/// The history as the window has it: what it does takes place in a thread, in the order in which it was asked
/// for, and what changed, here or in another window, comes back as a signal.

#include "ui/history/history_index.h"
#include "ui/widgets/background_job.h"

#include <QObject>

#include <deque>

namespace zipml::ui {

struct HistoryNews : JobNews {
    std::vector<HistoryRun> changed;
    std::vector<std::vector<SessionRun>> opened;
    std::vector<QString> problems;
};

class HistoryStore : public QObject {
    Q_OBJECT
  public:
    /// Nothing is read or written before it is asked for. @param folder empty: keeps nothing
    explicit HistoryStore(QString folder, QObject* parent = nullptr);
    /// What was asked for is done.
    ~HistoryStore() override;

    [[nodiscard]] bool off() const { return folder_.isEmpty(); }
    void add(HistoryEntry entry);
    /// Takes in what other programs have run, and tells what changed.
    void refresh();
    void set(HistoryField field, const QStringList& keys, const QStringList& values);
    /// @param receive the runs that could be read
    void open(const QStringList& keys, std::function<void(std::vector<SessionRun>)> receive);
    /// For tests and for the end: waits until all is done.
    void flush() { job_.wait(); }

  signals:
    void changed(const std::vector<zipml::ui::HistoryRun>& runs);
    void message(const QString& text, bool bad);

  private:
    void later(std::function<void(HistoryIndex&)> work);
    void receive(HistoryNews news);

    QString folder_;
    std::unique_ptr<HistoryIndex> index_; ///< the thread's
    std::deque<std::function<void(std::vector<SessionRun>)>> receivers_;
    QString said_;                                        ///< the last problem
    BackgroundJob<HistoryNews> job_{JobPriority::Normal}; // last: it uses the others
};

} // namespace zipml::ui
