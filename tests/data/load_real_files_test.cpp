// The shared real data sets load with default options as their README says.

#include "core/data/summary.h"
#include "tests/support/real_data.h"

#include <cmath>

using namespace zipml;

class LoadRealFilesTest : public QObject {
    Q_OBJECT
  private slots:
    void shapesAndLabels_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("features");
        QTest::addColumn<bool>("classification");
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        const auto row = [](const char* file, int rows, int features, bool classes, double low, double high) {
            QTest::newRow(file) << file << rows << features << classes << low << high;
        };
        row("cadata", 20640, 8, false, 14999, 500001);
        row("cpusmall", 8192, 12, false, 0, 99);
        row("blogfeedback.csv.xz", 52397, 280, false, 0, 1424);
        row("protein_centred.csv.gz", 45730, 9, false, -1.8912, 1.1998);
        row("housing.csv", 506, 13, false, 5, 50);
        row("diabetes.csv", 442, 10, false, 25, 346);
        row("cod-rna.xz", 59535, 8, true, -1, 1);
        row("cod-rna.t.xz", 271617, 8, true, -1, 1);
        row("a9a", 32561, 123, true, -1, 1);
        row("digits.csv.gz", 1797, 64, false, 0, 9);
        row("mushrooms_agaricus.gz", 6513, 126, true, 0, 1);
        row("susy_30k.csv.gz", 30000, 18, true, -1, 1);
        row("higgs_7k.tsv.gz", 7000, 28, true, 0, 1);
        row("epsilon_5k_100.csv.xz", 4000, 100, true, 0, 1);
        row("isolet_1560.csv.xz", 1560, 617, false, 1, 26);
        row("basehock.xz", 1993, 4862, true, -1, 1);
        row("arcene_200.csv.xz", 200, 10000, true, -1, 1);
    }
    void shapesAndLabels() {
        QFETCH(QString, file);
        QFETCH(int, rows);
        QFETCH(int, features);
        QFETCH(bool, classification);
        QFETCH(double, low);
        QFETCH(double, high);
        NEEDS_REAL_DATA(file.toStdString());
        const auto summary = summarize(loadData(test::dataFolder() / file.toStdString()));
        QCOMPARE(summary.rows, static_cast<std::size_t>(rows));
        QCOMPARE(summary.features, static_cast<std::size_t>(features));
        QCOMPARE(summary.task == Task::Classification, classification);
        QVERIFY(std::abs(summary.label.minimum - low) < 1e-4 * (1 + std::abs(low)));
        QVERIFY(std::abs(summary.label.maximum - high) < 1e-4 * (1 + std::abs(high)));
        QCOMPARE(summary.missing, 0UL);
    }

    void knownValues() {
        NEEDS_REAL_DATA("cadata");
        const auto cadata = loadData(test::dataFolder() / "cadata").data;
        const std::vector<float> first{8.3252F, 41, 880, 129, 322, 126, 37.88F, -122.23F};
        QVERIFY(std::ranges::equal(cadata.row(0), first));
        QCOMPARE(cadata.labels[0], 452600.0F);
        NEEDS_REAL_DATA("a9a");
        const auto a9a = loadData(test::dataFolder() / "a9a").data;
        QCOMPARE(std::ranges::count_if(a9a.values, [](float value) { return value != 0; }), 451592);
        QCOMPARE(std::ranges::count(a9a.labels, 1.0F), 7841);
        QCOMPARE(a9a.row(0)[2], 1.0F);
        QCOMPARE(a9a.row(0)[0], 0.0F);
    }

    void theDescriptionLineOfBreastCancerIsSkippedOnRequest() {
        NEEDS_REAL_DATA("breast_cancer_wdbc.csv");
        const auto file = test::dataFolder() / "breast_cancer_wdbc.csv";
        try {
            loadData(file);
            QFAIL("no error");
        } catch (const InputError& error) {
            QVERIFY2(QString(error.what()).contains("--skip-lines 1"), error.what());
        }
        LoadOptions options;
        options.skipLines = 1;
        const auto summary = summarize(loadData(file, options));
        QCOMPARE(summary.rows, 569UL);
        QCOMPARE(summary.features, 30UL);
        QCOMPARE(summary.labelCounts, (std::map<double, std::size_t>{{0.0, 212}, {1.0, 357}}));
    }
};

QTEST_APPLESS_MAIN(LoadRealFilesTest)
#include "load_real_files_test.moc"
