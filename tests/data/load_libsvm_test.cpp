#include "tests/data/data_files.h"
#include "tests/support/random_data.h"

using namespace zipml;

namespace {

/// Leaves out zeros, as LIBSVM files do.
std::string libsvmText(const Dataset& data, const std::string& lineEnd) {
    std::string text;
    for (std::size_t r = 0; r < data.rows; ++r) {
        text += test::textOf(data.labels[r]);
        for (std::size_t f = 0; f < data.features; ++f)
            if (data.row(r)[f] != 0)
                text += " " + std::to_string(f + 1) + ":" + test::textOf(data.row(r)[f]);
        text += lineEnd;
    }
    return text;
}

} // namespace

class LoadLibsvmTest : public QObject {
    Q_OBJECT
    test::DataFiles files_;

  private slots:
    void everyCompressionGivesTheSameNumbers_data() {
        QTest::addColumn<QString>("compression");
        for (const auto& name : test::compressions())
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
    void everyCompressionGivesTheSameNumbers() {
        QFETCH(QString, compression);
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            auto data = test::randomData(1 + seed * 37, 1 + seed % 9, seed);
            for (std::size_t i = 0; i < data.values.size(); ++i)
                if (i % 3 == 1)
                    data.values[i] = 0;
            data.values.back() = 1; // the last feature is seen at least once
            const auto text = libsvmText(data, seed % 2 == 0 ? "\n" : "\r\n");
            const auto loaded = files_.load(test::packed(text, compression.toStdString()));
            QCOMPARE(loaded.format, "libsvm");
            QCOMPARE(loaded.compression, compression.toStdString());
            QCOMPARE(loaded.data.rows, data.rows);
            QCOMPARE(loaded.data.features, data.features);
            QVERIFY(loaded.data.values == data.values);
            QVERIFY(loaded.data.labels == data.labels);
            QVERIFY(loaded.hasLabels && loaded.labelColumn == 0 && loaded.data.featureNames.empty());
        }
    }

    void layoutDoesNotMatter_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("plain") << QByteArray("1 1:2 3:-4.5\n-1 2:7\n");
        QTest::newRow("no last newline") << QByteArray("1 1:2 3:-4.5\n-1 2:7");
        QTest::newRow("Windows") << QByteArray("\xEF\xBB\xBF"
                                               "1 1:2 3:-4.5\r\n-1 2:7\r\n");
        QTest::newRow("comments") << QByteArray("# a set\n1 1:2 3:-4.5 # first\n-1 2:7#x\n  # end\n");
        QTest::newRow("blanks") << QByteArray("\n +1\t1:+2   3:-45e-1 \n\n\n-1  2:7.0 \n");
        QTest::newRow("explicit zero") << QByteArray("1 1:2 2:0 3:-4.5\n-1 2:7\n");
    }
    void layoutDoesNotMatter() {
        QFETCH(QByteArray, text);
        const auto loaded = files_.load(text.toStdString());
        QCOMPARE(loaded.data.features, 3U);
        QVERIFY((loaded.data.values == std::vector<float>{2, 0, -4.5F, 0, 7, 0}));
        QVERIFY((loaded.data.labels == std::vector<float>{1, -1}));
        QCOMPARE(loaded.data.name, "data");
    }

    void rowsReachTheExpectedWidth() {
        LoadContext context;
        context.expectedFeatures = 5;
        const auto loaded = files_.load("1 2:3\n2\n", {}, context);
        QCOMPARE(loaded.data.features, 5U);
        QVERIFY((loaded.data.values == std::vector<float>{0, 3, 0, 0, 0, 0, 0, 0, 0, 0}));
        const auto error = files_.errorOf("1 2:3\n2 6:1\n", {}, context);
        QCOMPARE(error, "data:2: index 6 is beyond the 5 features of the training data; both need the same "
                        "features");
    }

    void missingValuesCountWhenAllowed() {
        LoadContext context;
        context.allowMissing = true;
        const auto loaded = files_.load("1 1:5 2:NA\n2 2:\n3 2:4\n", {}, context);
        QVERIFY((loaded.missing == std::vector<std::size_t>{0, 2}));
        QVERIFY(std::isnan(loaded.data.row(0)[1]) && std::isnan(loaded.data.row(1)[1]));
        QCOMPARE(loaded.data.row(2)[1], 4.0F);
    }

    void badRowsAreNamed_data() {
        QTest::addColumn<QByteArray>("row");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* text, const char* expected) {
            QTest::newRow(name) << QByteArray(text) << QString(expected);
        };
        row("index 0", "1 0:3", "index 0 in '0:3'; LIBSVM indices start from 1");
        row("descending", "1 3:1 2:1", "index 2 comes after 3; indices increase within a row");
        row("repeated", "1 3:1 3:1", "index 3 comes after 3; indices increase within a row");
        row("negative index", "1 -3:1", "'-3' is not an index; indices are whole numbers from 1");
        row("index beyond 32 bits", "1 99999999999:1",
            "'99999999999' is not an index; indices are whole numbers from 1 to 4294967295");
        row("index beyond 64 bits", "1 99999999999999999999999:1",
            "'99999999999999999999999' is not an index");
        row("no index", "1 :1", "'' is not an index");
        row("no colon", "1 1:2 7", "'7' is not an entry");
        row("two colons", "1 1:2:3", "column 1: '2:3' is not a number");
        row("ranking", "1 qid:4 1:2", "'qid:' belongs to ranking data");
        row("text value", "1 1:2 4:abc", "column 4: 'abc' is not a number");
        row("no value", "1 1:", "column 1: a value is missing ('')");
        row("NaN", "1 1:nan", "column 1: 'nan' is not a finite number");
        row("infinity", "1 1:-inf", "column 1: '-inf' is not a finite number");
        row("overflow", "1 1:1e39", "column 1: '1e39' does not fit a 32-bit float");
        row("text label", "good 1:2", "'good' is not a number");
        row("NaN label", "nan 1:2", "'nan' is not a finite number");
        row("no label", "1:2 2:3", "the label is missing before '1:2'");
        row("two labels", "1,2 1:2", "'1,2' is not a number");
    }
    void badRowsAreNamed() {
        QFETCH(QByteArray, row);
        QFETCH(QString, expected);
        const auto error = files_.errorOf("1 1:1 2:2\n" + row.toStdString() + "\n1 1:1\n");
        QVERIFY2(error.startsWith("data:2: " + expected), qPrintable(error));
    }

    void labelsAloneAreNoData() {
        LoadOptions options;
        options.format = "libsvm";
        QVERIFY(files_.errorOf("1\n2\n", options).startsWith("data: has labels only"));
        QVERIFY(files_.errorOf("# nothing\n", options).startsWith("data: holds no rows, only comments"));
    }

    void hugeIndicesMeetTheMemoryLimit() {
        LoadContext context;
        context.memoryLimitBytes = 4'000'000'000;
        const auto error = files_.errorOf("1 1:2\n2 2000000000:1\n", {}, context);
        QVERIFY2(error.startsWith("data: needs about 1.0 TB of memory and 4.0 GB is available; use fewer"),
                 qPrintable(error));
        QVERIFY(files_.errorOf("1 1:2\n2 4294967295:1\n", {}, context).contains("of memory"));
        context.memoryLimitBytes = 200'000;
        const auto data = test::randomData(5000, 8, 1);
        QVERIFY(files_.errorOf(libsvmText(data, "\n"), {}, context).contains("200 kB is available"));
    }
};

QTEST_GUILESS_MAIN(LoadLibsvmTest)
#include "load_libsvm_test.moc"
