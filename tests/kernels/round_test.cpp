#include "core/kernels/isa.h"
#include "core/kernels/random_words.h"
#include "core/kernels/round_kernels.h"
#include "core/quant/grid_columns.h"
#include "core/quant/round_row.h"
#include "core/quant/sample_store.h"
#include "tests/support/random_data.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace zipml;

namespace {

constexpr std::size_t kShapes[] = {1, 2, 7, 8, 15, 16, 17, 33, 64, 90, 257, 1024};

/// Values on levels, half way, between, outside of [-1, 1], denormal, zero of both signs, and huge.
Dataset oddData(std::size_t rows, std::size_t features) {
    const float odd[] = {-1.0F,  1.0F,    0.0F, -0.0F, 0.5F,  -0.5F, 1.0F / 3,
                         1e-40F, -1e-45F, 7.0F, -7.0F, 3e38F, -3e38F};
    Dataset data = test::randomData(rows, features, 3);
    for (std::size_t i = 0; i < data.values.size(); i += 5)
        data.values[i] = odd[i / 5 % std::size(odd)];
    return data;
}

/// Every fifth feature constant, every seventh of a range of denormals.
std::vector<Grid> oddGrids(std::size_t features, std::uint32_t levels) {
    std::vector<Grid> grids;
    for (std::size_t f = 0; f < features; ++f)
        grids.push_back(f % 7 == 3   ? Grid::uniform(-1e-41, 3e-40, levels)
                        : f % 5 == 4 ? Grid::uniform(0.25, 0.25, levels)
                                     : Grid::uniform(-1 - 0.01 * static_cast<double>(f), 1, levels));
    return grids;
}

/// 2 to `most` levels a feature, some features constant.
std::vector<Grid> tables(std::size_t features, std::size_t most) {
    std::vector<Grid> grids;
    for (std::size_t f = 0; f < features; ++f) {
        std::vector<double> levels{-1 - 0.001 * static_cast<double>(f)};
        for (std::size_t l = 1; l < most - f % 3 % most && f % 5 != 4; ++l)
            levels.push_back(levels.back() + 1.0 / static_cast<double>(3 + (l * l + f) % 11));
        grids.emplace_back(std::move(levels));
    }
    return grids;
}

void compareWithReference(const Dataset& data, const std::vector<Grid>& grids) {
    const GridColumns columns(grids);
    std::vector<std::uint32_t> indices(data.features), expected(data.features);
    for (const Rounding rounding : {Rounding::Stochastic, Rounding::Nearest})
        for (const std::size_t copies : {1UL, 2UL, 5UL})
            for (std::uint32_t r = 0; r < data.rows; ++r) {
                std::vector<std::uint32_t> words(copies * data.features);
                std::ranges::fill(expected, 0U);
                for (std::size_t copy = 0; copy < copies; ++copy) {
                    const RandomStream stream(9, Purpose::SampleRounding, 4,
                                              static_cast<std::uint16_t>(copy));
                    fillRandomWords(stream, r, 0,
                                    std::span(words).subspan(copy * data.features, data.features));
                    roundRow(data.row(r), grids, rounding, stream, r, indices);
                    std::ranges::transform(expected, indices, expected.begin(), std::plus{});
                }
                const bool draws = rounding == Rounding::Stochastic;
                for (const Isa isa : availableIsas()) {
                    std::vector<std::uint32_t> codes(data.features + 1, 77);
                    columns.round(roundKernels(isa), data.row(r).data(), 0, data.features,
                                  {draws ? words.data() : nullptr, data.features, copies}, codes.data());
                    QCOMPARE(codes.back(), 77U);
                    codes.pop_back();
                    QCOMPARE(codes, expected);
                }
            }
}

std::vector<unsigned char> storeBytes(const Dataset& data, const std::vector<Grid>& grids,
                                      const StoreOptions& options, int threads) {
    SampleStore store(data.rows, grids, options);
    ThreadTeam team(threads);
    store.build(data, 3, team);
    return {store.packed().begin(), store.packed().end()};
}

} // namespace

