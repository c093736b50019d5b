// The shared real files, against what their README says was measured.

#include "core/data/report.h"
#include "tests/support/real_data.h"

#include <cmath>

using namespace zipml;

namespace {

LoadedData loadReal(const std::string& name, const LoadContext& context = {}) {
    return loadData(test::dataFolder() / name, {}, context);
}

DataReport summarize(const LoadedData& loaded) {
    return reportOn(loaded);
}

using Counts = std::vector<std::pair<std::string, std::size_t>>;

} // namespace

class LoadRealFilesTest : public QObject {
    Q_OBJECT

  private slots:
    void shapesAndColumns_data() {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("features");
        QTest::addColumn<QString>("format");
        QTest::addColumn<int>("labelColumn");
        QTest::addColumn<double>("lowest"); // of the features
        QTest::addColumn<double>("highest");
        const auto row = [](const char* name, int rows, int features, const char* format, int labelColumn,
                            double lowest, double highest) {
            QTest::newRow(name) << rows << features << format << labelColumn << lowest << highest;
        };
        row("cadata", 20640, 8, "libsvm", 0, -124.35, 39320);
        row("cpusmall", 8192, 12, "libsvm", 0, 0, 2526650);
        row("blogfeedback.csv.xz", 52397, 280, "csv", 281, -1256, 57894);
        row("protein_centred.csv.gz", 45730, 9, "csv", 10, -1048800, 4103700);
        row("housing.csv", 506, 13, "csv", 14, 0, 711);
        row("diabetes.csv", 442, 10, "csv", 11, 1, 301);
        row("cod-rna.xz", 59535, 8, "libsvm", 0, -1868, 133);
        row("cod-rna.t.xz", 271617, 8, "libsvm", 0, -1767, 131);
        row("a9a", 32561, 123, "libsvm", 0, 0, 1);
        row("a9a.t", 16281, 122, "libsvm", 0, 0, 1);
        row("breast_cancer_wdbc.csv", 569, 30, "csv", 31, 0, 4254);
        row("digits.csv.gz", 1797, 64, "csv", 65, 0, 16);
        row("mushrooms_agaricus.gz", 6513, 126, "libsvm", 0, 0, 1);
        row("mushrooms_agaricus.t.gz", 1611, 126, "libsvm", 0, 0, 1);
        row("susy_30k.csv.gz", 30000, 18, "csv", 1, -13.359, 19.592);
        row("higgs_7k.tsv.gz", 7000, 28, "csv", 1, -2.941, 13.098);
        row("higgs_7k.t.tsv.gz", 500, 28, "csv", 1, std::nan(""), std::nan("")); // the range is of both parts
        row("epsilon_5k_100.csv.xz", 4000, 100, "csv", 1, std::nan(""), std::nan(""));
        row("epsilon_5k_100.t.csv.xz", 1000, 100, "csv", 1, std::nan(""), std::nan(""));
        row("isolet_1560.csv.xz", 1560, 617, "csv", 1, -1, 1);
        row("basehock.xz", 1993, 4862, "libsvm", 0, 0, 113);
        row("arcene_200.csv.xz", 200, 10000, "csv", 1, 0, 999);
    }
    void shapesAndColumns() {
        const std::string name = QTest::currentDataTag();
        NEEDS_REAL_DATA(name);
        QFETCH(int, rows);
        QFETCH(int, features);
        QFETCH(QString, format);
        QFETCH(int, labelColumn);
        QFETCH(double, lowest);
        QFETCH(double, highest);
        const auto loaded = loadReal(name);
        QCOMPARE(static_cast<int>(loaded.data.rows), rows);
        QCOMPARE(static_cast<int>(loaded.data.features), features);
        QCOMPARE(loaded.format, format.toStdString());
        QCOMPARE(static_cast<int>(loaded.labelColumn), labelColumn);
        const bool named =
            name.starts_with("housing") || name.starts_with("diabetes") || name.starts_with("epsilon");
        QCOMPARE(loaded.header, named);
        QCOMPARE(loaded.data.featureNames.size(), named ? static_cast<std::size_t>(features) : 0);
        QCOMPARE(loaded.compression, name.ends_with(".xz") ? "xz" : name.ends_with(".gz") ? "gzip" : "none");
        const auto [low, high] = std::ranges::minmax(loaded.data.values);
        if (!std::isnan(lowest)) {
            QVERIFY2(std::abs(low - lowest) <= 1e-3 + 1e-6 * std::abs(lowest),
                     qPrintable(QString::number(low)));
            QVERIFY2(std::abs(high - highest) <= 1e-3 + 1e-6 * std::abs(highest),
                     qPrintable(QString::number(high)));
        }
    }

