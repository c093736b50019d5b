// ARFF: as liac-arff and SciPy read it, what Weka writes beyond that, and what is refused.

#include "tests/data/formats/reference_cases.h"

using namespace zipml;

namespace {

const std::string kHead = "@relation r\n@attribute x numeric\n@attribute c {red, 'light blue', none}\n"
                          "@attribute y {no, yes}\n@data\n";

} // namespace

class ArffTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    test::DataFiles files_;
  private slots:
    void asTheReferenceReads_data() { test::addReferenceCases(folder_, "arff"); }
    void asTheReferenceReads() { COMPARE_WITH_REFERENCE(folder_); }

    void classesAndCategoriesAreTheDeclaredOnes() {
        const LoadedData loaded = files_.load(kHead + "1,red,yes\n2,'light blue',no\n3,red,yes\n");
        QCOMPARE(loaded.format, std::string("arff"));
        QVERIFY(loaded.header);
        QCOMPARE(loaded.data.featureNames,
                 (std::vector<std::string>{"x", "c=red", "c=light blue", "c=none"}));
        QCOMPARE(loaded.data.schema->classNames(), (std::vector<std::string>{"no", "yes"}));
        QVERIFY(
            std::ranges::equal(loaded.data.values, std::vector<float>{1, 1, 0, 0, 2, 0, 1, 0, 3, 1, 0, 0}));
        QVERIFY(std::ranges::equal(loaded.data.labels, std::vector<float>{1, 0, 1}));
    }

    void aValueCalledNoneIsNoMissingOne() {
        const LoadedData loaded = files_.load(kHead + "1,none,yes\n2,red,no\n");
        QVERIFY(std::ranges::equal(loaded.data.values, std::vector<float>{1, 0, 0, 1, 2, 1, 0, 0}));
    }

    void sparseRowsHaveZerosAndFirstValues() {
        const LoadedData loaded =
            files_.load(kHead + "{0 4, 2 yes}\n{ 1 'light blue' , 0 5 }\n{}\n{2 yes}\n");
        QVERIFY(std::ranges::equal(loaded.data.values,
                                   std::vector<float>{4, 1, 0, 0, 5, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0}));
        QVERIFY(std::ranges::equal(loaded.data.labels, std::vector<float>{1, 0, 0, 1}));
    }

    void weightsAreTheRows() {
        const LoadedData loaded = files_.load(kHead + "1,red,yes,{2.5}\n{0 3}, {0.5}\n2,red,no\n");
        QVERIFY(std::ranges::equal(loaded.data.weights, std::vector<float>{2.5F, 0.5F, 1}));
        QCOMPARE(loaded.data.features, std::size_t{4});
        QVERIFY(files_.errorOf(kHead + "1,red,yes,{-1}\n").contains("instance weight"));
    }

    void missingValuesAreThePolicys() {
        const std::string text = kHead + "1,red,yes\n?,red,no\n3,red,yes\n4,none,?\n5,none,no\n";
        const QString message = files_.errorOf(text);
        QVERIFY2(message.startsWith("data:7: column 1 ('x'): a value is missing"), qPrintable(message));
        LoadOptions drop;
        drop.missing = "drop";
        QVERIFY(std::ranges::equal(files_.load(text, drop).data.values,
                                   std::vector<float>{1, 1, 0, 0, 3, 1, 0, 0, 5, 0, 0, 1}));
    }

    void textsAndBlanksAndEncodings() {
        LoadOptions latin;
        latin.encoding = "latin1";
        const LoadedData loaded =
            files_.load("% \xFC\n@RELATION r\n@attribute gr\xF6\xDF"
                        "e real\n@attribute s string\n"
                        "@attribute k {\xE4,b}\n@DATA\n1 'a\\'b' \xE4\n2\tc\tb\n3 'a\\'b' b\n",
                        latin);
        QCOMPARE(loaded.data.featureNames, (std::vector<std::string>{"gr\u00F6\u00DFe", "s=a'b", "s=c"}));
        QCOMPARE(loaded.data.schema->classNames(), (std::vector<std::string>{"\u00E4", "b"}));
    }

    void wideHeadsAreRead() {
        std::string text = "@relation wide\n";
        for (int i = 0; i < 3000; ++i)
            text += "@attribute a" + std::to_string(i) + " numeric\n";
        text += "@attribute class {a,b}\n@data\n{5 1.5}\n{2999 2, 3000 b}\n";
        const LoadedData loaded = files_.load(text);
        QCOMPARE(loaded.data.features, std::size_t{3000});
        QVERIFY(loaded.data.values[5] == 1.5F && loaded.data.values[3000 + 2999] == 2);
        QVERIFY(files_.errorOf(text + "{3001 2}\n").startsWith("data:3006: has the index 3001"));
    }

    void aFurtherFileIsMatchedByName() {
        const LoadedData first = files_.load(kHead + "1,red,yes\n2,'light blue',no\n");
        LoadContext context;
        context.training = first.data.schema.get();
        const LoadedData other =
            files_.load("@relation r\n@attribute y {yes,no}\n@attribute c {'light blue',red}\n"
                        "@attribute x real\n@data\nyes,red,7\n",
                        first.options, context);
        QVERIFY(std::ranges::equal(other.data.values, std::vector<float>{7, 1, 0, 0}));
        QCOMPARE(other.data.labels[0], 1.0F);
        const LoadedData table = loadData(files_.write("t.csv", "c,x,y\nred,8,no\n"), first.options, context);
        QVERIFY(std::ranges::equal(table.data.values, std::vector<float>{8, 1, 0, 0}));
    }

    void datesHaveTheirPattern_data() {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("text");
        QTest::addColumn<double>("seconds");
        QTest::newRow("usual") << ""
                               << "2001-04-03T12:12:12" << 986299932.0;
        QTest::newRow("Weka's example") << "\"yyyy-MM-dd HH:mm:ss\""
                                        << "\"2001-04-03 12:12:12\"" << 986299932.0;
        QTest::newRow("day first") << "dd/MM/yyyy"
                                   << "03/04/2001" << 986256000.0;
        QTest::newRow("month's name") << "'d MMM yyyy'"
                                      << "'3 April 2001'" << 986256000.0;
        QTest::newRow("without gaps") << "yyyyMMddHHmm"
                                      << "200104031212" << 986299920.0;
        QTest::newRow("twice twelve hours") << "'yyyy-MM-dd hh:mm a'"
                                            << "'2001-04-03 12:12 AM'" << 986256720.0;
        QTest::newRow("zone and fraction") << "'yyyy-MM-dd HH:mm:ss.SSSZ'"
                                           << "'2001-04-03 12:12:12.250+0200'" << 986292732.25;
    }
    void datesHaveTheirPattern() {
        QFETCH(QString, pattern);
        QFETCH(QString, text);
        QFETCH(double, seconds);
        LoadOptions options;
        options.times = "seconds";
        const std::string head =
            "@relation r\n@attribute d date " + pattern.toStdString() + "\n@attribute y {a,b}\n@data\n";
        LoadContext context;
        const LoadedData loaded =
            files_.load(head + text.toStdString() + ",a\n" + text.toStdString() + ",b\n", options);
        const double offset = loaded.data.schema->offsets.empty() ? 0 : loaded.data.schema->offsets[0];
        QCOMPARE(double{loaded.data.values[0]} + offset, seconds);
        QVERIFY(files_.errorOf(head + "tomorrow,a\n", options).contains("'tomorrow'"));
    }

    void refusedInOneLine_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const std::string& text, const char* says) {
            QTest::newRow(name) << QString::fromStdString(text) << says;
        };
        const std::string relation = "@relation r\n";
        row("relational", relation + "@attribute x relational\n@end x\n@data\n1\n",
            ":2: the attribute 'x' is of the type");
        row("no type", relation + "@attribute x\n@data\n1\n", ":2: an attribute is @attribute NAME TYPE");
        row("open name", relation + "@attribute 'x numeric\n@data\n1\n", ":2: an attribute is");
        row("open values", relation + "@attribute x {a,b\n@data\na\n",
            ":2: the values of 'x' are not closed");
        row("no values", relation + "@attribute x {}\n@data\na\n", ":2: the attribute 'x' has no values");
        row("twice", relation + "@attribute x real\n@attribute x real\n@data\n1,2\n",
            ":3: the attribute 'x' is declared twice");
        row("value twice", relation + "@attribute x {a,a}\n@data\na\n", ":2: the value 'a'");
        row("year of two digits", relation + "@attribute x date yy-MM\n@data\na\n", ":2: the date pattern");
        row("no data", relation + "@attribute x real\n", "no @data");
        row("no rows", kHead, "holds no rows");
        row("no attributes", relation + "@data\n1\n", ":2: @data stands behind no @attribute");
        row("stray line", relation + "hello\n@data\n1\n", ":2: 'hello' is no line of an ARFF head");
        row("short row", kHead + "1,red\n", ":6: has 2 values and there are 3 attributes");
        row("long row", kHead + "1,red,yes,2\n", ":6: has 4 values");
        row("undeclared", kHead + "1,green,yes\n",
            ":6: column 2 ('c'): 'green' is none of the attribute's values");
        row("text for a number", kHead + "one,red,yes\n", ":6: column 1 ('x'): 'one' is not a number");
        row("infinity", kHead + "inf,red,yes\n", ":6: column 1 ('x')");
        row("open quote", kHead + "1,'red,yes\n", ":6: a quote is not closed");
        row("behind a quote", kHead + "1,'red'x,yes\n", ":6: a quote is not closed, or something follows");
        row("open row", kHead + "{0 1, 2 yes\n", ":6: the sparse row is not closed");
        row("index twice", kHead + "{0 1, 0 2}\n", ":6: index 0 stands twice");
        row("index beyond", kHead + "{3 1}\n", ":6: has the index 3");
        row("no index", kHead + "{x 1}\n", ":6: 'x 1}' is no entry");
        row("2^70 index", kHead + "{1180591620717411303424 1}\n", ":6: ");
        row("behind a row", kHead + "{0 1} 2\n", ":6: '2' stands behind");
    }
    void refusedInOneLine() {
        QFETCH(QString, text);
        QFETCH(QString, says);
        const QString message = files_.errorOf(text.toStdString());
        QVERIFY2(message.startsWith("data:") && message.contains(says) && !message.contains('\n'),
                 qPrintable(message));
    }

    void damageIsSaidInOneLine() {
        const QString wrong =
            test::damageIn(files_, "a.arff", kHead + "1,'light blue',yes\n{0 2, 2 yes}, {3}\n", {}, false);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    }
};

QTEST_GUILESS_MAIN(ArffTest)
#include "arff_test.moc"
