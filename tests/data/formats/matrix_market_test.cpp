// MatrixMarket: as SciPy reads it, and what is refused.

#include "tests/data/formats/reference_cases.h"

using namespace zipml;

namespace {

std::string coordinate(const std::string& rest, const std::string& kind = "real general") {
    return "%%MatrixMarket matrix coordinate " + kind + "\n" + rest;
}

} // namespace

class MatrixMarketTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    test::DataFiles files_;
    LoadOptions none_;
  private slots:
    void initTestCase() { none_.labelColumn = "none"; }
    void asTheReferenceReads_data() { test::addReferenceCases(folder_, "mtx"); }
    void asTheReferenceReads() { COMPARE_WITH_REFERENCE(folder_); }

    void theLabelMayBeAColumn() {
        LoadOptions options;
        options.labelColumn = "1";
        const LoadedData loaded = files_.load(coordinate("2 3 3\n1 1 1\n1 3 5\n2 2 4\n"), options);
        QCOMPARE(loaded.format, std::string("matrix-market"));
        QVERIFY(std::ranges::equal(loaded.data.values, std::vector<float>{0, 5, 4, 0}));
        QVERIFY(std::ranges::equal(loaded.data.labels, std::vector<float>{1, 0}));
    }

    void labelsOfAFileMustBeAsManyAsRows() {
        LoadOptions options;
        options.labels = files_.write("labels.txt", "1\n0\n1\n").string();
        const QString message = files_.errorOf(coordinate("2 2 1\n1 1 1\n"), options);
        QVERIFY2(message.contains("2 rows") && message.contains("3 labels"), qPrintable(message));
    }

    void writtenAsItIsAllowed() {
        const LoadedData loaded =
            files_.load("%%matrixmarket MATRIX Coordinate Integer GENERAL\r\n%\r\n\r\n  2   2  2\r\n"
                        "% between\r\n 1\t1   7\r\n\r\n2 2 -8",
                        none_);
        QVERIFY(std::ranges::equal(loaded.data.values, std::vector<float>{7, 0, 0, -8}));
    }

    void refusedInOneLine_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const std::string& text, const char* says) {
            QTest::newRow(name) << QString::fromStdString(text) << says;
        };
        row("complex", coordinate("1 1 1\n1 1 1 0\n", "complex general"), "complex");
        row("hermitian", coordinate("1 1 1\n1 1 1\n", "real hermitian"), "hermitian");
        row("unknown field", coordinate("1 1 1\n1 1 1\n", "quaternion general"), "'quaternion'");
        row("unknown symmetry", coordinate("1 1 1\n1 1 1\n", "real half"), "'half'");
        row("no matrix", "%%MatrixMarket vector coordinate real general\n1 1\n", "banner");
        row("array of patterns", "%%MatrixMarket matrix array pattern general\n1 1\n1\n", "pattern");
        row("no size", coordinate("% nothing\n"), "size is missing");
        row("short size", coordinate("2 2\n1 1 1\n"), ":2: the number of entries is missing");
        row("long size", coordinate("2 2 1 1\n1 1 1\n"), "more numbers");
        row("signed size", coordinate("2 -2 1\n1 1 1\n"), "'-2'");
        row("few entries", coordinate("2 2 3\n1 1 1\n2 2 1\n"), "announces 3 entries, but 2 follow");
        row("many entries", coordinate("2 2 1\n1 1 1\n2 2 1\n"), "announces 1 entries, but more follow");
        row("few values", "%%MatrixMarket matrix array real general\n2 2\n1\n2\n3\n",
            "announces 4 values, but 3");
        row("many values", "%%MatrixMarket matrix array real general\n1 2\n1\n2\n3\n",
            "announces 2 values, but more");
        row("index 0", coordinate("2 2 1\n0 1 1\n"), ":3: the row is 0; it is 1 to 2");
        row("index beyond", coordinate("2 2 1\n1 3 1\n"), ":3: the column is 3; it is 1 to 2");
        row("no value", coordinate("2 2 1\n1 1\n"), ":3: the value is missing");
        row("text", coordinate("2 2 1\n1 1 red\n"), ":3: 'red' is not a number");
        row("too large", coordinate("2 2 1\n1 1 1e300\n"), "32-bit float");
        row("not whole", coordinate("2 2 1\n1 1 0.5\n", "integer general"), "whole number");
        row("more than an entry", coordinate("2 2 1\n1 1 1 1\n"), ":3: has more");
        row("not square", coordinate("2 3 1\n1 1 1\n", "real symmetric"), "not square");
        row("skew diagonal", coordinate("2 2 1\n1 1 1\n", "real skew-symmetric"), "diagonal");
        row("2^60 rows", coordinate("1152921504606846976 2 1\n1 1 1\n"), "at most");
        row("2^32 rows", coordinate("4294967295 2 1\n1 1 1\n"), "nearly all rows are empty");
        row("2^32 columns", coordinate("2 4294967295 1\n1 1 1\n"), "memory");
        row("2^60 entries", coordinate("2 2 1152921504606846976\n1 1 1\n"), "but 1 follow");
        row("2^64 values", "%%MatrixMarket matrix array real general\n4294967295 4294967295\n1\n",
            "but 1 follow");
        row("no rows", coordinate("0 2 0\n"), "0 x 2");
    }
    void refusedInOneLine() {
        QFETCH(QString, text);
        QFETCH(QString, says);
        const QString message = files_.errorOf(text.toStdString(), none_);
        QVERIFY2(message.startsWith("data:") && message.contains(says) && !message.contains('\n'),
                 qPrintable(message));
    }

    void damageIsSaidInOneLine() {
        const QString wrong =
            test::damageIn(files_, "a.mtx", coordinate("3 2 3\n1 1 0.5\n2 2 1\n3 1 2.5\n"), none_, false);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    }
};

QTEST_GUILESS_MAIN(MatrixMarketTest)
#include "matrix_market_test.moc"
