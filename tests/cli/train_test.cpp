#include "core/lab/run.h"
#include "tests/support/zipml_process.h"

#include <QTemporaryDir>

#include <nlohmann/json.hpp>

#include <csignal>

using namespace zipml;
using test::runZipml;

namespace {

const QStringList kSmall{"synthetic:10x500", "--epochs", "4", "--bits", "4"};

} // namespace

class CliTrainTest : public QObject {
    Q_OBJECT
  private slots:
    void jsonHasThePromisedKeys() {
        const auto result = runZipml(QStringList{"train"} + kSmall + QStringList{"--json"});
        QCOMPARE(result.exitCode, 0);
        QVERIFY2(result.error.isEmpty(), qPrintable(result.error));
        const auto json = result.json();
        const auto epochs = json["epochs"].toArray();
        QCOMPARE(epochs.size(), 4);
        for (const char* key : {"epoch", "train_loss", "test_loss", "bias_norm", "bytes_moved", "seconds"})
            QVERIFY2(epochs[3].toObject().contains(key), key);
        for (const char* key : {"train_loss", "test_loss", "accuracy"})
            QVERIFY2(json["final"].toObject().contains(key), key);
        QCOMPARE(json["spec"].toObject()["bits"].toInt(), 4);
        QCOMPARE(json["final"].toObject()["train_loss"], epochs[3].toObject()["train_loss"]);
    }

    // One spec, two front ends, the same bits: here the CLI against the library that the GUI calls.
    void equalsTheLibrary() {
        RunSpec spec;
        spec.data.source = "synthetic:10x500";
        spec.bits = 4;
        spec.sgd.epochs = 4;
        RunObserver nobody;
        RunControl control;
        const auto record = runExperiment(spec, nobody, control);
        const auto result = runZipml(QStringList{"train"} + kSmall + QStringList{"--json"});
        const auto json = nlohmann::json::parse(result.out.toStdString());
        for (std::size_t e = 0; e < 4; ++e) {
            QCOMPARE(json["epochs"][e]["train_loss"].get<double>(), record.epochs[e].trainLoss);
            QCOMPARE(json["epochs"][e]["test_loss"].get<double>(), *record.epochs[e].testLoss);
            QCOMPARE(json["epochs"][e]["bias_norm"].get<double>(), *record.epochs[e].biasNorm);
        }
    }

    void aSpecFileAndFlagsOverIt() {
        const QTemporaryDir folder;
        RunSpec spec;
        spec.data.source = "synthetic:10x500";
        spec.estimator = EstimatorKind::Naive;
        spec.sgd.epochs = 2;
        writeSpec(spec, folder.filePath("spec.json").toStdString());
        const auto json =
            runZipml({"train", "spec.json", "--json", "--epochs", "3", "--no-intercept"}, folder.path())
                .json();
        QCOMPARE(json["epochs"].toArray().size(), 3);
        QCOMPARE(json["spec"].toObject()["estimator"].toString(), "naive");
        QCOMPARE(json["spec"].toObject()["intercept"].toBool(), false);
    }

