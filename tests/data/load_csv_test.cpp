#include "tests/data/data_files.h"
#include "tests/support/random_data.h"

using namespace zipml;

namespace {

struct Look {
    std::string delimiter = ",";
    std::string lineEnd = "\n";
    bool header = false;
    bool labelFirst = false;
};

std::string csvText(const Dataset& data, const Look& look) {
    std::string text;
    if (look.header) {
        text = look.labelFirst ? "outcome" : "";
        for (std::size_t f = 0; f < data.features; ++f)
            text += (text.empty() ? "f" : look.delimiter + "f") + std::to_string(f + 1);
        text += (look.labelFirst ? "" : look.delimiter + "outcome") + look.lineEnd;
    }
    for (std::size_t r = 0; r < data.rows; ++r) {
        std::string line = look.labelFirst ? test::textOf(data.labels[r]) : "";
        for (const float value : data.row(r))
            line += (line.empty() ? "" : look.delimiter) + test::textOf(value);
        text += line + (look.labelFirst ? "" : look.delimiter + test::textOf(data.labels[r])) + look.lineEnd;
    }
    return text;
}

LoadOptions withLabel(const std::string& column) {
    LoadOptions options;
    options.labelColumn = column;
    return options;
}

} // namespace

class LoadCsvTest : public QObject {
    Q_OBJECT
    test::DataFiles files_;

  private slots:
    void everyLookGivesTheSameNumbers_data() {
        QTest::addColumn<QString>("compression");
        QTest::addColumn<QString>("delimiter");
        QTest::addColumn<QString>("name");
        for (const auto& compression : test::compressions())
            for (const auto& [delimiter, name] : {std::pair{",", "comma"},
                                                  {"\t", "tab"},
                                                  {";", "semicolon"},
                                                  {"|", "pipe"},
                                                  {" ", "space"},
                                                  {", ", "comma"},
                                                  {"   ", "space"}})
                QTest::addRow("%s '%s'", compression.c_str(), delimiter)
                    << QString::fromStdString(compression) << delimiter << name;
    }
    void everyLookGivesTheSameNumbers() {
        QFETCH(QString, compression);
        QFETCH(QString, delimiter);
        QFETCH(QString, name);
        for (std::uint64_t seed = 0; seed < 8; ++seed) {
            const auto data = test::randomData(2 + seed * 211, 1 + seed % 7, seed);
            const Look look{delimiter.toStdString(), seed % 3 == 0 ? "\r\n" : "\n", seed % 2 == 0,
                            seed % 4 > 1};
            const auto loaded = files_.load(test::packed(csvText(data, look), compression.toStdString()),
                                            withLabel(look.labelFirst ? "first" : "auto"));
            QCOMPARE(loaded.format, "csv");
            QCOMPARE(loaded.delimiter, name.toStdString());
            QCOMPARE(loaded.compression, compression.toStdString());
            QCOMPARE(loaded.header, look.header);
            QCOMPARE(loaded.labelColumn, look.labelFirst ? 1 : data.features + 1);
            QCOMPARE(loaded.labelName, look.header ? "outcome" : "");
            QCOMPARE(loaded.data.featureNames.size(), look.header ? data.features : 0);
            QCOMPARE(loaded.data.rows, data.rows);
            QCOMPARE(loaded.data.features, data.features);
            QVERIFY(loaded.data.values == data.values);
            QVERIFY(loaded.data.labels == data.labels);
        }
    }