    void targetsOfRegressions_data() {
        QTest::addColumn<double>("lowest");
        QTest::addColumn<double>("highest");
        QTest::addColumn<double>("mean");
        QTest::addColumn<double>("deviation");
        QTest::newRow("cadata") << 14999.0 << 500001.0 << 206856.0 << 115393.0;
        QTest::newRow("cpusmall") << 0.0 << 99.0 << 83.9689 << 18.4008;
        QTest::newRow("blogfeedback.csv.xz") << 0.0 << 1424.0 << 6.76472 << 37.7062;
        QTest::newRow("protein_centred.csv.gz") << -1.8912 << 1.1998 << 0.0 << 0.773004;
        QTest::newRow("housing.csv") << 5.0 << 50.0 << 22.5328 << 9.18801;
        QTest::newRow("diabetes.csv") << 25.0 << 346.0 << 152.133 << 77.0057;
    }
    void targetsOfRegressions() {
        const std::string name = QTest::currentDataTag();
        NEEDS_REAL_DATA(name);
        QFETCH(double, lowest);
        QFETCH(double, highest);
        QFETCH(double, mean);
        QFETCH(double, deviation);
        const auto summary = summarize(loadReal(name));
        QVERIFY(std::abs(summary.labelColumn.minimum - lowest) < 1e-6);
        QVERIFY(std::abs(summary.labelColumn.maximum - highest) < 1e-6);
        QVERIFY(std::abs(summary.labelColumn.mean - mean) < 5e-6 * std::abs(mean) + 1e-6);
        QVERIFY(std::abs(summary.labelColumn.deviation / deviation - 1) < 5e-6);
        QCOMPARE(summary.task, Task::Regression);
        QCOMPARE(summary.missing, 0U);
    }

    void classesOfClassifications_data() {
        QTest::addColumn<Counts>("counts");
        QTest::newRow("cod-rna.xz") << Counts{{"-1", 39690}, {"1", 19845}};
        QTest::newRow("cod-rna.t.xz") << Counts{{"-1", 181078}, {"1", 90539}};
        QTest::newRow("a9a") << Counts{{"-1", 24720}, {"1", 7841}};
        QTest::newRow("a9a.t") << Counts{{"-1", 12435}, {"1", 3846}};
        QTest::newRow("breast_cancer_wdbc.csv") << Counts{{"0", 212}, {"1", 357}};
        QTest::newRow("mushrooms_agaricus.gz") << Counts{{"0", 3373}, {"1", 3140}};
        QTest::newRow("mushrooms_agaricus.t.gz") << Counts{{"0", 835}, {"1", 776}};
        QTest::newRow("susy_30k.csv.gz") << Counts{{"-1", 16185}, {"1", 13815}};
        QTest::newRow("higgs_7k.tsv.gz") << Counts{{"0", 3284}, {"1", 3716}};
        QTest::newRow("higgs_7k.t.tsv.gz") << Counts{{"0", 228}, {"1", 272}};
        QTest::newRow("epsilon_5k_100.csv.xz") << Counts{{"0", 2022}, {"1", 1978}};
        QTest::newRow("epsilon_5k_100.t.csv.xz") << Counts{{"0", 487}, {"1", 513}};
        QTest::newRow("basehock.xz") << Counts{{"-1", 994}, {"1", 999}};
        QTest::newRow("arcene_200.csv.xz") << Counts{{"-1", 112}, {"1", 88}};
    }
    void classesOfClassifications() {
        const std::string name = QTest::currentDataTag();
        NEEDS_REAL_DATA(name);
        QFETCH(Counts, counts);
        const auto summary = summarize(loadReal(name));
        QVERIFY(summary.labelCounts == counts);
        QCOMPARE(summary.task, Task::Classification);
    }

