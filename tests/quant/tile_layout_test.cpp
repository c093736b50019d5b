#include "core/base/random.h"
#include "core/quant/tile_layout.h"

#include <QtTest>

#include <numeric>
#include <set>

using namespace zipml;

namespace {

std::vector<std::uint32_t> randomCodes(std::size_t features, int bits) {
    const RandomStream stream(5, Purpose::Synthetic);
    std::vector<std::uint32_t> codes(kTileRows * features);
    for (std::size_t i = 0; i < codes.size(); ++i)
        codes[i] = stream.words(static_cast<std::uint32_t>(i), 0)[0] >> (32 - bits);
    return codes;
}

} // namespace

class TileLayoutTest : public QObject {
    Q_OBJECT
  private slots:
    // Every width at shapes around whole words, columns and lines: no bit is lost, none is shared, none is
    // wasted.
    void codesRoundTripWithoutPadding() {
        for (int bits = 1; bits <= 19; ++bits)
            for (std::size_t features : {1, 2, 3, 5, 7, 8, 15, 16, 31, 33, 64, 90, 127, 1024}) {
                const TileLayout layout(features, bits);
                QCOMPARE(layout.tileBytes() * 8, kTileRows * features * static_cast<std::size_t>(bits));
                const auto codes = randomCodes(features, bits);
                std::vector<unsigned char> tile(layout.tileBytes() + 1, 0xA5);
                layout.packTile(codes.data(), tile.data());
                QCOMPARE(tile.back(), static_cast<unsigned char>(0xA5));
                std::vector<std::uint32_t> row(features);
                for (std::size_t r = 0; r < kTileRows; ++r) {
                    layout.unpackRow(tile.data(), r, row.data());
                    for (std::size_t f = 0; f < features; ++f) {
                        QCOMPARE(row[f], codes[r * features + f]);
                        QCOMPARE(layout.code(tile.data(), r, f), codes[r * features + f]);
                    }
                }
            }
    }

    // The picture in the header: byte j, field i of a line is feature 4 i + j.
    void aLineIsAsDrawn() {
        const TileLayout layout(8, 4);
        const auto codes = randomCodes(8, 4);
        std::vector<unsigned char> tile(layout.tileBytes());
        layout.packTile(codes.data(), tile.data());
        for (std::size_t r = 0; r < kTileRows; ++r)
            for (std::size_t j = 0; j < 4; ++j)
                QCOMPARE(unsigned{tile[4 * r + j]}, codes[8 * r + j] | (codes[8 * r + 4 + j] << 4U));
    }

    void partsAreTheBinaryDigitsOfTheWidth() {
        for (int bits = 1; bits <= 19; ++bits) {
            int sum = 0;
            const TileLayout layout(90, bits);
            for (const auto& part : layout.parts()) {
                sum += part.width;
                QCOMPARE(part.shift, bits - sum); // the most significant first
            }
            QCOMPARE(sum, bits);
        }
        QCOMPARE(TileLayout(90, 5).parts().size(), std::size_t{2});
    }

    // Each feature has a slot of its own, inside of the lines that the kernels keep.
    void slotsAreDistinct() {
        for (int width : {1, 2, 4, 8})
            for (std::size_t features = 1; features <= 140; ++features) {
                const TileLayout layout(features, width);
                const TilePart& part = layout.parts()[0];
                std::set<std::size_t> taken;
                for (std::size_t f = 0; f < features; ++f)
                    taken.insert(part.slot(f));
                QCOMPARE(taken.size(), features);
                QVERIFY(*taken.rbegin() < (part.lines + 1) * part.lineFeatures());
            }
    }
};

QTEST_APPLESS_MAIN(TileLayoutTest)
#include "tile_layout_test.moc"