class RoundTest : public QObject {
    Q_OBJECT
  private slots:
    void cleanup() { forceIsa(availableIsas().back()); }

    // The vectorized generator is Random123's, word by word, for keys of every kind, and writes nothing else.
    void wordsAreTheStreams() {
        const RandomStream seeds(1, Purpose::Synthetic);
        for (std::uint32_t key = 0; key < 300; ++key) {
            const auto [low, high, row, block] = seeds.words(key, 0);
            const RandomStream stream((std::uint64_t{high} << 32) | low, Purpose::SampleRounding, row ^ block,
                                      static_cast<std::uint16_t>(key));
            const std::uint32_t first = key % 3 == 0 ? 0 : key % 3 == 1 ? block : 0xFFFFFFFDU;
            const std::size_t count = key < 200 ? key : 1024 + key % 7;
            for (const Isa isa : availableIsas()) {
                forceIsa(isa);
                std::vector<std::uint32_t> words(count + 1, 77);
                fillRandomWords(stream, row, first, std::span(words).first(count));
                QCOMPARE(words.back(), 77U);
                for (std::size_t i = 0; i < count; ++i)
                    QCOMPARE(words[i], stream.words(row, first + static_cast<std::uint32_t>(i / 4))[i % 4]);
            }
        }
    }

    void codesOfUniformGridsEqualTheReference() {
        for (int bits = 1; bits <= 16; ++bits)
            for (const std::size_t features : kShapes)
                compareWithReference(oddData(3, features),
                                     oddGrids(features, 1U << static_cast<unsigned>(bits)));
    }

    void codesOfTablesEqualTheReference() {
        for (const std::size_t levels : {2UL, 3UL, 8UL, 16UL, 32UL, 33UL, 256UL})
            for (const std::size_t features : kShapes)
                compareWithReference(oddData(3, features), tables(features, levels));
    }

    void uniformGridsAmongTables() {
        auto grids = tables(90, 8);
        grids[5] = Grid::uniform(-1, 1, 8);
        compareWithReference(oddData(3, 90), grids);
    }

    // The draw decides at exactly word < fraction * 2^32, also where fraction * 2^32 is no integer.
    void theDrawDecidesAtTheFraction() {
        const std::vector<Grid> grids(16, Grid::uniform(0, 3, 4));
        const GridColumns columns(grids);
        for (const float fraction : {0.0F, 0x1p-40F, 0x1p-33F, 0x1p-32F, 0x3p-33F, 0.25F, 0x0.FFFFFFp0F}) {
            const double limit = double{fraction} * 0x1p32;
            for (const double word : {std::floor(limit) - 1, std::floor(limit), std::floor(limit) + 1}) {
                if (word < 0)
                    continue;
                const std::vector<float> values(16, fraction);
                const std::vector<std::uint32_t> words(16, static_cast<std::uint32_t>(word));
                for (const Isa isa : availableIsas()) {
                    std::vector<std::uint32_t> codes(16);
                    columns.round(roundKernels(isa), values.data(), 0, 16, {words.data(), 16, 1},
                                  codes.data());
                    QCOMPARE(codes, std::vector<std::uint32_t>(16, word < limit ? 1 : 0));
                }
            }
        }
    }