    void numbersAreTheNearestFloats_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<float>("value");
        const auto row = [](const QByteArray& text, float value) {
            QTest::newRow(text.left(30).constData()) << text << value;
        };
        row("+1.5", 1.5F);
        row("-.5", -0.5F);
        row("5.", 5.0F);
        row("1E3", 1000.0F);
        row("16777217", 16777216.0F);
        row("3.4028235e38", std::numeric_limits<float>::max());
        row("1e-45", std::numeric_limits<float>::denorm_min());
        row("1e-60", 0.0F);
        row("-1e-99999999999", 0.0F);
        row("0." + QByteArray(80, '0') + "17", 0.0F);
        row("0." + QByteArray(80, '0') + "17e82", 17.0F);
        row(QByteArray(60, '7') + "e-59", 7.7777777F);
        row("\"2.25\"", 2.25F);
    }
    void numbersAreTheNearestFloats() {
        QFETCH(QByteArray, text);
        QFETCH(float, value);
        QCOMPARE(files_.load("1,2\n" + text.toStdString() + ",3\n").data.values[1], value);
    }

    void labelColumnIsFound_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("column");
        const auto row = [](const char* name, const char* text, int column) {
            QTest::newRow(name) << QByteArray(text) << column;
        };
        row("named", "a,Label,b\n1,2,3\n4,5,6\n", 2);
        row("named first", "y,a,b\n1.5,2,3\n4,5,6\n", 1);
        row("usual names in order", "class,a,target\n1,2,3\n4,5,6\n", 3);
        row("classes first", "1,0.5,2.5\n0,1.5,3.5\n1,2.5,4.5\n", 1);
        row("classes last", "0.5,2.5,1\n1.5,3.5,0\n2.5,4.5,1\n", 3);
        row("classes at both ends", "1,2.5,1\n0,3.5,0\n1,4.5,1\n", 3);
        row("no classes", "0.5,1,1.5\n2,2.5,3\n", 3);
        row("row numbers", "1,0.5,2.5\n2,1.5,3.5\n3,2.5,4.5\n", 3);
        row("constant first", "1,0.5,2.5\n1,1.5,3.5\n1,2.5,4.5\n", 3);
    }
    void labelColumnIsFound() {
        QFETCH(QByteArray, text);
        QFETCH(int, column);
        QCOMPARE(static_cast<int>(files_.load(text.toStdString()).labelColumn), column);
    }

    void labelColumnIsChosen_data() {
        QTest::addColumn<QString>("wanted");
        QTest::addColumn<int>("column");
        QTest::newRow("first") << "first" << 1;
        QTest::newRow("last") << "last" << 4;
        QTest::newRow("index") << "2" << 2;
        QTest::newRow("name") << "height, cm" << 3;
        QTest::newRow("name before index") << "1" << 4;
    }
    void labelColumnIsChosen() {
        QFETCH(QString, wanted);
        QFETCH(int, column);
        const auto loaded =
            files_.load("a,b,\"height, cm\",1\n10,20,30,40\n11,21,31,41\n", withLabel(wanted.toStdString()));
        QCOMPARE(static_cast<int>(loaded.labelColumn), column);
        QVERIFY((loaded.data.labels == std::vector<float>{float(column * 10), float(column * 10 + 1)}));
        QCOMPARE(loaded.labelName,
                 (std::vector<std::string>{"a", "b", "height, cm", "1"})[std::size_t(column - 1)]);
        QCOMPARE(loaded.data.features, 3U);
    }

    void rowsWithoutLabels() {
        const auto chosen = files_.load("a,b\n1,2\n3,4\n", withLabel("none"));
        LoadContext context;
        context.expectedFeatures = 2;
        const auto expected = files_.load("a,b\n1,2\n3,4\n", {}, context);
        for (const auto& loaded : {chosen, expected}) {
            QVERIFY(!loaded.hasLabels);
            QCOMPARE(loaded.labelColumn, 0U);
            QVERIFY((loaded.data.values == std::vector<float>{1, 2, 3, 4}));
            QVERIFY((loaded.data.labels == std::vector<float>{0, 0}));
            QVERIFY((loaded.data.featureNames == std::vector<std::string>{"a", "b"}));
        }
        QCOMPARE(files_.load("1,2,9\n3,4,9\n", {}, context).data.features, 2U);
        QCOMPARE(files_.errorOf("1,2,3,4\n", {}, context),
                 "data: has 3 features and the training data has 2; both need the same columns");
        QCOMPARE(files_.errorOf("1,2\n", withLabel("first"), context),
                 "data: has 1 features and the training data has 2; if its rows have no label, choose label "
                 "column none");
        QCOMPARE(files_.load("5\n6\n", withLabel("none")).data.features, 1U);
    }

    void headerIsFoundOrChosen() {
        QVERIFY(files_.load("a,b\n1,2\n").header);
        QVERIFY(files_.load("y,0,1,2\n5,1,2,3\n").header);
        QVERIFY(!files_.load("1,2\n1,2\n").header);
        const auto names = files_.load(",b,y\n1,2,3\n").data.featureNames;
        QVERIFY((names == std::vector<std::string>{"x1", "b"}));
        LoadOptions options;
        options.header = "yes";
        const auto years = files_.load("2019,2020\n1,2\n3,4\n", options);
        QCOMPARE(years.data.rows, 2U);
        QCOMPARE(years.labelName, "2020");
        options.header = "no";
        QVERIFY(files_.errorOf("a,b\n1,2\n", options).startsWith("data:1: column 1: 'a' is not a number"));
    }

    void chosenDelimiterAndSkippedLines() {
        LoadOptions options;
        options.delimiter = "semicolon";
        options.skipLines = 2;
        const auto loaded = files_.load("# by hand, 2019; 2020\nx\n1;2\n3;4\n", options);
        QCOMPARE(loaded.data.rows, 2U);
        QCOMPARE(loaded.delimiter, "semicolon");
        QCOMPARE(
            files_.errorOf("a\nb\n1;2\n3;4;5\n", options),
            "data:4: has 3 columns and the first line has 2; every row needs the same number (if the first "
            "line is not data, skip it: --skip-lines 1, or Skip lines in the lab)");
    }

    void missingValuesCountWhenAllowed() {
        LoadContext context;
        context.allowMissing = true;
        const auto loaded = files_.load("a,y,b\n1,0,\nN/A,1,?\nnull,0,4\n", {}, context);
        QVERIFY((loaded.missing == std::vector<std::size_t>{2, 2}));
        QCOMPARE(loaded.data.row(0)[0], 1.0F);
        QVERIFY(std::isnan(loaded.data.row(0)[1]) && std::isnan(loaded.data.row(1)[0]));
        QCOMPARE(loaded.data.row(2)[1], 4.0F);
        QVERIFY(files_.load("1,2\n3,4\n", {}, context).missing == std::vector<std::size_t>{0});
        QCOMPARE(files_.errorOf("a,y,b\n1,NA,2\n", {}, context),
                 "data:2: column 2: a value is missing ('NA'); fill it in or drop the row");
        QVERIFY(files_.errorOf("a,y,b\n1,0,nan\n", {}, context).contains("'nan' is not a finite number"));
    }

    void badInputIsNamed_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const QByteArray& text, const char* expected) {
            QTest::newRow(name) << text << QString(expected);
        };
        row("short row", "1,2,3\n4,5,6\n7,8\n",
            "data:3: has 2 columns and the first line has 3; every row needs the same number");
        row("long row", "a,b,y\n4,5,6\n7,8,9,10\n",
            "data:3: has 4 columns and the header has 3; every row needs the same number");
        row("first line is not data", "569,30,malignant,benign\n1,2,3,4,5,6\n2,3,4,5,6,7\n",
            "data:2: has 6 columns and the header has 4; every row needs the same number (if the first line "
            "is "
            "not data, skip it: --skip-lines 1, or Skip lines in the lab)");
        row("blank lines count", "1,2\n\n\n4,abc\n", "data:4: column 2: 'abc' is not a number");
        row("text", "1,2,3\n4,abc,6\n", "data:2: column 2: 'abc' is not a number; write one like");
        row("text column", "name,a,y\nbob,1,2\neve,3,4\n", "data:2: column 1: 'bob' is not a number");
        row("long text", "1,2\n3," + QByteArray(100, 'x') + "\n",
            "data:2: column 2: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...' is not a number");
        row("foreign text", "1,2\n3,\xC3\xA4\n", "data:2: column 2: '\?\?' is not a number");
        row("hexadecimal", "1,2\n3,0x10\n", "data:2: column 2: '0x10' is not a number");
        row("decimal comma", "1;2\n3;4,5\n", "data:2: column 2: '4,5' is not a number");
        row("two signs", "1,2\n3,+-4\n", "data:2: column 2: '+-4' is not a number");
        row("empty", "1,2,3\n4,,6\n", "data:2: column 2: a value is missing ('')");
        row("NA", "1,2,3\n4,na,6\n", "data:2: column 2: a value is missing ('na')");
        row("question mark", "1,2,3\n4,?,6\n", "data:2: column 2: a value is missing ('?')");
        row("NaN", "1,2,3\n4,NaN,6\n", "data:2: column 2: 'NaN' is not a finite number");
        row("infinity", "1,2,3\n4,-Infinity,6\n", "data:2: column 2: '-Infinity' is not a finite number");
        row("overflow", "1,2,3\n4,1e300,6\n", "data:2: column 2: '1e300' does not fit a 32-bit float");
        row("long overflow", "1,2\n3," + QByteArray(50, '9') + "\n", "data:2: column 2: '9999");
        row("one column", "1\n2\n3\n", "data: has one column; a table has features and a label");
        row("header only", "a,b,c\n", "data: has a header and no rows");
    }
    void badInputIsNamed() {
        QFETCH(QByteArray, text);
        QFETCH(QString, expected);
        const auto error = files_.errorOf(text.toStdString());
        QVERIFY2(error.startsWith(expected), qPrintable(error));
    }

    void badOptionsListTheChoices() {
        const std::string text = "a,b,y\n1,2,3\n";
        LoadOptions options;
        options.format = "arff";
        QCOMPARE(files_.errorOf(text, options), "format: 'arff' is unknown; choose one of auto, idx "
                                                "(NAME-images-idx3-ubyte), libsvm, csv");
        options = {};
        options.delimiter = "colon";
        QCOMPARE(files_.errorOf(text, options), "delimiter: 'colon' is unknown; choose one of auto, comma, "
                                                "tab, semicolon, pipe, space");
        options = {};
        options.header = "maybe";
        QCOMPARE(files_.errorOf(text, options), "header: 'maybe' is unknown; choose one of auto, yes, no");
        for (const auto* wanted : {"z", "0", "4", "-1", "2.5", ""})
            QCOMPARE(
                files_.errorOf(text, withLabel(wanted)),
                QString("data: label column '%1' does not exist; choose auto, first, last, none or one of "
                        "1 to 3, 'a', 'b', 'y'")
                    .arg(wanted));
    }

    void memoryIsCheckedBeforeItIsTaken() {
        const auto data = test::randomData(3000, 20, 1);
        LoadContext context;
        context.memoryLimitBytes = 100'000;
        const auto error = files_.errorOf(csvText(data, {}), {}, context);
        QVERIFY2(error.contains("of memory and 100 kB is available; use fewer rows"), qPrintable(error));
        context.memoryLimitBytes = 1'000'000; // 252 kB of numbers, more while they move
        QVERIFY(files_.load(csvText(data, {}), {}, context).data.values == data.values);
        context.memoryLimitBytes = 5'000'000; // a small file that unpacks to a line of a million columns
        const auto bomb = test::packed(std::string(1'000'000, ',') + "\n1\n", "xz");
        QVERIFY(files_.errorOf(bomb, {}, context).contains("of memory"));
    }

    void progressRisesAndStopStops() {
        const auto file = files_.write("data", csvText(test::randomData(40'000, 10, 1), {}));
        double last = 0;
        int reports = 0;
        Job job;
        job.onProgress = [&](double share, std::string_view) {
            QVERIFY(share >= last && share <= 1);
            last = share;
            ++reports;
        };
        loadData(file, {}, {}, job);
        QVERIFY(reports >= 3 && last > 0.5);
        std::stop_source stopping;
        job.stop = stopping.get_token();
        job.onProgress = [&](double, std::string_view) { stopping.request_stop(); };
        QVERIFY_EXCEPTION_THROWN(loadData(file, {}, {}, job), Cancelled);
    }
};

QTEST_GUILESS_MAIN(LoadCsvTest)
#include "load_csv_test.moc"
