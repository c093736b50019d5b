// Loading good files: what was written is what is read, in every format, delimiter and compression.

#include "core/data/load.h"
#include "core/data/summary.h"
#include "tests/support/compress.h"
#include "tests/support/random_data.h"

#include <QTemporaryDir>
#include <QtTest>

#include <charconv>
#include <cmath>
#include <fstream>

using namespace zipml;

namespace {

/// The shortest text that gives the float back.
std::string exactText(float value) {
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

std::string asTable(const Dataset& data, const std::string& delimiter, bool labelFirst) {
    std::string text;
    for (std::size_t r = 0; r < data.rows; ++r) {
        if (labelFirst)
            text += exactText(data.labels[r]);
        for (std::size_t f = 0; f < data.features; ++f)
            text += (f > 0 || labelFirst ? delimiter : "") + exactText(data.row(r)[f]);
        text += (labelFirst ? "" : delimiter + exactText(data.labels[r])) + "\n";
    }
    return text;
}

std::string asLibsvm(const Dataset& data) {
    std::string text;
    for (std::size_t r = 0; r < data.rows; ++r) {
        text += exactText(data.labels[r]);
        for (std::size_t f = 0; f < data.features; ++f)
            if (data.row(r)[f] != 0)
                text += " " + std::to_string(f + 1) + ":" + exactText(data.row(r)[f]);
        text += "\n";
    }
    return text;
}

} // namespace

class LoadTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    std::filesystem::path path(const std::string& name) const {
        return folder_.path().toStdString() + "/" + name;
    }
    std::filesystem::path write(const std::string& contents, const std::string& name = "file.csv") const {
        std::ofstream(path(name), std::ios::binary) << contents;
        return path(name);
    }

  private slots:
    void everyFormatRoundTrips_data() {
        QTest::addColumn<QString>("form");
        QTest::addColumn<QString>("delimiter");
        QTest::addColumn<QString>("compression");
        for (const char* compression : {"none", "gzip", "bzip2", "xz", "zstd"}) {
            QTest::addRow("libsvm %s", compression) << "libsvm"
                                                    << "" << compression;
            for (const char* delimiter : {"comma", "tab", "semicolon", "pipe", "space"})
                QTest::addRow("%s %s", delimiter, compression) << "csv" << delimiter << compression;
        }
    }
    void everyFormatRoundTrips() {
        QFETCH(QString, form);
        QFETCH(QString, delimiter);
        QFETCH(QString, compression);
        const std::map<QString, std::string> characters{
            {"comma", ","}, {"tab", "\t"}, {"semicolon", ";"}, {"pipe", "|"}, {"space", "  "}};
        for (const std::size_t features : {1UL, 2UL, 9UL}) {
            auto data = test::randomData(150, features, features);
            data.row(7)[0] = 0;
            data.row(149)[features - 1] = 1e-20F;
            const auto text =
                form == "libsvm" ? asLibsvm(data) : asTable(data, characters.at(delimiter), false);
            test::writeCompressed(path("data"), text, compression.toStdString());
            const auto loaded = loadData(path("data"));
            QCOMPARE(loaded.data.values, data.values);
            QCOMPARE(loaded.data.labels, data.labels);
            QCOMPARE(QString::fromStdString(loaded.format), form);
            QCOMPARE(QString::fromStdString(loaded.delimiter), delimiter);
            QCOMPARE(QString::fromStdString(loaded.compression), compression);
            QCOMPARE(loaded.header, false);
            QCOMPARE(loaded.data.name, std::string("data"));
        }
    }

    void lineEndsMarksAndBlankLinesDoNotMatter() {
        for (const char* text : {"1,2,3\n4,5,6\n", "1,2,3\n4,5,6", "1,2,3\r\n4,5,6\r\n",
                                 "\xEF\xBB\xBF"
                                 "1,2,3\n4,5,6\n",
                                 "\n1, 2, 3\n\n 4,5 ,6\n\n\n", "+1,2e0,3\n4,5.0,\"6\"\n"}) {
            const auto loaded = loadData(write(text));
            QCOMPARE(loaded.data.values, (std::vector<float>{1, 2, 4, 5}));
            QCOMPARE(loaded.data.labels, (std::vector<float>{3, 6}));
        }
    }

    void headersNameTheColumns() {
        const auto file = write("size,\"price, in $\",rooms\n1,2,3\n4,5,6\n");
        auto loaded = loadData(file);
        QVERIFY(loaded.header);
        QCOMPARE(loaded.labelName, std::string("rooms"));
        QCOMPARE(loaded.data.featureNames, (std::vector<std::string>{"size", "price, in $"}));
        LoadOptions options;
        options.labelColumn = "price, in $";
        loaded = loadData(file, options);
        QCOMPARE(loaded.data.labels, (std::vector<float>{2, 5}));
        QCOMPARE(loaded.data.featureNames, (std::vector<std::string>{"size", "rooms"}));
        options.labelColumn = "1";
        QCOMPARE(loadData(file, options).data.labels, (std::vector<float>{1, 4}));
        options.labelColumn = "none";
        const auto bare = loadData(file, options);
        QVERIFY(!bare.hasLabels);
        QCOMPARE(bare.data.features, 3UL);
    }

