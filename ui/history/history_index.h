#pragma once
/// The index of the history: a table in SQLite of what is searched and what a person wrote; the runs
/// themselves are files (core/document/history_file.h). Several windows use it at once, and a crash leaves
/// nothing half done. Everything here waits for a disk: never in the window's thread.

#include "core/compare/run_facts.h"
#include "core/document/history_file.h"

#include <QSqlDatabase>
#include <QStringList>

namespace zipml::ui {

/// A run as the history lists it.
struct HistoryRun {
    QString key;
    qint64 when = 0; ///< milliseconds since 1970
    QString dataName;
    RunSpec spec;
    RunFacts facts;
    bool removed = false;
};

/// What can be changed of a run, and taken back.
enum class HistoryField { Name, Tags, Notes, Removed };

class HistoryIndex {
  public:
    /// Makes the folder where there is none, and takes in what lies there without a row. One that cannot be
    /// written to is read. A damaged index is put aside and made anew from the files.
    /// @throws RunError, one line.
    explicit HistoryIndex(QString folder);
    /// In the thread that made it.
    ~HistoryIndex();
    HistoryIndex(const HistoryIndex&) = delete;
    HistoryIndex& operator=(const HistoryIndex&) = delete;

    [[nodiscard]] bool readOnly() const { return readOnly_; }
    /// The file first, then its row. @throws RunError.
    void add(const HistoryEntry& entry);
    /// Runs of programs without a window. Files that are no runs are put aside. @throws RunError.
    void takeInbox();
    /// What is new or other since this was last asked, by whomever. @throws RunError.
    std::vector<HistoryRun> changes();
    /// @param values one a key. @throws RunError.
    void set(HistoryField field, const QStringList& keys, const QStringList& values);
    /// @throws InputError when its file is gone or damaged.
    [[nodiscard]] SessionRun run(const QString& key) const;

  private:
    void open();
    void openForReading();
    void prepare();
    void adopt();
    void purge();
    void insert(const HistoryEntry& entry);
    void write(const std::function<void()>& change);
    void execute(const QString& statement, const QVariantList& values = {});

    QString folder_, connection_;
    QSqlDatabase database_;
    bool readOnly_ = false;
    qint64 seen_ = 0; ///< the last change that was told
};

} // namespace zipml::ui