    void manyClasses() {
        NEEDS_REAL_DATA("isolet_1560.csv.xz");
        NEEDS_REAL_DATA("digits.csv.gz");
        const auto isolet = summarize(loadReal("isolet_1560.csv.xz"));
        QCOMPARE(isolet.labelCounts.size(), 26U);
        QVERIFY(isolet.labelColumn.minimum == 1 && isolet.labelColumn.maximum == 26);
        for (const auto& [label, rows] : isolet.labelCounts)
            QCOMPARE(rows, 60U);
        const auto digits = summarize(loadReal("digits.csv.gz"));
        QCOMPARE(digits.labelCounts.size(), 10U);
        QVERIFY(digits.labelColumn.minimum == 0 && digits.labelColumn.maximum == 9);
        for (const auto& [label, rows] : digits.labelCounts)
            QVERIFY(rows >= 174 && rows <= 183);
        QCOMPARE(std::ranges::count_if(digits.columns, &ColumnReport::constant), 3);
    }

    void firstLines() {
        NEEDS_REAL_DATA("cadata");
        NEEDS_REAL_DATA("cpusmall");
        NEEDS_REAL_DATA("cod-rna.xz");
        const auto begins = [](const std::string& name, float label, const std::vector<float>& row) {
            const auto data = loadReal(name).data;
            return data.labels[0] == label && std::ranges::equal(data.row(0), row);
        };
        QVERIFY(begins("cadata", 452600, {8.3252F, 41, 880, 129, 322, 126, 37.88F, -122.23F}));
        QVERIFY(begins("cpusmall", 90, {6, 2, 1036, 103, 114, 1, 1, 172076, 355965, 2, 6527, 1851864}));
        QVERIFY(begins("cod-rna.xz", -1,
                       {-766, 128, 0.140625F, 0.304688F, 0.234375F, 0.140625F, 0.304688F, 0.234375F}));
    }

    void a9aIsSparseAndItsTestIsPadded() {
        NEEDS_REAL_DATA("a9a");
        NEEDS_REAL_DATA("a9a.t");
        const auto train = loadReal("a9a");
        const double nonzero = summarize(train).nonzeroShare * static_cast<double>(train.data.values.size());
        QCOMPARE(std::llround(nonzero), 451592);
        for (const std::size_t index : {3U, 11U, 14U, 19U})
            QCOMPARE(train.data.row(0)[index - 1], 1.0F);
        LoadContext context;
        context.training = train.data.schema.get();
        QCOMPARE(loadReal("a9a.t", context).data.features, 123U);
    }

    void columnRanges() {
        NEEDS_REAL_DATA("housing.csv");
        const auto summary = summarize(loadReal("housing.csv"));
        QCOMPARE(summary.columns.front().name, "CRIM");
        QCOMPARE(loadReal("housing.csv").labelName, "MEDV");
        const std::vector<std::pair<double, double>> ranges{
            {0.00632, 88.9762}, {0, 100},      {0.46, 27.74},     {0, 1},  {0.385, 0.871},
            {3.561, 8.78},      {2.9, 100},    {1.1296, 12.1265}, {1, 24}, {187, 711},
            {12.6, 22},         {0.32, 396.9}, {1.73, 37.97}};
        for (std::size_t f = 0; f < ranges.size(); ++f) {
            QVERIFY(std::abs(summary.columns[f].minimum - ranges[f].first) < 1e-4);
            QVERIFY(std::abs(summary.columns[f].maximum - ranges[f].second) < 1e-4);
        }
    }

    void whatStandsAboveTheRowsIsSkipped() {
        NEEDS_REAL_DATA("breast_cancer_wdbc.csv");
        QCOMPARE(loadReal("breast_cancer_wdbc.csv").notes.front(),
                 std::string("line 1 at the top left out: fewer columns than the rows have"));
    }

    void imagesAreNotText() {
        NEEDS_REAL_DATA("mnist/t10k-labels-idx1-ubyte.gz");
        QVERIFY_EXCEPTION_THROWN(loadReal("mnist/t10k-labels-idx1-ubyte.gz"), InputError);
    }
};

QTEST_GUILESS_MAIN(LoadRealFilesTest)
#include "load_real_files_test.moc"
