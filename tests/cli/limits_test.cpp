// What the system or a person gives too little or too much of: threads, memory, lines, words.
#include "tests/support/zipml_process.h"

#include <QElapsedTimer>
#include <QTemporaryDir>

#include <zlib.h>

using namespace zipml;
using test::runZipml;

namespace {

/// Stacks of a gigabyte in an address space of a few: the system lets two or three threads start.
test::ProcessResult withFewThreads(const QStringList& arguments) {
    QProcess process;
    process.start("sh", QStringList{"-c", "ulimit -s 1000000; ulimit -v 4500000; exec \"$@\"", "sh",
                                    test::zipmlProgram()} +
                            arguments);
    return test::resultOf(process);
}

constexpr const char* kFewer = "zipml: note: fewer threads worked than were asked for";

QJsonObject withoutTimes(QJsonObject record) {
    for (const char* key : {"setup", "seconds", "peak_resident_bytes"})
        record.remove(key);
    QJsonArray epochs;
    for (const auto& each : record["epochs"].toArray())
        epochs.append(each.toObject()["train_loss"]);
    record["epochs"] = epochs;
    record.remove("initial");
    record.remove("final");
    return record;
}

} // namespace

class LimitsTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    QString path(const char* name) const { return folder_.filePath(name); }
    QString put(const char* name, const QByteArray& contents) {
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(contents) != contents.size())
            qFatal("cannot write %s", name);
        return path(name);
    }

  private slots:
    void aRunGoesOnWithFewerThreads() {
        if (test::kSanitized)
            QSKIP("a sanitizer needs more address space than any limit leaves");
        const QStringList call{"train", "synthetic:64x4000", "--epochs", "3", "--json", "--threads"};
        const auto few = withFewThreads(call + QStringList{"64"});
        QVERIFY2(few.exitCode == 0 && few.error.startsWith(kFewer) && few.error.count('\n') == 1,
                 qPrintable(few.error));
        const auto one = runZipml(call + QStringList{"1"});
        QCOMPARE(one.error, QString());
        QCOMPARE(withoutTimes(few.json())["epochs"], withoutTimes(one.json())["epochs"]);
    }

    void aSweepGoesOnWithFewerJobs() {
        if (test::kSanitized)
            QSKIP("a sanitizer needs more address space than any limit leaves");
        const auto few = withFewThreads({"sweep", "synthetic:20x1000", "--vary", "bits=1,2,3,4,5,6", "--vary",
                                         "seed=1,2,3", "--epochs", "2", "--jobs", "1024", "--out",
                                         path("sweep.json"), "--json"});
        QVERIFY2(few.exitCode == 0 && few.error.startsWith(kFewer), qPrintable(few.error));
        QVERIFY(few.json()["complete"].toBool());
        QCOMPARE(few.json()["runs"].toArray().size(), 18);
    }

    void whatCannotFitIsRefusedEarly_data() {
        QTest::addColumn<QString>("file");
        // Few values a row, and many features: 2,000,000 x 100,000 floats.
        QByteArray sparse;
        for (int r = 0; r < 2'000'000; ++r)
            sparse += "1 " + QByteArray::number(r % 100'000 + 1) + ":1\n";
        QTest::newRow("sparse") << put("sparse.svm", sparse);
        QByteArray dense;
        for (int r = 0; r < 3'800'000; ++r) // more than there is by all counts
            dense += "1,2,3,4,5,6,7,8,9,1,2,3,4,5,6,7,8,9,1," + QByteArray::number(r % 2) + "\n";
        QTest::newRow("dense") << put("dense.csv", dense);
    }
    void whatCannotFitIsRefusedEarly() {
        if (test::kSanitized)
            QSKIP("a sanitizer needs more address space than any limit leaves");
        QFETCH(const QString, file);
        QElapsedTimer timer;
        timer.start();
        const auto result = test::runZipmlWithin(300'000, {"train", file, "--threads", "1"});
        QVERIFY2(result.exitCode == 2 && result.oneErrorLine() && result.error.contains("of memory"),
                 qPrintable(result.error));
        qInfo("refused after %lld ms", timer.elapsed());
    }

    // Packed, a gigabyte of nothing is a small file.
    void blankLinesDoNotFillTheMemory() {
        if (test::kSanitized)
            QSKIP("a sanitizer needs more address space than any limit leaves");
        for (const char* begin : {"", "a,b\n1,2\n"}) {
            const QString file = path("blank.csv.gz");
            gzFile out = gzopen(qPrintable(file), "wb1");
            gzputs(out, begin);
            const QByteArray lines(1 << 20, '\n');
            for (int i = 0; i < 300; ++i)
                gzwrite(out, lines.constData(), static_cast<unsigned>(lines.size()));
            gzclose(out);
            const auto result = test::runZipmlWithin(250'000, {"data", file});
            if (*begin == '\0')
                QVERIFY2(result.exitCode == 2 && result.oneErrorLine() &&
                             result.error.contains("empty lines"),
                         qPrintable(result.error));
            else
                QVERIFY2(result.exitCode == 0 || result.oneErrorLine(), qPrintable(result.error));
        }
    }

    void longWordsAreNotEchoed_data() {
        QTest::addColumn<QStringList>("arguments");
        const QString word(5000, 'x');
        QTest::newRow("name of a choice") << QStringList{"train", "synthetic:5", "--estimator", word};
        QTest::newRow("number") << QStringList{"train", "synthetic:5", "--split", word};
        QTest::newRow("grid") << QStringList{"train", "synthetic:5", "--grid", word};
        QTest::newRow("flag") << QStringList{"train", "synthetic:5", "--" + word, "1"};
        QTest::newRow("command") << QStringList{word};
        QTest::newRow("key of a sweep") << QStringList{"sweep", "synthetic:5", "--vary", word + "=1"};
        QTest::newRow("spec") << QStringList{
            "train", put("s.json", "{\"data\":\"synthetic:5\",\"loss\":\"" + word.toUtf8() + "\"}")};
        QTest::newRow("cell") << QStringList{
            "train", put("c.csv", "a,b,y\n1,2,3\n1," + word.toUtf8() + ",4\n2,2,5\n3,3,6\n")};
    }
    void longWordsAreNotEchoed() {
        QFETCH(const QStringList, arguments);
        const auto result = runZipml(arguments);
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(result.oneErrorLine() && result.error.size() < 700, qPrintable(result.error));
    }

    // All labels of a small share may be equal: that is the share's fault, not the label column's.
    void aSplitThatLeavesTooLittleIsNamed_data() {
        QTest::addColumn<QString>("share");
        QTest::addColumn<QStringList>("others");
        QTest::newRow("two rows") << "0.02" << QStringList{};
        QTest::newRow("one row") << "0.001" << QStringList{};
        QTest::newRow("a class is missing") << "0.04" << QStringList{"--loss", "logistic"};
    }
    void aSplitThatLeavesTooLittleIsNamed() {
        QFETCH(const QString, share);
        QFETCH(const QStringList, others);
        QByteArray rows("a,b,y\n");
        for (int r = 0; r < 100; ++r)
            rows += QByteArray::number(r * 0.37) + "," + QByteArray::number(r * 7 % 31) + "," +
                    QByteArray::number(r % 50 == 0   ? 1
                                       : r % 50 == 1 ? 2
                                                     : 0) +
                    "\n";
        const auto result =
            runZipml(QStringList{"train", put("few.csv", rows), "--split", share, "--epochs", "1"} + others);
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(result.oneErrorLine() && result.error.startsWith("zipml: split: " + share + " leaves") &&
                     !result.error.contains("label column"),
                 qPrintable(result.error));
    }

    void whatIsMistypedIsSuggested_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("meant");
        QTest::newRow("flag") << QStringList{"train", "synthetic:5", "--estimater", "naive"} << "--estimator";
        QTest::newRow("flag with =") << QStringList{"train", "synthetic:5", "--epoch=3"} << "--epochs";
        QTest::newRow("flag of no-") << QStringList{"train", "synthetic:5", "--no-intercpet"}
                                     << "--no-intercept";
        QTest::newRow("command") << QStringList{"trian", "synthetic:5", "--bits", "3"} << "train";
        QTest::newRow("command's command") << QStringList{"deep", "evalute"} << "evaluate";
        QTest::newRow("what is required")
            << QStringList{"sweep", "synthetic:5", "--varry", "bits=1"} << "--vary";
        QTest::newRow("key of a sweep") << QStringList{"sweep", "synthetic:5", "--vary", "bit=1"} << "bits";
        QTest::newRow("key of a spec")
            << QStringList{"train", put("k.json", R"({"estimater":"full"})")} << "estimator";
    }
    void whatIsMistypedIsSuggested() {
        QFETCH(const QStringList, arguments);
        QFETCH(const QString, meant);
        const auto result = runZipml(arguments);
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(result.oneErrorLine() && result.error.contains("did you mean " + meant + "?"),
                 qPrintable(result.error));
    }

    void numbersThatAreNoneAreRefused() {
        for (const char* flag : {"--interval", "--split", "--band"})
            for (const char* number : {"nan", "inf", "-inf", "-nan"}) {
                const auto result = runZipml({"train", "synthetic:5", flag, number});
                QCOMPARE(result.exitCode, 2);
                QVERIFY2(result.oneErrorLine() && !result.error.contains("null") &&
                             result.error.contains(QString("'%1' is not a finite number").arg(number)),
                         qPrintable(result.error));
            }
    }

    // Only what is taken is offered.
    void tomographyOffersItsEstimators() {
        const auto unknown = runZipml({"tomography", "--estimator", "foo"});
        QCOMPARE(unknown.exitCode, 2);
        QVERIFY2(unknown.error.contains("choose one of full, naive"), qPrintable(unknown.error));
        const QString choices = unknown.error.mid(unknown.error.indexOf("choose one of ") + 14).trimmed();
        for (const QString& estimator : choices.split(", "))
            QCOMPARE(runZipml({"tomography", "--estimator", estimator, "--size", "16", "--angles", "4",
                               "--epochs", "1"})
                         .exitCode,
                     0);
        QVERIFY2(!choices.contains("refetch"), qPrintable(choices));
        const auto other = runZipml({"tomography", "--estimator", "refetch"});
        QVERIFY2(other.exitCode == 2 && other.oneErrorLine() && other.error.contains("refetch"),
                 qPrintable(other.error));
    }

    // Of scaled values, as a run has them: levels and variance follow the scale.
    void levelsAreThoseOfScaledValues() {
        const QString file = put("l.csv", "a,y\n1,0\n2,1\n3,0\n5,1\n9,0\n");
        const auto raw = runZipml({"levels", file, "--levels", "3", "--json"}).json();
        QCOMPARE(raw["scaling"].toString(), "none");
        const auto unit = runZipml({"levels", file, "--levels", "3", "--scaling", "unit", "--json"}).json();
        QCOMPARE(unit["scaling"].toString(), "unit");
        QCOMPARE(unit["levels"].toArray().size(), raw["levels"].toArray().size());
        for (qsizetype i = 0; i < raw["levels"].toArray().size(); ++i)
            QVERIFY(qAbs(unit["levels"][i].toDouble() - (raw["levels"][i].toDouble() - 1) / 8) < 1e-6);
        QVERIFY(qAbs(unit["mean_variance"].toDouble() * 64 - raw["mean_variance"].toDouble()) < 1e-5);
        QCOMPARE(runZipml({"levels", file, "--scaling", "foo"}).exitCode, 2);
    }
};

QTEST_GUILESS_MAIN(LimitsTest)
#include "limits_test.moc"
