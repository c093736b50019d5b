// What CONTRIBUTING.md says is enough to add an estimator, a placement of levels and a data format: the
// program with those of tests/toys added knows them on the command line, in help, rules and records.

#include "tests/support/zipml_process.h"

#include <QRegularExpression>
#include <QTemporaryDir>

#include <cmath>

using namespace zipml;

class ToysTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    QString data_;

    static test::ProcessResult run(const QStringList& arguments) {
        QProcess process;
        process.start(QFileInfo(qEnvironmentVariable("ZIPML_BIN", "build/bin") + "/../tests/zipml_with_toys")
                          .absoluteFilePath(),
                      arguments);
        return test::resultOf(process);
    }
    static QJsonObject trained(const QStringList& arguments) {
        const auto result = run(QStringList{"train", "--json"} + arguments);
        if (result.exitCode != 0)
            qWarning("%s", qPrintable(result.error));
        return result.json();
    }
    static double lastLoss(const QJsonObject& record) {
        return record["final"].toObject()["train_loss"].toDouble(NAN);
    }

  private slots:
    void initTestCase() {
        data_ = folder_.filePath("numbers.toy");
        QFile file(data_);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("toymatrix 200 4\n");
        for (int row = 0; row < 200; ++row) {
            const double a = std::sin(row * 1.7), b = std::cos(row * 0.9), c = std::sin(row * 0.31 + 1);
            file.write(QByteArray::number(a) + ' ' + QByteArray::number(b) + ' ' + QByteArray::number(c) +
                       ' ' + QByteArray::number(2 * a - b + 0.5 * c) + '\n');
        }
    }

    void theFormatIsRecognised() {
        const auto result = run({"data", data_, "--json"});
        QCOMPARE(result.exitCode, 0);
        QCOMPARE(result.json()["rows"].toInt(), 200);
        QVERIFY(run({"data", "--help"}).out.contains("toy"));
    }

    void theEstimatorRunsRowByRowAndIsInTheRecord() {
        const QJsonObject record = trained(
            {data_, "--label-column", "last", "--estimator", "toy-mean", "--bits", "8", "--epochs", "30"});
        QCOMPARE(record["spec"].toObject()["estimator"].toString(), "toy-mean");
        QVERIFY(record["store"].toObject()["kernels"].toString().startsWith("row by row, float64"));
        QVERIFY(lastLoss(record) < 0.01);
        QVERIFY(run({"train", "--help"}).out.contains("toy-mean"));
    }

    // It opted in to nothing: kernels, stores, devices, tomography and variance reduction refuse it.
    void whatDoesNotKnowTheEstimatorRefusesIt_data() {
        QTest::addColumn<QStringList>("arguments");
        const QStringList train{"train", data_, "--label-column", "last", "--estimator", "toy-mean"};
        QTest::newRow("integers") << train + QStringList{"--arithmetic", "integer"};
        QTest::newRow("any precision") << train + QStringList{"--store", "any-precision"};
        QTest::newRow("variance reduction") << train + QStringList{"--solver", "svrg"};
        QTest::newRow("device") << train + QStringList{"--device", "opencl:0"};
        QTest::newRow("fpga") << train + QStringList{"--device", "fpga:0"};
        QTest::newRow("store") << QStringList{
            "quantize", data_, "--label-column",        "last", "--estimator",
            "toy-mean", "-o",  folder_.filePath("x.zq")};
        QTest::newRow("tomography") << QStringList{"tomography", "--estimator", "toy-mean"};
    }
    void whatDoesNotKnowTheEstimatorRefusesIt() {
        QFETCH(QStringList, arguments);
        const auto result = run(arguments);
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(result.oneErrorLine(), qPrintable(result.error));
        QVERIFY2(result.error.contains(QRegularExpression("use |choose ")), qPrintable(result.error));
        QVERIFY2(result.error.contains(QRegularExpression("toy-mean|estimator double-plain")),
                 qPrintable(result.error));
    }

    // Its optimum is found and certified, runs on packed codes come near it, and OpenCL refuses it.
    void theLossIsMinimised() {
        const QStringList spec{"synthetic:6x400,classes", "--loss", "toy-steep", "--regularizer", "l2:0.01"};
        const QJsonObject record =
            trained(spec + QStringList{"--estimator", "naive", "--bits", "8", "--epochs", "60"});
        const QJsonObject optimum = record["optimum"].toObject();
        QVERIFY(optimum["certificate"].toDouble(1) < 1e-6);
        QVERIFY(record["loss"].toString().startsWith("steep logistic loss"));
        QVERIFY(record["store"].toObject()["kernels"].toString().startsWith("packed"));
        const double best = optimum["objective"].toDouble(NAN);
        const double reached = record["final"].toObject()["objective"].toDouble(NAN);
        QVERIFY2(std::abs(reached - best) < 0.01 * best, qPrintable(QString::number(reached)));
        const auto refused = run(QStringList{"train"} + spec + QStringList{"--device", "opencl:0"});
        QCOMPARE(refused.exitCode, 2);
        QVERIFY2(refused.error.contains("do not have this loss"), qPrintable(refused.error));
    }

    // Kernels apply it after each step; exact optima and OpenCL do not know it and say so.
    void theRegularizerIsApplied() {
        const QStringList spec{"synthetic:6x400", "--regularizer", "toy-sum:2.5"};
        const QJsonObject record =
            trained(spec + QStringList{"--estimator", "naive", "--bits", "8", "--epochs", "5"});
        QCOMPARE(record["spec"].toObject()["regularizer"].toString(), "toy-sum:2.5");
        double sum = 0;
        for (const auto weight : record["model"].toObject()["weights"].toArray())
            sum += weight.toDouble();
        QVERIFY2(std::abs(sum - 2.5) < 1e-9, qPrintable(QString::number(sum)));
        QVERIFY(record["optimum"].toObject()["note"].toString().contains("toy-sum"));
        const auto refused = run(QStringList{"train"} + spec + QStringList{"--device", "opencl:0"});
        QVERIFY2(refused.error.contains("do not have this regularizer"), qPrintable(refused.error));
    }

    void thePlacementIsUsedByRunsStoresAndLevels() {
        const auto levels = run({"levels", data_, "--label-column", "last", "--feature", "1", "--levels", "5",
                                 "--method", "toy-growing", "--json"});
        QCOMPARE(levels.exitCode, 0);
        const QJsonArray places = levels.json()["levels"].toArray();
        QCOMPARE(places.size(), 5);
        const double low = places[0].toDouble(), range = places[4].toDouble() - low;
        QVERIFY(std::abs(places[1].toDouble() - (low + range / 16)) < 1e-6);
        const QJsonObject record = trained({data_, "--label-column", "last", "--estimator", "corrected",
                                            "--grid", "toy-growing", "--bits", "6", "--epochs", "30"});
        QCOMPARE(record["spec"].toObject()["grid"].toString(), "toy-growing");
        QVERIFY(lastLoss(record) < 0.05);
        const QString store = folder_.filePath("toy.zq");
        QCOMPARE(run({"quantize", data_, "--label-column", "last", "--method", "toy-growing", "--bits", "4",
                      "--estimator", "corrected", "--arithmetic", "integer", "-o", store})
                     .exitCode,
                 0);
        QCOMPARE(run({"train", store, "--arithmetic", "integer", "--epochs", "2"}).exitCode, 0);
    }
};

QTEST_GUILESS_MAIN(ToysTest)
#include "toys_test.moc"
