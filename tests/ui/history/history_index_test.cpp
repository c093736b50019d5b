// The index of the history: several windows at once, crashes, damaged and read-only files.

#include "core/base/file.h"
#include "core/compare/run_filter.h"
#include "tests/support/past_runs.h"
#include "ui/history/history_store.h"
#include "ui/session/session_state.h"

#include <QDir>
#include <QProcess>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>

#include <iostream>
#include <thread>
#include <unistd.h>

using namespace zipml;
using ui::HistoryField;
using ui::HistoryIndex;
using ui::HistoryRun;

namespace {

constexpr const char* kChild = "ZIPML_HISTORY_TEST_CHILD";

HistoryEntry entryWith(int bits, const char* origin = "window") {
    return historyEntry(ui::sessionRunOf(test::pastRun(test::specWith(bits), 0.1 * bits)), origin);
}

/// Adds runs until it is killed, and tells of each.
int beChild(const QString& folder) {
    HistoryIndex index(folder);
    for (int i = 0;; ++i) {
        index.add(entryWith(i % 8 + 1));
        std::cout << i << std::endl;
    }
}

/// Those that are not removed, by what was told last of each.
std::map<QString, HistoryRun> known(HistoryIndex& index) {
    std::map<QString, HistoryRun> runs;
    for (auto& run : index.changes())
        if (!run.removed)
            runs[run.key] = run;
    return runs;
}

} // namespace

class HistoryIndexTest : public QObject {
    Q_OBJECT
  private slots:
    void init() {
        folder_ = std::make_unique<QTemporaryDir>();
        path_ = folder_->filePath("history");
    }

    void runsAreKeptAndFound() {
        const HistoryEntry entry = entryWith(3);
        {
            HistoryIndex index(path_);
            QVERIFY(index.changes().empty());
            index.add(entry);
            index.add(entryWith(5));
            const auto told = index.changes();
            QCOMPARE(told.size(), 2U);
            QVERIFY(index.changes().empty()); // what was told is no news
        }
        HistoryIndex index(path_);
        const auto runs = known(index);
        QCOMPARE(runs.size(), 2U);
        const HistoryRun& run = runs.at(QString::fromStdString(entry.key));
        QCOMPARE(run.facts.name, "Double sampling, 3 bits");
        QCOMPARE(run.facts.state, "done");
        QCOMPARE(run.spec.bits, 3);
        QCOMPARE(run.when, entry.when);
        QCOMPARE(*run.facts[Result::Epoch], 4.0);
        QCOMPARE(*run.facts[Result::TrainLoss], entry.run.epochs.back().trainLoss);
        QVERIFY(RunFilter("bits=3 train_loss<0.31 state=done").matches(run.facts));
        const SessionRun opened = index.run(run.key);
        QCOMPARE(opened.epochs.size(), 4U);
        QVERIFY(opened.spec == entry.run.spec);
    }

    void namesTagsNotesAndRemoval() {
        HistoryIndex index(path_);
        index.add(entryWith(3));
        index.add(entryWith(4));
        QStringList keys;
        for (const auto& run : index.changes())
            keys << run.key;
        const QString hostile = "'); DROP TABLE runs; -- ünï “x”";
        index.set(HistoryField::Name, {keys[0]}, {hostile});
        index.set(HistoryField::Tags, keys, {"paper", "paper draft"});
        index.set(HistoryField::Notes, {keys[1]}, {"two\nlines"});
        auto runs = known(index);
        QCOMPARE(QString::fromStdString(runs[keys[0]].facts.name), hostile);
        QCOMPARE(runs[keys[1]].facts.tags, "paper draft");
        QCOMPARE(runs[keys[1]].facts.notes, "two\nlines");
        index.set(HistoryField::Removed, keys, {"yes", "yes"});
        const auto removed = index.changes();
        QCOMPARE(removed.size(), 2U);
        QVERIFY(removed[0].removed && removed[1].removed);
        index.set(HistoryField::Removed, {keys[0]}, {""});
        QCOMPARE(known(index).size(), 1U);
        // Also the next time.
        HistoryIndex later(path_);
        QCOMPARE(known(later).size(), 1U);
    }