    void theLabelColumnIsFound() {
        // A header that says so, a first column that looks like classes, else the last.
        QCOMPARE(loadData(write("a,Target,b\n1,2,3\n4,5,6\n")).labelColumn, 2UL);
        QCOMPARE(loadData(write("1,2.5,3.5\n-1,4.5,5.5\n1,2.5,3.5\n-1,2,7.5\n")).labelColumn, 1UL);
        QCOMPARE(loadData(write("0.5,2.5,3\n-1,4.5,5\n1,2.5,3\n-1,2,7\n")).labelColumn, 3UL);
        QCOMPARE(loadData(write("0,1,1\n1,0,2\n0,1,1\n1,1,2\n")).labelColumn, 3UL);
    }

    void overridesBeatDetection() {
        LoadOptions options;
        options.header = "yes";
        QCOMPARE(loadData(write("1,2,3\n4,5,6\n7,8,9\n"), options).data.rows, 2UL);
        options = {};
        options.skipLines = 2;
        QCOMPARE(loadData(write("about this file\n569,30\n1,2,3\n4,5,6\n"), options).data.rows, 2UL);
        options = {};
        options.delimiter = "comma";
        QVERIFY_EXCEPTION_THROWN(loadData(write("1;2;3\n4;5;6\n"), options), InputError);
        options = {};
        options.format = "csv";
        QVERIFY_EXCEPTION_THROWN(loadData(write("1 1:2\n2 1:3\n"), options), InputError);
    }

    void aTestFileIsPaddedToTheTrainingWidth() {
        LoadContext context;
        context.expectedFeatures = 5;
        const auto loaded = loadData(write("1 2:7\n-1 1:3\n"), {}, context);
        QCOMPARE(loaded.data.features, 5UL);
        QCOMPARE(loaded.data.row(0)[1], 7.0F);
        context.expectedFeatures = 1;
        QVERIFY_EXCEPTION_THROWN(loadData(write("1 2:7\n-1 1:3\n"), {}, context), InputError);
        context.expectedFeatures = 3; // as many as columns: rows without a label, to predict on
        const auto bare = loadData(write("1,2,3\n4,5,6\n"), {}, context);
        QVERIFY(!bare.hasLabels);
    }

    void missingValuesAreCountedWhenAllowed() {
        const auto file = write("a,b,y\n1,,3\nNA,5,6\n7,?,9\n1,2,1\n");
        QVERIFY_EXCEPTION_THROWN(loadData(file), InputError);
        LoadContext context;
        context.allowMissing = true;
        const auto loaded = loadData(file, {}, context);
        QCOMPARE(loaded.missing, (std::vector<std::size_t>{1, 2}));
        const auto summary = summarize(loaded);
        QCOMPARE(summary.missing, 3UL);
        QCOMPARE(summary.columns[0].mean, 3.0);
        QCOMPARE(summary.columns[1].missing, 2UL);
    }

    void summariesMatchTheirDefinition() {
        LoadedData loaded;
        loaded.data = test::randomData(500, 3, 9);
        for (std::size_t r = 0; r < 500; ++r) {
            loaded.data.row(r)[1] = 1e7F; // constant, and large
            loaded.data.labels[r] = r % 3 == 0 ? 4.0F : -2.0F;
        }
        const auto summary = summarize(loaded);
        double mean = 0;
        double squares = 0;
        for (std::size_t r = 0; r < 500; ++r)
            mean += loaded.data.row(r)[0] / 500.0;
        for (std::size_t r = 0; r < 500; ++r)
            squares += std::pow(loaded.data.row(r)[0] - mean, 2) / 500.0;
        QVERIFY(std::abs(summary.columns[0].mean - mean) < 1e-12);
        QVERIFY(std::abs(summary.columns[0].deviation - std::sqrt(squares)) < 1e-12);
        QVERIFY(summary.columns[1].constant);
        QCOMPARE(summary.columns[1].deviation, 0.0);
        QCOMPARE(summary.task, Task::Classification);
        QCOMPARE(summary.labelCounts, (std::map<double, std::size_t>{{-2.0, 333}, {4.0, 167}}));
    }

    void tasksAreDetectedAndCanBeForced() {
        auto data = test::randomData(9, 1, 2);
        QCOMPARE(detectTask(data), Task::Regression);
        QVERIFY_EXCEPTION_THROWN(detectTask(data, Task::Classification), InputError);
        for (std::size_t r = 0; r < 9; ++r)
            data.labels[r] = r < 4 ? 0.0F : 1.0F;
        QCOMPARE(detectTask(data), Task::Classification);
        QCOMPARE(detectTask(data, Task::Regression), Task::Regression);
        std::ranges::fill(data.labels, 1.0F);
        QVERIFY_EXCEPTION_THROWN(detectTask(data), InputError);
        QVERIFY_EXCEPTION_THROWN(detectTask(data, Task::Regression), InputError);
    }

    void loadingReportsProgressAndStops() {
        const auto file = write(asTable(test::randomData(20'000, 5, 1), ",", false));
        double last = 0;
        std::stop_source source;
        Job job{source.get_token(), [&](double share, std::string_view) {
                    QVERIFY(share >= last && share <= 1);
                    last = share;
                    if (share > 0.5)
                        source.request_stop();
                }};
        QVERIFY_EXCEPTION_THROWN(loadData(file, {}, {}, job), Cancelled);
        QVERIFY(last > 0.5);
    }
};

QTEST_APPLESS_MAIN(LoadTest)
#include "load_test.moc"
