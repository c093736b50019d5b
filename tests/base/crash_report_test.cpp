// A program that a signal ends leaves a report, which says what was at work and nothing of the data.
#include "core/base/crash_report.h"
#include "tests/support/zipml_process.h"

#include <QDir>
#include <QTemporaryDir>

#include <csignal>
#include <sys/types.h>

using namespace zipml;

class CrashReportTest : public QObject {
    Q_OBJECT
  private slots:
    void aSignalLeavesAReport_data() {
        QTest::addColumn<int>("signal");
        QTest::addColumn<QString>("name");
        QTest::newRow("segmentation fault") << SIGSEGV << "segmentation fault";
        QTest::newRow("abort") << SIGABRT << "abort";
        QTest::newRow("bus error") << SIGBUS << "bus error";
    }
    void aSignalLeavesAReport() {
        if (test::kSanitized)
            QSKIP("a sanitizer has reports of its own");
        QFETCH(int, signal);
        QFETCH(QString, name);
        const QTemporaryDir folder;
        QProcess process;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("XDG_STATE_HOME", folder.filePath("state"));
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(folder.path());
        QFile data(folder.filePath("secret.csv"));
        QVERIFY(data.open(QIODevice::WriteOnly));
        for (int row = 0; row < 2000; ++row)
            data.write(QByteArray::number(row % 7) + ",8675309.25," + QByteArray::number(row % 11) + "\n");
        data.close();
        process.start(test::zipmlProgram(), {"train", folder.filePath("secret.csv"), "--epochs", "10000000",
                                             "--bits", "5", "--bias-draws", "0"});
        QVERIFY(process.waitForReadyRead(60'000)); // it trains
        ::kill(static_cast<pid_t>(process.processId()), signal);
        QVERIFY(process.waitForFinished(60'000));
        QCOMPARE(process.exitStatus(), QProcess::CrashExit); // as it would have ended
        QCOMPARE(process.exitCode(), signal);
        const QDir reports(folder.filePath("state/zipml/crashes"));
        const QStringList names = reports.entryList(QDir::Files);
        QCOMPARE(names.size(), 1);
        const QString said = QString::fromUtf8(process.readAllStandardError());
        QVERIFY2(said.contains("crashed (" + name) && said.contains(names[0]), qPrintable(said));
        QFile file(reports.filePath(names[0]));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
        const QByteArray report = file.readAll();
        QVERIFY2(report.contains("\nat work: zipml train secret.csv --bits 5"), report.constData());
        QVERIFY2(report.contains("latest call first") && report.count('\n') > 5, report.constData());
        QVERIFY2(!report.contains("8675309") && !report.contains(folder.path().toUtf8()), report.constData());
        QCOMPARE(crashReportSince(reports.path().toStdString(), folder.filePath("secret.csv").toStdString()),
                 std::filesystem::path(file.fileName().toStdString()));
    }

    void whoDoesNotCrashHasNoFolder() {
        const QTemporaryDir folder;
        qputenv("XDG_STATE_HOME", folder.path().toUtf8());
        QCOMPARE(test::runZipml({"train", "synthetic:3x100", "--epochs", "1"}).exitCode, 0);
        QVERIFY(QDir(folder.path()).isEmpty());
    }

    // A newer file than any report: nothing is told of old crashes.
    void onlyLaterReportsAreTold() {
        const QTemporaryDir folder;
        const std::filesystem::path reports = folder.path().toStdString();
        for (const char* name : {"crash-1-2.txt", "session"}) {
            QFile file(folder.filePath(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
        }
        using namespace std::chrono_literals;
        const auto now = std::filesystem::file_time_type::clock::now();
        std::filesystem::last_write_time(reports / "session", now);
        std::filesystem::last_write_time(reports / "crash-1-2.txt", now - 1h);
        QCOMPARE(crashReportSince(reports, reports / "session"), std::filesystem::path());
        std::filesystem::last_write_time(reports / "crash-1-2.txt", now + 1h);
        QCOMPARE(crashReportSince(reports, reports / "session"), reports / "crash-1-2.txt");
        QCOMPARE(crashReportSince(reports / "none", reports / "session"), std::filesystem::path());
    }

    // More at once than a report has room for; longer than a line of it.
    void whatIsAtWorkIsBounded() {
        std::vector<std::unique_ptr<AtWork>> many;
        for (int i = 0; i < 100; ++i)
            many.push_back(std::make_unique<AtWork>(std::string(100'000, 'x')));
    }
};

QTEST_GUILESS_MAIN(CrashReportTest)
#include "crash_report_test.moc"
