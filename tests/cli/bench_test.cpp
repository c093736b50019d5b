// zipml bench: its JSON has the promised fields with values that make sense. How fast it is, no test asserts.

#include "tests/support/zipml_process.h"

#include <QSet>

using zipml::test::runZipml;

class CliBenchTest : public QObject {
    Q_OBJECT
  private slots:
    void throughputHasThePromisedFields() {
        const auto result =
            runZipml({"bench", "--features", "33,70", "--working-set-mb", "1", "--repeats", "2", "--json"});
        QVERIFY2(result.exitCode == 0, qPrintable(result.error));
        QCOMPARE(result.error, QString());
        const auto json = result.json();
        QVERIFY(json["stream_gbytes_per_s"].toDouble() > 0);
        QCOMPARE(json["working_set_bytes"].toInteger(), 1 << 20);
        QVERIFY(json["complete"].toBool());
        QCOMPARE(json["float32_share_of_stream"].toArray().size(), 2);
        const auto rows = json["rows"].toArray();
        QSet<QString> estimators;
        QSet<qint64> features;
        for (const auto& value : rows) {
            const auto row = value.toObject();
            const QString estimator = row["estimator"].toString();
            estimators.insert(estimator);
            features.insert(row["features"].toInteger());
            const double bits = row["bits_per_value"].toDouble();
            const double gelems = row["gelems_per_s"].toDouble();
            QVERIFY(gelems > 0 && row["gelems_per_s_low"].toDouble() <= gelems &&
                    gelems <= row["gelems_per_s_high"].toDouble());
            QVERIFY(std::abs(row["gbytes_per_s"].toDouble() - gelems * bits / 8) < 1e-9 * gelems);
            QCOMPARE(row["limit"].toDouble(), 32 / bits);
            QCOMPARE(row["batch"].toInteger() % 16, 0);
            QCOMPARE(row["rows"].toInteger() % row["batch"].toInteger(), 0);
            const double bytes =
                static_cast<double>(row["rows"].toInteger() * row["features"].toInteger()) * bits / 8;
            QVERIFY(bytes >= 1 << 20 && bytes < 1.1 * (1 << 20));
            QVERIFY(!row["kernel"].toString().isEmpty() && !row["isa"].toString().isEmpty());
            QCOMPARE(row["threads"].toInteger(), 1);
            QCOMPARE(row["rounds"].toInteger(), 2);
            QVERIFY(row["ratio_to_float32"].toDouble() > 0);
            if (estimator == "full") {
                QCOMPARE(bits, 32.0);
                QCOMPARE(row["ratio_to_float32"].toDouble(), 1.0);
            } else {
                QCOMPARE(bits, row["bits"].toDouble() +
                                   (estimator.startsWith("double") || estimator == "end-to-end"));
            }
        }
        QCOMPARE(features, (QSet<qint64>{33, 70}));
        QCOMPARE(estimators,
                 (QSet<QString>{"full", "naive", "corrected", "double-mean", "double", "end-to-end"}));
    }

    void tableNamesWhatItShows() {
        const auto result = runZipml(
            {"bench", "--features", "20", "--working-set-mb", "1", "--repeats", "1", "--threads", "2"});
        QCOMPARE(result.exitCode, 0);
        for (const char* word :
             {"2 threads", "read bandwidth", "20 features", "batches of 2048 rows", "kernel", "corrected"})
            QVERIFY2(result.out.contains(word), word);
    }

    void convergenceHasThePromisedFields() {
        const auto result =
            runZipml({"bench", "--converge", "synthetic:8x3000,r2=0.3", "--converge",
                      "synthetic:5x2000,r2=0.2", "--epochs", "30", "--repeats", "2", "--json"});
        QVERIFY2(result.exitCode == 0, qPrintable(result.error));
        const auto tables = result.json()["converge"].toArray();
        QCOMPARE(tables.size(), 2);
        QCOMPARE(tables[0].toObject()["data"].toString(), QString("synthetic:8x3000,r2=0.3"));
        for (const auto& table : tables) {
            const auto runs = table.toObject()["runs"].toArray();
            const double reference = table.toObject()["reference_loss"].toDouble();
            QCOMPARE(table.toObject()["reference"].toString(), QString("exact optimum"));
            QCOMPARE(runs.size(), 3);
            for (const auto& value : runs) {
                const auto run = value.toObject();
                QVERIFY(
                    run["reached"].toBool()); // in so few dimensions 4 bits get there with epochs to spare
                QVERIFY(run["train_loss"].toDouble() <= 1.01 * reference);
                QVERIFY(run["epochs"].toInteger() >= 1 && run["epochs"].toInteger() <= 30);
                QVERIFY(run["seconds"].toDouble() > 0 && run["seconds_per_epoch"].toDouble() > 0);
                QVERIFY(run["ratio_to_float32"].toDouble() > 0);
            }
            QCOMPARE(runs[0].toObject()["estimator"].toString(), QString("full"));
            QCOMPARE(runs[0].toObject()["ratio_to_float32"].toDouble(), 1.0);
        }
    }

    void badOptionsAreOneLine_data() {
        QTest::addColumn<QStringList>("options");
        QTest::newRow("no features") << QStringList{"--features", "0"};
        QTest::newRow("too many features") << QStringList{"--features", "65537"};
        QTest::newRow("no number") << QStringList{"--features", "90,x"};
        QTest::newRow("batch") << QStringList{"--batch", "24"};
        QTest::newRow("order") << QStringList{"--order", "sorted"};
        QTest::newRow("threads") << QStringList{"--threads", "-1"};
        QTest::newRow("memory") << QStringList{"--working-set-mb", "1000000"};
        QTest::newRow("both kinds") << QStringList{"--converge", "synthetic:5", "--features", "3"};
        QTest::newRow("epochs of nothing") << QStringList{"--epochs", "3"};
        QTest::newRow("no file") << QStringList{"--converge", "no-such-file"};
        QTest::newRow("integers' batch") << QStringList{"--converge", "synthetic:4000x100", "--batch", "24"};
    }
    void badOptionsAreOneLine() {
        QFETCH(QStringList, options);
        const auto result = runZipml(QStringList{"bench"} + options);
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(result.oneErrorLine(), qPrintable(result.error));
        QCOMPARE(result.out, QString());
    }
};

QTEST_GUILESS_MAIN(CliBenchTest)
#include "bench_test.moc"
