// Bad input at the command line: one clear line, exit code 2, and no crash. And what info, data, bias and
// predict print for good input.

#include "tests/support/zipml_process.h"

#include <QTemporaryDir>

using zipml::test::runZipml;

class CliDataTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    void write(const QString& name, const QByteArray& contents) {
        QFile file(folder_.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(contents);
    }

  private slots:
    void initTestCase() {
        write("empty.csv", "");
        write("junk.bin", QByteArray("\x7f"
                                     "ELF\x02\x01\x00\x00\x00\xff\xfe\x80 12",
                                     14));
        write("ragged.csv", "1,2,3\n4,5,6\n7,8\n");
        write("text.csv", "1,2,3\n4,abc,6\n7,8,9\n");
        write("zero.svm", "1 1:2 2:3\n2 0:1 2:2\n");
        write("nan.csv", "1,2,3\n4,nan,6\n");
        write("inf.csv", "1,2,3\n4,inf,6\n");
        write("inf.svm", "1 1:2\n2 1:inf\n");
        write("one.csv", "1,2,5\n3,4,5\n5,6,5\n");
        write("huge.svm", "1 1:2\n2 2000000000:1\n");
        write("good.csv", "a,b,y\n1,2,5\n3,4,6\n5,7,9\n2,2,1\n");
        QDir(folder_.path()).mkdir("folder");
    }

