#include "core/base/file.h"
#include "core/quant/store_file.h"
#include "tests/support/random_data.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace zipml;

namespace {

StoreFile makeStore(GridKind kind, bool shared, int bits, int copies) {
    const auto data = test::randomData(77, 13, 5);
    ThreadTeam team(1);
    SampleStore store(data.rows, buildGrids(data, {kind, 64}, bits, shared, team),
                      {bits, copies, Rounding::Stochastic, 3});
    store.build(data, 0, team);
    std::vector<float> correction(copies == 1 ? 13 : 0, 0.5F);
    return {std::move(store), data.labels, correction, {{"data", "random"}}};
}

} // namespace

class StoreFileTest : public QObject {
    Q_OBJECT
  private slots:
    void everyStoreRoundTrips() {
        const QTemporaryDir folder;
        const auto file = folder.filePath("a.zq").toStdString();
        for (const auto kind : {GridKind::Uniform, GridKind::Optimal, GridKind::Quantile})
            for (const bool shared : {false, true})
                for (const int bits : {1, 3, 8})
                    for (const int copies : {1, 2, 5}) {
                        const StoreFile written = makeStore(kind, shared, bits, copies);
                        const auto bytes = writeStore(written, file);
                        QCOMPARE(bytes, std::filesystem::file_size(file));
                        const StoreFile read = readStore(file);
                        QCOMPARE(read.labels, written.labels);
                        QCOMPARE(read.correction, written.correction);
                        QVERIFY(read.about == written.about);
                        QCOMPARE(read.store.bytes(), written.store.bytes());
                        QCOMPARE(read.store.codebookBytes(), written.store.codebookBytes());
                        const auto size = static_cast<std::size_t>(13 * copies);
                        std::vector<float> a(size), b(size);
                        for (std::uint32_t row = 0; row < 77; ++row) {
                            written.store.decode(row, 4, a);
                            read.store.decode(row, 4, b);
                            QCOMPARE(a, b);
                        }
                    }
    }

    // Cut anywhere, lengthened, or with any byte of the header changed: an error of one line or, where the
    // change is harmless, a store; never a crash.
    void damageIsNoticed() {
        const QTemporaryDir folder;
        const auto file = folder.filePath("a.zq").toStdString();
        writeStore(makeStore(GridKind::Optimal, false, 2, 2), file);
        const std::string good = readFile(file);
        const auto fails = [&](const std::string& bytes) {
            writeFileAtomically(file, bytes);
            try {
                (void)readStore(file);
                return false;
            } catch (const InputError& error) {
                return std::string(error.what()).starts_with(file);
            }
        };
        for (std::size_t length = 0; length < good.size(); length += 37)
            QVERIFY(fails(good.substr(0, length)));
        QVERIFY(fails(good + "x"));
        QVERIFY(fails("plain text"));
        for (std::size_t at = 0; at < 16; ++at) {
            std::string bytes = good;
            bytes[at] = static_cast<char>(bytes[at] ^ 0x55);
            QVERIFY(fails(bytes));
        }
        for (std::size_t at = 16; at < 700; at += 3) {
            std::string bytes = good;
            bytes[at] = static_cast<char>(bytes[at] ^ 0x11);
            fails(bytes);
        }
    }
};

QTEST_APPLESS_MAIN(StoreFileTest)
#include "store_file_test.moc"
