// Images as MNIST's: one reader for tables and networks.

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/data/idx.h"
#include "core/data/load.h"
#include "tests/support/real_data.h"

#include <QTemporaryDir>

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
    QTemporaryDir folder_;
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
    }

    void aTableHasARowAnImage() {
        const LoadedData loaded = loadData(at("train-images-idx3-ubyte"));
        QCOMPARE(loaded.format, std::string("idx"));
        QCOMPARE(loaded.data.rows, std::size_t{3});
        QCOMPARE(loaded.data.features, std::size_t{2});
        QVERIFY(std::ranges::equal(loaded.data.values, std::vector<float>{7, 0, 1, 2, 0, 255}));
        QVERIFY(std::ranges::equal(loaded.data.labels, std::vector<float>{4, 5, 9}));
        std::vector<float> values;
        scanData(at("train-images-idx3-ubyte"), {}, {}, [&](const RowBlock& block) {
            values.insert(values.end(), block.values.begin(), block.values.end());
        });
        QVERIFY(std::ranges::equal(loaded.data.values, values));
    }

    void faultsAreSaidInOneLine() {
        const auto messageOf = [&](const LoadContext& context = {}) {
            try {
                loadData(at("train-images-idx3-ubyte"), {}, context);
            } catch (const InputError& error) {
                return QString(error.what());
            }
            return QString();
        };
        LoadContext other;
        other.expectedFeatures = 784;
        QVERIFY(messageOf(other).contains("784 features are expected"));
        writeFileAtomically(at("train-labels-idx1-ubyte"), bytesOf({0, 0, 8, 1, 0, 0, 0, 2, 4, 5}));
        QVERIFY(messageOf().contains("2 labels for the 3 images"));
        std::filesystem::remove(at("train-labels-idx1-ubyte"));
        QVERIFY2(messageOf().contains("train-labels-idx1-ubyte"), qPrintable(messageOf()));
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
