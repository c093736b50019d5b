// Runs of the command line are laid into the history's inbox, and nowhere else.

#include "core/base/file.h"
#include "core/document/history_file.h"
#include "tests/support/zipml_process.h"

#include <QDir>
#include <QTemporaryDir>

using namespace zipml;

namespace {

const QStringList kTrain{"train", "synthetic:5x200", "--epochs", "2", "--bias-draws", "0"};

test::ProcessResult runWith(const std::map<QString, QString>& variables, const QStringList& arguments,
                            const QString& folder = {}) {
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    for (const auto& [name, value] : variables)
        environment.insert(name, value);
    process.setProcessEnvironment(environment);
    if (!folder.isEmpty())
        process.setWorkingDirectory(folder);
    process.start(test::zipmlProgram(), arguments);
    return test::resultOf(process);
}

std::vector<HistoryEntry> entriesIn(const QString& folder) {
    std::vector<HistoryEntry> entries;
    const QDir inbox(folder + "/inbox");
    for (const QString& file : inbox.entryList(QDir::Files, QDir::Name))
        entries.push_back(historyFromText(readFile(inbox.filePath(file).toStdString()),
                                          file.section('.', 0, 0).toStdString()));
    return entries;
}

} // namespace

class HistoryTest : public QObject {
    Q_OBJECT
  private slots:
    void aRunIsLaidIntoTheInboxWhole() {
        const QTemporaryDir folder;
        const auto result = runWith({{"ZIPML_HISTORY", folder.path()}}, kTrain + QStringList{"--json"});
        QCOMPARE(result.exitCode, 0);
        QCOMPARE(result.error, "");
        const auto entries = entriesIn(folder.path());
        QCOMPARE(entries.size(), 1U);
        QCOMPARE(entries[0].origin, "train");
        QCOMPARE(entries[0].run.epochs.size(), 2U);
        QCOMPARE(entries[0].run.epochs[1].trainLoss,
                 result.json()["final"].toObject()["train_loss"].toDouble());
        QCOMPARE(entries[0].run.model.parameters.weights.size(), 5);
        QVERIFY(std::abs(entries[0].when - QDateTime::currentMSecsSinceEpoch()) < 600'000);
        // Equal to what a session would keep.
        QCOMPARE(toJson(entries[0].run.spec)["data"], "synthetic:5x200");
    }

    void eachRunOfASweepOnce() {
        const QTemporaryDir folder;
        const QString out = folder.filePath("sweep.json");
        const QStringList sweep{"sweep",  "synthetic:5x200", "--epochs", "2",
                                "--vary", "bits=2,3",        "--out",    out};
        const std::map<QString, QString> here{{"ZIPML_HISTORY", folder.path()}};
        QCOMPARE(runWith(here, sweep).exitCode, 0);
        QCOMPARE(entriesIn(folder.path()).size(), 2U);
        // Resumed with one more: the two are there already.
        QStringList more = sweep;
        more[5] = "bits=2,3,4";
        QCOMPARE(runWith(here, more).exitCode, 0);
        const auto entries = entriesIn(folder.path());
        QCOMPARE(entries.size(), 3U);
        for (const auto& entry : entries) {
            QCOMPARE(entry.origin, "sweep");
            QCOMPARE(entry.run.epochs.size(), 2U);
            QVERIFY(entry.run.setup->trainRows > 0);
        }
    }

    void whereItIsAndWhenThereIsNone() {
        const QTemporaryDir home;
        const std::map<QString, QString> own{{"ZIPML_HISTORY", ""}, {"HOME", home.path()}};
        const auto with = [&](const QString& name, const QString& value) {
            auto variables = own;
            variables[name] = value;
            return variables;
        };
        const QString usual = home.filePath(".local/share/zipml/history"), data = home.filePath("data");
        QCOMPARE(runWith(own, kTrain + QStringList{"--no-history"}).exitCode, 0);
        QCOMPARE(runWith(with("ZIPML_HISTORY", "off"), kTrain).exitCode, 0);
        QVERIFY(QDir(home.path()).isEmpty());
        auto there = with("XDG_DATA_HOME", data);
        QCOMPARE(runWith(there, kTrain).exitCode, 0);
        QCOMPARE(entriesIn(data + "/zipml/history").size(), 1U);
        QVERIFY(!QDir(usual).exists());
        there["XDG_DATA_HOME"] = "relative"; // is not heeded, as the specification has it
        QCOMPARE(runWith(there, kTrain).exitCode, 0);
        QCOMPARE(entriesIn(usual).size(), 1U);
    }

    // The window stands elsewhere.
    void filesAreNamedWhole() {
        const QTemporaryDir folder;
        QFile file(folder.filePath("rows.csv"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        for (int row = 0; row < 40; ++row)
            file.write(QByteArray::number(row % 7) + "," + QByteArray::number(row % 5) + "," +
                       QByteArray::number(row % 3 + 0.5) + "\n");
        file.close();
        QCOMPARE(runWith({{"ZIPML_HISTORY", folder.filePath("history")}},
                         {"train", "rows.csv", "--epochs", "2"}, folder.path())
                     .exitCode,
                 0);
        const auto entries = entriesIn(folder.filePath("history"));
        QCOMPARE(entries.size(), 1U);
        QCOMPARE(QString::fromStdString(entries[0].run.spec.data.source), folder.filePath("rows.csv"));
    }

    // A run is worth more than its history.
    void aFolderThatCannotBeMadeIsSaid() {
        const QTemporaryDir folder;
        QFile file(folder.filePath("file"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const auto result = runWith({{"ZIPML_HISTORY", folder.filePath("file/history")}}, kTrain);
        QCOMPARE(result.exitCode, 0);
        QVERIFY2(result.oneErrorLine() && result.error.contains("--no-history"), qPrintable(result.error));
    }
};

QTEST_GUILESS_MAIN(HistoryTest)
#include "history_test.moc"
