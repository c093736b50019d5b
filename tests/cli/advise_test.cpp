// zipml advise: forecasts, their proof and their page, as another program would ask for them.

#include "tests/support/zipml_process.h"

#include <QTemporaryDir>

using namespace zipml;

class AdviseTest : public QObject {
    Q_OBJECT
  private slots:
    void adviceIsOneSentenceWithItsReasons() {
        const auto result =
            test::runZipml({"advise", "synthetic:6x1200", "--tolerance", "2%", "--epochs", "20"});
        QCOMPARE(result.exitCode, 0);
        const QStringList lines = result.out.split('\n', Qt::SkipEmptyParts);
        QVERIFY2(lines.last().startsWith("Within 2% of full precision: "), qPrintable(lines.last()));
        QVERIFY(result.out.contains("Double sampling, optimal levels"));
        QVERIFY(result.out.contains("skewness"));
    }

    void jsonHasWhatThePageSays() {
        const auto result = test::runZipml({"advise", "synthetic:6x1200", "--epochs", "20", "--json"});
        QCOMPARE(result.exitCode, 0);
        const QJsonObject json = result.json();
        QCOMPARE(json["points"].toArray().size(), 4 * 2 * 8);
        QCOMPARE(json["columns"].toArray().size(), 6);
        const QJsonObject best = json["points"].toArray()[json["best"].toInt()].toObject();
        QVERIFY(best["most_over_full"].toDouble() <= 0.01);
        QVERIFY(best["least"].toDouble() <= best["excess"].toDouble() &&
                best["excess"].toDouble() <= best["most"].toDouble());
        QVERIFY(json["recommendation"].toString().contains(QString("%1 bits").arg(best["bits"].toInt())));
        int columns = 0;
        for (const auto& group : json["column_groups"].toArray())
            columns += static_cast<int>(group.toObject()["columns"].toArray().size());
        QCOMPARE(columns, 6);
        QVERIFY(!json.contains("proof"));
    }

    void runsProveIt() {
        const auto result = test::runZipml({"advise", "synthetic:6x1200", "--epochs", "20", "--most-bits",
                                            "3", "--prove", "--seeds", "3", "--json"});
        QCOMPARE(result.exitCode, 0);
        const QJsonObject proof = result.json()["proof"].toObject();
        QCOMPARE(proof["rows"].toArray().size(), 1 + 4 * 2 * 3);
        for (const auto& row : proof["rows"].toArray())
            QCOMPARE(row.toObject()["runs"].toInt(), 3);
        QVERIFY2(proof["share_within_factor_2"].toDouble() >= 0.8, qPrintable(result.out));
    }

    void thePageIsWrittenWhole() {
        const QTemporaryDir folder;
        for (const char* name : {"bits.html", "bits.pdf"}) {
            const QString file = folder.filePath(name);
            const auto result =
                test::runZipml({"advise", "synthetic:5x800", "--epochs", "10", "--report", file});
            QVERIFY2(result.exitCode == 0, qPrintable(result.error));
            QFile page(file);
            QVERIFY(page.open(QIODevice::ReadOnly));
            const QByteArray bytes = page.readAll();
            if (QString(name).endsWith("pdf")) {
                QVERIFY(bytes.startsWith("%PDF"));
                continue;
            }
            for (const char* part :
                 {"What to build", "A width for each column", "<svg", "skewness", "zipml train"})
                QVERIFY2(bytes.contains(part), part);
        }
    }

    void whatIsWrongIsSaidInOneLine() {
        for (const auto& [arguments, part] :
             {std::pair{QStringList{"--tolerance", "much"}, "tolerance: 'much'"},
              std::pair{QStringList{"--solver", "svrg"}, "use solver sgd"},
              std::pair{QStringList{"--report", "bits.txt"}, ".html or .pdf"},
              std::pair{QStringList{"--regularizer", "l1:0.1"}, "use none or l2"}}) {
            const auto result = test::runZipml(QStringList{"advise", "synthetic:4x300"} + arguments);
            QCOMPARE(result.exitCode, 2);
            QVERIFY2(result.oneErrorLine() && result.error.contains(part), qPrintable(result.error));
        }
    }
};

QTEST_GUILESS_MAIN(AdviseTest)
#include "advise_test.moc"
