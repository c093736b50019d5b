// Placement of levels: the optimum against brute force and against the quadratic dynamic programme, the
// greedy guarantee, candidates, and what every placement must keep.

#include "core/quant/build_grids.h"
#include "core/quant/levels/candidates.h"
#include "core/quant/levels/comparison.h"
#include "core/quant/levels/greedy.h"
#include "core/quant/levels/optimal.h"
#include "tests/support/level_data.h"
#include "tests/support/random_data.h"

#include <QtTest>

#include <bit>
#include <cstdlib>
#include <new>

using namespace zipml;

namespace {

// Counts the heap, for the memory limit.
std::size_t heapNow = 0;
std::size_t heapPeak = 0;

/// Total rounding variance of the data on these levels, straight from docs/method.md#eq1, summed in long
/// double.
double directCost(const std::vector<float>& sorted, const std::vector<double>& levels) {
    long double total = 0;
    std::size_t interval = 1;
    for (const float value : sorted) {
        while (interval + 1 < levels.size() && levels[interval] < double{value})
            ++interval;
        total += (levels[interval] - static_cast<long double>(value)) * (value - levels[interval - 1]);
    }
    return static_cast<double>(total);
}

double optimalCost(const std::vector<float>& sorted, std::size_t levels) {
    const IntervalCost cost(sorted);
    return directCost(sorted, levelsOf(cost, optimalLevels(cost, levels)));
}

std::vector<float> distinct(std::vector<float> sorted) {
    const auto repeated = std::ranges::unique(sorted);
    sorted.erase(repeated.begin(), repeated.end());
    return sorted;
}

/// Least cost over all choices of interior levels among the values.
double bruteForce(const std::vector<float>& sorted, std::size_t levels) {
    const auto values = distinct(sorted);
    const std::size_t interior = values.size() - 2;
    double best = HUGE_VAL;
    for (std::uint32_t choice = 0; choice < (1U << interior); ++choice) {
        if (static_cast<std::size_t>(std::popcount(choice)) + 2 > levels)
            continue;
        std::vector<double> chosen{double{values.front()}};
        for (std::size_t i = 0; i < interior; ++i)
            if (((choice >> i) & 1U) != 0)
                chosen.push_back(double{values[i + 1]});
        chosen.push_back(double{values.back()});
        best = std::min(best, directCost(sorted, chosen));
    }
    return best;
}

/// docs/method.md#eq12 as it stands, O(k N^2), for every number of levels up to `most` at once.
std::vector<double> quadraticProgramme(const std::vector<float>& sorted, std::size_t most) {
    const auto values = distinct(sorted);
    std::vector<long double> count{0}, sum{0}, squares{0};
    std::size_t next = 0;
    for (const float value : values) {
        const std::size_t begin = next;
        while (next < sorted.size() && sorted[next] == value)
            ++next;
        const auto copies = static_cast<long double>(next - begin);
        count.push_back(count.back() + copies);
        sum.push_back(sum.back() + copies * value);
        squares.push_back(squares.back() + copies * value * value);
    }
    const auto cost = [&](std::size_t i, std::size_t j) { // the values with indices i + 1 to j
        const long double n = count[j + 1] - count[i + 1];
        const long double s = sum[j + 1] - sum[i + 1];
        const long double q = squares[j + 1] - squares[i + 1];
        const long double a = values[i];
        const long double b = values[j];
        return -n * a * b + (a + b) * s - q;
    };
    const std::size_t size = values.size();
    std::vector<long double> before(size, HUGE_VALL);
    before[0] = 0;
    std::vector<double> best(most + 1, 0);
    for (std::size_t levels = 2; levels <= most; ++levels) {
        std::vector<long double> now(size, HUGE_VALL);
        for (std::size_t m = 1; m < size; ++m)
            for (std::size_t j = 0; j < m; ++j)
                now[m] = std::min(now[m], before[j] + cost(j, m));
        now[0] = 0; // fewer levels are allowed
        before = now;
        best[levels] = static_cast<double>(now[size - 1]);
    }
    return best;
}

bool equalWithin(double a, double b, double tolerance) {
    return std::abs(a - b) <= tolerance * std::max(std::abs(a), std::abs(b)) + 1e-15;
}

} // namespace