    void whatTheCommandLineRanIsTakenIn() {
        const std::filesystem::path path = path_.toStdString();
        addToInbox(path, {entryWith(2, "train"), entryWith(3, "sweep")});
        writeFileAtomically(historyInbox(path) / "damaged.json", "{");
        HistoryIndex one(path_), other(path_);
        one.takeInbox();
        other.takeInbox();
        QCOMPARE(known(one).size(), 2U);
        const auto runs = known(other);
        QCOMPARE(runs.size(), 2U);
        const RunFilter trained("from=train bits=2");
        QCOMPARE(
            std::ranges::count_if(runs, [&](const auto& run) { return trained.matches(run.second.facts); }),
            1);
        QCOMPARE(QDir(path_ + "/inbox").entryList({"*.json"}), QStringList());
        QVERIFY(QFile::exists(path_ + "/inbox/damaged.json.unreadable"));
        QCOMPARE(QDir(path_ + "/records").entryList({"*.json"}).size(), 2);
    }

    // Each window sees what the other does.
    void twoWindowsAtOnce() {
        HistoryIndex one(path_), other(path_);
        one.add(entryWith(3));
        auto told = other.changes();
        QCOMPARE(told.size(), 1U);
        other.set(HistoryField::Tags, {told[0].key}, {"seen"});
        told = one.changes();
        QCOMPARE(told.back().facts.tags, "seen");
    }

    // Four at a time, none of whose runs is lost.
    void manyWritersAtOnce() {
        constexpr int kWriters = 4, kRuns = 25;
        std::atomic<int> failed = 0;
        {
            std::vector<std::jthread> writers;
            for (int w = 0; w < kWriters; ++w)
                writers.emplace_back([&] {
                    try {
                        HistoryIndex index(path_);
                        for (int i = 0; i < kRuns; ++i) {
                            index.add(entryWith(i % 8 + 1));
                            (void)index.changes();
                        }
                    } catch (const std::exception& error) {
                        qWarning("%s", error.what());
                        ++failed;
                    }
                });
        }
        QCOMPARE(failed.load(), 0);
        HistoryIndex index(path_);
        QCOMPARE(known(index).size(), std::size_t(kWriters * kRuns));
    }

