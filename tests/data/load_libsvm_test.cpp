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

    void furtherFilesHaveTheTrainingWidth() {
        const Schema five = test::sparseSchema(5);
        LoadContext context;
        context.training = &five;
        const auto loaded = files_.load("1 2:3\n2\n", {}, context);
        QCOMPARE(loaded.data.features, 5U);
        QVERIFY((loaded.data.values == std::vector<float>{0, 3, 0, 0, 0, 0, 0, 0, 0, 0}));
        const auto wider = files_.load("1 2:3\n2 6:1 7:1\n", {}, context);
        QVERIFY((wider.data.values == std::vector<float>{0, 3, 0, 0, 0, 0, 0, 0, 0, 0}));
        QVERIFY(wider.notes.back().starts_with("2 values beyond feature 5 are left out"));
        QCOMPARE(
            files_.errorOf("1 0:3\n", {}, context),
            "data:1: index 0 in '0:3', but indices begin with 1 here (as in the training file, or chosen); "
            "use --index-base 0 where they begin with 0");
    }

    void indicesBeginWithZeroWhereOneOccurs() {
        std::string text;
        for (int i = 0; i < 3000; ++i) // the only 0 stands behind what a head shows
            text += "1 1:2 3:" + std::to_string(i) + "\n" + (i == 2500 ? "-1 0:7\n" : "");
        const auto zero = files_.load(text);
        QCOMPARE(zero.data.features, 4U);
        QCOMPARE(zero.options.indexBase, "0");
        QCOMPARE(zero.data.row(0)[1], 2.0F);
        QCOMPARE(zero.data.row(2501)[0], 7.0F);
        QCOMPARE(files_.load("1 1:2 3:1\n").options.indexBase, "1");
        LoadOptions options;
        options.indexBase = "0";
        QCOMPARE(files_.load("1 1:2 3:1\n", options).data.features, 4U);
        options.indexBase = "1";
        QVERIFY(files_.errorOf("1 1:2\n1 0:2\n", options).startsWith("data:2: index 0 in '0:2'"));
    }

    void widthIsChosen() {
        LoadOptions options;
        options.width = 2;
        const auto narrow = files_.load("1 1:2 3:1\n-1 2:1\n", options);
        QVERIFY((narrow.data.values == std::vector<float>{2, 0, 0, 1}));
        QVERIFY(narrow.notes.back().starts_with("1 values beyond feature 2 are left out"));
        options.width = 4;
        QCOMPARE(files_.load("1 1:2 3:1\n", options).data.features, 4U);
    }

    void orderWithinARowDoesNotMatter() {
        const auto loaded = files_.load("1 3:1 2:5 1:-1\n2 1:7 3:2 2:1\n");
        QVERIFY((loaded.data.values == std::vector<float>{-1, 5, 1, 7, 1, 2}));
    }

    void labelsMayHaveWeights() {
        const auto loaded = files_.load("+1:0.5 1:2 2:3\n-1:2 1:1\n");
        QVERIFY((loaded.data.labels == std::vector<float>{1, -1}));
        QVERIFY((loaded.data.weights == std::vector<float>{0.5F, 2}));
        QVERIFY(files_.errorOf("+1:-3 1:2\n").contains("has a bad weight"));
    }

    void rowsWithoutLabels() {
        QVERIFY(files_.errorOf("1:2 2:3\n2:1 3:4\n")
                    .startsWith("data: the label is missing in front of each row; LIBSVM rows are"));
        LoadOptions options;
        options.labelColumn = "none";
        const auto loaded = files_.load("1:2 2:3\n2:1 3:4\n", options);
        QVERIFY(!loaded.hasLabels);
        QVERIFY((loaded.data.values == std::vector<float>{2, 3, 0, 0, 1, 4}));
    }

    void aZeroInFrontMakesATime() {
        QVERIFY(files_.errorOf("1 0:00 3:21\n2 1:07 4:28\n3 2:14 5:35\n").contains("--times seconds"));
        QCOMPARE(files_.load("1 1:34 2:28\n-1 1:45 2:33\n").format, "libsvm"); // ages, say
    }

    void timesAreNoEntries() {
        const auto loaded = files_.load("0.5 12:30 13:45\n0.7 12:31 13:46\n0.8 12:32 13:59\n", [] {
            LoadOptions options;
            options.times = "seconds";
            options.labelColumn = "first";
            return options;
        }());
        QCOMPARE(loaded.format, "csv");
        QCOMPARE(loaded.data.row(1)[0] - loaded.data.row(0)[0], 60.0F);
    }

    void missingValuesCountWhenAllowed() {
        const auto loaded = files_.load("1 1:5 2:NA\n2 2:\n3 2:4\n", test::keepMissing());
        QVERIFY((loaded.missing == std::vector<std::size_t>{0, 2}));
        QVERIFY(std::isnan(loaded.data.row(0)[1]) && std::isnan(loaded.data.row(1)[1]));
        QCOMPARE(loaded.data.row(2)[1], 4.0F);
        LoadOptions options;
        options.missing = "drop";
        QVERIFY((files_.load("1 1:5 2:NA\n2 2:\n3 2:4\n", options).data.values == std::vector<float>{0, 4}));
        options.missing = "constant:-1";
        QVERIFY((files_.load("1 1:5 2:NA\n3 2:4\n", options).data.values == std::vector<float>{5, -1, 0, 4}));
    }

    void badRowsAreNamed_data() {
        QTest::addColumn<QByteArray>("row");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* text, const char* expected) {
            QTest::newRow(name) << QByteArray(text) << QString(expected);
        };
        row("repeated", "1 3:1 3:1", "index 3 stands twice in the row; which value counts cannot be told");
        row("repeated apart", "1 3:1 2:1 3:1", "index 3 stands twice in the row");
        row("negative index", "1 -3:1", "'-3' is not an index; indices are whole numbers from 0");
        row("index beyond 32 bits", "1 99999999999:1",
            "'99999999999' is not an index; indices are whole numbers from 0 to 4294967294");
        row("index beyond 64 bits", "1 99999999999999999999999:1",
            "'99999999999999999999999' is not an index");
        row("no index", "1 :1", "'' is not an index");
        row("no colon", "1 1:2 7", "'7' is not an entry");
        row("two colons", "1 1:2:3", "column 1: '2:3' is not a number");
        row("ranking", "1 qid:4 1:2", "'qid:' belongs to ranking data");
        row("text value", "1 1:2 4:abc", "column 4: 'abc' is not a number");
        row("no value", "1 1:", "column 1: a value is missing ('')");
        row("NaN", "1 1:nan", "column 1: a value is missing ('nan')");
        row("infinity", "1 1:-inf", "column 1: '-inf' is not a finite number");
        row("overflow", "1 1:1e39", "column 1: '1e39' does not fit a 32-bit float");
        row("text label", "good 1:2", "'good' is not a number");
        row("NaN label", "nan 1:2", "a value is missing ('nan')");
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
        QVERIFY(files_.errorOf("1 1:2\n2 4294967294:1\n", {}, context).contains("of memory"));
        context.memoryLimitBytes = 200'000;
        const auto data = test::randomData(5000, 8, 1);
        QVERIFY(files_.errorOf(libsvmText(data, "\n"), {}, context).contains("200 kB is available"));
    }
};

QTEST_GUILESS_MAIN(LoadLibsvmTest)
#include "load_libsvm_test.moc"