void* operator new(std::size_t size) {
    auto* block = static_cast<std::size_t*>(std::malloc(size + 16));
    if (block == nullptr)
        throw std::bad_alloc();
    *block = size;
    heapNow += size;
    heapPeak = std::max(heapPeak, heapNow);
    return block + 2;
}
void operator delete(void* pointer) noexcept {
    if (pointer == nullptr)
        return;
    auto* block = static_cast<std::size_t*>(pointer) - 2;
    heapNow -= *block;
    std::free(block);
}
void operator delete(void* pointer, std::size_t /*size*/) noexcept {
    operator delete(pointer);
}

class LevelsTest : public QObject {
    Q_OBJECT
  private slots:
    void goldenVector() {
        const std::vector<float> data{0, .02F, .05F, .05F, .07F, .11F, .13F, .4F, .55F, .6F, .95F, 1};
        const IntervalCost cost(data);
        const std::vector<std::vector<double>> wanted{{0, .55, 1}, {0, .13, .55, 1}, {0, .11, .4, .6, 1}};
        const double variance[] = {.024766666667, .008091666667, .003416666667};
        const double uniform[] = {.025058333333, .014919444444, .009850000000};
        for (std::size_t i = 0; i < 3; ++i) {
            const auto levels = levelsOf(cost, optimalLevels(cost, i + 3));
            QCOMPARE(levels.size(), i + 3);
            for (std::size_t l = 0; l < levels.size(); ++l)
                QVERIFY(std::abs(levels[l] - wanted[i][l]) < 1e-7);
            QVERIFY(std::abs(directCost(data, levels) / 12 - variance[i]) < 1e-7);
            const Grid equal = placeLevels(data, {}, i + 3);
            double total = 0;
            for (const float value : data)
                total += equal.roundingVariance(double{value});
            QVERIFY(std::abs(total / 12 - uniform[i]) < 1e-7);
        }
    }

    // Must hold 1: 1,000 random inputs of 2 to 12 values, every number of levels.
    void equalsBruteForce() {
        const RandomStream stream(3, Purpose::Synthetic, 8);
        for (std::uint32_t trial = 0; trial < 1000; ++trial) {
            const std::size_t size = 2 + stream.words(trial, 0)[0] % 11;
            const auto& shapes = test::levelDataShapes();
            auto data = test::levelData(shapes[trial % shapes.size()], size, trial);
            if (trial % 3 == 0) // ties and duplicates
                for (float& value : data)
                    value = std::round(value * 2);
            if (distinct(data).size() < 2)
                continue;
            for (std::size_t levels = 2; levels <= size; ++levels) {
                const double found = optimalCost(data, levels);
                const double best = bruteForce(data, levels);
                QVERIFY2(equalWithin(found, best, 1e-9),
                         qPrintable(QString("trial %1, %2 levels: %3 against %4")
                                        .arg(trial)
                                        .arg(levels)
                                        .arg(found, 0, 'g', 15)
                                        .arg(best, 0, 'g', 15)));
            }
        }
    }

    // Must hold 1 and 3, at N = 2,000, on each shape.
    void equalsTheQuadraticProgramme_data() {
        QTest::addColumn<QString>("shape");
        for (const auto& shape : test::levelDataShapes())
            QTest::newRow(shape.c_str()) << QString::fromStdString(shape);
    }
    void equalsTheQuadraticProgramme() {
        QFETCH(QString, shape);
        constexpr std::size_t kMost = 65;
        const auto data = test::levelData(shape.toStdString(), 2000, 4);
        const auto best = quadraticProgramme(data, kMost);
        const IntervalCost cost(data);
        for (std::size_t levels = 2; levels <= kMost; ++levels) {
            const auto path = optimalLevels(cost, levels);
            QVERIFY(path.size() <= levels);
            const double found = directCost(data, levelsOf(cost, path));
            QVERIFY2(equalWithin(found, best[levels], 1e-9), qPrintable(QString("%1 levels: %2 against %3")
                                                                            .arg(levels)
                                                                            .arg(found, 0, 'g', 15)
                                                                            .arg(best[levels], 0, 'g', 15)));
            const auto greedy = greedyLevels(cost, levels - 1);
            QVERIFY(greedy.size() - 1 <= 4 * (levels - 1) + 1);
            QVERIFY(directCost(data, levelsOf(cost, greedy)) <= 2 * best[levels] + 1e-12);
        }
    }

