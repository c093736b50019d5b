// NumPy archives: as numpy.load reads them, which array is the matrix, and what is refused.

#include "tests/data/formats/reference_cases.h"

#include <archive.h>
#include <archive_entry.h>

using namespace zipml;

namespace {

std::string npy(const std::string& type, const std::string& shape, const std::string& data) {
    const std::string header =
        "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
    return std::string("\x93NUMPY\1\0", 8) + static_cast<char>(header.size()) + '\0' + header + data;
}

using Members = std::vector<std::pair<std::string, std::string>>;

/// @param way "store" or "deflate"
std::string zipped(const Members& members, const char* way = "deflate") {
    std::string bytes(1 << 20, '\0');
    std::size_t used = 0;
    archive* writer = archive_write_new();
    archive_write_set_format_zip(writer);
    archive_write_set_options(writer, (std::string("zip:compression=") + way).c_str());
    archive_write_open_memory(writer, bytes.data(), bytes.size(), &used);
    for (const auto& [name, contents] : members) {
        archive_entry* entry = archive_entry_new();
        archive_entry_set_pathname(entry, name.c_str());
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_size(entry, static_cast<la_int64_t>(contents.size()));
        archive_write_header(writer, entry);
        archive_write_data(writer, contents.data(), contents.size());
        archive_entry_free(entry);
    }
    archive_write_close(writer);
    archive_write_free(writer);
    return bytes.substr(0, used);
}

const std::string kMatrix = npy("|u1", "(3, 2)", {"\1\2\3\4\5\6", 6});
const std::string kLabels = npy("|u1", "(3,)", {"\0\1\0", 3});

} // namespace

class NpzTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    test::DataFiles files_;
    QString errorOf(const Members& members, const LoadOptions& options = {}) const {
        return files_.errorOfFile(files_.write("a.npz", zipped(members)), options);
    }
    LoadedData load(const Members& members, const LoadOptions& options = {}) const {
        return loadData(files_.write("a.npz", zipped(members)), options);
    }
  private slots:
    void asTheReferenceReads_data() { test::addReferenceCases(folder_, "npz"); }
    void asTheReferenceReads() { COMPARE_WITH_REFERENCE(folder_); }

    void theMatrixIsChosenAndSaid() {
        const LoadedData loaded = load({{"X.npy", kMatrix}, {"y.npy", kLabels}, {"readme.txt", "hello"}});
        QCOMPARE(loaded.format, std::string("npz"));
        QVERIFY(std::ranges::equal(loaded.data.labels, std::vector<float>{0, 1, 0}));
        QVERIFY(std::ranges::any_of(loaded.notes,
                                    [](const auto& n) { return n.find("'y' (3,) is taken") == 0; }));
        QVERIFY(std::ranges::any_of(loaded.notes, [](const auto& n) { return n.find("1 members") == 0; }));
        LoadOptions column;
        column.labelColumn = "last"; // of the matrix
        QCOMPARE(load({{"X.npy", kMatrix}, {"y.npy", kLabels}}, column).data.features, std::size_t{1});
        LoadOptions chosen;
        chosen.matrix = "b";
        chosen.labels = "c";
        QCOMPARE(load({{"a.npy", kMatrix}, {"b.npy", kMatrix}, {"c.npy", kLabels}}, chosen).data.features,
                 std::size_t{2});
    }

    void aFurtherFileHasItsOwnLabels() {
        const LoadedData first = load({{"X.npy", kMatrix}, {"y.npy", kLabels}});
        LoadContext context;
        context.training = first.data.schema.get();
        const auto file = files_.write("b.npz", zipped({{"X.npy", kMatrix}, {"y.npy", kLabels}}));
        QVERIFY(loadData(file, first.options, context).hasLabels);
        const auto bare = files_.write("c.npz", zipped({{"X.npy", kMatrix}}));
        QVERIFY(!loadData(bare, first.options, context).hasLabels);
    }

    void choicesThatCannotBeMadeListWhatIsThere() {
        const Members parts{{"train.npy", kMatrix}, {"test.npy", kMatrix}, {"y.npy", kLabels}};
        QString message = errorOf(parts);
        QVERIFY2(message.contains("'train' (3, 2), 'test' (3, 2), 'y' (3,)") && message.contains("--matrix"),
                 qPrintable(message));
        LoadOptions options;
        options.matrix = "valid";
        message = errorOf(parts, options);
        QVERIFY2(message.contains("'valid'") && message.contains("'train'"), qPrintable(message));
        options.matrix = "train";
        options.labels = "z";
        message = errorOf(parts, options);
        QVERIFY2(message.contains("'z'") && message.contains("'y'"), qPrintable(message));
        options.labels = "test";
        message = errorOf(parts, options);
        QVERIFY2(message.contains("'test'") && message.contains("one a row"), qPrintable(message));
        message = errorOf({{"X.npy", npy("|u1", "(2, 3)", "123456")}, {"y.npy", kLabels}}, {});
        QCOMPARE(message, QString()); // said in a note: y has not one value a row
        QVERIFY(errorOf({{"readme.txt", "hello"}}).contains("holds no array"));
        QVERIFY(errorOf({{"X.npy", npy("|O", "(3, 2)", "\x80\4pickle")}}).contains("pickle"));
        QVERIFY(errorOf({{"X.npy", kMatrix}, {"y.npy", npy("|u1", "(3,)", "12")}})
                    .contains("'y': its head announces"));
        QVERIFY(errorOf({{"X.npy", zipped({{"X.npy", kMatrix}})}}).contains("no NPY array"));
    }

    void membersThatPromiseMoreThanTheyHold() {
        for (const char* shape :
             {"(1152921504606846976, 2)", "(2, 1152921504606846976)", "(4294967296, 4294967296)"})
            QVERIFY(errorOf({{"X.npy", npy("|u1", shape, "123456")}}).contains("'X': its head announces"));
    }

    void aMemberIsUnpackedNoFurtherThanItsShapeSays() {
        std::string long_ = kMatrix + std::string(900'000, '\0');
        const LoadedData loaded = load({{"X.npy", long_}, {"y.npy", kLabels}});
        QCOMPARE(loaded.data.rows, std::size_t{3});
    }

    void damagedScipyMatricesAreRefused() {
        const auto csr = [](const std::string& starts, const std::string& indices, const std::string& shape) {
            return Members{{"indices.npy", npy("|u1", "(2,)", indices)},
                           {"indptr.npy", npy("|u1", "(3,)", starts)},
                           {"format.npy", npy("|S3", "()", "csr")},
                           {"shape.npy", npy("|u1", "(2,)", shape)},
                           {"data.npy", npy("|u1", "(2,)", "\7\x8")}};
        };
        LoadOptions none;
        none.labelColumn = "none";
        const std::string starts("\0\1\2", 3), indices("\0\1", 2);
        QVERIFY(std::ranges::equal(load(csr(starts, indices, "\2\2"), none).data.values,
                                   std::vector<float>{7, 0, 0, 8}));
        QVERIFY(errorOf(csr(starts, "\1\2", "\2\2"), none).contains("out of range"));
        QVERIFY(errorOf(csr({"\0\2\1", 3}, indices, "\2\2"), none).contains("do not fit"));
        QVERIFY(errorOf(csr({"\0\1\3", 3}, indices, "\2\2"), none).contains("do not fit"));
        QVERIFY(errorOf(csr(starts, indices, "\3\2"), none).contains("do not fit"));
    }

    void damageIsSaidInOneLine_data() {
        QTest::addColumn<QString>("way");
        QTest::newRow("stored") << "store";
        QTest::newRow("deflated") << "deflate";
    }
    void damageIsSaidInOneLine() {
        QFETCH(QString, way);
        const auto bytes = zipped({{"X.npy", kMatrix}, {"y.npy", kLabels}}, way.toStdString().c_str());
        const QString wrong = test::damageIn(files_, "a.npz", bytes, {}, true);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    }
};

QTEST_GUILESS_MAIN(NpzTest)
#include "npz_test.moc"
