#include "core/quant/round_row.h"
#include "core/quant/sample_store.h"
#include "tests/support/random_data.h"

#include <QtTest>

#include <cmath>
#include <map>

using namespace zipml;

namespace {

SampleStore makeStore(const Dataset& data, int bits, int copies, Rounding rounding, int threads,
                      std::uint32_t epoch = 0) {
    SampleStore store(data.rows, test::uniformGrids(data, bits), {bits, copies, rounding, 11});
    ThreadTeam team(threads);
    store.build(data, epoch, team);
    return store;
}

} // namespace

class SampleStoreTest : public QObject {
    Q_OBJECT
  private slots:
    // Every code equals the scalar reference's, at every width and shape, with any number of threads.
    void codesEqualTheReference() {
        for (int bits = 1; bits <= 16; ++bits)
            for (const int copies : {1, 2, 3, 8})
                for (const std::size_t features : {1UL, 7UL, 90UL}) {
                    const auto data = test::randomData(131, features, 2);
                    const auto store = makeStore(data, bits, copies, Rounding::Stochastic, 1 + bits % 3);
                    std::vector<std::uint32_t> indices(features);
                    for (std::uint32_t r = 0; r < data.rows; ++r) {
                        std::vector<std::uint32_t> sums(features, 0);
                        for (int copy = 0; copy < copies; ++copy) {
                            roundRow(data.row(r), store.grids(), Rounding::Stochastic,
                                     {11, Purpose::SampleRounding, 0, static_cast<std::uint16_t>(copy)}, r,
                                     indices);
                            for (std::size_t f = 0; f < features; ++f)
                                sums[f] += indices[f];
                        }
                        for (std::size_t f = 0; f < features; ++f)
                            QCOMPARE(store.code(r, f), sums[f]);
                    }
                }
    }

    // Decoded values are the levels of the codes; two copies are equal or neighbours and sum to the code.
    void decodesToLevels() {
        const auto data = test::randomData(70, 300, 3);
        for (const int bits : {1, 3, 8, 16})
            for (const int copies : {1, 2}) {
                const auto store = makeStore(data, bits, copies, Rounding::Stochastic, 2);
                std::vector<double> values(300U * static_cast<unsigned>(copies));
                for (std::uint32_t r = 0; r < data.rows; ++r) {
                    store.decode(r, 5, values);
                    for (std::size_t f = 0; f < 300; ++f) {
                        const auto& grid = store.grids()[f];
                        const auto indexOf = [&](double value) {
                            return std::lround((value - grid.low()) / grid.gap());
                        };
                        const long first = indexOf(values[f]);
                        QCOMPARE(values[f], grid.level(static_cast<std::uint32_t>(first)));
                        if (copies == 1) {
                            QCOMPARE(static_cast<std::uint32_t>(first), store.code(r, f));
                            continue;
                        }
                        const long second = indexOf(values[300 + f]);
                        QVERIFY(std::abs(first - second) <= 1);
                        QCOMPARE(static_cast<std::uint32_t>(first + second), store.code(r, f));
                    }
                }
            }
    }

    // docs/method.md#s12-1: the two copies of a value are independent. Over 60,000 epochs of one value at p =
    // 0.3 the four outcomes have probabilities (1-p)^2, p(1-p), p(1-p), p^2; chi-squared, 3 degrees of
    // freedom, limit for 1e-6.
    void theTwoCopiesAreIndependent() {
        Dataset data;
        data.rows = 3;
        data.features = 1;
        data.values = {0.0F, 0.3F, 1.0F};
        data.labels = {0, 0, 0};
        SampleStore store(3, test::uniformGrids(data, 1), {1, 2, Rounding::Stochastic, 21});
        ThreadTeam team(1);
        std::map<std::pair<float, float>, int> seen;
        constexpr int kEpochs = 60'000;
        std::vector<double> values(2);
        for (std::uint32_t epoch = 0; epoch < kEpochs; ++epoch) {
            store.build(data, epoch, team);
            store.decode(1, epoch, values);
            ++seen[{values[0], values[1]}];
        }
        const double p = double{0.3F};
        double chi = 0;
        for (const auto& [pair, probability] :
             std::map<std::pair<float, float>, double>{{{0.0F, 0.0F}, (1 - p) * (1 - p)},
                                                       {{0.0F, 1.0F}, p * (1 - p)},
                                                       {{1.0F, 0.0F}, p * (1 - p)},
                                                       {{1.0F, 1.0F}, p * p}}) {
            const double expected = probability * kEpochs;
            chi += std::pow(seen[pair] - expected, 2) / expected;
        }
        QVERIFY2(chi < 30.7, qPrintable(QString::number(chi)));
    }

