// Rows rounded by the kernels have the levels of the scalar reference, on every kind of grid and rounding.

#include "core/quant/build_grids.h"
#include "core/quant/round_row.h"
#include "core/quant/row_rounder.h"
#include "tests/support/random_data.h"

#include <QtTest>

using namespace zipml;

class RowRounderTest : public QObject {
    Q_OBJECT
  private slots:
    void levelsAreTheReferences() {
        ThreadTeam team(1);
        for (const std::size_t features : {1UL, 7UL, 64UL, 513UL, 1030UL}) {
            Dataset data = test::randomData(20, features, 3);
            data.row(4)[0] = 7; // beyond all others of its column
            std::vector<std::vector<Grid>> all{test::uniformGrids(data, 1), test::uniformGrids(data, 4)};
            for (const char* placement : {"optimal", "quantile"})
                all.push_back(buildGrids(data, parseGrid(placement), 3, false, team));
            all.push_back(all.back()); // some of each
            for (std::size_t f = 0; f < features; f += 2)
                all.back()[f] = all[1][f];
            for (const auto& grids : all)
                for (const auto rounding : {Rounding::Stochastic, Rounding::Nearest}) {
                    const RowRounder rounder(grids, rounding);
                    const RandomStream stream(5, Purpose::BiasRounding, 9, 1);
                    std::vector<std::uint32_t> indices(features);
                    std::vector<double> levels(features);
                    for (std::uint32_t row = 0; row < data.rows; ++row) {
                        roundRow(data.row(row), grids, rounding, stream, row, indices);
                        rounder.round(data.row(row), stream, row, levels.data());
                        for (std::size_t f = 0; f < features; ++f)
                            QCOMPARE(levels[f], grids[f].level(indices[f]));
                    }
                }
        }
    }
};

QTEST_APPLESS_MAIN(RowRounderTest)
#include "row_rounder_test.moc"
