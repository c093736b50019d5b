// Histogram and rounding variance by running sums against sums over the values, one by one.

#include "core/quant/sorted_values.h"

#include "core/base/random.h"
#include "core/quant/build_grids.h"
#include "tests/support/level_data.h"

#include <QtTest>

#include <numeric>

using namespace zipml;

namespace {

/// Random levels over and beyond the values' range, in float's and double's precision.
std::vector<double> someLevels(const std::vector<float>& sorted, std::uint32_t round, std::size_t count) {
    const RandomStream stream(11, Purpose::Synthetic, round);
    const double low = double{sorted.front()};
    const double width = double{sorted.back()} - low;
    std::vector<double> levels;
    for (std::uint32_t i = 0; i < count; ++i) {
        const double u = stream.uniform(i, 0);
        levels.push_back(
            i % 3 == 0 ? double{sorted[static_cast<std::size_t>(u * static_cast<double>(sorted.size()))]}
                       // on a value
                       : low + width * (1.2 * u - 0.1));
    }
    std::ranges::sort(levels);
    levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
    return levels;
}

double direct(const std::vector<float>& values, const std::vector<double>& levels) {
    const Grid grid(levels);
    long double total = 0;
    for (const float value : values)
        total += grid.roundingVariance(double{value});
    return static_cast<double>(total / static_cast<long double>(values.size()));
}

bool near(double a, double b, double scale) {
    return std::abs(a - b) <= 1e-9 * std::abs(b) + 1e-13 * scale;
}

} // namespace

class SortedValuesTest : public QObject {
    Q_OBJECT
  private slots:
    void varianceEqualsTheSumOverValues() {
        ThreadTeam team(2);
        for (const auto& shape : test::levelDataShapes())
            for (const std::size_t count : {1UL, 2UL, 63UL, 64UL, 65UL, 1000UL, 30'000UL})
                for (const double offset : {0.0, 1000.0}) { // far from 0 nothing cancels
                    auto values = test::levelData(shape, count, 4);
                    for (float& value : values)
                        value += static_cast<float>(offset);
                    const SortedValues sorted(values, team);
                    const double width = sorted.high() - sorted.low();
                    for (std::uint32_t round = 0; round < 5; ++round) {
                        const auto levels = someLevels(values, round, 2 + round * 20);
                        const double wanted = direct(values, levels);
                        const double got = sorted.meanRoundingVariance(levels);
                        QVERIFY2(near(got, wanted, width * width), qPrintable(QString("%1 %2: %3, not %4")
                                                                                  .arg(shape.c_str())
                                                                                  .arg(count)
                                                                                  .arg(got, 0, 'g', 17)
                                                                                  .arg(wanted, 0, 'g', 17)));
                    }
                }
    }

    void equalsTheGridsOfTraining() {
        ThreadTeam team(2);
        Dataset data;
        data.features = 1;
        data.values = test::levelData("heavy-tailed", 5000, 2);
        data.rows = data.values.size();
        const SortedValues sorted(data.values, team);
        for (const auto& entry : namesOf<GridKind>()) {
            const std::vector grids{placeLevels(sorted.values(), {entry.value, 1024}, 16)};
            std::vector<double> levels;
            for (std::uint32_t i = 0; i < grids[0].levels(); ++i)
                levels.push_back(grids[0].level(i));
            const double wanted = meanRoundingVariance(data, grids, team)[0];
            QVERIFY(near(sorted.meanRoundingVariance(levels), wanted, wanted));
        }
    }

    void histogramCountsEveryValueOnce() {
        ThreadTeam team(2);
        for (const auto& shape : test::levelDataShapes()) {
            const auto values = test::levelData(shape, 20'000, 6);
            const SortedValues sorted(values, team);
            for (const std::size_t bins : {1UL, 7UL, 200UL}) {
                const auto counts = sorted.histogram(sorted.low(), sorted.high(), bins);
                QCOMPARE(std::accumulate(counts.begin(), counts.end(), std::size_t{0}), values.size());
                const double low = sorted.low() + 0.3 * (sorted.high() - sorted.low());
                const double high = sorted.high() - 0.1 * (sorted.high() - sorted.low());
                const auto part = sorted.histogram(low, high, bins);
                std::vector<std::size_t> wanted(bins);
                const auto edge = [&](std::size_t bin) {
                    return low + (high - low) * static_cast<double>(bin) / static_cast<double>(bins);
                };
                for (const float value : values)
                    for (std::size_t bin = 0; bin < bins; ++bin)
                        if (double{value} >= edge(bin) &&
                            (bin + 1 == bins ? double{value} <= high : double{value} < edge(bin + 1)))
                            ++wanted[bin];
                QVERIFY(part == wanted);
            }
        }
    }

    void takesTheValuesAsked() {
        ThreadTeam team(2);
        Dataset data;
        data.rows = 1000;
        data.features = 3;
        for (int i = 0; i < 3000; ++i)
            data.values.push_back(static_cast<float>(i));
        QVERIFY(valuesOf(data, std::nullopt, 3000, team) == data.values);
        const auto feature = valuesOf(data, 2, 3000, team);
        QCOMPARE(feature.size(), 1000UL);
        QCOMPARE(feature[999], 2999.0F);
        const auto fewer = valuesOf(data, 1, 400, team); // every third row
        QCOMPARE(fewer.size(), 334UL);
        QCOMPARE(fewer[333], 999.0F * 3 + 1);
        QCOMPARE(valuesOf(data, std::nullopt, 900, team).size(), 250UL * 3);
    }

    // On uniform values the variance of b bits is gap^2 / 6: bits and variance must agree, in between too.
    void uniformBitsInvertTheVariance() {
        ThreadTeam team(2);
        const SortedValues sorted(test::levelData("uniform", 200'000, 8), team);
        const UniformYardstick yardstick(sorted);
        const double width = sorted.high() - sorted.low();
        for (double bits = 1.5; bits < 10; bits += 0.5) {
            const double gap = width / (std::exp2(bits) - 1);
            QVERIFY(std::abs(yardstick.bitsOf(gap * gap / 6) - bits) < 0.1);
        }
        QCOMPARE(yardstick.bitsOf(10.0), 0.0);
        QCOMPARE(yardstick.bitsOf(0.0), 16.0);
        QCOMPARE(UniformYardstick(SortedValues({3, 3, 3}, team)).bitsOf(0.0), 16.0);
    }
};

QTEST_APPLESS_MAIN(SortedValuesTest)
#include "sorted_values_test.moc"