    void linesEqualTheReference() {
        const RandomStream stream(5, Purpose::Synthetic);
        for (int bits = 1; bits <= 19; ++bits)
            for (const bool lowestApart : {false, true})
                for (const std::size_t features : kShapes) {
                    const TileLayout layout(features, bits, lowestApart);
                    const std::size_t stride = (features + 63) / 64 * 64;
                    std::vector<std::uint32_t> padded(kTileRows * stride, 0xFFFFFFFFU), codes;
                    for (std::size_t r = 0; r < kTileRows; ++r)
                        for (std::size_t f = 0; f < features; ++f) {
                            const auto word =
                                stream.words(static_cast<std::uint32_t>(r), static_cast<std::uint32_t>(f))[0];
                            codes.push_back(word >> (32 - bits));
                            padded[r * stride + f] = codes.back();
                        }
                    std::vector<unsigned char> expected(layout.tileBytes());
                    layout.packTile(codes.data(), expected.data());
                    for (const Isa isa : availableIsas()) {
                        std::vector<unsigned char> tile(layout.tileBytes() + 1, 0xA5);
                        for (const TilePart& part : layout.parts())
                            roundKernels(isa).packLines({padded.data(), stride, part.width, part.shift},
                                                        part.lines, tile.data() + part.offset);
                        layout.packTail(padded.data(), stride, 0, tile.data());
                        QCOMPARE(tile.back(), static_cast<unsigned char>(0xA5));
                        tile.pop_back();
                        QCOMPARE(tile, expected);
                    }
                }
    }

    // One store, whatever the instruction set and the number of threads, and it is the reference's. 300,000
    // values and more are several chunks.
    void storesAreTheSameEverywhere() {
        for (const auto& [rows, features] :
             {std::pair{1UL, 1UL}, {1UL, 90UL}, {40UL, 7UL}, {300UL, 1024UL}, {4500UL, 90UL}})
            for (const StoreOptions& options : {StoreOptions{4, 1, Rounding::Stochastic, 7},
                                                {3, 2, Rounding::Stochastic, 7},
                                                {8, 2, Rounding::Stochastic, 7},
                                                {5, 1, Rounding::Nearest, 7}}) {
                const auto data = oddData(rows, features);
                const auto grids = oddGrids(features, 1U << static_cast<unsigned>(options.bits));
                forceIsa(Isa::Scalar);
                const auto expected = storeBytes(data, grids, options, 1);
                for (const Isa isa : availableIsas())
                    for (const int threads : {1, 2, 3}) {
                        forceIsa(isa);
                        QVERIFY(storeBytes(data, grids, options, threads) == expected);
                    }
            }
    }

    void meanVariancesAreTheSameEverywhere() {
        for (const auto& [rows, features] :
             {std::pair{1UL, 1UL}, {40UL, 7UL}, {2500UL, 300UL}, {4500UL, 90UL}}) {
            const auto data = oddData(rows, features);
            const auto grids = oddGrids(features, 16);
            ThreadTeam one(1);
            forceIsa(Isa::Scalar);
            const auto expected = meanRoundingVariance(data, grids, one);
            for (std::size_t f = 0; f < features; ++f) {
                double sum = 0;
                for (std::size_t r = 0; r < rows; ++r)
                    sum += grids[f].roundingVariance(data.row(r)[f]);
                QVERIFY(std::abs(expected[f] - sum / static_cast<double>(rows)) <= 1e-12 * expected[f]);
            }
            for (const Isa isa : availableIsas())
                for (const int threads : {1, 2, 3}) {
                    forceIsa(isa);
                    ThreadTeam team(threads);
                    QCOMPARE(meanRoundingVariance(data, grids, team), expected);
                }
        }
    }

    void rangesAreTheSameForAnyThreads() {
        const auto data = test::randomData(5000, 90, 8);
        const auto expected = test::uniformGrids(data, 4);
        ThreadTeam team(3);
        const auto grids = buildGrids(data, {}, 4, false, team);
        for (std::size_t f = 0; f < data.features; ++f) {
            float low = std::numeric_limits<float>::infinity(), high = -low;
            for (std::size_t r = 0; r < data.rows; ++r) {
                low = std::min(low, data.row(r)[f]);
                high = std::max(high, data.row(r)[f]);
            }
            QCOMPARE(grids[f].low(), double{low});
            QCOMPARE(grids[f].high(), double{high});
            QCOMPARE(expected[f].low(), grids[f].low());
            QCOMPARE(expected[f].high(), grids[f].high());
        }
    }
};

QTEST_APPLESS_MAIN(RoundTest)
#include "round_test.moc"
