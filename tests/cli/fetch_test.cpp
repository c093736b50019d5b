// zipml fetch: what a person types, reads and trains on.

#include "tests/support/catalogue_server.h"
#include "tests/support/zipml_process.h"

#include <QTemporaryDir>

#include <csignal>

using zipml::test::CatalogueServer;
using zipml::test::runZipml;

class CliFetchTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> folder_;
    CatalogueServer server_;

    QStringList fetch(const QStringList& arguments) const {
        return QStringList{"fetch", "--catalogue", folder_->filePath("catalogue.json"), "-o",
                           folder_->filePath("data")} +
               arguments;
    }
    QStringList files() const { return QDir(folder_->filePath("data")).entryList(QDir::Files, QDir::Name); }

  private slots:
    void initTestCase() { qputenv("no_proxy", "*"); }
    void init() {
        folder_ = std::make_unique<QTemporaryDir>();
        const nlohmann::json catalogue{{"datasets", {server_.entry("one"), server_.entry("two")}}};
        QFile file(folder_->filePath("catalogue.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(catalogue.dump().c_str());
    }

    void listsWithoutAName() {
        const auto listed = runZipml({"fetch"});
        QCOMPARE(listed.exitCode, 0);
        for (const char* name : {"YearPredictionMSD", "cifar10", "MIT", "licence"})
            QVERIFY2(listed.out.contains(name), name);
        const auto sets = runZipml(fetch({"--json"})).json()["datasets"].toArray();
        QCOMPARE(sets.size(), 2);
        const auto first = sets[0].toObject();
        QCOMPARE(first["state"].toString(), "absent");
        QCOMPARE(first["licence"].toString(), "none needed");
        QCOMPARE(first["downloads"][0]["checksum"].toString(), "not published");
        QVERIFY(first["downloads"][0]["bytes"].isNull());
    }

    // What it prints can be run as it stands.
    void fetchesAndNamesTheCommand() {
        const auto fetched = runZipml(fetch({"one"}));
        QVERIFY2(fetched.exitCode == 0, qPrintable(fetched.error));
        QVERIFY2(fetched.error.isEmpty(), qPrintable(fetched.error)); // no progress bar in a pipe
        QVERIFY(fetched.out.contains(folder_->filePath("data/one.t")));
        QVERIFY(fetched.out.contains("none needed"));
        QCOMPARE(files(), (QStringList{"one", "one.t"}));

        const auto again = runZipml(fetch({"ONE", "--json"})).json()["datasets"][0].toObject();
        QVERIFY(again["files"][0]["was_here"].toBool());
        QCOMPARE(again["files"][1]["part"].toString(), "test");
        QCOMPARE(again["files"][0]["verified"].toString(), "rows and features");
        QStringList command = QProcess::splitCommand(again["train"].toString());
        QCOMPARE(command.takeFirst(), "zipml");
        const auto trained = runZipml(command + QStringList{"--epochs", "1", "--json"});
        QVERIFY2(trained.exitCode == 0, qPrintable(trained.error));
        QVERIFY(trained.json()["final"].toObject().contains("test_loss"));
    }

    void badNamesAndCatalogues() {
        const auto noSet = runZipml(fetch({"one", "three"}));
        QCOMPARE(noSet.exitCode, 2);
        QVERIFY2(noSet.oneErrorLine() && noSet.error.contains("one, two"), qPrintable(noSet.error));
        QVERIFY(files().isEmpty()); // names are looked up before anything is fetched
        const auto noFile = runZipml({"fetch", "--catalogue", folder_->filePath("none.json")});
        QCOMPARE(noFile.exitCode, 2);
        QVERIFY(noFile.oneErrorLine());
    }

    void failureIsOneLineAndExitCode1() {
        server_.put("/one", "oops\n");
        const auto failed = runZipml(fetch({"one"}));
        QCOMPARE(failed.exitCode, 1);
        QVERIFY2(failed.oneErrorLine() && failed.error.contains("https://page"), qPrintable(failed.error));
        QVERIFY(files().isEmpty());
    }

    void interruptedItGoesOn() {
        server_.hangAfter(100);
        QProcess process;
        process.start(zipml::test::zipmlProgram(), fetch({"one"}));
        const QString part = folder_->filePath("data/one.part");
        QVERIFY(QTest::qWaitFor([&] { return QFileInfo(part).size() == 100; }, 60'000));
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        const auto stopped = zipml::test::resultOf(process);
        QCOMPARE(stopped.exitCode, 128 + SIGINT);
        QVERIFY2(stopped.oneErrorLine() && stopped.error.contains("goes on"), qPrintable(stopped.error));
        QCOMPARE(files(), (QStringList{"one.part", "one.part.json"}));
        QCOMPARE(runZipml(fetch({"--json"})).json()["datasets"][0]["state"].toString(), "partial");
        QCOMPARE(runZipml(fetch({"one"})).exitCode, 0);
        QFile file(folder_->filePath("data/one"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll().toStdString(), zipml::test::libsvmText(60, 4));
    }
};

QTEST_GUILESS_MAIN(CliFetchTest)
#include "fetch_test.moc"
