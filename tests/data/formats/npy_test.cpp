// NumPy arrays: as numpy.load reads them, and what is refused.

#include "tests/data/formats/reference_cases.h"

using namespace zipml;

namespace {

std::string littleEndian(std::size_t value, int bytes) {
    std::string text;
    for (int b = 0; b < bytes; ++b, value >>= 8U)
        text += static_cast<char>(value & 0xFFU);
    return text;
}

std::string npy(const std::string& header, const std::string& data, int version = 1) {
    return std::string("\x93NUMPY") + static_cast<char>(version) + '\0' +
           littleEndian(header.size(), version == 1 ? 2 : 4) + header + data;
}

std::string header(const std::string& type, const std::string& shape, const char* fortran = "False") {
    return "{'descr': '" + type + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n";
}

const std::string kBytes = npy(header("|u1", "(4, 3)"), std::string("\1\2\0\4\5\1\7\x8\0\xA\xB\1", 12));

} // namespace

class NpyTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    test::DataFiles files_;
  private slots:
    void asTheReferenceReads_data() { test::addReferenceCases(folder_, "npy"); }
    void asTheReferenceReads() { COMPARE_WITH_REFERENCE(folder_); }

    void aTableWithItsLastColumnAsLabel() {
        const LoadedData loaded = files_.load(kBytes);
        QCOMPARE(loaded.format, std::string("npy"));
        QCOMPARE(loaded.data.features, std::size_t{2});
        QVERIFY(std::ranges::equal(loaded.data.values, std::vector<float>{1, 2, 4, 5, 7, 8, 10, 11}));
        QVERIFY(std::ranges::equal(loaded.data.labels, std::vector<float>{0, 1, 0, 1}));
    }

    void packedAlsoFromAFileThatIsReadTwice() {
        for (const auto& compression : test::compressions()) {
            const auto file = files_.write("a.npy", test::packed(kBytes, compression));
            QCOMPARE(loadData(file).compression, compression);
        }
    }

    void headersAsOthersWriteThem() {
        const std::string data(12, '\1');
        LoadOptions options;
        options.labelColumn = "none";
        for (const std::string text :
             {"{\"shape\":(4L,3L),\"fortran_order\":True,\"descr\":\"u1\"}",
              "{'descr':'|i1','fortran_order':False,'shape':(12,)}",
              "  {'fortran_order' : False , 'descr' : '|b1' , 'shape' : ( 4 , 3 , ) }   \n"})
            for (const int version : {1, 2, 3})
                QCOMPARE(files_.errorOf(npy(text, data, version), options), QString());
        LoadedData more = files_.load(kBytes + "more");
        QVERIFY(std::ranges::any_of(more.notes, [](const auto& n) { return n.find("left out") != n.npos; }));
        more = files_.load(npy(header("|u1", "(2, 3, 2)"), data), options);
        QCOMPARE(more.data.features, std::size_t{6});
        QVERIFY(std::ranges::any_of(more.notes,
                                    [](const auto& n) { return n.find("flattened to 6") != n.npos; }));
    }

    void missingValuesAreThePolicys() {
        const float values[] = {1, 2, 0, std::nanf(""), 4, 1, 5, 6, 0};
        const std::string bytes =
            npy(header("<f4", "(3, 3)"), {reinterpret_cast<const char*>(values), sizeof values});
        QVERIFY(files_.errorOf(bytes).contains("a value is missing"));
        LoadOptions drop;
        drop.missing = "drop";
        QCOMPARE(files_.load(bytes, drop).data.rows, std::size_t{2});
    }

    void othersAreRefusedWithAdvice_data() {
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("says");
        QTest::newRow("complex") << "<c16"
                                 << "complex";
        QTest::newRow("objects") << "|O"
                                 << "pickle";
        QTest::newRow("texts") << "<U10"
                               << "texts";
        QTest::newRow("bfloat16") << "<V2"
                                  << "ml_dtypes";
        QTest::newRow("int4 and float8") << "|V1"
                                         << "ml_dtypes";
        QTest::newRow("float8_e5m2") << "<f1"
                                     << "8-bit floats";
        QTest::newRow("dates") << "<M8[ns]"
                               << "datetime64";
        QTest::newRow("three bytes") << "<i3"
                                     << "astype";
        QTest::newRow("no bytes") << "<f0"
                                  << "astype";
        QTest::newRow("huge type") << "<f99999999999999999999"
                                   << "astype";
        QTest::newRow("nothing") << ""
                                 << "astype";
    }
    void othersAreRefusedWithAdvice() {
        QFETCH(QString, type);
        QFETCH(QString, says);
        const QString message =
            files_.errorOf(npy(header(type.toStdString(), "(2, 2)"), std::string(64, '\1')));
        QVERIFY2(message.startsWith("data: ") && message.contains(says) && !message.contains('\n'),
                 qPrintable(message));
    }

    void structuredArraysAreRefusedWithAdvice() {
        const QString message = files_.errorOf(
            npy("{'descr': [('a', '<f8'), ('b', [('c', '<i4')])], 'fortran_order': False, 'shape': (2,), }",
                "xxxx"));
        QVERIFY2(message.contains("structured"), qPrintable(message));
    }

    void headersThatLie_data() {
        QTest::addColumn<QString>("shape");
        for (const char* shape :
             {"(1152921504606846976, 1)", "(1, 1152921504606846976)", "(4294967296, 4294967296)", "(4, 4)",
              "(0, 3)", "(3, 0)", "(1152921504606846976, 0)", "()", "(-1, 3)", "(99999999999999999999999,)",
              "(1, 2", "4", "(4, 3, a)",
              "(1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,"
              "1,1,1,1,1,1,1,"
              "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1)"})
            QTest::newRow(shape) << shape;
    }
    void headersThatLie() {
        QFETCH(QString, shape);
        for (const char* fortran : {"False", "True"})
            for (const auto& compression : {"none", "gzip"}) {
                const auto bytes = npy(header("|u1", shape.toStdString(), fortran), std::string(12, '\1'));
                const QString message = files_.errorOf(test::packed(bytes, compression));
                QVERIFY2(message.startsWith("data: ") && !message.contains('\n'), qPrintable(message));
            }
    }

    void damageIsSaidInOneLine() {
        const QString wrong = test::damageIn(files_, "a.npy", kBytes, {}, true);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
        const auto packed = test::damageIn(files_, "a.npy.gz", test::packed(kBytes, "gzip"), {}, true);
        QVERIFY2(packed.isEmpty(), qPrintable(packed));
        const auto turned = test::damageIn(
            files_, "a.npy", npy(header("<f2", "(2, 3)", "True"), std::string(12, '\1')), {}, true);
        QVERIFY2(turned.isEmpty(), qPrintable(turned));
    }
};

QTEST_GUILESS_MAIN(NpyTest)
#include "npy_test.moc"
