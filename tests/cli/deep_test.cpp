#include "tests/support/zipml_process.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <csignal>

using namespace zipml;

namespace {

const QStringList kSmall{"deep",      "train", "--data",        "shapes:200", "--network",        "small-cnn",
                         "--batch",   "20",    "--iterations",  "20",         "--evaluate-every", "5",
                         "--threads", "1",     "--test-images", "50"};

bool hasEngine() {
    return QFile::exists(QFileInfo(test::zipmlProgram()).path() + "/../lib/zipml/libzipml_deep.so");
}

QByteArray contentsOf(const QString& name) {
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// What does not depend on the time that was taken.
QJsonArray curveOf(const QJsonObject& record) {
    QJsonArray curve;
    for (const auto& value : record["epochs"].toArray()) {
        QJsonObject epoch = value.toObject();
        for (const char* time : {"seconds", "quantizer_seconds", "images_per_second"})
            epoch.remove(time);
        curve.append(epoch);
    }
    return curve;
}

} // namespace

#define NEEDS_ENGINE()                                                                                       \
    do {                                                                                                     \
        if (!hasEngine())                                                                                    \
            QSKIP("built without libtorch");                                                                 \
    } while (false)

class DeepCliTest : public QObject {
    Q_OBJECT
  private slots:
    void trainsEvaluatesAndExports() {
        NEEDS_ENGINE();
        const QTemporaryDir folder;
        const QString model = folder.filePath("m"), out = folder.filePath("r.json"),
                      csv = folder.filePath("c.csv");
        const auto result =
            test::runZipml(kSmall + QStringList{"--json", "--model", model, "--out", out, "--csv", csv});
        QVERIFY2(result.exitCode == 0, qPrintable(result.error));
        const auto record = result.json();
        QCOMPARE(record["status"].toString(), QString("completed"));
        QCOMPARE(record["epochs"].toArray().size(), 4);
        QCOMPARE(record["spec"].toObject()["network"].toString(), QString("small-cnn"));
        QCOMPARE(record["setup"].toObject()["data"].toString(),
                 QString("shapes: 200 training and 50 test images"));
        const auto setup = record["setup"].toObject();
        QVERIFY(setup["stored_bytes"].toDouble() * 10 < setup["float_bytes"].toDouble()); // 3 of 32 bits
        QCOMPARE(QJsonDocument::fromJson(contentsOf(out)).object(), record);
        QCOMPARE(contentsOf(csv).count('\n'), 5);

        const auto evaluated = test::runZipml({"deep", "evaluate", model, "--test-images", "50", "--json"});
        QVERIFY2(evaluated.exitCode == 0, qPrintable(evaluated.error));
        const auto final = record["final"].toObject();
        QCOMPARE(evaluated.json()["accuracy"].toDouble(), final["test_accuracy"].toDouble());
        QCOMPARE(evaluated.json()["confusion"].toArray(), final["confusion"].toArray());

        for (const char* weights : {"integer", "float"}) {
            const QString file = folder.filePath("m.onnx");
            const auto exported =
                test::runZipml({"deep", "export", model, "-o", file, "--weights", weights, "--json"});
            QVERIFY2(exported.exitCode == 0, qPrintable(exported.error));
            QCOMPARE(exported.json()["bytes"].toInt(), static_cast<int>(QFileInfo(file).size()));
        }

        const auto again = test::runZipml({"deep", "train", out, "--json"}); // a record repeats its run
        QCOMPARE(curveOf(again.json()), curveOf(record));
    }

    void goesOnAfterAnInterrupt() {
        NEEDS_ENGINE();
        const QTemporaryDir folder;
        const QString checkpoint = folder.filePath("c");
        const auto whole = test::runZipml(kSmall + QStringList{"--json"});
        QProcess process;
        process.start(test::zipmlProgram(),
                      kSmall + QStringList{"--checkpoint", checkpoint, "--checkpoint-every", "1"});
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(checkpoint), 60'000);
        ::kill(static_cast<pid_t>(process.processId()), SIGKILL);
        process.waitForFinished();
        const auto resumed = test::runZipml(kSmall + QStringList{"--checkpoint", checkpoint, "--json"});
        QVERIFY2(resumed.exitCode == 0, qPrintable(resumed.error));
        QCOMPARE(curveOf(resumed.json()), curveOf(whole.json()));
        QCOMPARE(resumed.json()["final"].toObject(), whole.json()["final"].toObject());
        const auto other = test::runZipml(kSmall + QStringList{"--checkpoint", checkpoint, "--seed", "2"});
        QCOMPARE(other.exitCode, 2);
        QVERIFY2(other.oneErrorLine() && other.error.contains("seed"), qPrintable(other.error));
    }

    void badUsageIsOneLine_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("says");
        const auto add = [](const QStringList& arguments, const char* says) {
            QTest::newRow(says) << arguments << QString(says);
        };
        add({"deep"}, "subcommand");
        add({"deep", "train", "--levels", "1"}, "2 to 256");
        add({"deep", "train", "--weights", "heuristic", "--levels", "4"}, "heuristic has 5 levels, not 4");
        add({"deep", "train", "--weights", "lsq", "--levels", "2"}, "lsq has 3 to 256 levels");
        add({"deep", "train", "--weights", "ternary"}, "choose one of full, xnor");
        add({"deep", "train", "--network", "lenet"}, "cifar10-quick");
        add({"deep", "train", "--drops", "0.5,2"}, "shares of the iterations");
        add({"deep", "train", "--momentum", "1"}, "from 0 to below 1");
        add({"deep", "train", "--activation-bits", "9"}, "activation_bits");
        add({"deep", "train", "--out", "/nowhere/r.json"}, "/nowhere");
        add({"deep", "evaluate", "/nowhere"}, "no such file");
        add({"deep", "evaluate", test::zipmlProgram()}, "is no network");
        add({"deep", "export", "/nowhere", "-o", "/tmp/m.onnx", "--weights", "half"},
            "integer, packed, float");
    }
    void badUsageIsOneLine() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, says);
        const auto result = test::runZipml(arguments);
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(result.oneErrorLine() && result.error.contains(says), qPrintable(result.error));
    }

    void withoutLibtorchSaysWhatToInstall() {
        QProcess process;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("ZIPML_PARTS", "/nowhere");
        process.setProcessEnvironment(environment);
        process.start(test::zipmlProgram(), kSmall);
        const auto result = test::resultOf(process);
        QCOMPARE(result.exitCode, 1);
        QVERIFY2(result.oneErrorLine() && result.error.contains("libtorch-dev"), qPrintable(result.error));
    }
};

QTEST_GUILESS_MAIN(DeepCliTest)
#include "deep_test.moc"
