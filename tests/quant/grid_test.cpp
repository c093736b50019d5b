#include "core/quant/grid.h"
#include "core/quant/round_row.h"
#include "tests/support/random_data.h"

#include <QtTest>

#include <cmath>

using namespace zipml;

class GridTest : public QObject {
    Q_OBJECT
  private slots:
    // docs/method.md#s13: levels {-1, -.5, 0, .5, 1}.
    void goldenVector() {
        const Grid grid = Grid::uniform(-1, 1, 5);
        const double values[] = {-0.9, -0.3, 0, 0.6, 1};
        const std::uint32_t base[] = {0, 1, 2, 3, 3};
        const double up[] = {0.2, 0.4, 0, 0.2, 1};
        const double variance[] = {0.04, 0.06, 0, 0.04, 0};
        for (std::size_t i = 0; i < 5; ++i) {
            const auto [index, fraction] = grid.locate(values[i]);
            QCOMPARE(index, base[i]);
            QVERIFY(std::abs(fraction - up[i]) < 1e-12);
            QVERIFY(std::abs(grid.roundingVariance(values[i]) - variance[i]) < 1e-12);
        }
    }

    void everyValueLiesBetweenItsLevels() {
        for (int bits = 1; bits <= 16; ++bits) {
            const auto grid = Grid::uniform(-3.7, 12.1, 1U << static_cast<unsigned>(bits));
            QCOMPARE(grid.levels(), 1U << bits);
            for (int i = 0; i <= 1000; ++i) {
                const double value = -3.7 + i * (12.1 + 3.7) / 1000;
                const auto [index, fraction] = grid.locate(value);
                QVERIFY(index + 1 < grid.levels());
                QVERIFY(fraction >= 0 && fraction <= 1);
                const double restored = grid.level(index) + fraction * grid.gap();
                QVERIFY(std::abs(restored - value) < 1e-12);
                // (1): (upper - v)(v - lower)
                const double direct = (grid.level(index + 1) - value) * (value - grid.level(index));
                QVERIFY(std::abs(grid.roundingVariance(value) - direct) < 1e-10);
            }
        }
    }

    void aConstantFeatureHasOneLevel() {
        const auto grid = Grid::uniform(2.5, 2.5, 16);
        QCOMPARE(grid.locate(2.5).index, 0U);
        QCOMPARE(grid.roundingVariance(2.5), 0.0);
        QCOMPARE(grid.level(0), 2.5);
    }

    // A value on a level never moves, whatever the draw: 0 stays 0 and the maximum does not overflow.
    void valuesOnLevelsStay() {
        const std::vector<Grid> grids(5, Grid::uniform(-1, 1, 5));
        const std::vector<float> row{-1.0F, -0.5F, 0.0F, 0.5F, 1.0F};
        std::vector<std::uint32_t> indices(5);
        for (std::uint32_t draw = 0; draw < 2000; ++draw) {
            roundRow(row, grids, Rounding::Stochastic, {1, Purpose::SampleRounding, draw}, draw, indices);
            QCOMPARE(indices, (std::vector<std::uint32_t>{0, 1, 2, 3, 4}));
        }
    }

    // E Q(v) = v and Var Q(v) = err(v), over 40,000 draws of 50 values at each width. Limits at 5 standard
    // errors: about 4e-4 false alarms expected over the 800 checks.
    void stochasticRoundingIsUnbiased() {
        const auto data = test::randomData(1, 50, 4);
        for (const int bits : {1, 2, 3, 4, 6, 8, 12, 16}) {
            const std::vector<Grid> grids(50, Grid::uniform(-5, 5, 1U << static_cast<unsigned>(bits)));
            std::vector<double> sum(50, 0), squares(50, 0);
            constexpr int kDraws = 40'000;
            std::vector<std::uint32_t> indices(50);
            for (std::uint32_t draw = 0; draw < kDraws; ++draw) {
                roundRow(data.row(0), grids, Rounding::Stochastic, {5, Purpose::SampleRounding, draw}, 0,
                         indices);
                for (std::size_t f = 0; f < 50; ++f) {
                    const double error = grids[f].level(indices[f]) - double{data.row(0)[f]};
                    sum[f] += error;
                    squares[f] += error * error;
                }
            }
            for (std::size_t f = 0; f < 50; ++f) {
                const double value = data.row(0)[f];
                const double variance = grids[f].roundingVariance(value);
                const auto [index, p] = grids[f].locate(value);
                const double gap = grids[f].gap();
                const double fourth = p * std::pow((1 - p) * gap, 4) + (1 - p) * std::pow(p * gap, 4);
                QVERIFY(std::abs(sum[f] / kDraws) <= 5 * std::sqrt(variance / kDraws) + 1e-12);
                QVERIFY(std::abs(squares[f] / kDraws - variance) <=
                        5 * std::sqrt((fourth - variance * variance) / kDraws) + 1e-12);
            }
        }
    }

    void nearestRoundingTakesTheNearestLevel() {
        const auto data = test::randomData(20, 10, 8);
        const auto grids = test::uniformGrids(data, 3);
        std::vector<std::uint32_t> indices(10);
        for (std::size_t r = 0; r < data.rows; ++r) {
            roundRow(data.row(r), grids, Rounding::Nearest, {1, Purpose::SampleRounding}, 0, indices);
            for (std::size_t f = 0; f < 10; ++f)
                QVERIFY(std::abs(grids[f].level(indices[f]) - double{data.row(r)[f]}) <=
                        grids[f].gap() / 2 + 1e-12);
        }
    }
};

QTEST_APPLESS_MAIN(GridTest)
#include "grid_test.moc"