    void badInputIsOneClearLine_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const QStringList& arguments, const char* expected) {
            QTest::newRow(name) << arguments << expected;
        };
        row("missing", {"missing.csv"}, "missing.csv: no such file");
        row("empty", {"empty.csv"}, "empty");
        row("empty folder", {"folder"}, "folder: is a folder without files");
        row("junk", {"junk.bin"}, "junk.bin");
        row("ragged", {"ragged.csv"}, "ragged.csv:3: ");
        row("text", {"text.csv"}, "text.csv:2: column 2: 'abc' is not a number");
        row("index 0 where it is not first", {"zero.svm", "--index-base", "1"}, "zero.svm:2: ");
        row("nan", {"nan.csv"}, "nan.csv:2: column 2: ");
        row("infinity", {"inf.csv"}, "inf.csv:2: column 2: ");
        row("infinity in libsvm", {"inf.svm"}, "inf.svm:2: ");
        row("one class", {"one.csv", "--task", "classification"}, "one.csv");
        row("equal labels", {"one.csv"}, "one.csv");
        row("no such label", {"good.csv", "--label-column", "z"}, "'z'");
        row("memory", {"huge.svm"}, "memory");
    }
    void badInputIsOneClearLine() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, expected);
        const auto result =
            runZipml(QStringList{"train"} + arguments + QStringList{"--json"}, folder_.path());
        QCOMPARE(result.exitCode, 2);
        QVERIFY(result.out.isEmpty());
        QVERIFY2(result.oneErrorLine(), qPrintable(result.error));
        QVERIFY2(result.error.contains(expected), qPrintable(result.error));
    }

    void dataDescribesTheFile() {
        const auto json = runZipml({"data", "good.csv", "--json"}, folder_.path()).json();
        QCOMPARE(json["rows"].toInt(), 4);
        QCOMPARE(json["features"].toInt(), 2);
        QCOMPARE(json["task"].toString(), "regression");
        QCOMPARE(json["columns"].toArray().size(), 2);
        QCOMPARE(json["columns"].toArray()[1].toObject()["max"].toDouble(), 7.0);
        QCOMPARE(json["label_column"].toInt(), 3);
        const auto text = runZipml({"data", "good.csv"}, folder_.path());
        QCOMPARE(text.exitCode, 0);
        QVERIFY(text.out.contains("4 rows x 2 features"));
    }

    void infoNamesTheMachine() {
        const auto json = runZipml({"info", "--json"}).json();
        QVERIFY(!json["version"].toString().isEmpty());
        QVERIFY(!json["cpu"].toObject()["isa"].toString().isEmpty());
        QVERIFY(!json["devices"].toArray().isEmpty());
    }

    void biasPrintsMeasurementAndFormula() {
        const auto json = runZipml({"bias", "synthetic:20x500", "--bits", "2", "--estimator", "naive", "--at",
                                    "random", "--draws", "50", "--json"})
                              .json();
        const double measured = json["measured_bias_norm"].toDouble();
        const double error = json["standard_error"].toDouble();
        const double predicted = json["predicted_bias_norm"].toDouble();
        QVERIFY(error > 0);
        QVERIFY(std::abs(measured - predicted) <= 3 * error);
        QVERIFY(measured > 5 * error);
        QVERIFY(std::abs(std::sqrt(json["variance"].toDouble() / 50) / error - 1) < 1e-9);
        const auto nearest =
            runZipml({"bias", "synthetic:20x500", "--estimator", "nearest", "--json"}).json();
        QVERIFY(nearest["predicted_bias_norm"].isNull());
    }

    void predictRepeatsTheRunsLoss() {
        const auto train = runZipml(
            {"train", "good.csv", "--estimator", "full", "--model", "m.json", "--json"}, folder_.path());
        QCOMPARE(train.exitCode, 0);
        const auto json = runZipml({"predict", "m.json", "good.csv", "--json"}, folder_.path()).json();
        QCOMPARE(json["predictions"].toArray().size(), 4);
        const double loss = train.json()["final"].toObject()["train_loss"].toDouble();
        QVERIFY(std::abs(json["metrics"].toObject()["mean_squared_error"].toDouble() / loss - 1) < 1e-5);
        const auto metrics = json["metrics"].toObject();
        QVERIFY(std::abs(metrics["root_mean_squared_error"].toDouble() /
                             std::sqrt(metrics["mean_squared_error"].toDouble()) -
                         1) < 1e-9);
        QVERIFY(metrics["r2"].toDouble() <= 1);
        write("unlabelled.csv", "a,b\n1,2\n3,4\n");
        const auto bare = runZipml({"predict", "m.json", "unlabelled.csv", "--json"}, folder_.path());
        QVERIFY2(bare.exitCode == 0, qPrintable(bare.error));
        QCOMPARE(bare.json()["predictions"].toArray()[1], json["predictions"].toArray()[1]);
        write("wide.csv", "1,2,3,4\n5,6,7,8\n");
        QCOMPARE(runZipml({"predict", "m.json", "wide.csv"}, folder_.path()).exitCode, 2);
    }

    // The metrics are those of the loss that the model was trained with.
    void predictReportsTheModelsLoss() {
        QString rows;
        for (int r = 0; r < 40; ++r)
            rows += QString("%1,%2,%3\n").arg(r % 7).arg((r * 5) % 11).arg((r * 3) % 4 > 1 ? 4 : 2);
        write("classes.csv", rows.toUtf8());
        for (const QString loss : {"least-squares", "logistic", "hinge", "squared-hinge"}) {
            const auto train = runZipml({"train", "classes.csv", "--loss", loss, "--estimator", "full",
                                         "--model", "c.json", "--json"},
                                        folder_.path());
            QVERIFY2(train.exitCode == 0, qPrintable(train.error));
            const auto last = train.json()["final"].toObject();
            const auto metrics = runZipml({"predict", "c.json", "classes.csv", "--json"}, folder_.path())
                                     .json()["metrics"]
                                     .toObject();
            QCOMPARE(metrics.size(), 2);
            const QString key = loss == "least-squares" ? QString("mean_squared_error")
                                                        : QString(loss).replace('-', '_') + "_loss";
            QVERIFY(std::abs(metrics[key].toDouble() / last["train_loss"].toDouble() - 1) < 1e-5);
            QCOMPARE(metrics["accuracy"].toDouble(), last["accuracy"].toDouble());
        }
    }

    // More than two classes: the labels of the file come back, with a score for each class.
    void predictChoosesAmongManyClasses() {
        QString rows;
        for (int r = 0; r < 90; ++r)
            rows += QString("%1,%2,%3\n").arg(r % 7).arg(r % 3 * 4 + r % 2).arg(10 * (r % 3));
        write("three.csv", rows.toUtf8());
        const auto train = runZipml({"train", "three.csv", "--loss", "logistic", "--estimator", "nearest",
                                     "--bits", "4", "--model", "three.json", "--json"},
                                    folder_.path());
        QVERIFY2(train.exitCode == 0, qPrintable(train.error));
        const auto last = train.json()["final"].toObject();
        const auto json = runZipml({"predict", "three.json", "three.csv", "--json"}, folder_.path()).json();
        QCOMPARE(json["predictions"].toArray().size(), 90);
        QCOMPARE(json["scores"].toArray()[5].toArray().size(), 3);
        int right = 0;
        for (int r = 0; r < 90; ++r) {
            const double label = json["predictions"].toArray()[r].toDouble();
            QVERIFY(label == 0 || label == 10 || label == 20);
            right += label == 10 * (r % 3) ? 1 : 0;
        }
        const auto metrics = json["metrics"].toObject();
        QCOMPARE(metrics["accuracy"].toDouble(), right / 90.0);
        QCOMPARE(metrics["accuracy"].toDouble(), last["accuracy"].toDouble());
        QVERIFY(std::abs(metrics["logistic_loss"].toDouble() / last["train_loss"].toDouble() - 1) < 1e-5);
        QVERIFY(right > 80);
        const auto onnx =
            runZipml({"export", "three.json", "--to", "onnx", "-o", "three.onnx"}, folder_.path());
        QVERIFY2(onnx.exitCode == 0, qPrintable(onnx.error));
    }
};

QTEST_GUILESS_MAIN(CliDataTest)
#include "data_test.moc"
