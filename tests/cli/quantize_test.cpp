// levels, quantize and sweep through the command line.

#include "core/base/file.h"
#include "core/quant/store_file.h"
#include "tests/support/real_data.h"
#include "tests/support/zipml_process.h"

#include <QTemporaryDir>

using namespace zipml;
using zipml::test::runZipml;

namespace {

/// The values of docs/method.md#s13 as a file.
QString goldenFile(const QTemporaryDir& folder) {
    const QString file = folder.filePath("golden.csv");
    std::string text = "value,label\n";
    for (const char* value : {"0", ".02", ".05", ".05", ".07", ".11", ".13", ".4", ".55", ".6", ".95", "1"})
        text += std::string(value) + ",1.5\n";
    writeFileAtomically(file.toStdString(), text);
    return file;
}

QString cadata() {
    return QString::fromStdString((test::dataFolder() / "cadata").string());
}

} // namespace

class QuantizeTest : public QObject {
    Q_OBJECT
  private slots:
    void levelsAreTheGoldenOnes() {
        const QTemporaryDir folder;
        const auto result = runZipml({"levels", goldenFile(folder), "--levels", "4", "--json"});
        QCOMPARE(result.exitCode, 0);
        const auto levels = result.json()["levels"].toArray();
        const double wanted[] = {0, .13, .55, 1};
        QCOMPARE(levels.size(), 4);
        for (int i = 0; i < 4; ++i)
            QVERIFY(std::abs(levels[i].toDouble() - wanted[i]) < 1e-6);
        QVERIFY(std::abs(result.json()["mean_variance"].toDouble() - .008091666667) < 1e-7);
        QVERIFY(std::abs(result.json()["uniform_mean_variance"].toDouble() - .014919444444) < 1e-7);
    }

    // Placed as given, packed as given, trained on as given; too many for the bits are refused in a line.
    void levelsByHandAreKept() {
        const QTemporaryDir folder;
        const auto placed = runZipml(
            {"levels", goldenFile(folder), "--levels", "8", "--method", "given:-2,-1,0,2", "--json"});
        QVERIFY2(placed.exitCode == 0, qPrintable(placed.error));
        const auto levels = placed.json()["levels"].toArray();
        const double wanted[] = {0, .25, .5, 1};
        QCOMPARE(levels.size(), 4);
        for (int i = 0; i < 4; ++i)
            QVERIFY(std::abs(levels[i].toDouble() - wanted[i]) < 1e-12);

        const QString data = folder.filePath("d.csv"), store = folder.filePath("d.zq");
        QFile out(data);
        QVERIFY(out.open(QIODevice::WriteOnly));
        for (int row = 0; row < 200; ++row)
            out.write(QString("%1,%2,%3.5\n").arg(row % 17).arg(row % 23).arg(row % 40).toUtf8());
        out.close();
        // Levels of other than equal distances are read from a store by the integer kernels.
        const QStringList how{"--bits", "2",           "--grid",    "given:-2,-1,0,2", "--scaling",
                              "minmax", "--estimator", "corrected", "--arithmetic",    "integer"};
        const auto memory = runZipml(QStringList{"train", data, "--epochs", "3", "--json"} + how);
        QVERIFY2(memory.exitCode == 0, qPrintable(memory.error));
        QCOMPARE(memory.json()["spec"].toObject()["grid"].toString(), QString("given:-2.0,-1.0,0.0,2.0"));
        QCOMPARE(memory.json()["store"].toObject()["levels_used"].toDouble(), 4.0);
        const auto packed = runZipml(QStringList{"quantize", data, "-o", store, "--json"} + how);
        QVERIFY2(packed.exitCode == 0, qPrintable(packed.error));
        const auto trained = runZipml({"train", store, "--arithmetic", "integer", "--epochs", "3", "--json"});
        QVERIFY2(trained.exitCode == 0, qPrintable(trained.error));
        QCOMPARE(trained.json()["spec"].toObject()["grid"].toString(), QString("given:-2.0,-1.0,0.0,2.0"));
        QCOMPARE(trained.json()["store"].toObject()["mean_variance"].toDouble(),
                 memory.json()["store"].toObject()["mean_variance"].toDouble());

        for (const QStringList& wrong : {QStringList{"--bits", "1", "--grid", "given:-2,-1,0,2"},
                                         {"--grid", "given:1,0"},
                                         {"--grid", "given"}}) {
            const auto refused = runZipml(QStringList{"train", data} + wrong);
            QCOMPARE(refused.exitCode, 2);
            QVERIFY2(refused.oneErrorLine(), qPrintable(refused.error));
        }
    }

    void everyMethodIsNoBetterThanTheOptimum() {
        NEEDS_REAL_DATA("cadata");
        const double best = runZipml({"levels", cadata(), "--feature", "3", "--levels", "16", "--json"})
                                .json()["mean_variance"]
                                .toDouble();
        QVERIFY(best > 0);
        for (const char* method : {"uniform", "candidates:256", "quantile", "lloyd-max", "logarithmic"}) {
            const auto result = runZipml(
                {"levels", cadata(), "--feature", "3", "--levels", "16", "--method", method, "--json"});
            QVERIFY2(result.json()["mean_variance"].toDouble() >= best * (1 - 1e-9), method);
        }
        const auto greedy =
            runZipml({"levels", cadata(), "--feature", "3", "--levels", "16", "--method", "greedy", "--json"})
                .json();
        QVERIFY(greedy["levels"].toArray().size() <= 16); // as a store of 4 bits has them
        QVERIFY(greedy["mean_variance"].toDouble() <= 2 * best);
    }

