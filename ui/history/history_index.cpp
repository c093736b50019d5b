#include "ui/history/history_index.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "ui/widgets/text.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QSqlError>
#include <QSqlQuery>
#include <QUrl>
#include <QUuid>
#include <QVariant>

#include <nlohmann/json.hpp>
#include <set>

namespace zipml::ui {
namespace {

constexpr int kIndexVersion = 1;
constexpr qint64 kKeptAfterRemoval = qint64{7} * 24 * 3600 * 1000; // milliseconds

// SQLite's result codes (https://www.sqlite.org/rescode.html).
constexpr int kReadOnly = 8, kCorrupt = 11, kCannotOpen = 14, kNotADatabase = 26;

/// An error of SQLite, by its code.
class IndexError : public RunError {
  public:
    IndexError(const QString& file, const QSqlError& error)
        : RunError((file + ": " + error.text().simplified()).toStdString()),
          code_(error.nativeErrorCode().toInt() & 0xff) {}
    [[nodiscard]] bool damaged() const { return code_ == kCorrupt || code_ == kNotADatabase; }
    [[nodiscard]] bool cannotWrite() const { return code_ == kReadOnly || code_ == kCannotOpen; }

  private:
    int code_;
};

QString fileOf(const QString& folder) {
    return folder + "/history.sqlite";
}

QString recordOf(const QString& folder, const QString& key) {
    return QString::fromStdString(historyRecords(folder.toStdString()).string()) + "/" + key + ".json";
}

QString keyOfFile(const QString& file) {
    return QFileInfo(file).completeBaseName();
}

/// In the words that a filter knows.
QString stateOf(const SessionRun& run) {
    if (run.failed)
        return "failed";
    if (!run.status || *run.status == RunStatus::Stopped)
        return "stopped";
    return *run.status == RunStatus::Diverged ? "diverged" : "done";
}

QString resultsText(const SessionRun& run) {
    auto list = nlohmann::json::array();
    if (run.initial) {
        const EpochRecord& last = run.epochs.empty() ? *run.initial : run.epochs.back();
        for (const auto& number :
             resultsOf(last, run.epochs.empty() ? std::nullopt : std::optional(last.seconds),
                       measuringSecondsOf(run.initial, run.epochs)))
            list.push_back(number && std::isfinite(*number) ? nlohmann::json(*number)
                           : number                         ? nlohmann::json("inf")
                                                            : nlohmann::json());
    }
    return QString::fromStdString(list.dump());
}

Results resultsFrom(const QString& text) {
    Results results;
    const auto list = nlohmann::json::parse(text.toStdString(), nullptr, false);
    for (std::size_t i = 0; list.is_array() && i < std::min(list.size(), results.size()); ++i)
        results[i] = list[i].is_number()   ? std::optional(list[i].get<double>())
                     : list[i].is_string() ? std::optional(std::numeric_limits<double>::infinity())
                                           : std::nullopt;
    return results;
}

/// A newer version's settings are not known here: those that it has show as the usual.
RunSpec specFrom(const QString& text) {
    try {
        return uncheckedSpecFromJson(nlohmann::json::parse(text.toStdString()));
    } catch (const std::exception&) {
        return {};
    }
}

const char* columnOf(HistoryField field) {
    constexpr const char* kColumns[] = {"name", "tags", "notes", "removed"};
    return kColumns[static_cast<int>(field)];
}

constexpr const char* kNextChange = "(SELECT IFNULL(MAX(change), 0) + 1 FROM runs)";

} // namespace

HistoryIndex::HistoryIndex(QString folder)
    : folder_(std::move(folder)), connection_(QUuid::createUuid().toString()) {
    try {
        open();
    } catch (const IndexError& error) {
        if (!error.damaged()) {
            if (!error.cannotWrite())
                throw;
            openForReading();
            return;
        }
        database_.close();
        const QString aside =
            fileOf(folder_) + ".damaged-" + QDateTime::currentDateTimeUtc().toString("yyyyMMddThhmmss");
        QFile::rename(fileOf(folder_), aside);
        for (const char* beside : {"-wal", "-shm"})
            QFile::remove(fileOf(folder_) + beside);
        open();
    }
    adopt();
    purge();
}

HistoryIndex::~HistoryIndex() {
    database_.close();
    database_ = {}; // else it counts as in use
    QSqlDatabase::removeDatabase(connection_);
}

void HistoryIndex::open() {
    QDir().mkpath(QString::fromStdString(historyRecords(folder_.toStdString()).string()));
    if (!database_.isValid())
        database_ = QSqlDatabase::addDatabase("QSQLITE", connection_);
    if (!database_.isValid())
        throw RunError("the history needs SQLite: install libqt6sql6-sqlite");
    database_.setDatabaseName(fileOf(folder_));
    database_.setConnectOptions("QSQLITE_BUSY_TIMEOUT=5000");
    if (!database_.open())
        throw IndexError(fileOf(folder_), database_.lastError());
    prepare();
}

/// In a folder that cannot be written to: as it is, without a look at what others do to it.
void HistoryIndex::openForReading() {
    if (!QFile::exists(fileOf(folder_)))
        throw RunError((folder_ + ": the history cannot be written there").toStdString());
    database_.close();
    database_.setDatabaseName("file:" + QString::fromUtf8(QUrl::toPercentEncoding(fileOf(folder_), "/")) +
                              "?immutable=1");
    database_.setConnectOptions("QSQLITE_OPEN_READONLY;QSQLITE_OPEN_URI");
    if (!database_.open())
        throw IndexError(fileOf(folder_), database_.lastError());
    readOnly_ = true;
}

void HistoryIndex::prepare() {
    // Readers and one writer at a time do not wait for each other.
    execute("PRAGMA journal_mode = WAL");
    execute("PRAGMA synchronous = NORMAL");
    QSqlQuery query(database_);
    if (!query.exec("PRAGMA user_version") || !query.next())
        throw IndexError(fileOf(folder_), query.lastError());
    const int version = query.value(0).toInt();
    query.finish();
    if (version > kIndexVersion)
        throw RunError((fileOf(folder_) + ": was written by a newer ZipML Lab; update it").toStdString());
    write([this] {
        execute(
            "CREATE TABLE IF NOT EXISTS runs (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, happened "
            "INTEGER NOT NULL, origin TEXT NOT NULL, name TEXT NOT NULL, tags TEXT NOT NULL DEFAULT '', "
            "notes TEXT NOT NULL DEFAULT '', state TEXT NOT NULL, data TEXT NOT NULL, spec TEXT NOT NULL, "
            "results TEXT NOT NULL, removed INTEGER NOT NULL DEFAULT 0, change INTEGER NOT NULL)");
        execute("CREATE INDEX IF NOT EXISTS runs_by_change ON runs(change)");
        execute(QString("PRAGMA user_version = %1").arg(kIndexVersion));
    });
}

void HistoryIndex::execute(const QString& statement, const QVariantList& values) {
    QSqlQuery query(database_);
    bool done = query.prepare(statement);
    for (const QVariant& value : values) // int, qlonglong, double and QString only: others arrive as text
        query.addBindValue(value);
    done = done && query.exec();
    if (!done)
        throw IndexError(fileOf(folder_), query.lastError());
}

/// All or nothing. It is known from the beginning that something is written: a snapshot that has grown old
/// cannot be written on, and no waiting helps.
void HistoryIndex::write(const std::function<void()>& change) {
    execute("BEGIN IMMEDIATE");
    try {
        change();
        execute("COMMIT");
    } catch (...) {
        QSqlQuery(database_).exec("ROLLBACK");
        throw;
    }
}

void HistoryIndex::insert(const HistoryEntry& entry) {
    const SessionRun& run = entry.run;
    const std::string name = run.name.empty() ? displayName(run.spec) : run.name;
    execute(
        QString(
            "INSERT OR IGNORE INTO runs (key, happened, origin, name, state, data, spec, results, change) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, %1)")
            .arg(kNextChange),
        {toQt(entry.key), static_cast<qlonglong>(entry.when), toQt(entry.origin), toQt(name), stateOf(run),
         toQt(run.setup ? run.setup->dataName : run.spec.data.source),
         QString::fromStdString(toJson(run.spec).dump()), resultsText(run)});
}

void HistoryIndex::add(const HistoryEntry& entry) {
    if (readOnly_)
        return;
    writeFileAtomically(recordOf(folder_, toQt(entry.key)).toStdString(), historyText(entry));
    write([&] { insert(entry); });
}

void HistoryIndex::takeInbox() {
    if (readOnly_)
        return;
    QDir inbox(QString::fromStdString(historyInbox(folder_.toStdString()).string()));
    const QStringList files = inbox.entryList({"*.json"}, QDir::Files, QDir::Name);
    std::vector<HistoryEntry> entries;
    for (const QString& file : files) {
        const QString from = inbox.filePath(file), to = recordOf(folder_, keyOfFile(file));
        try {
            entries.push_back(historyFromText(readFile(from.toStdString()), keyOfFile(file).toStdString()));
            QFile::rename(from, to); // another window may have done it
        } catch (const InputError&) {
            if (QFile::exists(from))
                QFile::rename(from, from + ".unreadable");
        }
    }
    if (!entries.empty())
        write([&] {
            for (const HistoryEntry& entry : entries)
                insert(entry);
        });
}

/// Files without a row: of a program that ended in between, or of an index that was lost.
void HistoryIndex::adopt() {
    std::set<QString> known;
    QSqlQuery query(database_);
    query.setForwardOnly(true);
    if (!query.exec("SELECT key FROM runs"))
        throw IndexError(fileOf(folder_), query.lastError());
    while (query.next())
        known.insert(query.value(0).toString());
    query.finish();
    std::vector<HistoryEntry> entries;
    const QDir records(QFileInfo(recordOf(folder_, "any")).path());
    for (const QString& file : records.entryList({"*.json"}, QDir::Files, QDir::Name))
        if (!known.contains(keyOfFile(file))) {
            try {
                entries.push_back(historyFromText(readFile(records.filePath(file).toStdString()),
                                                  keyOfFile(file).toStdString()));
            } catch (const InputError&) { // stays, for a person to look at
            }
        }
    if (!entries.empty())
        write([&] {
            for (const HistoryEntry& entry : entries)
                insert(entry);
        });
}

/// What was removed long ago cannot be wanted back.
void HistoryIndex::purge() {
    const qint64 before = QDateTime::currentMSecsSinceEpoch() - kKeptAfterRemoval;
    QStringList keys;
    QSqlQuery query(database_);
    query.prepare("SELECT key FROM runs WHERE removed > 0 AND removed < ?");
    query.addBindValue(static_cast<qlonglong>(before));
    if (!query.exec())
        throw IndexError(fileOf(folder_), query.lastError());
    while (query.next())
        keys << query.value(0).toString();
    query.finish();
    if (keys.isEmpty())
        return;
    for (const QString& key : keys)
        QFile::remove(recordOf(folder_, key));
    write([&] {
        for (const QString& key : keys)
            execute("DELETE FROM runs WHERE key = ? AND removed > 0", {key});
    });
}

std::vector<HistoryRun> HistoryIndex::changes() {
    std::vector<HistoryRun> runs;
    QSqlQuery query(database_);
    query.setForwardOnly(true);
    query.prepare(
        "SELECT key, happened, origin, name, tags, notes, state, data, spec, results, removed, change "
        "FROM runs WHERE change > ? ORDER BY change");
    query.addBindValue(static_cast<qlonglong>(seen_));
    if (!query.exec())
        throw IndexError(fileOf(folder_), query.lastError());
    while (query.next()) {
        HistoryRun run;
        run.key = query.value(0).toString();
        run.when = query.value(1).toLongLong();
        run.dataName = query.value(7).toString();
        run.spec = specFrom(query.value(8).toString());
        run.facts.origin = query.value(2).toString().toStdString();
        run.facts.name = query.value(3).toString().toStdString();
        run.facts.tags = query.value(4).toString().toStdString();
        run.facts.notes = query.value(5).toString().toStdString();
        run.facts.state = query.value(6).toString().toStdString();
        run.facts.settings = settingsOf(run.spec);
        run.facts.results = resultsFrom(query.value(9).toString());
        run.facts.date = QDateTime::fromMSecsSinceEpoch(run.when).toString("yyyy-MM-dd hh:mm").toStdString();
        run.removed = query.value(10).toLongLong() > 0;
        seen_ = std::max(seen_, query.value(11).toLongLong());
        runs.push_back(std::move(run));
    }
    query.finish(); // a SELECT that is open keeps others from tidying up
    return runs;
}

void HistoryIndex::set(HistoryField field, const QStringList& keys, const QStringList& values) {
    if (readOnly_)
        throw RunError((folder_ + ": the history is for reading only").toStdString());
    const qlonglong now = QDateTime::currentMSecsSinceEpoch();
    write([&] {
        for (qsizetype i = 0; i < keys.size(); ++i) {
            const QVariant value = field == HistoryField::Removed
                                       ? QVariant(values[i].isEmpty() ? qlonglong{0} : now)
                                       : QVariant(values[i]);
            execute(QString("UPDATE runs SET %1 = ?, change = %2 WHERE key = ?")
                        .arg(columnOf(field), kNextChange),
                    {value, keys[i]});
        }
    });
}

SessionRun HistoryIndex::run(const QString& key) const {
    return historyFromText(readFile(recordOf(folder_, key).toStdString()), key.toStdString()).run;
}

} // namespace zipml::ui