    // k copies: the levels of the code, `ups` of them one above; over the epochs each copy is an upper one
    // equally often (limit at 5 standard errors, 8 checks).
    void manyCopiesAreAnyOfTheirOrders() {
        Dataset data;
        data.rows = 3;
        data.features = 1;
        data.values = {0.0F, 0.4F, 1.0F};
        data.labels = {0, 0, 0};
        ThreadTeam team(1);
        for (const int copies : {3, 5}) {
            SampleStore store(3, {Grid({0, 0.25, 1})}, {2, copies, Rounding::Stochastic, 21});
            store.build(data, 0, team);
            const auto size = static_cast<std::size_t>(copies);
            const std::uint32_t code = store.code(1, 0);
            const double upper = code % static_cast<std::uint32_t>(copies);
            const double base = code / static_cast<std::uint32_t>(copies) == 0 ? 0 : 0.25;
            std::vector<double> values(size);
            std::vector<int> ups(size, 0);
            constexpr int kEpochs = 20'000;
            for (std::uint32_t epoch = 0; epoch < kEpochs; ++epoch) {
                store.decode(1, epoch, values);
                int total = 0;
                for (std::size_t copy = 0; copy < size; ++copy) {
                    const bool up = double{values[copy]} > base;
                    total += up ? 1 : 0;
                    ups[copy] += up ? 1 : 0;
                }
                QCOMPARE(double(total), upper);
            }
            const double share = upper / copies;
            for (const int count : ups)
                QVERIFY(std::abs(count - share * kEpochs) <=
                        5 * std::sqrt(share * (1 - share) * kEpochs) + 1e-9);
        }
    }

    // Tables decode to their own levels, one table for all features where they share it.
    void anyLevelsDecode() {
        const auto data = test::randomData(200, 6, 41);
        ThreadTeam team(2);
        for (const bool shared : {false, true})
            for (const auto& kind : namesOf<GridKind>()) {
                const auto grids = buildGrids(data, {kind.value, 64}, 3, shared, team);
                SampleStore store(data.rows, grids, {3, 1, Rounding::Stochastic, 4});
                store.build(data, 0, team);
                std::vector<double> values(6);
                for (std::uint32_t r = 0; r < data.rows; ++r) {
                    store.decode(r, 0, values);
                    for (std::size_t f = 0; f < 6; ++f) {
                        QCOMPARE(values[f], grids[f].level(store.code(r, f)));
                        const auto index = grids[f].locate(double{data.row(r)[f]}).index;
                        QVERIFY(store.code(r, f) == index || store.code(r, f) == index + 1);
                    }
                }
                if (kind.value == GridKind::Optimal)
                    QCOMPARE(store.codebookBytes(), std::uint64_t{8 * 4} * (shared ? 1 : 6));
            }
    }

    // b bits a value, b + 1 for two copies, and nothing between; rows are filled up to a multiple of 16.
    void bytesAreTheBits() {
        const auto data = test::randomData(1000, 90, 6);
        const StoreOptions five{3, 5, Rounding::Stochastic, 1};
        QCOMPARE(SampleStore::bitsPerCode(five), 6); // 5 * 7 + 1 = 36 codes
        for (int bits = 1; bits <= 16; ++bits)
            for (const int copies : {1, 2}) {
                const SampleStore store(data.rows, test::uniformGrids(data, bits),
                                        {bits, copies, Rounding::Stochastic, 1});
                const auto wanted = 1008U * 90U * static_cast<unsigned>(bits + copies - 1) / 8;
                QCOMPARE(store.bytes(), std::uint64_t{wanted});
            }
    }

    void repeatedTilesAreTheSamples() {
        const auto data = test::randomData(48, 9, 4);
        ThreadTeam team(1);
        const auto grids = test::uniformGrids(data, 3);
        SampleStore sample(data.rows, grids, {3, 2, Rounding::Stochastic, 1});
        sample.build(data, 0, team);
        SampleStore large(112, grids, {3, 2, Rounding::Stochastic, 1}); // two and a third times the sample
        large.repeatTiles(sample);
        for (std::size_t row = 0; row < large.rows(); ++row)
            for (std::size_t f = 0; f < 9; ++f)
                QCOMPARE(large.code(row, f), sample.code(row % 48, f));
    }

    void meanVarianceIsTheMeanOfTheFormula() {
        const auto data = test::randomData(40, 5, 9);
        const auto grids = test::uniformGrids(data, 2);
        const std::vector<std::uint32_t> rows{3, 17, 17, 39};
        const auto mean = meanRoundingVariance(data, rows, grids);
        for (std::size_t f = 0; f < 5; ++f) {
            double sum = 0;
            for (const auto row : rows)
                sum += grids[f].roundingVariance(data.row(row)[f]);
            QVERIFY(std::abs(mean[f] - sum / 4) < 1e-12);
        }
    }
};

QTEST_APPLESS_MAIN(SampleStoreTest)
#include "sample_store_test.moc"
