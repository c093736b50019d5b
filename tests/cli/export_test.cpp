#include "tests/support/zipml_process.h"

#include <QTemporaryDir>

using namespace zipml;
using test::runZipml;

class CliExportTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() {
        const auto result = runZipml(
            {"train", "synthetic:5x200", "--epochs", "2", "--model", "m.json", "--json"}, folder_.path());
        QCOMPARE(result.exitCode, 0);
    }

    void writesEveryFormat_data() {
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("file");
        QTest::newRow("json") << "json"
                              << "out.json";
        QTest::newRow("onnx") << "onnx"
                              << "out.onnx";
        QTest::newRow("qonnx") << "qonnx"
                               << "out.qonnx";
        QTest::newRow("c") << "c"
                           << "out.h";
        QTest::newRow("liblinear") << "liblinear"
                                   << "out.model";
        QTest::newRow("systemverilog") << "systemverilog"
                                       << "out.sv";
        QTest::newRow("npz") << "npz"
                             << "out.npz";
    }
    void writesEveryFormat() {
        QFETCH(QString, to);
        QFETCH(QString, file);
        const auto result = runZipml({"export", "m.json", "--to", to, "-o", file, "--json"}, folder_.path());
        QVERIFY2(result.exitCode == 0, qPrintable(result.error));
        QCOMPARE(result.json()["file"].toString(), file);
        QCOMPARE(result.json()["bytes"].toInteger(), QFileInfo(folder_.filePath(file)).size());
        QVERIFY(result.json()["bytes"].toInteger() > 100);
        // The ending says the same.
        const auto again = runZipml({"export", "m.json", "-o", file, "--json"}, folder_.path());
        QCOMPARE(again.json(), result.json());
    }

    void anExportedModelPredictsAsTheOriginal() {
        QCOMPARE(runZipml({"export", "m.json", "-o", "copy.json"}, folder_.path()).exitCode, 0);
        QFile rows(folder_.filePath("rows.csv"));
        QVERIFY(rows.open(QIODevice::WriteOnly));
        rows.write("1,2,3,4,5,0.5\n-1,0,1,2,3,1\n0.1,0.2,0.3,0.4,0.5,2\n");
        rows.close();
        const QStringList data{"rows.csv", "--json"};
        const auto original = runZipml(QStringList{"predict", "m.json"} + data, folder_.path());
        QVERIFY2(original.exitCode == 0, qPrintable(original.error));
        QCOMPARE(runZipml(QStringList{"predict", "copy.json"} + data, folder_.path()).out, original.out);
    }

    void exportsLiblinearModels() {
        QCOMPARE(runZipml({"export", "m.json", "-o", "l.model"}, folder_.path()).exitCode, 0);
        const auto result = runZipml({"export", "l.model", "-o", "back.json", "--json"}, folder_.path());
        QVERIFY2(result.exitCode == 0, qPrintable(result.error));
        QCOMPARE(result.json()["format"].toString(), "json");
    }

    /// More bits move scores less, and 8 bits hardly at all.
    void showsWhatRoundingCosts() {
        QFile rows(folder_.filePath("five.csv"));
        QVERIFY(rows.open(QIODevice::WriteOnly));
        rows.write("1,2,3,4,5,0.5\n-1,0,1,2,3,1\n0.1,0.2,0.3,0.4,0.5,2\n");
        rows.close();
        const auto result =
            runZipml({"predict", "m.json", "five.csv", "--rounded", "--json"}, folder_.path());
        QVERIFY2(result.exitCode == 0, qPrintable(result.error));
        double first = -1;
        QStringList grids;
        for (const auto& value : result.json()["rounded"].toArray()) {
            const QJsonObject row = value.toObject();
            const QString grid = row["grid"].toString();
            const double change = row["score_change"].toDouble();
            if (row["bits"].toInt() == 1) {
                first = change;
                grids << grid;
            } else if (row["bits"].toInt() == 8 &&
                       grid != "logarithmic") { // whose gaps at the ends stay wide
                QVERIFY2(change <= first && change < 0.02, qPrintable(grid));
            }
            QVERIFY(row["metrics"].toObject().contains("mean_squared_error"));
        }
        QVERIFY(grids.contains("uniform") && grids.contains("optimal") && grids.contains("lloyd-max"));
    }

    void oneLineForBadUse_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("format") << QStringList{"m.json", "--to", "pickle", "-o", "x"};
        QTest::newRow("ending") << QStringList{"m.json", "-o", "x.pickle"};
        QTest::newRow("bits") << QStringList{"m.json", "-o", "x.onnx", "--bits", "9"};
        QTest::newRow("bits that do not apply") << QStringList{"m.json", "-o", "x.model", "--bits", "4"};
        QTest::newRow("grid") << QStringList{"m.json", "-o", "x.onnx", "--bits", "4", "--grid", "best"};
        QTest::newRow("packed") << QStringList{"m.json", "-o", "x.onnx", "--bits", "8", "--packed"};
        QTest::newRow("no model") << QStringList{"missing.json", "-o", "x.onnx"};
        QTest::newRow("no file") << QStringList{"m.json"};
    }
    void oneLineForBadUse() {
        QFETCH(QStringList, arguments);
        const auto result = runZipml(QStringList{"export"} + arguments, folder_.path());
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(result.oneErrorLine(), qPrintable(result.error));
        QVERIFY(QDir(folder_.path()).entryList({"x*"}).isEmpty());
    }

  private:
    const QTemporaryDir folder_;
};

QTEST_GUILESS_MAIN(CliExportTest)
#include "export_test.moc"
