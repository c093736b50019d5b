// SIGINT and SIGTERM end every command within a second, by one exit code, and leave nothing half-written.
#include "tests/support/zipml_process.h"

#include <QElapsedTimer>
#include <QTemporaryDir>

#include <csignal>
#include <sys/types.h>

using namespace zipml;
using test::ProcessResult;

namespace {

/// Machines that do other things, too, are slower.
int milliseconds(int onAQuietMachine) {
    return static_cast<int>(onAQuietMachine * qMax(1.0, qEnvironmentVariable("ZIPML_TIME_SCALE").toDouble()));
}

} // namespace

class InterruptTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() {
        QVERIFY(folder_.isValid());
        QFile file(folder_.filePath("wide.csv"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QByteArray row;
        for (int f = 0; f < 400; ++f)
            row += QByteArray::number(f % 7) + "." + QByteArray::number(f * f % 97) + ",";
        for (int r = 0; r < 20'000; ++r)
            file.write(row + QByteArray::number(r % 5) + "\n");
    }

    void commandsEnd_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("after"); // milliseconds: in loading, in solving, in the middle
        const QString wide = folder_.filePath("wide.csv");
        const auto add = [](const char* name, int after, const QStringList& arguments) {
            QTest::addRow("%s after %d ms", name, after) << arguments << after;
        };
        for (const int after : {30, 300, 1500}) {
            add("train", after, {"train", wide, "--epochs", "100000"});
            add("train, small", after, {"train", "synthetic:50x2000", "--epochs", "1000000", "--json"});
            add("sweep", after, {"sweep", wide, "--vary", "bits=1,2,3,4,5,6", "--epochs", "100000"});
            add("quantize", after,
                {"quantize", wide, "-o", folder_.filePath("w.zq"), "--grid", "optimal", "--estimator",
                 "corrected", "--bits", "4"});
            add("tomography", after, {"tomography", "--size", "512", "--epochs", "10000"});
        }
        add("data", 300, {"data", wide});
        add("levels", 300, {"levels", wide});
        add("bias", 1000, {"bias", "synthetic:200x20000", "--draws", "100000"});
        add("advise", 1000, {"advise", wide, "--prove"});
        add("bench", 1500, {"bench"});
    }
    void commandsEnd() {
        QFETCH(const QStringList, arguments);
        QFETCH(const int, after);
        for (const int signal : {SIGTERM, SIGINT}) {
            QProcess process;
            process.start(test::zipmlProgram(), arguments);
            QVERIFY(process.waitForStarted());
            if (process.waitForFinished(
                    after +
                    (test::kSanitized ? 500 : 0))) { // on a machine this fast there is nothing to be ended
                QFile::remove(folder_.filePath("w.zq"));
                continue;
            }
            QElapsedTimer timer;
            timer.start();
            ::kill(static_cast<pid_t>(process.processId()), signal);
            QVERIFY(process.waitForFinished(60'000));
            const auto took = timer.elapsed();
            const ProcessResult result = test::resultOf(process);
            QCOMPARE(process.exitStatus(), QProcess::NormalExit);
            QVERIFY2(took < milliseconds(1000), qPrintable(QString::number(took)));
            QVERIFY2(process.exitCode() == 128 + signal, qPrintable(result.error));
            QVERIFY2(result.error.count('\n') <= 1, qPrintable(result.error));
        }
        QCOMPARE(QDir(folder_.path()).entryList(QDir::Files), QStringList{"wide.csv"});
    }

  private:
    QTemporaryDir folder_;
};

QTEST_GUILESS_MAIN(InterruptTest)
#include "interrupt_test.moc"
