#include "tests/support/zipml_process.h"

#include <QStandardPaths>
#include <QTemporaryDir>

using namespace zipml;
using test::ProcessResult;

namespace {

ProcessResult runWith(const QProcessEnvironment& environment, const QString& program,
                      const QStringList& arguments) {
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(program, arguments);
    process.waitForFinished(280'000);
    return test::resultOf(process);
}

bool hasDevice() {
    return !test::runZipml({"devices", "--json"}).json()["devices"].toArray().isEmpty();
}

} // namespace

class DevicesTest : public QObject {
    Q_OBJECT
    QTemporaryDir cache_;

  private slots:
    void initTestCase() { qputenv("XDG_CACHE_HOME", cache_.path().toUtf8()); }

    void withoutADriverTheListIsEmptyAndRunsSayWhatToDo() {
        const QTemporaryDir none;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("OCL_ICD_VENDORS", none.path() + "/");
        const auto list = runWith(environment, test::zipmlProgram(), {"devices", "--json"});
        QCOMPARE(list.exitCode, 0);
        QVERIFY(list.json()["devices"].toArray().isEmpty());
        QVERIFY(runWith(environment, test::zipmlProgram(), {"devices"}).out.contains("no OpenCL driver"));
        const auto run =
            runWith(environment, test::zipmlProgram(), {"train", "synthetic:5", "--device", "opencl:0"});
        QCOMPARE(run.exitCode, 2);
        QVERIFY2(run.oneErrorLine() && run.error.contains("no OpenCL driver") &&
                     run.error.contains("device cpu"),
                 qPrintable(run.error));
    }

    void unknownDevicesAreNamed() {
        const auto strange = test::runZipml({"train", "synthetic:5", "--device", "abacus:0"});
        QCOMPARE(strange.exitCode, 2);
        QVERIFY2(strange.oneErrorLine() && strange.error.contains("'abacus:0' is unknown"),
                 qPrintable(strange.error));
        if (!hasDevice())
            QSKIP("this machine has no OpenCL driver");
        const auto absent = test::runZipml({"train", "synthetic:5", "--device", "opencl:99"});
        QCOMPARE(absent.exitCode, 2);
        QVERIFY2(absent.oneErrorLine() && absent.error.contains("no opencl:99"), qPrintable(absent.error));
    }

    void trainsOnADevice() {
        if (!hasDevice())
            QSKIP("this machine has no OpenCL driver");
        const QStringList run{"train", "synthetic:90", "--estimator", "double", "--bits", "3", "--epochs",
                              "2",     "--bias-draws", "0",           "--json"};
        const auto onDevice = test::runZipml(run + QStringList{"--device", "opencl:0"});
        QCOMPARE(onDevice.exitCode, 0);
        QVERIFY(onDevice.json()["setup"].toObject().isEmpty() || onDevice.out.contains("opencl, packed"));
        const double loss = onDevice.json()["final"].toObject()["train_loss"].toDouble();
        const double wanted = test::runZipml(run).json()["final"].toObject()["train_loss"].toDouble();
        QVERIFY(wanted > 0);
        QVERIFY(std::abs(loss - wanted) <= 1e-5 * wanted);
    }

    void tooLittleDeviceMemoryIsSaid() {
        if (!hasDevice())
            QSKIP("this machine has no OpenCL driver");
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("POCL_MEMORY_LIMIT", "1"); // GB; one buffer may take a quarter of it
        const auto list = runWith(environment, test::zipmlProgram(), {"devices", "--json"});
        if (list.json()["devices"].toArray()[0].toObject()["most_buffer_bytes"].toDouble() > 600e6)
            QSKIP("the driver does not heed POCL_MEMORY_LIMIT");
        const auto run = runWith(environment, test::zipmlProgram(),
                                 {"devices", "--device", "opencl:0", "--bench", "--working-set-mb", "700"});
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.error.contains("cannot allocate") && run.error.contains("CL_INVALID_BUFFER_SIZE"),
                 qPrintable(run.error));
    }

    void kernelsAreTheReferences() {
        if (!hasDevice())
            QSKIP("this machine has no OpenCL driver");
        const auto result = test::runZipml({"devices", "--test", "--quick", "--json"});
        QCOMPARE(result.exitCode, 0);
        const auto tests = result.json()["devices"].toArray()[0].toObject()["self_test"].toArray();
        QVERIFY(tests.size() > 10);
        for (const auto& each : tests)
            QVERIFY(each.toObject()["passed"].toBool());
    }

    void kernelsRunCleanUnderOclgrind() {
        const QString oclgrind = QStandardPaths::findExecutable("oclgrind");
        if (oclgrind.isEmpty())
            QSKIP("oclgrind is not installed (Debian: oclgrind)");
        const auto result = runWith(QProcessEnvironment::systemEnvironment(), oclgrind,
                                    {"--data-races", test::zipmlProgram(), "devices", "--test", "--quick"});
        QVERIFY2(result.exitCode == 0, qPrintable(result.error.left(2000) + result.out.right(2000)));
        QVERIFY2(!result.error.contains("Invalid") && !result.error.contains("race"),
                 qPrintable(result.error.left(2000)));
    }
};

QTEST_APPLESS_MAIN(DevicesTest)
#include "devices_test.moc"