    // What is packed is trained on: another store is refused before it is written.
    void aStoreThatNothingTrainsOnIsNotPacked_data() {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QString>("said");
        QTest::newRow("4 bits") << QStringList{"--bits", "4"} << "";
        QTest::newRow("optimal, one rounding")
            << QStringList{"--bits", "4", "--grid", "optimal", "--estimator", "corrected"} << "";
        QTest::newRow("11 bits") << QStringList{"--bits", "11"} << "pack the data with at most 8 bits";
        QTest::newRow("16 bits, 5 copies")
            << QStringList{"--bits", "16", "--copies", "5", "--estimator", "double-mean"} << "with copies 2";
        QTest::newRow("3 copies") << QStringList{"--bits", "4", "--copies", "3"} << "with copies 2";
        QTest::newRow("optimal, two roundings")
            << QStringList{"--bits", "3", "--grid", "optimal"} << "with grid uniform";
    }
    void aStoreThatNothingTrainsOnIsNotPacked() {
        QFETCH(const QStringList, options);
        QFETCH(const QString, said);
        const QTemporaryDir folder;
        const QString store = folder.filePath("a.zq");
        const auto packed = runZipml(QStringList{"quantize", "synthetic:5x100", "-o", store} + options);
        QCOMPARE(packed.exitCode, said.isEmpty() ? 0 : 2);
        QVERIFY2(said.isEmpty() || (packed.oneErrorLine() && packed.error.trimmed().endsWith(said)),
                 qPrintable(packed.error));
        QCOMPARE(QFileInfo::exists(store), said.isEmpty());
        if (said.isEmpty())
            QCOMPARE(runZipml({"train", store, "--epochs", "1"}).exitCode, 0);
    }

    void quantizeWritesAStoreThatReadsBack() {
        NEEDS_REAL_DATA("cadata");
        const QTemporaryDir folder;
        const QString file = folder.filePath("out.zq");
        const auto result =
            runZipml({"quantize", cadata(), "--bits", "4", "--order", "file", "-o", file, "--json"});
        QCOMPARE(result.exitCode, 0);
        QCOMPARE(result.json()["bits_per_value"].toDouble(), 5.0);
        QCOMPARE(result.json()["bytes"].toInteger(), 20640 * 8 * 5 / 8);
        QVERIFY(result.json()["peak_resident_bytes"].toInteger() > 0);
        const StoreFile store(file.toStdString());
        QCOMPARE(store.header().rows, 20640U);
        QCOMPARE(store.header().codeBytes(), std::uint64_t{20640 * 8 * 5 / 8});
        QCOMPARE(store.labels()[0], 452600.0F);
    }

    void sweepResumesAndWritesATable() {
        const QTemporaryDir folder;
        const QString out = folder.filePath("sweep.json");
        const QString csv = folder.filePath("sweep.csv");
        const QStringList call{
            "sweep",  "synthetic:4x200", "--epochs", "3", "--vary", "estimator=full,double",
            "--vary", "bits=2,4",        "--out",    out, "--csv",  csv,
            "--json"};
        const auto first = runZipml(call);
        QCOMPARE(first.exitCode, 0);
        QCOMPARE(first.json()["runs"].toArray().size(), 3);
        const auto second = runZipml(call);
        QCOMPARE(second.out, first.out); // the same, seconds too: nothing was run again
        QCOMPARE(QString::fromStdString(readFile(csv.toStdString())).count('\n'), 4);
    }

    void badInputIsOneLine_data() {
        QTest::addColumn<QStringList>("call");
        QTest::newRow("feature 0") << QStringList{"levels", "synthetic:4", "--feature", "0"};
        QTest::newRow("feature too large") << QStringList{"levels", "synthetic:4", "--feature", "5"};
        QTest::newRow("one level") << QStringList{"levels", "synthetic:4", "--levels", "1"};
        QTest::newRow("method") << QStringList{"levels", "synthetic:4", "--method", "best"};
        QTest::newRow("candidates") << QStringList{"levels", "synthetic:4", "--method", "candidates:0"};
        QTest::newRow("no output") << QStringList{"quantize", "synthetic:4"};
        QTest::newRow("no folder") << QStringList{"quantize", "synthetic:4", "-o", "/no/such/folder/x.zq"};
        QTest::newRow("full") << QStringList{"quantize", "synthetic:4", "--estimator", "full", "-o", "x.zq"};
        QTest::newRow("nothing varies") << QStringList{"sweep", "synthetic:4"};
        QTest::newRow("unknown key") << QStringList{"sweep", "synthetic:4", "--vary", "speed=1"};
        QTest::newRow("svm on regression") << QStringList{"train", "synthetic:4", "--loss", "ls-svm"};
        QTest::newRow("model bits") << QStringList{"train", "synthetic:4", "--model-bits", "17"};
    }
    void badInputIsOneLine() {
        QFETCH(QStringList, call);
        const QTemporaryDir folder;
        const auto result = runZipml(call, folder.path());
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(result.oneErrorLine(), qPrintable(result.error));
        QVERIFY(QDir(folder.path()).isEmpty());
    }
};

QTEST_GUILESS_MAIN(QuantizeTest)
#include "quantize_test.moc"
