// Packed stores in files through the command line: larger than memory, interrupted, misused.

#include "core/base/file.h"
#include "core/base/random.h"
#include "tests/support/zipml_process.h"

#include <QDir>
#include <QTemporaryDir>

#include <csignal>

using namespace zipml;
using zipml::test::runZipml;
using zipml::test::runZipmlWithin;

namespace {

constexpr int kRows = 400'000;
constexpr int kFeatures = 1000;
constexpr int kLimit = 350'000; ///< kilobytes of address space: the store alone takes 390,625

/// A small LIBSVM file whose rows are wide: a label that is the sum of two features out of kFeatures, and 1.
QString wideFile(const QTemporaryDir& folder) {
    const RandomStream stream(3, Purpose::Synthetic);
    std::string text;
    for (std::uint32_t row = 0; row < kRows; ++row) {
        const auto words = stream.words(row, 0);
        const auto low = words[0] % (kFeatures / 2) + 1;
        const auto high = words[1] % (kFeatures / 2) + kFeatures / 2 + 1;
        const auto value = words[2] % 5;
        text += std::to_string(value + 2) + " " + std::to_string(low) + ":1 " + std::to_string(high) + ":" +
                std::to_string(value) + "\n";
    }
    const QString file = folder.filePath("wide.svm");
    writeFileAtomically(file.toStdString(), text);
    return file;
}

QStringList quantize(const QString& data, const QString& store) {
    return {"quantize", data,         "--bits",    "8", "--estimator", "corrected", "--scaling", "max-abs",
            "--task",   "regression", "--threads", "2", "-o",          store,       "--json"};
}

} // namespace

class StoreTest : public QObject {
    Q_OBJECT
  private slots:
    void largerThanMemory() {
        if (test::kSanitized)
            QSKIP("a sanitizer needs more address space than any limit leaves");
        const QTemporaryDir folder;
        const QString data = wideFile(folder);
        const QString store = folder.filePath("wide.zq");
        const auto inMemory = runZipmlWithin(kLimit, {"train", data, "--threads", "2"});
        QCOMPARE(inMemory.exitCode, 2);
        QVERIFY2(inMemory.oneErrorLine(), qPrintable(inMemory.error));

        const auto built = runZipmlWithin(kLimit, quantize(data, store));
        QVERIFY2(built.exitCode == 0, qPrintable(built.error));
        QCOMPARE(built.json()["bytes"].toInteger(), qint64{kRows} * kFeatures);
        QVERIFY(built.json()["bytes"].toInteger() > qint64{kLimit} * 1024);
        QCOMPARE(built.json()["passes"].toInt(), 2);
        checkPeak(built, 300);

        const QString model = folder.filePath("m.json");
        const auto trained =
            runZipmlWithin(kLimit, {"train", store, "--arithmetic", "integer", "--batch", "64", "--epochs",
                                    "8", "--schedule", "constant", "--step", "0.5", "--threads", "2",
                                    "--model", model, "--json"});
        QVERIFY2(trained.exitCode == 0, qPrintable(trained.error));
        checkPeak(trained, 200);
        const double before = trained.json()["initial"].toObject()["train_loss"].toDouble();
        const double after = trained.json()["final"].toObject()["train_loss"].toDouble();
        QVERIFY2(before > 15 && after >= 0 && after < 2,
                 qPrintable(QString("%1, then %2").arg(before).arg(after)));
        QVERIFY(trained.json()["loss"].toString().contains("estimated"));
        const auto final = trained.json()["final"].toObject();
        QVERIFY(final["train_loss_standard_error"].toDouble() > 0);
        // The model predicts the file that it never saw unrounded.
        const auto short_ = shortFile(folder, data);
        const auto predicted = runZipml({"predict", model, short_, "--json"});
        QVERIFY2(predicted.exitCode == 0, qPrintable(predicted.error));
        const double measured = predicted.json()["metrics"].toObject()["mean_squared_error"].toDouble();
        QVERIFY2(std::abs(measured - after) < 0.2 * before, qPrintable(QString::number(measured)));
    }