    // A million values go the way over a subset of the candidates; the answer must not depend on it.
    void largeInputsKeepTheOptimum() {
        const auto data = test::levelData("exponential", 60'000, 6);
        const IntervalCost cost(data);
        for (const std::size_t levels : {3U, 16U, 100U}) {
            const double found = totalCost(cost, optimalLevels(cost, levels));
            // No single level can be moved to a neighbouring candidate and gain.
            auto path = optimalLevels(cost, levels);
            for (std::size_t i = 1; i + 1 < path.size(); ++i)
                for (const int by : {-1, 1}) {
                    auto moved = path;
                    moved[i] = static_cast<std::uint32_t>(static_cast<int>(moved[i]) + by);
                    QVERIFY(totalCost(cost, moved) >= found * (1 - 1e-12));
                }
            const IntervalCost fine(data, candidatePoints(data, 20'000));
            QVERIFY(totalCost(fine, optimalLevels(fine, levels)) >= found * (1 - 1e-9));
        }
    }

    // Must hold 2: at most 64 bytes a value, and 1,024 candidates within 1% of the optimum.
    void memoryAndCandidates_data() { equalsTheQuadraticProgramme_data(); }
    void memoryAndCandidates() {
        QFETCH(QString, shape);
        constexpr std::size_t kValues = 300'000;
        const auto data = test::levelData(shape.toStdString(), kValues, 9);
        const std::size_t before = heapNow;
        heapPeak = before;
        const double best = optimalCost(data, 16);
        const double bytes = static_cast<double>(heapPeak - before) / kValues;
        QVERIFY2(bytes <= 64, qPrintable(QString::number(bytes)));
        const IntervalCost cost(data, candidatePoints(data, 1024));
        const double near = directCost(data, levelsOf(cost, optimalLevels(cost, 16)));
        QVERIFY2(near <= 1.01 * best, qPrintable(QString::number(near / best)));
    }

    // Every placement: levels increase strictly, enclose the data, are no more than asked for; and none has
    // less variance than the optimum.
    void everyPlacementIsValid() {
        for (const auto& shape : test::levelDataShapes())
            for (const double shift : {0.0, 1000.0, -1000.0}) {
                auto data = test::levelData(shape, 500, 12);
                for (float& value : data)
                    value += static_cast<float>(shift);
                for (const auto& kind : namesOf<GridKind>())
                    for (int bits = 1; bits <= 8; ++bits) {
                        const std::size_t levels = std::size_t{1} << static_cast<unsigned>(bits);
                        const Grid grid = placeLevels(data, {kind.value, 64}, levels);
                        QVERIFY(grid.levels() >= 2 && grid.levels() <= levels);
                        QCOMPARE(grid.low(), double{data.front()});
                        QCOMPARE(grid.high(), double{data.back()});
                        std::vector<double> all;
                        for (std::uint32_t i = 0; i < grid.levels(); ++i)
                            all.push_back(grid.level(i));
                        for (std::size_t i = 1; i < all.size(); ++i)
                            QVERIFY(all[i] > all[i - 1]);
                        double total = 0;
                        for (const float value : data)
                            total += grid.roundingVariance(double{value});
                        const double best = optimalCost(data, levels);
                        QVERIFY2(total >= best * (1 - 1e-9) - 1e-6 * std::abs(shift), kind.name.data());
                    }
            }
    }

    // Lloyd-Max has the least error of nearest rounding among the placements, within what its local search
    // may miss.
    void lloydMaxRoundsToNearestBest() {
        const auto data = test::levelData("normal", 5000, 14);
        const auto error = [&](GridKind kind) {
            const Grid grid = placeLevels(data, {kind, 1024}, 8);
            double total = 0;
            for (const float value : data) {
                const auto [index, fraction] = grid.locate(double{value});
                const double level = grid.level(index + (fraction >= 0.5 ? 1U : 0U));
                total += (level - double{value}) * (level - double{value});
            }
            return total;
        };
        for (const auto& kind : namesOf<GridKind>())
            QVERIFY2(error(GridKind::LloydMax) <= 1.02 * error(kind.value), kind.name.data());
    }

    // Stretched over the values' range, as many as were given; texts say them and read them back.
    void givenLevelsStandWhereTheyAreGiven() {
        const GridSpec spec = parseGrid("given:-1,-0.5,0,0.75,1");
        QCOMPARE(toString(spec), std::string("given:-1.0,-0.5,0.0,0.75,1.0"));
        QVERIFY(parseGrid(toString(spec)) == spec);
        QCOMPARE(inShort(spec), std::string("5 given"));
        const auto levelsOver = [&](const std::vector<float>& sorted, LevelPlaces places) {
            const Grid grid = placeLevels(sorted, spec, 8, places);
            std::vector<double> all;
            for (std::uint32_t i = 0; i < grid.levels(); ++i)
                all.push_back(grid.level(i));
            return all;
        };
        QCOMPARE(levelsOver({-1, 0.3F, 1}, LevelPlaces::Floats), (std::vector<double>{-1, -0.5, 0, 0.75, 1}));
        QCOMPARE(levelsOver({10, 11, 14}, LevelPlaces::Floats), (std::vector<double>{10, 11, 12, 13.5, 14}));
        const auto fine = levelsOver({10, 11, 14}, LevelPlaces::FineSteps);
        QCOMPARE(fine.size(), std::size_t(5));
        for (std::size_t i = 0; i < fine.size(); ++i)
            QVERIFY(std::abs(fine[i] - (std::vector<double>{10, 11, 12, 13.5, 14})[i]) < 4.0 / 65'535);
        // Ends whose distance is not a double's: as many levels as were given, and no more.
        for (int i = 1; i < 200; ++i)
            QCOMPARE(
                placeLevels(std::vector<float>{0.1F * static_cast<float>(i), 1e6F / static_cast<float>(i)},
                            spec, 5)
                    .levels(),
                5U);
        QVERIFY_EXCEPTION_THROWN(placeLevels(std::vector<float>{0, 1}, spec, 4), InputError);
        QCOMPARE(bitsFor(2), 1);
        QCOMPARE(bitsFor(4), 2);
        QCOMPARE(bitsFor(5), 3);
        for (const char* wrong : {"given:", "given:1", "given:1,0", "given:0,0", "given:0,x", "given:0,1,",
                                  "given:0,inf", "given:0;1", "uniform:3"})
            QVERIFY_EXCEPTION_THROWN(parseGrid(wrong), InputError);
    }

    void logarithmicLevelsArePowers() {
        QCOMPARE(logarithmicLevels(-1, 4, 7), (std::vector<double>{-1, -0.5, -0.25, 0, 1, 2, 4}));
        QCOMPARE(logarithmicLevels(0, 8, 4), (std::vector<double>{0, 2, 4, 8}));
        QCOMPARE(logarithmicLevels(3, 8, 8), (std::vector<double>{3, 4, 8}));
    }

    void aSharedGridIsOneForAllFeatures() {
        const auto data = test::randomData(200, 4, 15);
        ThreadTeam team(2);
        for (const auto& kind : namesOf<GridKind>()) {
            const auto grids = buildGrids(data, {kind.value, 64}, 3, true, team);
            auto all = data.values;
            std::ranges::sort(all);
            const Grid wanted = placeLevels(all, {kind.value, 64}, 8);
            for (const auto& grid : grids)
                for (std::uint32_t i = 0; i < wanted.levels(); ++i)
                    QCOMPARE(grid.level(i), wanted.level(i));
        }
    }

    void constantFeaturesHaveOneLevel() {
        const std::vector<float> data(7, 2.5F);
        for (const auto& kind : namesOf<GridKind>()) {
            const Grid grid = placeLevels(data, {kind.value, 64}, 8);
            QCOMPARE(grid.levels(), 1U);
            QCOMPARE(grid.level(0), 2.5);
        }
    }
};

QTEST_APPLESS_MAIN(LevelsTest)
#include "levels_test.moc"
