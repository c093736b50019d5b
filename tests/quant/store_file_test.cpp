#include "core/base/file.h"
#include "core/quant/tile_window.h"
#include "tests/support/random_data.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace zipml;

namespace {

constexpr std::size_t kRows = 77, kFeatures = 13;

/// A store in memory and all that its file holds.
struct Contents {
    SampleStore store;
    std::vector<float> labels;
    StoreHeader header;
    StoreMoments moments;
};

Contents makeContents(GridKind kind, bool shared, int bits, int copies) {
    const auto data = test::randomData(kRows, kFeatures, 5);
    ThreadTeam team(1);
    const StoreOptions options{bits, copies, Rounding::Stochastic, 3};
    const auto grids = buildGrids(data, {kind, 64}, bits, shared, team);
    SampleStore store(data.rows, grids, options);
    store.build(data, 0, team);
    StoreHeader header;
    header.dataName = "random";
    header.rows = kRows;
    header.grids = grids;
    header.options = options;
    header.scaling = fitScaling(data, ScalingKind::Standard);
    header.featureNames.assign(kFeatures, "a \"name\"");
    header.dealtRows = 5;
    header.levelRows = kRows;
    header.spec = {{"bits", bits}};
    return {std::move(store), data.labels, header, {meanRoundingVariance(data, grids, team), 1, 2, 3}};
}

std::uint64_t write(const Contents& contents, const std::filesystem::path& file) {
    StoreWriter writer(contents.header, file);
    const auto codes = contents.store.packed();
    const std::size_t tiles = 2 * contents.store.layout().tileBytes(); // in two parts
    writer.add(std::span(contents.labels).first(32), codes.first(tiles));
    writer.add(std::span(contents.labels).subspan(32), codes.subspan(tiles));
    return writer.finish(contents.moments);
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
                        const Contents written = makeContents(kind, shared, bits, copies);
                        const auto bytes = write(written, file);
                        QCOMPARE(bytes, std::filesystem::file_size(file));
                        const StoreFile read(file);
                        QCOMPARE(read.places().codes % 4096, 0U);
                        QVERIFY(std::ranges::equal(read.labels(), written.labels));
                        QCOMPARE(read.moments().variance, written.moments.variance);
                        QCOMPARE(read.moments().largestSquaredNorm, 3.0);
                        const StoreHeader& header = read.header();
                        QCOMPARE(header.scaling.offset, written.header.scaling.offset);
                        QCOMPARE(header.featureNames, written.header.featureNames);
                        QVERIFY(header.spec == written.header.spec);
                        QCOMPARE(header.codeBytes(), written.store.bytes());
                        QCOMPARE(header.codebookBytes(), written.store.codebookBytes());
                        for (std::size_t f = 0; f < kFeatures; ++f)
                            for (std::uint32_t i = 0; i < header.grids[f].levels(); ++i)
                                QCOMPARE(header.grids[f].level(i), written.header.grids[f].level(i));
                        everyWindowHoldsItsTiles(read, written.store);
                    }
    }

    // Without finish() neither the store nor a part of it is there.
    void whatIsNotFinishedGoes() {
        const QTemporaryDir folder;
        {
            const StoreWriter writer(makeContents(GridKind::Uniform, false, 3, 1).header,
                                     folder.filePath("a.zq").toStdString());
        }
        QVERIFY(QDir(folder.path()).isEmpty());
    }

    // Cut anywhere, lengthened, or with any byte of the header changed: an error of one line or, where the
    // change is harmless, a store; never a crash.
    void damageIsNoticed() {
        const QTemporaryDir folder;
        const auto file = folder.filePath("a.zq").toStdString();
        write(makeContents(GridKind::Optimal, false, 2, 2), file);
        const std::string good = readFile(file);
        const auto fails = [&](const std::string& bytes) {
            writeFileAtomically(file, bytes);
            try {
                const StoreFile read(file);
                TileWindow window(read); // what passes can be read
                window.move(0, TileLayout::tilesOf(read.header().rows), 0, 0);
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
        for (std::size_t at = 16; at < 2500; at += 3) {
            std::string bytes = good;
            bytes[at] = static_cast<char>(bytes[at] ^ 0x11);
            fails(bytes);
        }
    }

    // Numbers that would have a careless reader make room for all of them.
    void hostileHeadersAreRefused_data() {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        QTest::newRow("rows") << "rows"
                              << "4000000000";
        QTest::newRow("too many rows") << "rows"
                                       << "18446744073709551615";
        QTest::newRow("negative rows") << "rows"
                                       << "-1";
        QTest::newRow("features") << "features"
                                  << "1000000000";
        QTest::newRow("bits") << "bits"
                              << "31";
        QTest::newRow("copies") << "copies"
                                << "1000000";
        QTest::newRow("levels") << "levels"
                                << "[1152921504606846976]";
        QTest::newRow("no such table") << "grids"
                                       << "[0,1,2,3,4,5,6,7,8,9,10,11,99]";
        QTest::newRow("many levels") << "grids"
                                     << "[[0,1,4294967295]]";
        QTest::newRow("classes") << "class_labels"
                                 << "[1]";
        QTest::newRow("names") << "feature_names"
                               << "[\"a\"]";
        QTest::newRow("older") << "version"
                               << "2";
        QTest::newRow("newer") << "version"
                               << "4";
    }
    void hostileHeadersAreRefused() {
        QFETCH(QString, key);
        QFETCH(QString, value);
        const QTemporaryDir folder;
        const auto file = folder.filePath("a.zq").toStdString();
        write(makeContents(GridKind::Optimal, false, 2, 2), file);
        const std::string good = readFile(file);
        std::uint64_t length = 0;
        std::memcpy(&length, good.data() + 8, sizeof length);
        auto header = nlohmann::json::parse(good.substr(16, length));
        header[key.toStdString()] = nlohmann::json::parse(value.toStdString());
        const std::string text = header.dump();
        length = text.size();
        writeFileAtomically(file, good.substr(0, 8) +
                                      std::string(reinterpret_cast<const char*>(&length), sizeof length) +
                                      text + good.substr(16));
        try {
            const StoreFile read(file);
            QFAIL("was read");
        } catch (const InputError& error) {
            QVERIFY2(std::string(error.what()).starts_with(file), error.what());
        }
    }

  private:
    static void everyWindowHoldsItsTiles(const StoreFile& file, const SampleStore& store) {
        TileWindow window(file);
        for (std::size_t begin = 0; begin < store.tiles(); begin += 2) {
            const std::size_t end = std::min(store.tiles(), begin + 2);
            window.move(begin, end, 0, 1);
            for (std::size_t tile = begin; tile < end; ++tile)
                QVERIFY(std::equal(window.tile(tile), window.tile(tile) + store.layout().tileBytes(),
                                   store.tile(tile)));
        }
    }
};

QTEST_APPLESS_MAIN(StoreFileTest)
#include "store_file_test.moc"
