#include "core/base/file.h"
#include "core/quant/tile_window.h"
#include "tests/support/random_data.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace zipml;

namespace {

constexpr std::size_t kRows = 77, kFeatures = 13;

/// A store in memory and all that its file holds.
struct Contents {
    SampleStore store;
    std::vector<float> labels;
    StoreHeader header;
    StoreMoments moments;
    KeptRows kept;
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
    header.keptRows = 3;
    header.spec = {{"bits", bits}};
    const KeptRows kept{{5, 0, 76}, std::vector<float>(3 * kFeatures, 0.25F)};
    const StoreMoments moments{
        meanRoundingVariance(data, grids, team), std::vector<double>(kFeatures, 0.5), {1, 2, 3}, {4, 5, 6}};
    return {std::move(store), data.labels, header, moments, kept};
}

std::uint64_t write(const Contents& contents, const std::filesystem::path& file) {
    StoreWriter writer(contents.header, file);
    const auto codes = contents.store.packed();
    const std::size_t tiles = 2 * contents.store.layout().tileBytes(); // in two parts
    writer.add(std::span(contents.labels).first(32), codes.first(tiles));
    writer.add(std::span(contents.labels).subspan(32), codes.subspan(tiles));
    return writer.finish(contents.moments, contents.kept);
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
                        QCOMPARE(read.places().codes.at % 4096, 0U);
                        QVERIFY(std::ranges::equal(read.labels(), written.labels));
                        QCOMPARE(read.moments().variance, written.moments.variance);
                        QCOMPARE(read.moments().square, written.moments.square);
                        QCOMPARE(read.moments().exact.largest, 3.0);
                        QCOMPARE(read.moments().read.mean, 4.0);
                        QCOMPARE(read.keptRows().numbers, written.kept.numbers);
                        QCOMPARE(read.keptRows().values, written.kept.values);
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

    // Cut anywhere, lengthened, or with any byte changed: an error of one line, never a crash, never a store. In
    // the gaps between its parts nothing stands that could be wrong.
    void damageIsNoticed() {
        const QTemporaryDir folder;
        const auto file = folder.filePath("a.zq").toStdString();
        write(makeContents(GridKind::Optimal, false, 2, 2), file);
        const std::string good = readFile(file);
        const StorePlaces places = StoreFile(file).places();
        const auto fails = [&](const std::string& bytes) {
            writeFileAtomically(file, bytes);
            try {
                const StoreFile read(file);
                static_cast<void>(read.keptRows());
                TileWindow window(read);
                window.move(0, TileLayout::tilesOf(read.header().rows), 0, 0);
                return false;
            } catch (const InputError& error) {
                return std::string(error.what()).starts_with(file);
            }
        };
        QVERIFY(!fails(good));
        for (std::size_t length = 0; length < good.size(); length += 37)
            QVERIFY(fails(good.substr(0, length)));
        QVERIFY(fails(good + "x"));
        QVERIFY(fails("plain text"));
        const auto isGap = [&](std::size_t at) {
            const std::size_t sums = places.sums + (places.sumCount() + 1) * sizeof(std::uint32_t);
            return (at >= sums && at < places.labels.at) ||
                   (at >= places.labels.at + places.labels.bytes && at < places.kept.at) ||
                   (at >= places.kept.at + places.kept.bytes && at < places.codes.at);
        };
        for (std::size_t at = 0; at < good.size(); at += at < 64 || at > places.codes.at ? 1 : 3) {
            std::string bytes = good;
            bytes[at] = static_cast<char>(bytes[at] ^ (1 << (at % 8)));
            QVERIFY2(isGap(at) || fails(bytes), qPrintable(QString::number(at)));
        }
    }

    // What no rounding gives, under right checksums.
    void wrongNumbersAreRefused() {
        const QTemporaryDir folder;
        const auto file = folder.filePath("a.zq").toStdString();
        const auto fails = [&](const std::function<void(Contents&)>& change) {
            Contents contents = makeContents(GridKind::Uniform, false, 3, 1);
            change(contents);
            write(contents, file);
            try {
                static_cast<void>(StoreFile(file).keptRows());
                return false;
            } catch (const InputError& error) {
                return std::string(error.what()).starts_with(file);
            }
        };
        constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
        QVERIFY(!fails([](Contents&) {}));
        QVERIFY(fails([](Contents& c) { c.labels[40] = kNan; }));
        QVERIFY(fails([](Contents& c) {
            c.header.task = Task::Classification;
            c.header.classLabels = {0, 1};
        }));
        QVERIFY(fails([](Contents& c) { c.moments.variance[2] = -1; }));
        QVERIFY(fails([](Contents& c) { c.moments.exact.mean = double{kNan}; }));
        QVERIFY(fails([](Contents& c) { c.kept.values[2] = kNan; }));
        QVERIFY(fails([](Contents& c) { c.kept.numbers[0] = kRows; }));
        QVERIFY(fails([](Contents& c) { c.kept.numbers[0] = c.kept.numbers[1]; }));
    }

    // Cut off or written to while it is open: the next window says so.
    void changesWhileOpenAreNoticed() {
        const QTemporaryDir folder;
        const auto file = folder.filePath("a.zq").toStdString();
        write(makeContents(GridKind::Uniform, false, 3, 1), file);
        const std::string good = readFile(file);
        const auto fails = [&](auto&& change) {
            std::ofstream(file, std::ios::binary) << good; // in place
            const StoreFile read(file);
            TileWindow window(read);
            window.move(0, 2, 0, 0);
            change(read.places());
            try {
                window.move(0, 2, 0, 0);
                return false;
            } catch (const InputError& error) {
                return std::string(error.what()).starts_with(file);
            }
        };
        QVERIFY(!fails([](const StorePlaces&) {}));
        QVERIFY(fails(
            [&](const StorePlaces& places) { std::filesystem::resize_file(file, places.codes.at + 10); }));
        const auto writeAt = [&](std::uint64_t at, char byte) {
            std::fstream out(file, std::ios::binary | std::ios::in | std::ios::out);
            out.seekp(static_cast<std::streamoff>(at));
            out.put(byte);
            out.close();
            std::filesystem::last_write_time(file, std::filesystem::last_write_time(file) +
                                                       std::chrono::seconds(1)); // whatever the clock's steps
        };
        QVERIFY(!fails([&](const StorePlaces& places) { writeAt(places.codes.at, good[places.codes.at]); }));
        QVERIFY(fails([&](const StorePlaces& places) {
            writeAt(places.codes.at, static_cast<char>(good[places.codes.at] ^ 1));
        }));
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
        QTest::newRow("a fraction of a row") << "rows"
                                             << "76.5";
        QTest::newRow("more rows than a number holds") << "rows"
                                                       << "1e300";
        QTest::newRow("more kept rows than rows") << "kept_rows"
                                                  << "78";
        QTest::newRow("no kept rows") << "kept_rows"
                                      << "0";
        QTest::newRow("older") << "version"
                               << "3";
        QTest::newRow("newer") << "version"
                               << "5";
        QTest::newRow("a version that wraps") << "version"
                                              << "4294967300";
        QTest::newRow("no version") << "version"
                                    << "1e300";
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
            const std::string message = error.what();
            QVERIFY2(message.starts_with(file), error.what());
            QVERIFY2(message.find("checksum of") == std::string::npos, error.what()); // told before that
            if (key == "version" && value == "3")
                QVERIFY2(message.find("write it again with zipml quantize") != std::string::npos,
                         error.what());
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
