#include "core/quant/any_precision_store.h"
#include "tests/support/random_data.h"

#include <QtTest>

#include <cmath>

using namespace zipml;

namespace {

AnyPrecisionStore makeStore(const Dataset& data, int copies, Rounding rounding, int threads = 1,
                            std::uint32_t epoch = 0) {
    AnyPrecisionStore store(data.rows, test::uniformGrids(data, 8), {copies, rounding, 9});
    ThreadTeam team(threads);
    store.build(data, epoch, team);
    return store;
}

} // namespace

class AnyPrecisionStoreTest : public QObject {
    Q_OBJECT
  private slots:
    // At every width each copy is one of the two levels beside the value; nearest rounding is the nearest
    // one.
    void codesAreNeighbouringLevels() {
        const auto data = test::randomData(100, 37, 2);
        for (const int copies : {1, 2})
            for (const auto rounding : {Rounding::Stochastic, Rounding::Nearest}) {
                const auto store = makeStore(data, copies, rounding);
                for (int bits = 1; bits <= 8; ++bits) {
                    const auto grids = store.gridsAt(bits);
                    QCOMPARE(grids[0].levels(), (1U << static_cast<unsigned>(bits - 1)) + 1U);
                    for (std::size_t r = 0; r < data.rows; ++r)
                        for (std::size_t f = 0; f < data.features; ++f) {
                            const auto [index, fraction] = grids[f].locate(data.row(r)[f]);
                            const auto code = store.code(r, f, bits);
                            const auto lowest = index * static_cast<unsigned>(copies);
                            QVERIFY(code >= lowest && code <= lowest + static_cast<unsigned>(copies));
                            if (rounding == Rounding::Nearest && std::abs(fraction - 0.5) > 1e-9)
                                QCOMPARE(code,
                                         lowest + (fraction > 0.5 ? static_cast<unsigned>(copies) : 0U));
                        }
                }
            }
    }

    // The mean over many roundings is the value at every width, and the two copies are independent: their
    // sum's variance is twice one's. Limits at 5 standard errors; 8 widths x 2 copies x 6 values x 2 checks:
    // a false alarm has a chance of 1e-4.
    void everyWidthIsUnbiased() {
        Dataset data;
        data.rows = 8;
        data.features = 1;
        data.values = {0.0F, 1.0F, 0.03F, 0.2F, 0.37F, 0.5F, 0.77F, 0.999F};
        data.labels.assign(8, 0.0F);
        constexpr int kDraws = 4000;
        for (const int copies : {1, 2}) {
            AnyPrecisionStore store(8, test::uniformGrids(data, 8), {copies, Rounding::Stochastic, 9});
            ThreadTeam team(1);
            double sums[9][8] = {}, squares[9][8] = {};
            for (std::uint32_t draw = 0; draw < kDraws; ++draw) {
                store.build(data, draw, team);
                for (int bits = 1; bits <= 8; ++bits)
                    for (std::size_t r = 0; r < 8; ++r) {
                        const double code = store.code(r, 0, bits);
                        sums[bits][r] += code;
                        squares[bits][r] += code * code;
                    }
            }
            for (int bits = 1; bits <= 8; ++bits)
                for (std::size_t r = 0; r < 8; ++r) {
                    const double place = double{data.values[r]} * (1 << (bits - 1));
                    const double p = place - std::floor(place);
                    const double mean = sums[bits][r] / kDraws;
                    const double variance = squares[bits][r] / kDraws - mean * mean;
                    QVERIFY(std::abs(mean - copies * place) <=
                            5 * std::sqrt(copies * p * (1 - p) / kDraws) + 1e-6);
                    QVERIFY(std::abs(variance - copies * p * (1 - p)) <=
                            5 * std::sqrt(1.0 / kDraws) * copies);
                }
        }
    }

    void sameBytesForAnyThreads() {
        const auto data = test::randomData(600, 20, 4);
        const auto one = makeStore(data, 2, Rounding::Stochastic, 1);
        const auto three = makeStore(data, 2, Rounding::Stochastic, 3);
        for (std::size_t r = 0; r < data.rows; ++r)
            for (std::size_t f = 0; f < 20; ++f)
                for (int bits = 1; bits <= 8; ++bits)
                    QCOMPARE(one.code(r, f, bits), three.code(r, f, bits));
    }

    // b bits a value are read for one copy, b + 1 for two; constant columns have one level.
    void readsWhatItSays() {
        auto data = test::randomData(160, 90, 4);
        for (std::size_t r = 0; r < data.rows; ++r)
            data.row(r)[3] = 2.5F;
        for (const int copies : {1, 2}) {
            const auto store = makeStore(data, copies, Rounding::Stochastic);
            for (int bits = 1; bits <= 8; ++bits) {
                QCOMPARE(store.bytesAt(bits) * 8,
                         std::uint64_t{160U * 90U} * static_cast<unsigned>(bits + copies - 1));
                QCOMPARE(store.gridsAt(bits)[3].levels(), 1U);
                QCOMPARE(store.code(7, 3, bits), 0U);
            }
        }
    }
};

QTEST_APPLESS_MAIN(AnyPrecisionStoreTest)
#include "any_precision_store_test.moc"
