/// Every OpenCL driver that is installed, alone and all at once: what trains there trains right, and what does
/// not is refused before the run. Debian's pocl-opencl-icd and mesa-opencl-icd give two.

#include "tests/support/zipml_process.h"

#include <QDir>
#include <QTemporaryDir>

using namespace zipml;
using test::ProcessResult;

namespace {

constexpr const char* kVendors = "/etc/OpenCL/vendors";
constexpr double kBound = 1e-5; ///< of a loss, relative

/// What the pipeline of an FPGA does, too, but for the estimator.
QStringList settings(const QString& estimator) {
    const QStringList rounded{"--bits", "4", "--arithmetic", "float"};
    return QString("train synthetic:10x320 --estimator %1 --scaling unit --order file --schedule constant "
                   "--step 2^-6 --batch 16 --epochs 3 --json --bias-draws 0")
               .arg(estimator)
               .split(' ') +
           (estimator == "full" ? QStringList{} : rounded);
}

} // namespace

class DriversTest : public QObject {
    Q_OBJECT
    QTemporaryDir cache_;

    [[nodiscard]] ProcessResult runWith(const QString& drivers, const QStringList& arguments) const {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("XDG_CACHE_HOME", cache_.path());
        environment.insert("OCL_ICD_VENDORS", drivers);
        environment.insert("RUSTICL_ENABLE", "llvmpipe");
        QProcess process;
        process.setProcessEnvironment(environment);
        process.start(test::zipmlProgram(), arguments);
        process.waitForFinished(280'000);
        return test::resultOf(process);
    }
    static double lossOf(const ProcessResult& result) {
        return result.json()["final"].toObject()["train_loss"].toDouble();
    }

  private slots:
    void trainsRightOrNotAtAll_data() {
        QTest::addColumn<QString>("drivers");
        const auto files = QDir(kVendors).entryList({"*.icd"}, QDir::Files);
        for (const auto& file : files)
            QTest::newRow(qPrintable(file)) << QDir(kVendors).filePath(file);
        if (files.size() > 1)
            QTest::newRow("all") << QString(kVendors) + "/";
        if (files.isEmpty())
            QSKIP("this machine has no OpenCL driver");
    }
    void trainsRightOrNotAtAll() {
        QFETCH(QString, drivers);
        const auto list = runWith(drivers, {"devices", "--json"});
        QVERIFY2(list.exitCode == 0, qPrintable(list.error));
        int trained = 0, refused = 0;
        for (const QString estimator :
             {"full", "naive", "corrected", "double", "double-plain", "double-mean"}) {
            const double wanted = lossOf(runWith(drivers, settings(estimator)));
            QVERIFY(wanted > 0);
            const auto devices = list.json()["devices"].toArray();
            for (const auto& each : devices) {
                const QString device = each.toObject()["full_name"].toString();
                const auto run = runWith(drivers, settings(estimator) + QStringList{"--device", device});
                if (run.exitCode != 0) {
                    QVERIFY2(run.exitCode == 2 && run.error.contains("; use "),
                             qPrintable(device + ": " + run.error));
                    ++refused;
                    continue;
                }
                QCOMPARE(run.json()["spec"].toObject()["device"].toString(), device);
                ++trained;
                if (device.startsWith(
                        "fpga:")) // another arithmetic: its own tests hold it against the reference
                    continue;
                QVERIFY2(
                    std::abs(lossOf(run) - wanted) <= kBound * wanted,
                    qPrintable(
                        QString("%1, %2: %3 for %4").arg(device, estimator).arg(lossOf(run)).arg(wanted)));
            }
        }
        qInfo("%d runs equal the CPU's within 1e-5, or are the FPGA pipeline's; %d are refused before they "
              "begin",
              trained, refused);
    }
};

QTEST_APPLESS_MAIN(DriversTest)
#include "drivers_test.moc"
