#include "tests/data/data_files.h"
#include "tests/support/random_data.h"

#include <cmath>
#include <set>

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
        LoadContext context;
        context.offsets = false;
        QCOMPARE(files_.load("1,2\n" + text.toStdString() + ",3\n", {}, context).data.values[1], value);
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
        const Schema two = *chosen.data.schema;
        LoadContext context;
        context.training = &two;
        const auto expected = files_.load("a,b\n1,2\n3,4\n", {}, context);
        for (const auto& loaded : {chosen, expected}) {
            QVERIFY(!loaded.hasLabels);
            QCOMPARE(loaded.labelColumn, 0U);
            QVERIFY((loaded.data.values == std::vector<float>{1, 2, 3, 4}));
            QVERIFY((loaded.data.labels == std::vector<float>{0, 0}));
            QVERIFY((loaded.data.featureNames == std::vector<std::string>{"a", "b"}));
        }
        QCOMPARE(files_.errorOf("1,2,3,4\n", {}, context),
                 "data: has 4 features and the training data has 2; both need the same columns");
        QCOMPARE(files_.load("5\n6\n", withLabel("none")).data.features, 1U);
    }

    void furtherFilesAreMatchedByName() {
        const auto train = files_.load("a,b,c,y\n1.5,2,3.5,0\n4,5.5,6,1\n7,8,9.5,1\n");
        LoadContext context;
        context.training = train.data.schema.get();
        const auto swapped = files_.load("y;c;a;b\n0;3,5;1,5;2\n1;6;4;5,5\n", train.options, context);
        QVERIFY((swapped.data.values == std::vector<float>{1.5F, 2, 3.5F, 4, 5.5F, 6}));
        QVERIFY((swapped.data.labels == std::vector<float>{0, 1}));
        QVERIFY((swapped.data.featureNames == train.data.featureNames));
        QVERIFY(!files_.load("c,a,b\n3,1,2\n", train.options, context).hasLabels);
        QCOMPARE(
            files_.errorOf("a,b,d,y\n1,2,3,0\n", train.options, context),
            "data: its columns are not those of the training data: missing 'c'; new 'd'; rename them in the "
            "header, or leave new ones out with --ignore");
        LoadOptions ignoring = train.options;
        ignoring.ignore = "d";
        QCOMPARE(files_.load("d,c,a,b,y\n9,3,1,2,0\n", ignoring, context).data.row(0)[2], 3.0F);
        const auto unnamed = files_.load("1.5,2,3.5,0\n4,5.5,6,1\n", train.options, context);
        QVERIFY(unnamed.hasLabels && unnamed.data.row(1)[1] == 5.5F);
        QCOMPARE(unnamed.notes.back(),
                 std::string("the file names no columns: they are taken by place, as in training"));
    }

    void headerIsFoundOrChosen() {
        QVERIFY(files_.load("a,b\n1,2\n").header);
        QVERIFY(files_.load("y,0,1,2\n5,1,2,3\n").header);
        QVERIFY(!files_.load("1,2\n1,3\n").header);
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

    void headersOfNumbers_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("header");
        const auto row = [](const char* name, const char* text, bool header) {
            QTest::newRow(name) << QByteArray(text) << header;
        };
        row("pandas", "0,1,2\n0.5,0.1,3\n0.7,0.2,4\n0.1,0.3,5\n", true);
        row("pandas with its index", ",0,1,2\n0,5,6,7\n1,6,7,8\n2,8,8,9\n", true);
        row("pandas, whole numbers", "0,1,2,3,4\n5,0,0,1,7\n5,9,3,3,4\n1,1,1,1,1\n", true);
        row("from 1, fractions", "1,2,3\n0.5,0.1,3.5\n0.7,0.2,4\n0.1,0.3,5\n", true);
        row("years", "1990,1991,1992\n12,15,18\n11,19,20\n3,5,8\n", true);
        row("rows that count", "1,2,3\n2,3,4\n3,4,5\n", false);
        row("small whole numbers", "1,2,3\n4,5,6\n7,8,10\n", false);
        row("years as data", "1990,1991,5\n1992,1993,6\n1994,1995,7\n", false);
    }
    void headersOfNumbers() {
        QFETCH(QByteArray, text);
        QFETCH(bool, header);
        LoadOptions options;
        options.labelColumn = "last";
        const auto loaded = files_.load(text.toStdString(), options);
        QCOMPARE(loaded.header, header);
        QCOMPARE(loaded.data.rows, static_cast<std::size_t>(text.count('\n') - (header ? 1 : 0)));
    }

    void whatStandsAboveTheRows_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("names"); // joined by '|'
        const auto row = [](const char* name, const char* text, const char* names) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(names);
        };
        row("numpy.savetxt", "# y,a,b\n1,2,3\n4,5,6\n7,8,9.5\n", "y|a|b");
        row("comments", "# made by hand\n% in 2019\na,b,y\n1,2,3\n4,5,6\n", "a|b|y");
        row("title", "Measured in 2019\n\na,b,y\n1,2,3\n4,5,6\n7,8,9\n", "a|b|y");
        row("units", "a,b,y\nm/s,kg,-\n1,2,3\n4,5,6\n7,8,9\n", "a|b|y");
        row("R's row names", "a,b,y\n1,5,2.5,3\n2,4,5.5,6\n3,7,8.5,9\n", "|a|b|y");
        row("row names that are texts", "a,y\nx,5,2\ny,4,5\nz,7,8\n", "|a|y");
        row("a delimiter at the end", "a,b,y\n5,2.5,3,\n4,5.5,6,\n7,8.5,9,\n", "a|b|y|");
        row("quotes", "\"Torque, Request\",\"say \"\"hi\"\"\",y\n1,2,3\n4,5,6\n",
            "Torque, Request|say \"hi\"|y");
        row("a name twice", "a,a,y\n1,2,3\n4,5,6\n", "a|a.2|y");
    }
    void whatStandsAboveTheRows() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, names);
        const auto loaded = files_.load(text.toStdString());
        QStringList found;
        for (const Column& column : loaded.data.schema->columns)
            found << QString::fromStdString(column.name);
        QStringList wanted = QString(names).split('|');
        for (int c = 0; c < wanted.size(); ++c)
            wanted[c] = wanted[c].isEmpty() ? QString("x%1").arg(c + 1) : wanted[c];
        QCOMPARE(found, wanted);
        QCOMPARE(loaded.data.features,
                 static_cast<std::size_t>(wanted.size() - 1 - QString(names).count("||") -
                                          (names.startsWith('|') || names.endsWith('|'))));
    }

    void kindsOfColumns() {
        const auto loaded =
            files_.load("id,colour,size,day,y\n1,red,2.5,2018-01-31,yes\n2,blue,3,2018-02-01,no\n"
                        "3,red,4,2018-02-02,yes\n4,red,5,2018-02-03,no\n");
        QVERIFY((loaded.data.featureNames == std::vector<std::string>{"colour=blue", "colour=red", "size"}));
        QVERIFY((loaded.data.values == std::vector<float>{0, 1, 2.5F, 1, 0, 3, 0, 1, 4, 0, 1, 5}));
        QVERIFY((loaded.data.labels == std::vector<float>{1, 0, 1, 0}));
        QVERIFY((loaded.data.schema->classNames() == std::vector<std::string>{"no", "yes"}));
        QVERIFY(loaded.notes[0].starts_with("column 1 ('id') is left out: it numbers the rows"));
        QVERIFY(loaded.notes[1].starts_with("column 4 ('day') is left out: its cells are dates"));
        LoadOptions options;
        options.times = "seconds";
        options.ignore = "colour,id";
        const auto timed =
            files_.load("id,colour,size,day,y\n1,red,2.5,2018-01-31,yes\n2,blue,3,2018-02-01,no\n"
                        "3,red,4,2018-02-02,yes\n4,red,5,2018-02-03,no\n",
                        options);
        QVERIFY((timed.data.featureNames == std::vector<std::string>{"size", "day"}));
        QCOMPARE(timed.data.row(3)[1] - timed.data.row(0)[1], 3 * 86400.0F);
        QCOMPARE(timed.data.row(0)[1] + timed.data.offset(1), 1517356800.0); // date -u -d 2018-01-31 +%s
    }

    void categoriesHaveALimit() {
        std::string text = "word,a,y\n";
        for (int i = 0; i < 80; ++i)
            text += "w" + std::to_string(i / 2) + "," + std::to_string(i * i % 7) + "," +
                    std::to_string(i % 2) + "\n";
        QCOMPARE(files_.load(text).data.features, 1U);
        LoadOptions options;
        options.categories = 40;
        QCOMPARE(files_.load(text, options).data.features, 41U);
        options.categorical = "a";
        QCOMPARE(files_.load(text, options).data.features, 40U + 4U);
        QVERIFY(files_.load(text, options).data.featureNames.back().starts_with("a="));
    }

    void textsAlone() {
        const auto loaded =
            files_.load("buying,size,class\nlow,s,acc\nhigh,m,unacc\nlow,m,acc\nhigh,s,unacc\n");
        QVERIFY(loaded.header);
        QCOMPARE(loaded.data.rows, 4U);
        QCOMPARE(loaded.labelName, "class");
        QVERIFY((loaded.data.featureNames ==
                 std::vector<std::string>{"buying=high", "buying=low", "size=m", "size=s"}));
        QVERIFY(!files_.load("low,s,acc\nhigh,m,unacc\nlow,m,acc\nhigh,s,unacc\nlow,s,acc\n").header);
    }

    void textsFirstAndNumbersLast() {
        const auto abalone = files_.load("M,.3,.2,7\nF,.31,.21,8\nI,.32,.22,9\nM,.4,.3,12\nF,.3,.2,7\n");
        QCOMPARE(abalone.labelColumn, 4U);
        QCOMPARE(abalone.data.features, 5U);
        const auto iris =
            files_.load("a,5.1,3.5,1.4\nb,6.2,3.1,2.2\na,4.9,3.2,1.3\nb,5.9,2.9,4.1\na,5.2,3.0,1.5\n");
        QCOMPARE(iris.labelColumn, 1U);
    }

    void anIndexIsNoFeature() {
        for (const std::string name : {"", "Unnamed: 0"}) { // rows were shuffled before pandas wrote them
            const auto loaded = files_.load(name + ",a,y\n2,1.5,3.5\n0,2.5,4.5\n3,0.5,1.5\n1,4,2.5\n");
            QVERIFY((loaded.data.featureNames == std::vector<std::string>{"a"}));
        }
    }

    void usualTargetsAreLabels_data() {
        QTest::addColumn<QByteArray>("name");
        for (const char* name :
             {"Class Label", "CLASS_LABEL", "y_true", "target_value", "Churn", "survived", "is_spam"})
            QTest::newRow(name) << QByteArray(name);
    }
    void usualTargetsAreLabels() {
        QFETCH(QByteArray, name);
        const auto loaded =
            files_.load("a," + name.toStdString() + ",b\n1.5,0,2.5\n2,1,3.5\n3,0,4\n4,1,5.5\n5,1,1.5\n");
        QCOMPARE(loaded.labelName, name.toStdString());
    }

    void namesAreNoCategories() {
        std::string text = "car,a,mpg\n";
        for (int i = 0; i < 12; ++i)
            text += "car no " + std::to_string(i) + "," + std::to_string(i * 7 % 5) + ".5," +
                    std::to_string(i) + ".25\n";
        const auto loaded = files_.load(text);
        QCOMPARE(loaded.labelName, "mpg");
        QVERIFY((loaded.data.featureNames == std::vector<std::string>{"a"}));
        QVERIFY(loaded.notes.front().ends_with("is left out: nearly every row has another text"));
    }

    void formsThatAreNotReadAreRefused() {
        QCOMPARE(files_.errorOf("a;y\n1,500;1\n2,250;2\n999;3\n").left(43),
                 "data:2: column 1 ('a'): '1,500' is not a nu");
        QVERIFY(
            files_.errorOf("a,y\n0.5%,1\n2%,2\n3%,4\n").startsWith("data:2: column 1 ('a'): '0.5%' is not"));
        QVERIFY(
            files_.errorOf("d,a,y\n01/13/2020,1,2\n01/14/2020,2,3\n").startsWith("data:2: column 1 ('d')"));
        LoadOptions options;
        options.times = "seconds";
        QVERIFY(files_.errorOf("d,a,y\n2020-01-13,1,2.5\n2020-02-30,2,3.5\n2020-03-15,4,1.5\n", options)
                    .startsWith("data:3: column 1 ('d'): '2020-02-30' is no date or time"));
    }

    void marksMayBeginACell() {
        const auto tags = files_.load("tag,b,cl\n#1,2,x\n#2,3,y\n#1,4,x\n#2,5,y\n");
        QCOMPARE(tags.data.rows, 4U);
        QVERIFY(files_.errorOf("a,b,y\n1,2,3.5\n#N/A,3,4.5\n2,4,5.5\n")
                    .startsWith("data:3: column 1 ('a'): a value is missing"));
    }

    void textsThatAreNotUtf8StayApart() {
        const auto loaded = files_.load("a,cl\n1,f\xfcr\n2,f\xe4r\n3,no\n4,no\n");
        QCOMPARE(loaded.data.schema->classNames().size(), 3U);
        QVERIFY(loaded.notes.front().starts_with("the file is not UTF-8"));
        const std::string umlaut = loaded.data.schema->classNames()[0];
        QCOMPARE(umlaut, std::string("f\xc3\xa4r"));
    }

    void rolesAreChosen() {
        const std::string text = "a,b,c,d\n1,2,3,4\n5,6,7,9\n";
        LoadOptions options;
        options.features = "d,b";
        options.labelColumn = "a";
        const auto chosen = files_.load(text, options);
        QVERIFY((chosen.data.featureNames == std::vector<std::string>{"b", "d"}));
        options.features = "";
        options.weight = "3";
        const auto weighted = files_.load(text, options);
        QVERIFY((weighted.data.weights == std::vector<float>{3, 7}));
        QVERIFY((weighted.data.featureNames == std::vector<std::string>{"b", "d"}));
        options.ignore = "z";
        QVERIFY(files_.errorOf(text, options)
                    .startsWith("data: ignore: column 'z' does not exist; choose one of"));
    }

    void missingValuesByPolicy() {
        const std::string text = "a,b,y\n1,2,3\n-9,,4\n5,6,\n7,8,9\n";
        QCOMPARE(files_.errorOf(text).left(44), "data:3: column 2 ('b'): a value is missing (");
        QVERIFY(files_.errorOf(text).endsWith("; 2 cells are missing in all"));
        LoadOptions options;
        options.missing = "drop";
        QVERIFY((files_.load(text, options).data.values == std::vector<float>{1, 2, 7, 8}));
        options.missing = "constant:0.5";
        const auto filled = files_.load(text, options);
        QVERIFY((filled.data.values == std::vector<float>{1, 2, -9, 0.5F, 7, 8})); // a row without label goes
        QCOMPARE(filled.rowsDropped, 1U);
        options.missing = "mean";
        options.missingMarks = "-9";
        const auto kept = files_.load(text, options);
        QVERIFY(std::isnan(kept.data.row(1)[0]) && std::isnan(kept.data.row(1)[1]));
        QVERIFY((kept.missing == std::vector<std::size_t>{1, 1}));
        options.missing = "guess";
        QVERIFY(
            files_.errorOf(text, options).startsWith("missing: 'guess' is unknown; choose one of refuse"));
    }

    void decimalCommas() {
        const auto loaded = files_.load("a;b;y\n0,25;1;-1,5\n1e3;-0,5;2\n");
        QCOMPARE(loaded.options.decimal, "comma");
        QVERIFY((loaded.data.values == std::vector<float>{0.25F, 1, 1000, -0.5F}));
        QVERIFY((loaded.data.labels == std::vector<float>{-1.5F, 2}));
    }

    void lineEndsWithinQuotes() {
        std::string text = "note,a,y\n";
        for (int i = 0; i < 400; ++i)
            text += (i % 3 == 0 ? "\"two\nlines\"," : "x,") + std::to_string(i) + "," +
                    std::to_string(i % 5) + "\n";
        const auto loaded = files_.load(text);
        QCOMPARE(loaded.data.rows, 400U);
        QVERIFY((loaded.data.featureNames == std::vector<std::string>{"note=two\nlines", "note=x", "a"}));
        QVERIFY(files_.errorOf(text + "x,y\n").startsWith("data:536: has 2 columns"));
    }

    void farValuesKeepTheirDigits() {
        // 2^24 and more: floats merge what is one apart.
        std::string text = "day,price,y\n";
        for (int i = 0; i < 28; ++i)
            text += std::to_string(20180101 + i) + ",1000000." + std::to_string(100 + i) + "," +
                    std::to_string(16777216 + i % 2) + "\n";
        const auto loaded = files_.load(text);
        std::set<float> days, prices;
        for (std::size_t r = 0; r < 28; ++r) {
            days.insert(loaded.data.row(r)[0]);
            prices.insert(loaded.data.row(r)[1]);
            QCOMPARE(loaded.data.row(r)[0] + loaded.data.offset(0), 20180101.0 + static_cast<double>(r));
            QCOMPARE(loaded.data.exactLabels[r] + loaded.data.labelOffset(),
                     16777216.0 + static_cast<double>(r % 2));
        }
        QCOMPARE(days.size(), 28U);
        QCOMPARE(prices.size(), 28U);
        LoadContext raw;
        raw.offsets = false;
        QVERIFY(files_.load(text, {}, raw).data.schema->offsets.empty());
        QVERIFY(files_.load(text, {}, raw).warnings.front().find("28 values become 15") != std::string::npos);
    }

    void labelsAreDecidedOverAllRows() {
        // The first 2,000 rows show one class only.
        std::string text;
        for (int i = 0; i < 4000; ++i)
            text += std::to_string(i < 2000 ? 0 : 1) + "," + std::to_string(i % 97) + ".5," +
                    std::to_string(i % 89) + ".25\n";
        QCOMPARE(files_.load(text).labelColumn, 1U);
        // Whole numbers last in the first 2,000 rows, fractions behind them.
        text.clear();
        for (int i = 0; i < 4000; ++i)
            text += std::to_string(i % 2) + "," + std::to_string(i % 97) + ".5," + std::to_string(i % 7) +
                    (i < 2000 ? "" : ".25") + "\n";
        QCOMPARE(files_.load(text).labelColumn, 1U);
    }

    void manyFilesAreOneSet() {
        const auto one = files_.write("part-1.csv", "a,b,y\n1,2,3\n4,5,6\n");
        const auto two = files_.write("part-2.csv", "y;b;a\n9;8;7,5\n");
        const auto loaded = loadData(one.parent_path() / "part-*.csv");
        QCOMPARE(loaded.data.rows, 3U);
        QVERIFY((loaded.data.values == std::vector<float>{1, 2, 4, 5, 7.5F, 8}));
        const auto joined = loadData(one.string() + ";" + two.string());
        QVERIFY(joined.data.values == loaded.data.values);
        QVERIFY(
            files_.errorOfFile(one.parent_path() / "none-*.csv").startsWith("none-*.csv: matches no file"));
        std::filesystem::remove(one);
        std::filesystem::remove(two);
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
        row("a header too short", "a,b,c,d\n1,2,3,4,5,6\n2,3,4,5,6,7\n",
            "data:2: has 6 columns and the header has 4; every row needs the same number");
        row("blank lines count", "1,2\n\n\n4,abc\n", "data:4: column 2: 'abc' is not a number");
        row("text", "1,2,3\n4,abc,6\n", "data:2: column 2: 'abc' is not a number; write one like");
        row("text in a named column", "a,b,y\n1,2,3\n4,abc,6\n",
            "data:3: column 2 ('b'): 'abc' is not a number");
        row("long text", "1,2\n3," + QByteArray(100, 'x') + "\n",
            "data:2: column 2: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...' is not a number");
        row("foreign text", "1,2\n3,\xC3\xA4\n", "data:2: column 2: '\?\?' is not a number");
        row("hexadecimal", "1,2\n3,0x10\n", "data:2: column 2: '0x10' is not a number");
        row("two signs", "1,2\n3,+-4\n", "data:2: column 2: '+-4' is not a number");
        row("empty", "1,2,3\n4,,6\n", "data:2: column 2: a value is missing ('')");
        row("NA", "1,2,3\n4,na,6\n", "data:2: column 2: a value is missing ('na')");
        row("question mark", "1,2,3\n4,?,6\n", "data:2: column 2: a value is missing ('?')");
        row("NaN", "1,2,3\n4,NaN,6\n", "data:2: column 2: a value is missing ('NaN')");
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
        options.format = "parquet";
        QVERIFY(
            files_.errorOf(text, options).startsWith("format: 'parquet' is unknown; choose one of auto, "));
        options = {};
        options.decimal = "dot";
        QCOMPARE(files_.errorOf(text, options),
                 "decimal: 'dot' is unknown; choose one of auto, point, comma");
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
