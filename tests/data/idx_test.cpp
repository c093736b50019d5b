// Images as MNIST's: one reader for tables and networks, by magic number.

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/data/idx.h"
#include "tests/data/formats/reference_cases.h"
#include "tests/support/real_data.h"

using namespace zipml;

namespace {

std::string bytesOf(std::initializer_list<int> bytes) {
    std::string text;
    for (const int byte : bytes)
        text += static_cast<char>(byte);
    return text;
}

} // namespace

class IdxTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_, references_;
    test::DataFiles files_;
    std::filesystem::path at(const char* name) const { return folder_.filePath(name).toStdString(); }
  private slots:
    void init() {
        writeFileAtomically(at("train-images-idx3-ubyte"),
                            bytesOf({0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 7, 0, 1, 2, 0, 255}));
        writeFileAtomically(at("train-labels-idx1-ubyte"), bytesOf({0, 0, 8, 1, 0, 0, 0, 3, 4, 5, 9}));
    }

    void namesAreTakenApart() {
        QVERIFY(isIdxImages("a/train-images-idx3-ubyte.gz") && isIdxImages("t10k-images-idx3-ubyte"));
        QVERIFY(!isIdxImages("train-labels-idx1-ubyte") && !isIdxImages("images.csv"));
        QCOMPARE(unpackedName("x/a.bin.xz"), std::string("a.bin"));
        QCOMPARE(unpackedName("x/a.csv"), std::string("a.csv"));
        QCOMPARE(packingOf("a.gz"), std::string("gzip"));
        QCOMPARE(labelsBeside(at("train-images-idx3-ubyte.gz")), at("train-labels-idx1-ubyte"));
        QCOMPARE(labelsBeside("x/train-images.idx3-ubyte"),
                 std::filesystem::path("x/train-labels.idx1-ubyte"));
        QVERIFY(isIdx(bytesOf({0, 0, 8, 3})) && !isIdx(bytesOf({0, 0, 7, 3})) &&
                !isIdx(bytesOf({0, 0, 8, 0})) && !isIdx(bytesOf({0, 0, 8})));
    }

    void aTableHasARowAnImage() {
        const LoadedData loaded = loadData(at("train-images-idx3-ubyte"));
        QCOMPARE(loaded.format, std::string("idx"));
        QCOMPARE(loaded.data.rows, std::size_t{3});
        QCOMPARE(loaded.data.features, std::size_t{2});
        QVERIFY(std::ranges::equal(loaded.data.values, std::vector<float>{7, 0, 1, 2, 0, 255}));
        QVERIFY(std::ranges::equal(loaded.data.labels, std::vector<float>{4, 5, 9}));
        std::vector<float> values;
        scanData(
            at("train-images-idx3-ubyte"), {}, {},
            [&](const RowBlock& block) {
                values.insert(values.end(), block.values.begin(), block.values.end());
            },
            [] {});
        QVERIFY(std::ranges::equal(loaded.data.values, values));
    }

    void asTheReferenceReads_data() { test::addReferenceCases(references_, "idx"); }
    void asTheReferenceReads() { COMPARE_WITH_REFERENCE(references_); }

    void networksReadTheSame() {
        const IdxImages images = readIdx(at("train-images-idx3-ubyte"), at("train-labels-idx1-ubyte"));
        QCOMPARE(images.pixels, (std::vector<std::uint8_t>{7, 0, 1, 2, 0, 255}));
        QCOMPARE(images.labels, (std::vector<std::uint8_t>{4, 5, 9}));
        std::string qmnist = bytesOf({0, 0, 0x0C, 2, 0, 0, 0, 3, 0, 0, 0, 8});
        for (const int label : {3, 0, 9})
            for (int column = 0; column < 8; ++column)
                qmnist += bytesOf({0, 0, column, column == 0 ? label : 7});
        writeFileAtomically(at("q-labels-idx2-int"), qmnist);
        QCOMPARE(readIdx(at("train-images-idx3-ubyte"), at("q-labels-idx2-int")).labels,
                 (std::vector<std::uint8_t>{3, 0, 9}));
        QVERIFY(files_.errorOfFile(at("q-labels-idx2-int")).contains("3 labels and no images"));
    }

    void labelsMayBeAbsentWhereNoneAreNeeded() {
        const LoadedData loaded = loadData(at("train-images-idx3-ubyte"));
        std::filesystem::rename(at("train-images-idx3-ubyte"), at("new.idx"));
        LoadContext context;
        context.training = loaded.data.schema.get();
        QVERIFY(!loadData(at("new.idx"), loaded.options, context).hasLabels);
        LoadOptions none;
        none.labelColumn = "none";
        QCOMPARE(loadData(at("new.idx"), none).data.features, std::size_t{2});
        init();
        QVERIFY(loadData(at("train-images-idx3-ubyte"), loaded.options, context).hasLabels);
    }

    void faultsAreSaidInOneLine() {
        const auto messageOf = [&](const char* name, const LoadOptions& options = {}) {
            return files_.errorOfFile(at(name), options);
        };
        QString message = messageOf("train-labels-idx1-ubyte");
        QVERIFY2(message.contains("3 labels and no images") && message.contains("--labels"),
                 qPrintable(message));
        LoadOptions upright;
        upright.upright = true;
        upright.labelColumn = "none";
        QVERIFY(messageOf("train-labels-idx1-ubyte", upright).contains("upright"));
        writeFileAtomically(at("train-labels-idx1-ubyte"), bytesOf({0, 0, 8, 1, 0, 0, 0, 2, 4, 5}));
        QVERIFY(messageOf("train-images-idx3-ubyte").contains("3 rows and 2 labels"));
        std::filesystem::remove(at("train-labels-idx1-ubyte"));
        message = messageOf("train-images-idx3-ubyte");
        QVERIFY2(message.contains("train-labels-idx1-ubyte") && message.contains("--labels"),
                 qPrintable(message));
        std::filesystem::rename(at("train-images-idx3-ubyte"), at("renamed"));
        message = messageOf("renamed");
        QVERIFY2(message.contains("without labels") && message.contains("--labels"), qPrintable(message));
        for (const auto& head :
             {bytesOf({0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}),
              bytesOf({0, 0, 14, 4, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 1, 0, 0}),
              bytesOf({0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 7, 7, 7})})
            for (const auto& compression : {"none", "gzip"}) {
                const auto file = files_.write("lies", test::packed(head, compression));
                message = files_.errorOfFile(file, upright);
                QVERIFY2(message.startsWith("lies: its head announces"), qPrintable(message));
            }
    }

    void damageIsSaidInOneLine() {
        LoadOptions none;
        none.labelColumn = "none";
        const QString wrong = test::damageIn(
            files_, "a.idx", bytesOf({0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 7, 0, 1, 2, 0, 255}),
            none, true);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    }

    void mnistItself() {
        NEEDS_REAL_DATA("mnist/t10k-images-idx3-ubyte.gz");
        const LoadedData loaded = loadData(test::dataFolder() / "mnist/t10k-images-idx3-ubyte.gz");
        QCOMPARE(loaded.data.rows, std::size_t{10000});
        QCOMPARE(loaded.data.features, std::size_t{784});
        QCOMPARE(loaded.compression, std::string("gzip"));
        QCOMPARE(loaded.data.labels[0], 7.0F); // as is known
    }
};

QTEST_GUILESS_MAIN(IdxTest)
#include "idx_test.moc"