    void writesEveryFile() {
        const QTemporaryDir folder;
        const auto result = runZipml(
            QStringList{"train"} + kSmall +
                QStringList{"--out", "run.json", "--model", "m.json", "--csv", "c.csv", "--plot", "p.svg"},
            folder.path());
        QVERIFY2(result.exitCode == 0, qPrintable(result.error));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files),
                 (QStringList{"c.csv", "m.json", "p.svg", "run.json"}));
        for (const char* file : {"run.json", "m.json"}) {
            QFile in(folder.filePath(file));
            QVERIFY(in.open(QIODevice::ReadOnly));
            QVERIFY(QJsonDocument::fromJson(in.readAll()).isObject());
        }
        for (const char* plot : {"p.png", "p.pdf"}) {
            QCOMPARE(
                runZipml(QStringList{"train"} + kSmall + QStringList{"--plot", plot}, folder.path()).exitCode,
                0);
            QVERIFY(QFileInfo(folder.filePath(plot)).size() > 1000);
        }
    }

    void aDivergedRunFailsWithAdvice() {
        const QTemporaryDir folder;
        const auto result = runZipml(QStringList{"train"} + kSmall +
                                         QStringList{"--step", "1000", "--json", "--out", "run.json"},
                                     folder.path());
        QCOMPARE(result.exitCode, 1);
        QVERIFY2(result.oneErrorLine() && result.error.contains("smaller step"), qPrintable(result.error));
        QCOMPARE(result.json()["status"].toString(), "diverged");
        QVERIFY(QFile::exists(folder.filePath("run.json"))); // what there is, is kept
    }

    void whatIsNotReadIsSaid_data() {
        QTest::addColumn<QStringList>("given");
        QTest::newRow("generated, split") << QStringList{"--split", "0.5"};
        QTest::newRow("generated, ignore") << QStringList{"--ignore", "x1"};
        QTest::newRow("fixed copies") << QStringList{"--copies", "3", "--estimator", "end-to-end"};
        QTest::newRow("exact, bits") << QStringList{"--bits", "5", "--estimator", "full"};
    }
    void whatIsNotReadIsSaid() {
        QFETCH(QStringList, given);
        const auto result =
            test::runZipml(QStringList{"train", "synthetic:5x50", "--epochs", "1", "--json"} + given);
        QCOMPARE(result.exitCode, 0);
        QVERIFY2(result.error.startsWith("note: " + given[0] + " is not read: "), qPrintable(result.error));
        QCOMPARE(result.error.count("note: "), 1);
    }
    void badUsageIsOneLineAndExitCode2_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const QStringList& arguments, const char* expected) {
            QTest::newRow(name) << arguments << expected;
        };
        row("nothing", {}, "a command is missing");
        row("no such command", {"trian", "x"}, "trian");
        row("no file", {"train"}, "FILE");
        row("no such flag", {"train", "synthetic:10", "--bitz", "3"}, "--bitz");
        row("not a number", {"train", "synthetic:10", "--bits", "three"},
            "--bits: 'three' is not a whole number");
        row("out of range", {"train", "synthetic:10", "--bits", "17"}, "bits: 17 is out of range");
        row("negative", {"train", "synthetic:10", "--epochs", "-1"}, "epochs");
        row("unknown name", {"train", "synthetic:10", "--estimator", "best"}, "choose one of full, naive");
        row("bad source", {"train", "synthetic:ten"}, "synthetic:FEATURES");
        row("bad plot", {"train", "synthetic:10", "--plot", "a.gif"}, ".svg, .png or .pdf");
        row("no folder", {"train", "synthetic:10", "--out", "/no/such/folder/run.json"}, "does not exist");
        row("no spec", {"train", "missing.json"}, "missing.json: no such file");
        row("bad place", {"bias", "synthetic:10", "--at", "home"}, "--at");
        row("one draw", {"bias", "synthetic:10", "--draws", "1"}, "--draws");
        row("no model", {"predict", "missing.json", "synthetic:10"}, "missing.json: no such file");
    }
    void badUsageIsOneLineAndExitCode2() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, expected);
        const auto result = runZipml(arguments);
        QCOMPARE(result.exitCode, 2);
        QVERIFY(result.out.isEmpty());
        QVERIFY2(result.oneErrorLine(), qPrintable(result.error));
        QVERIFY2(result.error.contains(expected), qPrintable(result.error));
    }

    void everyCommandHasHelp() {
        for (const char* command : {"info", "data", "train", "bias", "predict", "welcome"}) {
            const auto result = runZipml({command, "--help"});
            QCOMPARE(result.exitCode, 0);
            QVERIFY(result.out.contains("Usage"));
        }
    }

    void anInterruptKeepsWhatIsDone() {
        const QTemporaryDir folder;
        QProcess process;
        process.setWorkingDirectory(folder.path());
        process.start(test::zipmlProgram(),
                      {"train", "synthetic:50x2000", "--epochs", "1000000", "--out", "run.json"});
        QVERIFY(QTest::qWaitFor([&] { return process.readAllStandardOutput().contains(" 3 "); }, 30'000));
        QCOMPARE(process.state(), QProcess::Running); // else its number is 0: the signal would be for us
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(10'000));
        QCOMPARE(process.exitCode(), 128 + SIGINT); // whatever was kept
        QFile in(folder.filePath("run.json"));
        QVERIFY(in.open(QIODevice::ReadOnly));
        const auto json = QJsonDocument::fromJson(in.readAll()).object();
        QCOMPARE(json["status"].toString(), "stopped");
        QVERIFY(json["epochs"].toArray().size() >= 3);
    }
};

QTEST_GUILESS_MAIN(CliTrainTest)
#include "train_test.moc"
