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

/// With a driver that fails as `fault` says (tests/support/fault_layer.cpp).
QProcessEnvironment failing(const QString& fault) {
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("OPENCL_LAYERS", qEnvironmentVariable("ZIPML_FAULT_LAYER"));
    environment.insert("ZIPML_FAULT", fault);
    return environment;
}

/// A run that the FPGA pipeline does, but for another order or width.
QStringList fpgaRun(const QString& order = "file", const QString& bits = "4") {
    return QString("train synthetic:10x300 --estimator double-plain --bits %1 --scaling unit --order %2 "
                   "--schedule "
                   "constant --epochs 5 --device fpga:0 --json --bias-draws 0")
        .arg(bits, order)
        .split(' ');
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
        for (const char* device : {"opencl:0", "fpga:0"}) {
            const auto run =
                runWith(environment, test::zipmlProgram(), {"train", "synthetic:5", "--device", device});
            QCOMPARE(run.exitCode, 2);
            QVERIFY2(run.oneErrorLine() && run.error.contains("no OpenCL driver") &&
                         run.error.contains("device cpu"),
                     qPrintable(run.error));
        }
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

    void aDriverThatCannotBeTrustedIsRefused_data() {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QString>("said");
        QTest::newRow("ends the process") << "abort:0:0"
                                          << "it ends the program after \"opening\" (signal 6";
        QTest::newRow("hangs") << "hang:0:0"
                               << "it does not come to an end after \"opening\"";
        QTest::newRow("wrong sums") << "skip:0:0"
                                    << "computes something else";
        QTest::newRow("cannot be listed") << "listing:0:0"
                                          << "cannot be asked for its devices";
    }
    /// In the process that checks; here nothing crashes and nothing trains.
    void aDriverThatCannotBeTrustedIsRefused() {
        if (!hasDevice())
            QSKIP("this machine has no OpenCL driver");
        QFETCH(QString, fault);
        QFETCH(QString, said);
        const QTemporaryDir cache; // the other tests' verdict is another
        auto environment = failing(fault);
        environment.insert("XDG_CACHE_HOME", cache.path());
        environment.insert("ZIPML_DRIVER_CHECK_SECONDS", "3");
        const bool listing = fault.startsWith("listing");
        for (const QStringList& run :
             {QStringList{"train", "synthetic:10x32", "--device", "opencl:0"}, fpgaRun()}) {
            const auto refused = runWith(environment, test::zipmlProgram(), run);
            QCOMPARE(refused.exitCode, listing ? 1 : 2);
            QVERIFY2(refused.oneErrorLine() && refused.error.contains(said), qPrintable(refused.error));
        }
        const auto list = runWith(environment, test::zipmlProgram(), {"devices", "--json"});
        if (listing) {
            QVERIFY2(list.oneErrorLine() && list.error.contains(said), qPrintable(list.error));
            return;
        }
        const auto device = list.json()["devices"].toArray()[0].toObject();
        QVERIFY(!device["trains"].toBool());
        QVERIFY2(device["check"].toString().contains(said), qPrintable(device["check"].toString()));
        const auto tested = runWith(environment, test::zipmlProgram(), {"devices", "--test"});
        QCOMPARE(tested.exitCode, 1);
        QVERIFY2(tested.out.contains("FAILED  driver's check: ") && tested.out.contains(said),
                 qPrintable(tested.out));
    }

    void aDriverThatDoesNotLoadIsNamed() {
        const QTemporaryDir folder;
        QFile icd(folder.filePath("broken.icd"));
        QVERIFY(icd.open(QFile::WriteOnly));
        icd.write("libnosuchdriver.so.1\n");
        icd.close();
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("OCL_ICD_VENDORS", folder.path() + "/");
        const auto run =
            runWith(environment, test::zipmlProgram(), {"train", "synthetic:5", "--device", "opencl:0"});
        QCOMPARE(run.exitCode, 2);
        QVERIFY2(run.oneErrorLine() && run.error.contains("broken.icd does not load: libnosuchdriver.so.1"),
                 qPrintable(run.error));
    }

    /// Resumed, the sweep finds its device by name, and what is called by its place is that name.
    void recordsNameTheDevice() {
        if (!hasDevice())
            QSKIP("this machine has no OpenCL driver");
        const QTemporaryDir folder;
        const auto device = test::runZipml({"devices", "--json"}).json()["devices"].toArray()[0].toObject();
        const QStringList sweep{
            "sweep",  "synthetic:10x64", "--vary", "bits=2,4", "--epochs",
            "2",      "--bias-draws",    "0",      "--out",    folder.filePath("sweep.json"),
            "--json", "--device"};
        const auto first = test::runZipml(sweep + QStringList{"opencl:0"});
        QVERIFY2(first.exitCode == 0, qPrintable(first.error));
        const auto spec = first.json()["runs"].toArray()[0].toObject()["spec"].toObject();
        QCOMPARE(spec["device"].toString(), device["full_name"].toString());
        const auto again = test::runZipml(sweep + QStringList{device["full_name"].toString()});
        QVERIFY2(again.exitCode == 0, qPrintable(again.error));
        QCOMPARE(again.json()["runs"].toArray(),
                 first.json()["runs"].toArray()); // seconds too: nothing ran again
        const auto gone =
            test::runZipml({"train", "synthetic:10x64", "--device", "opencl:another (driver 9.9)"});
        QCOMPARE(gone.exitCode, 2);
        QVERIFY2(gone.oneErrorLine() &&
                     gone.error.contains("there is no opencl:another (driver 9.9); this machine"),
                 qPrintable(gone.error));
    }

    void trainsOnADevice() {
        if (!hasDevice())
            QSKIP("this machine has no OpenCL driver");
        const QStringList run{"train",        "synthetic:90", "--estimator", "double", "--bits",       "3",
                              "--arithmetic", "float",        "--epochs",    "2",      "--bias-draws", "0",
                              "--json"};
        const auto onDevice = test::runZipml(run + QStringList{"--device", "opencl:0"});
        QCOMPARE(onDevice.exitCode, 0);
        QVERIFY(onDevice.json()["setup"].toObject().isEmpty() || onDevice.out.contains("opencl, packed"));
        const double loss = onDevice.json()["final"].toObject()["train_loss"].toDouble();
        const double wanted = test::runZipml(run).json()["final"].toObject()["train_loss"].toDouble();
        QVERIFY(wanted > 0);
        QVERIFY(std::abs(loss - wanted) <= 1e-5 * wanted);
    }

    void trainsThroughTheFpgaPipeline() {
        if (!hasDevice())
            QSKIP("this machine has no OpenCL driver");
        const auto run = test::runZipml(fpgaRun());
        QVERIFY2(run.exitCode == 0, qPrintable(run.error));
        QVERIFY(run.out.contains("fpga pipeline q4_unit, fixed point Q8.23"));
        QCOMPARE(run.json()["epochs"].toArray().size(), 5);
        const auto shuffled = test::runZipml(fpgaRun("shuffled"));
        QCOMPARE(shuffled.exitCode, 2);
        QVERIFY2(shuffled.oneErrorLine() && shuffled.error.contains("use order file"),
                 qPrintable(shuffled.error));
    }

    void imagesThatAreDamagedOrNotThereAreSaid() {
        if (!hasDevice())
            QSKIP("this machine has no OpenCL driver");
        const QTemporaryDir folder;
        const QStringList images{"--images", folder.path()};
        const auto said = [&](const QStringList& arguments, const char* what) {
            const auto result = test::runZipml(arguments + images);
            QVERIFY2(result.exitCode == 2 && result.oneErrorLine() && result.error.contains(what),
                     qPrintable(result.error));
        };
        said({"devices"}, "no FPGA image is here");
        const auto put = [&](const QString& name, const QByteArray& bytes) {
            QFile file(folder.filePath(name));
            QVERIFY(file.open(QFile::WriteOnly));
            file.write(bytes);
        };
        put("zipml_q4_unit.poclbin", "#!/bin/sh\n"); // foreign
        said({"devices"}, "this is no FPGA image");
        said(fpgaRun(), "this is no FPGA image");
        put("zipml_q4_unit.poclbin", "poclbin and half of the rest");
        put("zipml_q4_unit.poclbin.cksum", "1234567 9000\n"); // truncated
        said({"devices"}, "it has 28 bytes instead of 9000");
        said(fpgaRun(), "it has 28 bytes instead of 9000");
        put("zipml_q4_unit.poclbin.cksum", "1234567 28\n"); // corrupt
        said(fpgaRun(), "its checksum is not that of");
        said(fpgaRun("file", "8"), "no image of the design q8_unit");
    }

    void aLostDeviceKeepsTheRunWhichCanGoOn_data() {
        QTest::addColumn<QStringList>("run");
        QTest::addColumn<QString>("fault");
        QTest::addColumn<int>("lostIn"); // 0: in whichever
        QTest::newRow("fpga") << fpgaRun() << "launch:3:-5" << 3;
        QTest::newRow("opencl") << QStringList{"train",  "synthetic:10x32", "--epochs",
                                               "20",     "--device",        "opencl:0",
                                               "--json", "--bias-draws",    "0"}
                                << "launch:14:-5" << 0;
    }
    /// Kept up to the last complete epoch, in the record too; with --cpu-fallback all epochs are done.
    void aLostDeviceKeepsTheRunWhichCanGoOn() {
        if (!hasDevice())
            QSKIP("this machine has no OpenCL driver");
        QFETCH(QStringList, run);
        QFETCH(QString, fault);
        QFETCH(int, lostIn);
        const auto lost = runWith(failing(fault), test::zipmlProgram(), run);
        QCOMPARE(lost.exitCode, 1);
        QVERIFY2(lost.oneErrorLine() && lost.error.contains("was lost in epoch") &&
                     lost.error.contains("CL_OUT_OF_RESOURCES") && lost.error.contains("--cpu-fallback"),
                 qPrintable(lost.error));
        const auto kept = lost.json()["epochs"].toArray();
        QVERIFY(!kept.isEmpty());
        if (lostIn > 0)
            QCOMPARE(kept.size(), lostIn - 1);
        const auto whole = runWith(failing(fault), test::zipmlProgram(), run + QStringList{"--cpu-fallback"});
        QVERIFY2(whole.exitCode == 0, qPrintable(whole.error));
        QVERIFY(whole.error.contains("going on on the cpu"));
        const auto epochs = whole.json()["epochs"].toArray();
        QCOMPARE(epochs.size(), run[run.indexOf("--epochs") + 1].toInt());
        for (qsizetype i = 0; i < kept.size(); ++i)
            QCOMPARE(epochs[i].toObject()["train_loss"], kept[i].toObject()["train_loss"]);
        QVERIFY(epochs.last().toObject()["train_loss"].toDouble() <
                epochs.first().toObject()["train_loss"].toDouble());
    }

    void aFullDeviceIsSaid_data() {
        QTest::addColumn<QStringList>("run");
        QTest::newRow("fpga") << fpgaRun();
        QTest::newRow("opencl") << QStringList{"train", "synthetic:10x32", "--device", "opencl:0", "--json"};
    }
    /// The first buffer, and one behind it, do not fit.
    void aFullDeviceIsSaid() {
        if (!hasDevice())
            QSKIP("this machine has no OpenCL driver");
        QFETCH(QStringList, run);
        for (const char* fault : {"allocate:1:-4", "allocate:2:-4"}) {
            const auto full = runWith(failing(fault), test::zipmlProgram(), run);
            QCOMPARE(full.exitCode, 1);
            QVERIFY2(full.oneErrorLine() && full.error.contains("cannot allocate") &&
                         full.error.contains("CL_MEM_OBJECT_ALLOCATION_FAILURE") &&
                         full.error.contains("cpu"),
                     qPrintable(full.error));
        }
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
        const auto devices = result.json()["devices"].toArray();
        QCOMPARE(devices.last().toObject()["backend"].toString(), "fpga");
        for (const auto& device : devices) {
            const auto tests = device.toObject()["self_test"].toArray();
            QVERIFY(tests.size() >= 8);
            for (const auto& each : tests)
                QVERIFY(each.toObject()["passed"].toBool());
        }
    }

    void kernelsRunCleanUnderOclgrind_data() {
        QTest::addColumn<QStringList>("checks");
        QTest::addColumn<QStringList>("devices");
        QTest::addColumn<QString>("variant"); // of the training kernels
        QTest::newRow("data races") << QStringList{"--data-races"} << QStringList{} << "cpu";
        QTest::newRow("data races, groups")
            << QStringList{"--data-races"} << QStringList{"--device", "opencl:0"} << "gpu";
        // The others' vectors are too much for oclgrind 21.10: it crashes on a shuffle that leaves elements
        // undefined (float2 c; c.x + c.y) and calls the sum of a float16's halves uninitialized.
        QTest::newRow("uninitialized")
            << QStringList{"--data-races", "--uninitialized"} << QStringList{"--device", "fpga:0"} << "cpu";
    }
    /// All kernels, those of the FPGA pipeline among them.
    void kernelsRunCleanUnderOclgrind() {
        const QString oclgrind = QStandardPaths::findExecutable("oclgrind");
        if (oclgrind.isEmpty())
            QSKIP("oclgrind is not installed (Debian: oclgrind)");
        if (test::kSanitized)
            QSKIP("a sanitizer has oclgrind's place");
        QFETCH(QStringList, checks);
        QFETCH(QStringList, devices);
        QFETCH(QString, variant);
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("ZIPML_OPENCL_VARIANT", variant);
        const auto result =
            runWith(environment, oclgrind,
                    checks + QStringList{test::zipmlProgram(), "devices", "--test", "--quick"} + devices);
        QVERIFY2(result.exitCode == 0, qPrintable(result.error.left(2000) + result.out.right(2000)));
        for (const char* word : {"Invalid", "race", "Uninitialized"})
            QVERIFY2(!result.error.contains(word), qPrintable(result.error.left(2000)));
        if (variant == "cpu")
            QCOMPARE(result.out.count("ok      fpga pipeline, "), 8);
        else
            QCOMPARE(result.out.count("ok      epoch, logistic, "), 2);
    }
};

QTEST_APPLESS_MAIN(DevicesTest)
#include "devices_test.moc"