    void interruptLeavesNothing() {
        const QTemporaryDir folder, out;
        const QString store = out.filePath("wide.zq");
        QProcess process;
        process.start(test::zipmlProgram(), quantize(wideFile(folder), store));
        QVERIFY(QTest::qWaitFor(
            [&] { return !QDir(out.path()).isEmpty() || process.state() == QProcess::NotRunning; },
            60'000));                                 // the second pass has begun
        QCOMPARE(process.state(), QProcess::Running); // else its number is 0: the signal would be for us
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        const auto result = test::resultOf(process);
        QCOMPARE(result.exitCode, 128 + SIGINT);
        QVERIFY2(result.oneErrorLine(), qPrintable(result.error));
        QVERIFY(QDir(out.path()).isEmpty());
    }

    // Features that are nearly alike, at 1 bit: on the file and from its store the run diverges, exit code 1.
    void divergenceIsNoSuccess() {
        const QTemporaryDir folder;
        const RandomStream stream(4, Purpose::Synthetic);
        std::string text;
        for (std::uint32_t row = 0; row < 300; ++row) {
            const double common = stream.normals(row, 0)[0];
            for (std::uint32_t f = 0; f < 12; ++f)
                text += std::to_string(common + 0.05 * stream.normals(row, 1 + f)[0]) + ",";
            text += std::to_string(common + 0.1 * stream.normals(row, 0)[1]) + "\n";
        }
        const QString data = folder.filePath("alike.csv"), store = folder.filePath("alike.zq");
        writeFileAtomically(data.toStdString(), text);
        QCOMPARE(runZipml({"quantize", data, "--bits", "1", "-o", store}).exitCode, 0);
        for (const QStringList& call : {QStringList{"train", data, "--bits", "1"}, {"train", store}}) {
            const auto result =
                runZipml(call + QStringList{"--epochs", "100", "--schedule", "constant", "--json"});
            QCOMPARE(result.exitCode, 1);
            QVERIFY2(result.oneErrorLine() && result.error.contains("diverged in epoch"),
                     qPrintable(result.error));
            QCOMPARE(result.json()["status"].toString(), QString("diverged"));
            for (const auto& epoch : result.json()["epochs"].toArray())
                QVERIFY(!(epoch.toObject()["train_loss"].toDouble() < 0));
        }
        const auto shown = runZipml({"train", store, "--epochs", "100", "--schedule", "constant"});
        QVERIFY2(shown.out.contains("no step converges"), qPrintable(shown.out));
    }

    // Of more rows than are kept the loss has a standard error, which is shown beside it.
    void standardErrorIsShown() {
        const QTemporaryDir folder;
        const QString store = folder.filePath("a.zq");
        QCOMPARE(runZipml({"quantize", "synthetic:4x3000", "--bits", "4", "-o", store}).exitCode, 0);
        const auto shown = runZipml({"train", store, "--epochs", "2"});
        QVERIFY2(shown.out.contains("std. error") && shown.out.contains("2000 of the 3000 rows"),
                 qPrintable(shown.out));
        const auto record = runZipml({"train", store, "--epochs", "2", "--json"}).json();
        QVERIFY(record["final"].toObject()["train_loss_standard_error"].toDouble() > 0);
    }

    // Any byte that changes is noticed: a flipped code, another number of rows, a label.
    void damageIsOneLine() {
        const QTemporaryDir folder;
        const QString store = folder.filePath("a.zq"), damaged = folder.filePath("b.zq");
        QCOMPARE(runZipml({"quantize", "synthetic:40x900", "--bits", "4", "-o", store}).exitCode, 0);
        const std::string good = readFile(store.toStdString());
        for (const std::size_t back : {std::size_t{65}, std::size_t{5000}, good.size() - 300}) {
            std::string bytes = good;
            bytes[bytes.size() - back] ^= 4;
            writeFileAtomically(damaged.toStdString(), bytes);
            const auto result = runZipml({"train", damaged, "--epochs", "2"});
            QCOMPARE(result.exitCode, 2);
            QVERIFY2(result.oneErrorLine() && result.error.contains("damaged"), qPrintable(result.error));
        }
    }

    void misuseIsOneLine() {
        const QTemporaryDir folder;
        const QString store = folder.filePath("a.zq");
        QCOMPARE(runZipml({"quantize", "synthetic:4x100", "--bits", "4", "-o", store}).exitCode, 0);
        QCOMPARE(runZipml({"train", store, "--epochs", "2"}).exitCode, 0);
        for (const QStringList& call :
             {QStringList{"train", store, "--bits", "5"},
              {"train", store, "--estimator", "corrected"},
              {"train", store, "--test", store},
              {"train", folder.filePath("none.zq")},
              {"data", store},
              {"bias", store},
              {"quantize", store, "-o", folder.filePath("b.zq")},
              {"quantize", "synthetic:4", "--split", "0.5", "-o", folder.filePath("b.zq")}}) {
            const auto result = runZipml(call);
            QVERIFY2(result.exitCode == 2, qPrintable(call.join(' ')));
            QVERIFY2(result.oneErrorLine(), qPrintable(result.error));
        }
    }

  private:
    static void checkPeak(const test::ProcessResult& result, int megabytes) {
        const auto peak = result.json()["peak_resident_bytes"].toInteger();
        QVERIFY2(peak > 0 && peak < megabytes * qint64{1'000'000}, qPrintable(QString::number(peak)));
    }

    /// The first rows of the data.
    static QString shortFile(const QTemporaryDir& folder, const QString& data) {
        const std::string text = readFile(data.toStdString());
        const QString file = folder.filePath("short.svm");
        writeFileAtomically(file.toStdString(), text.substr(0, text.find('\n', 40'000) + 1));
        return file;
    }
};

QTEST_GUILESS_MAIN(StoreTest)
#include "store_test.moc"
