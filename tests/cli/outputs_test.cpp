// What the command line writes: never over what it reads, to what is there, and as much as can be written.

#include "tests/support/zipml_process.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <sys/stat.h>

using namespace zipml;
using test::ProcessResult;
using test::runZipml;

namespace {

/// Through a shell, for what is about standard output. @param line in which RUN is the program with arguments
ProcessResult runInShell(const QStringList& arguments, const QString& line, const QString& folder) {
    QProcess process;
    process.setWorkingDirectory(folder);
    process.start("bash",
                  QStringList{"-c", QString(line).replace("RUN", "\"$@\""), "bash", test::zipmlProgram()} +
                      arguments);
    return test::resultOf(process);
}

QByteArray bytesOf(const QString& name) {
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("unreadable");
}

} // namespace

class CliOutputsTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() {
        QFile data(at("d.csv"));
        QVERIFY(data.open(QIODevice::WriteOnly));
        for (int row = 0; row < 60; ++row)
            data.write(QString("%1,%2,%3\n").arg(row % 7).arg(row % 5).arg(row % 7 - row % 5 / 2.0).toUtf8());
        data.close();
        const auto trained = runZipml({"train", "d.csv", "--epochs", "2", "--model", "m.json"}, dir_.path());
        QVERIFY2(trained.exitCode == 0, qPrintable(trained.error));
        QFile spec(at("s.json"));
        QVERIFY(spec.open(QIODevice::WriteOnly));
        spec.write("{\"data\": \"d.csv\", \"epochs\": 2}\n");
        spec.close();
        QFile network(at("ds.json"));
        QVERIFY(network.open(QIODevice::WriteOnly));
        network.write("{\"iterations\": 2}\n");
        network.close();
        QFile::link("d.csv", at("soft.csv"));
        QCOMPARE(::link(qPrintable(at("d.csv")), qPrintable(at("hard.csv"))), 0);
        QVERIFY(QDir(dir_.path()).mkpath("images"));
        QVERIFY(QFile::copy(at("d.csv"), at("images/train.bin")));
    }

    void cleanupTestCase() { // Qt finds no file whose name is no UTF-8, and its folder would stay
        QProcess::execute("sh", {"-c", "rm -f \"$0\"/caf*", dir_.path()});
    }

    // Each command with each of its outputs on each of its inputs.
    void noOutputIsAnInput_data() {
        QTest::addColumn<QStringList>("arguments");
        const auto row = [](const QStringList& arguments) {
            QTest::addRow("%s", qPrintable(arguments.join(' '))) << arguments;
        };
        for (const char* flag : {"--out", "--model", "--csv"})
            for (const char* name : {"d.csv", "soft.csv", "hard.csv", "./d.csv"})
                row({"train", "d.csv", flag, name});
        row({"train", "soft.csv", "--out", "d.csv"});
        row({"train", "s.json", "--out", "s.json"});
        row({"train", "s.json", "--csv", "d.csv"});
        row({"train", "d*.csv", "--csv", "d.csv"});
        row({"train", "d.csv;hard.csv", "--csv", "hard.csv"});
        row({"train", "synthetic:5x60", "--test", "d.csv", "--model", "d.csv"});
        row({"train", "images", "--model", "images/train.bin"});
        row({"sweep", "d.csv", "--vary", "bits=2,3", "--csv", "d.csv"});
        row({"sweep", "s.json", "--vary", "bits=2,3", "--out", "s.json"});
        row({"quantize", "d.csv", "-o", "d.csv"});
        row({"quantize", "s.json", "-o", "soft.csv"});
        row({"export", "m.json", "-o", "m.json"});
        row({"advise", "hard.csv", "--report", "d.html"});
        row({"deep", "train", "ds.json", "--out", "ds.json"});
        row({"deep", "train", "--data", "images", "--model", "images/train.bin"});
        row({"deep", "export", "m.json", "-o", "m.json"});
    }
    void noOutputIsAnInput() {
        QFETCH(QStringList, arguments);
        if (arguments.contains("d.html"))
            QFile::link("d.csv", at("d.html"));
        const QByteArray data = bytesOf(at("d.csv")), model = bytesOf(at("m.json")),
                         spec = bytesOf(at("s.json"));
        const auto result = runZipml(arguments, dir_.path());
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(result.oneErrorLine() && result.error.contains("is the file that is read"),
                 qPrintable(result.error));
        QCOMPARE(bytesOf(at("d.csv")), data);
        QCOMPARE(bytesOf(at("m.json")), model);
        QCOMPARE(bytesOf(at("s.json")), spec);
        QCOMPARE(bytesOf(at("images/train.bin")), data);
        QVERIFY(QFileInfo(at("soft.csv")).isSymLink());
    }

    void standardInputIsNoOutput() {
        const QByteArray data = bytesOf(at("d.csv"));
        const auto result = runInShell({"train", "-", "--out", "d.csv"}, "RUN < d.csv", dir_.path());
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(result.error.contains("is the file that is read"), qPrintable(result.error));
        QCOMPARE(bytesOf(at("d.csv")), data);
    }

    void twoOutputsAreTwoFiles() {
        const auto same = runZipml({"train", "d.csv", "--out", "x.json", "--model", "./x.json"}, dir_.path());
        QCOMPARE(same.exitCode, 2);
        QVERIFY2(same.oneErrorLine() && same.error.contains("--out"), qPrintable(same.error));
        const auto printed =
            runInShell({"train", "d.csv", "--json", "--out", "x.json"}, "RUN > x.json", dir_.path());
        QCOMPARE(printed.exitCode, 2);
        QVERIFY2(printed.error.contains("standard output"), qPrintable(printed.error));
    }

    // Nothing is computed for an output that cannot be written: a run of this size takes minutes.
    void outputsAreCheckedBeforeTheWork_data() {
        QTest::addColumn<QStringList>("arguments");
        const QStringList train{"train", "synthetic:200x200000", "--epochs", "1000"};
        for (const char* flag : {"--out", "--model", "--csv"})
            for (const char* bad : {"no/x", "images", "ro"})
                QTest::addRow("%s %s", flag, bad) << train + QStringList{flag, bad};
        QTest::newRow("sweep") << QStringList{"sweep", "synthetic:200x200000", "--vary", "bits=2,3", "--csv",
                                              "ro"};
        QTest::newRow("quantize") << QStringList{"quantize", "synthetic:200x200000", "-o", "ro"};
        QTest::newRow("store into a pipe")
            << QStringList{"quantize", "synthetic:200x2000", "-o", "/dev/null"};
        QTest::newRow("deep") << QStringList{"deep", "train", "--out", "no/x"};
        QTest::newRow("tomography") << QStringList{"tomography", "--size", "512", "--out", "images"};
    }
    void outputsAreCheckedBeforeTheWork() {
        QFETCH(QStringList, arguments);
        QFile file(at("ro"));
        if (!file.exists()) {
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write("kept");
            file.close();
            QCOMPARE(::chmod(qPrintable(at("ro")), 0444), 0);
        }
        const auto result = runZipml(arguments, dir_.path());
        QVERIFY2(result.oneErrorLine(), qPrintable(result.error));
        QCOMPARE(result.exitCode, 2);
        QCOMPARE(bytesOf(at("ro")), QByteArray("kept"));
        QVERIFY(QFileInfo("/dev/null").exists() && !QFileInfo("/dev/null").isFile());
    }

    // What cannot be written costs neither the other files nor the result.
    void oneFileThatFailsCostsNoOther() {
        const auto train = runZipml({"train", "d.csv", "--epochs", "2", "--out", "/dev/full", "--model",
                                     "w.json", "--csv", "w.csv", "--json"},
                                    dir_.path());
        QCOMPARE(train.exitCode, 1);
        QVERIFY2(train.oneErrorLine() && train.error.contains("/dev/full: cannot be written: No space"),
                 qPrintable(train.error));
        QCOMPARE(train.json()["status"].toString(), QString("completed"));
        QVERIFY(bytesOf(at("w.json")).startsWith("{"));
        QVERIFY(bytesOf(at("w.csv")).startsWith("epoch,"));
        const auto sweep = runZipml({"sweep", "d.csv", "--epochs", "2", "--vary", "bits=2,3", "--out",
                                     "/dev/full", "--csv", "s.csv", "--json"},
                                    dir_.path());
        QCOMPARE(sweep.exitCode, 1);
        QVERIFY2(sweep.oneErrorLine() && sweep.error.contains("/dev/full"), qPrintable(sweep.error));
        QCOMPARE(sweep.json()["runs"].toArray().size(), 2);
        QCOMPARE(bytesOf(at("s.csv")).count('\n'), 3);
        const auto image = runZipml({"tomography", "--size", "16", "--angles", "8", "--epochs", "1",
                                     "--image", "i.pgm", "--out", "/dev/full", "--json"},
                                    dir_.path());
        QCOMPARE(image.exitCode, 1);
        QVERIFY(bytesOf(at("i.pgm")).startsWith("P5"));
        QVERIFY(image.json().contains("epochs"));
    }

    void standardOutputThatFailsIsNoSuccess_data() {
        QTest::addColumn<QStringList>("arguments");
        const auto row = [](const QStringList& arguments) {
            QTest::addRow("%s", qPrintable(arguments.join(' '))) << arguments;
        };
        row({"--help"});
        row({"--version"});
        row({"train", "--help"});
        row({"info"});
        row({"fetch"});
        row({"data", "d.csv"});
        row({"data", "d.csv", "--json"});
        row({"levels", "d.csv"});
        row({"quantize", "d.csv", "-o", "q.zq"});
        row({"train", "d.csv", "--epochs", "2"});
        row({"train", "d.csv", "--epochs", "2", "--json"});
        row({"sweep", "d.csv", "--epochs", "2", "--vary", "bits=2,3"});
        row({"advise", "d.csv"});
        row({"bias", "d.csv", "--draws", "2"});
        row({"predict", "m.json", "d.csv", "--json"});
        row({"export", "m.json", "-o", "e.json"});
        row({"bench", "--features", "16", "--working-set-mb", "1", "--repeats", "1"});
        row({"devices", "--boards"});
        row({"tomography", "--size", "16", "--angles", "8", "--epochs", "1"});
        row({"reproduce", "--list"});
    }
    void standardOutputThatFailsIsNoSuccess() {
        QFETCH(QStringList, arguments);
        for (const char* line : {"RUN > /dev/full", "RUN >&-"}) {
            const auto result = runInShell(arguments, line, dir_.path());
            QVERIFY2(result.exitCode == 1 && result.oneErrorLine() &&
                         result.error.contains("standard output cannot be written"),
                     qPrintable(QString("%1: exit %2: %3").arg(line).arg(result.exitCode).arg(result.error)));
        }
    }

    // A reader that goes costs no file; and a closed stream is not taken for the next file that is opened.
    void filesAreWrittenWhoeverReads() {
        for (const char* line : {"RUN > /dev/full", "RUN >&-",
                                 "{ sleep 1; RUN; } | true; exit ${PIPESTATUS[0]}", "RUN 2>&- >&- <&-"}) {
            QFile::remove(at("w.json"));
            const auto result =
                runInShell({"train", "d.csv", "--epochs", "2", "--model", "w.json"}, line, dir_.path());
            QCOMPARE(result.exitCode, 1);
            QCOMPARE(bytesOf(at("w.json")), bytesOf(at("m.json")));
        }
    }

    void standardOutputCanBeAnOutput() {
        const auto piped =
            runInShell({"train", "d.csv", "--epochs", "2", "--csv", "/dev/stdout"}, "RUN | cat", dir_.path());
        QVERIFY2(piped.exitCode == 0 && piped.out.contains("\nepoch,"), qPrintable(piped.out + piped.error));
        const auto filed = runInShell({"train", "d.csv", "--epochs", "2", "--csv", "/dev/stdout"},
                                      "RUN > all.txt; cat all.txt", dir_.path());
        QVERIFY2(filed.exitCode == 0 && filed.out.startsWith("d.csv: ") && filed.out.contains("\nepoch,"),
                 qPrintable(filed.out + filed.error));
        const auto substituted = runInShell({"sweep", "d.csv", "--epochs", "2", "--vary", "bits=2,3"},
                                            "RUN --out >(cat > sub.json; touch sub.done) > /dev/null; s=$?; "
                                            "while [ ! -e sub.done ]; do sleep 0.05; done; exit $s",
                                            dir_.path());
        QVERIFY2(substituted.exitCode == 0, qPrintable(substituted.error));
        QCOMPARE(QJsonDocument::fromJson(bytesOf(at("sub.json"))).object()["runs"].toArray().size(), 2);
    }

    void linksAndModesAreKept() {
        QVERIFY(QDir(dir_.path()).mkpath("elsewhere"));
        QFile::link("elsewhere/r.json", at("r.json"));
        const QStringList arguments{"train", "d.csv", "--epochs", "2", "--out", "r.json"};
        QCOMPARE(runZipml(arguments, dir_.path()).exitCode, 0);
        QVERIFY(QFileInfo(at("r.json")).isSymLink());
        QVERIFY(bytesOf(at("elsewhere/r.json")).startsWith("{"));
        QCOMPARE(::chmod(qPrintable(at("elsewhere/r.json")), 0600), 0);
        QCOMPARE(runZipml(arguments, dir_.path()).exitCode, 0);
        const auto owner = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
        QCOMPARE(QFileInfo(at("elsewhere/r.json")).permissions() &
                     ~(QFileDevice::ReadUser | QFileDevice::WriteUser),
                 QFileDevice::Permissions(owner));
        QFile::link("elsewhere/q.zq", at("q2.zq"));
        QCOMPARE(runZipml({"quantize", "d.csv", "-o", "q2.zq"}, dir_.path()).exitCode, 0);
        QVERIFY(QFileInfo(at("q2.zq")).isSymLink() && QFileInfo(at("elsewhere/q.zq")).size() > 0);
    }

    // A name, and a header, in Latin-1: every file is written, and the record repeats the run.
    void namesThatAreNoUtf8AreKept() {
        const QByteArray name = QByteArray("caf\xE9.csv");
        const QString script =
            "cd \"$1\"; n=$(printf 'caf\\351.csv'); (printf 'gr\\366\\337e,y\\n'; cat d.csv | cut -d, -f1,3) "
            "> "
            "\"$n\"; z=\"$2\"; \"$z\" train \"$n\" --epochs 2 --out l.json --model lm.json --json > l.out && "
            "\"$z\" sweep \"$n\" --epochs 2 --vary bits=2,3 --out ls.json --csv ls.csv > /dev/null && "
            "\"$z\" sweep \"$n\" --epochs 2 --vary bits=2,3 --out ls.json --json > ls.out && "
            "\"$z\" predict lm.json \"$n\" --json > lp.out && \"$z\" quantize \"$n\" -o l.zq --json > lq.out "
            "&& "
            "\"$z\" data \"$n\" --json > ld.out && \"$z\" levels \"$n\" --json > ll.out && "
            "\"$z\" export lm.json -o \"$n.h\" --json > le.out";
        QProcess process;
        process.start("bash", {"-c", script, "bash", dir_.path(), test::zipmlProgram()});
        const auto result = test::resultOf(process);
        QVERIFY2(result.exitCode == 0, qPrintable(result.error));
        for (const char* file : {"l.json", "lm.json", "ls.json", "l.out", "ls.out", "lp.out", "lq.out",
                                 "ld.out", "ll.out", "le.out"}) {
            const QByteArray text = bytesOf(at(file));
            QVERIFY2(QByteArrayView(text).isValidUtf8(), file);
            QVERIFY2(!QJsonDocument::fromJson(text).object().isEmpty(), file);
        }
        const auto model = QJsonDocument::fromJson(bytesOf(at("lm.json"))).object();
        QCOMPARE(model["feature_names"].toArray().first().toString(), QString::fromUtf8("gr\xC3\xB6\xC3\x9F"
                                                                                        "e"));
        QCOMPARE(QJsonDocument::fromJson(bytesOf(at("ls.out"))).object()["runs"].toArray().size(), 2);
        // The record's spec finds the file again.
        QJsonObject spec = QJsonDocument::fromJson(bytesOf(at("l.json"))).object()["spec"].toObject();
        QFile file(at("ls-spec.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QJsonDocument(spec).toJson());
        file.close();
        const auto again = runZipml({"train", "ls-spec.json", "--json"}, dir_.path());
        QVERIFY2(again.exitCode == 0, qPrintable(again.error));
        QCOMPARE(again.json()["final"].toObject()["train_loss"],
                 QJsonDocument::fromJson(bytesOf(at("l.json"))).object()["final"].toObject()["train_loss"]);
    }

    void damagedJsonIsNamed_data() {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QStringList>("words");
        QTest::newRow("text for a number")
            << QByteArray("\"intercept\": ") << QByteArray("\"intercept\": \"x\", \"i\": ")
            << QStringList{"intercept: \"x\" is not a number"};
        QTest::newRow("in the spec") << QByteArray("\"epochs\": 2") << QByteArray("\"epochs\": \"two\"")
                                     << QStringList{"spec: epochs: \"two\" is not a whole number"};
        QTest::newRow("beyond double") << QByteArray("\"epochs\": 2") << QByteArray("\"epochs\": 1e999")
                                       << QStringList{"epochs: 1e999 is beyond"};
        QTest::newRow("version") << QByteArray("\"version\": 1,") << QByteArray("\"version\": 4294967297,")
                                 << QStringList{"newer version"};
        QTest::newRow("scaling") << QByteArray("\"offset\": [") << QByteArray("\"offset\": [null, ")
                                 << QStringList{"scaling.offset[0]: null is not a number"};
    }
    void damagedJsonIsNamed() {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QStringList, words);
        QByteArray text = bytesOf(at("m.json"));
        QVERIFY(text.contains(from));
        QFile file(at("bad.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text.replace(from, to));
        file.close();
        const auto result = runZipml({"predict", "bad.json", "d.csv"}, dir_.path());
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(result.oneErrorLine() && result.error.startsWith("zipml: bad.json:") &&
                     !result.error.contains("json.exception"),
                 qPrintable(result.error));
        for (const QString& word : words)
            QVERIFY2(result.error.contains(word), qPrintable(result.error));
    }

  private:
    [[nodiscard]] QString at(const QString& name) const { return dir_.filePath(name); }

    QTemporaryDir dir_;
};

QTEST_GUILESS_MAIN(CliOutputsTest)
#include "outputs_test.moc"