    // Killed in the midst of writing: what it said is there, and the index is sound.
    void aCrashLosesNothing() {
        QProcess child;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(kChild, path_);
        child.setProcessEnvironment(environment);
        child.start(QCoreApplication::applicationFilePath());
        int said = 0;
        QByteArray out;
        while (said < 20) {
            QVERIFY(child.waitForReadyRead(20'000));
            out += child.readAllStandardOutput();
            said = static_cast<int>(out.count('\n'));
        }
        child.kill();
        QVERIFY(child.waitForFinished());
        out += child.readAllStandardOutput();
        HistoryIndex index(path_);
        const auto runs = known(index);
        QVERIFY2(runs.size() >= static_cast<std::size_t>(out.count('\n')),
                 qPrintable(QString::number(runs.size())));
        for (const auto& [key, run] : runs)
            QCOMPARE(index.run(key).epochs.size(), 4U);
    }

    void aRowThatIsMissingIsMadeOfItsFile() {
        {
            HistoryIndex index(path_);
            index.add(entryWith(3));
        }
        const HistoryEntry orphan = entryWith(4);
        writeFileAtomically(historyRecords(path_.toStdString()) / (orphan.key + ".json"),
                            historyText(orphan));
        HistoryIndex index(path_);
        QCOMPARE(known(index).size(), 2U);
    }

    void aDamagedIndexIsMadeAnew() {
        {
            HistoryIndex index(path_);
            index.add(entryWith(3));
            index.add(entryWith(4));
        }
        for (const char* beside : {"-wal", "-shm"})
            QFile::remove(path_ + "/history.sqlite" + beside);
        writeFileAtomically((path_ + "/history.sqlite").toStdString(), std::string(5000, 'x'));
        HistoryIndex index(path_);
        QCOMPARE(known(index).size(), 2U);
        QCOMPARE(QDir(path_).entryList({"history.sqlite.damaged-*"}).size(), 1); // for a person to look at
    }

    void aFolderThatCannotBeWrittenToIsRead() {
        if (::geteuid() == 0)
            QSKIP("root writes everywhere");
        {
            HistoryIndex index(path_);
            index.add(entryWith(3));
        }
        const auto allow = [&](bool writing) {
            for (const QString& each : {path_ + "/history.sqlite", path_ + "/records", path_})
                QFile::setPermissions(each, writing ? QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner
                                                    : QFile::ReadOwner | QFile::ExeOwner);
        };
        allow(false);
        {
            HistoryIndex index(path_);
            QVERIFY(index.readOnly());
            QCOMPARE(known(index).size(), 1U);
            index.takeInbox(); // is nothing that it could do
            index.add(entryWith(4));
            QVERIFY_EXCEPTION_THROWN(index.set(HistoryField::Tags, {"k"}, {"t"}), RunError);
        }
        allow(true);
    }

    void aNewerIndexIsRefused() {
        { HistoryIndex index(path_); }
        {
            auto database = QSqlDatabase::addDatabase("QSQLITE", "newer");
            database.setDatabaseName(path_ + "/history.sqlite");
            QVERIFY(database.open());
            QVERIFY(QSqlQuery(database).exec("PRAGMA user_version = 99"));
            database.close();
        }
        QSqlDatabase::removeDatabase("newer");
        QVERIFY_EXCEPTION_THROWN(HistoryIndex index(path_), RunError);
    }

    // What was deleted more than a week ago is gone, with its file.
    void whatWasRemovedLongAgoGoes() {
        QString key;
        {
            HistoryIndex index(path_);
            index.add(entryWith(3));
            index.add(entryWith(4));
            key = index.changes()[0].key;
            index.set(HistoryField::Removed, {key}, {"yes"});
        }
        {
            auto database = QSqlDatabase::addDatabase("QSQLITE", "old");
            database.setDatabaseName(path_ + "/history.sqlite");
            QVERIFY(database.open());
            QVERIFY(QSqlQuery(database).exec("UPDATE runs SET removed = 1000 WHERE removed > 0"));
            database.close();
        }
        QSqlDatabase::removeDatabase("old");
        HistoryIndex index(path_);
        QCOMPARE(index.changes().size(), 1U);
        QVERIFY(!QFile::exists(path_ + "/records/" + key + ".json"));
    }

    void theStoreDoesAllOfItInItsThread() {
        ui::HistoryStore store(path_);
        QVERIFY(!QDir(path_).exists()); // nothing is written before it is asked for
        std::vector<HistoryRun> told;
        QStringList said;
        connect(&store, &ui::HistoryStore::changed, this, [&](const std::vector<HistoryRun>& runs) {
            told.insert(told.end(), runs.begin(), runs.end());
        });
        connect(&store, &ui::HistoryStore::message, this, [&](const QString& text, bool) { said << text; });
        store.add(entryWith(3));
        store.add(entryWith(4));
        QTRY_COMPARE(told.size(), 2U);
        std::vector<SessionRun> opened;
        store.open({told[1].key, "gone"}, [&](std::vector<SessionRun> runs) { opened = std::move(runs); });
        QTRY_COMPARE(opened.size(), 1U);
        QCOMPARE(opened[0].spec.bits, 4);
        QTRY_COMPARE(said.size(), 1); // of the one whose file is gone
        QVERIFY(said[0].contains("gone.json"));
    }

    void theStoreEndsItsWorkBeforeItGoes() {
        {
            ui::HistoryStore store(path_);
            for (int i = 0; i < 10; ++i)
                store.add(entryWith(3));
        }
        HistoryIndex index(path_);
        QCOMPARE(known(index).size(), 10U);
    }

    void whereNothingIsKeptNothingIsWritten() {
        const QDir here(folder_->path());
        {
            ui::HistoryStore store{QString()};
            QVERIFY(store.off());
            store.add(entryWith(3));
            store.refresh();
        }
        QVERIFY(here.isEmpty());
    }

  private:
    std::unique_ptr<QTemporaryDir> folder_;
    QString path_;
};

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    if (qEnvironmentVariableIsSet(kChild))
        return beChild(qEnvironmentVariable(kChild));
    HistoryIndexTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "history_index_test.moc"
