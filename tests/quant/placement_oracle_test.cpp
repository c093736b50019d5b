// Placement of levels on thousands of random columns against exact fractions (placement_oracle.py): the
// optimum within 1e-9, greedy within twice of it, none of the three that minimize worse than uniform levels,
// Lloyd-Max without more error of nearest rounding than any other placement, all of these but greedy and
// candidates no worse with more levels, every level a float and every variance right within 1e-9; and runs
// and stores use these very levels. 400 columns, or as many as ZIPML_PLACEMENT_COLUMNS says (10,000, with
// QTEST_FUNCTION_TIMEOUT=7200000, take some minutes). Seeds are fixed and nothing is estimated: there are no
// false alarms.

#include "core/lab/build_store.h"
#include "core/quant/build_grids.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <random>

using namespace zipml;

namespace {

constexpr float kLargest = 3e38F;

/// One column: a shape at any scale from 1e-30 to 1e30, perhaps far from 0, with ties, few distinct values,
/// outliers of 1e0 to 1e12 times the scale, or denormals.
class Columns {
  public:
    std::vector<float> column(std::uint64_t index) {
        engine_.seed(index * 7919 + 17);
        const double kind = uniform();
        const std::size_t size = index % 100 == 99 ? 150 + below(250)
                                 : index % 4 == 3  ? 40 + below(80)
                                                   : 1 + below(40);
        std::vector<float> values(size);
        const double scale = std::pow(10.0, 60 * uniform() - 30);
        const double offset = below(3) == 0 ? std::pow(10.0, 7 * uniform()) : 0;
        if (kind < 0.15) { // 1 to 5 distinct values
            std::vector<double> few(1 + below(5));
            for (double& value : few)
                value = scale * (offset + normal());
            for (float& value : values)
                value = clamped(few[below(few.size())]);
        } else if (kind < 0.25) { // denormals, alone or among others
            for (float& value : values)
                value = below(4) == 0 ? clamped(1e-36 * normal())
                                      : static_cast<float>(std::ldexp(std::floor(2000 * normal()), -149));
        } else {
            const double shape = uniform();
            for (float& value : values) {
                double x = shape < 0.3 ? uniform() : shape < 0.6 ? normal() : -std::log(1 - uniform());
                if (shape < 0.15)
                    x = std::round(8 * x) / 8; // ties
                value = clamped(scale * (offset + x));
            }
        }
        if (below(2) == 0)
            for (std::size_t i = 1 + below(3); i > 0; --i) {
                const double far = std::pow(10.0, 12 * uniform()) * scale * (below(3) == 0 ? -1 : 1);
                for (std::size_t copies = below(5) == 0 ? 3 : 1; copies > 0; --copies)
                    values[below(values.size())] = clamped(far);
            }
        std::ranges::sort(values);
        return values;
    }

  private:
    double uniform() { return std::uniform_real_distribution<>()(engine_); }
    double normal() { return std::normal_distribution<>()(engine_); }
    std::size_t below(std::size_t bound) {
        return std::uniform_int_distribution<std::size_t>(0, bound - 1)(engine_);
    }
    static float clamped(double value) {
        return static_cast<float>(std::clamp(value, double{-kLargest}, double{kLargest}));
    }

    std::mt19937_64 engine_;
};

std::uint64_t wantedColumns() {
    bool given = false;
    const auto count = qEnvironmentVariable("ZIPML_PLACEMENT_COLUMNS").toULongLong(&given);
    return given ? count : 400;
}

Dataset asData(const std::vector<float>& column) {
    return {"column", column.size(), 1, column, std::vector<float>(column.size(), 1.0F), {}};
}

std::vector<double> levelsOf(const Grid& grid) {
    std::vector<double> levels;
    for (std::uint32_t i = 0; i < grid.levels(); ++i)
        levels.push_back(grid.level(i));
    return levels;
}

/// A line for the oracle.
void append(QByteArray& text, const std::string& name, std::size_t most, double variance, const Grid& grid) {
    text += "placed " + QByteArray::fromStdString(name) + ' ' + QByteArray::number(quint64(most));
    char number[32];
    std::snprintf(number, sizeof number, " %a", variance);
    text += number;
    for (const double level : levelsOf(grid)) {
        std::snprintf(number, sizeof number, " %a", level);
        text += number;
    }
    text += '\n';
}

GridSpec specOf(GridKind kind, int bits) {
    GridSpec spec{kind, 32};
    if (kind == GridKind::Given)
        spec.levels = bits == 1 ? std::vector<double>{0, 1} : std::vector<double>{-1, -0.75, 0.25, 1};
    return spec;
}

} // namespace

class PlacementOracleTest : public QObject {
    Q_OBJECT
  private slots:
    void everyPlacementAgreesWithExactFractions() {
        QProcess oracle;
        oracle.setProcessChannelMode(QProcess::SeparateChannels);
        oracle.start("python3",
                     {qEnvironmentVariable("ZIPML_SOURCE_DIR", ".") + "/tests/quant/placement_oracle.py"});
        QVERIFY(oracle.waitForStarted());
        Columns columns;
        ThreadTeam team(1);
        const std::uint64_t count = wantedColumns();
        for (std::uint64_t index = 0; index < count; ++index) {
            const auto column = columns.column(index);
            const Dataset data = asData(column);
            QByteArray text = "column " + QByteArray::number(quint64(index));
            char number[32];
            for (const float value : column) {
                std::snprintf(number, sizeof number, " %a", double{value});
                text += number;
            }
            text += '\n';
            for (const auto& kind : namesOf<GridKind>())
                for (int bits = 1; bits <= 8; ++bits) {
                    const std::size_t most = std::size_t{1} << static_cast<unsigned>(bits);
                    const GridSpec spec = specOf(kind.value, bits);
                    const auto grids = buildGrids(data, spec, bits, false, team);
                    QCOMPARE(levelsOf(grids[0]), levelsOf(placeLevels(column, spec, most)));
                    append(text, std::string(kind.name), most, meanRoundingVariance(data, grids, team)[0],
                           grids[0]);
                }
            oracle.write(text);
            QVERIFY(oracle.waitForBytesWritten(600'000));
        }
        oracle.closeWriteChannel();
        QVERIFY(oracle.waitForFinished(3'600'000));
        const QByteArray errors = oracle.readAllStandardError();
        const QByteArray summary = oracle.readAllStandardOutput();
        QVERIFY2(oracle.exitCode() == 0, errors.left(4000).constData());
        qInfo("%s", summary.trimmed().constData());
        QVERIFY(summary.contains("\"columns\": " + QByteArray::number(quint64(count)) + ","));
    }

    // The same levels, to the last bit, in a store's file, and its mean variance.
    void storesUseTheseLevels() {
        const QTemporaryDir folder;
        const auto path = [&](const char* name) { return folder.filePath(name).toStdString(); };
        Columns columns;
        for (std::uint64_t index = 3; index < 13; ++index) {
            const auto column = columns.column(index);
            std::ofstream file(path("c.csv"));
            file << "x,y\n";
            char number[64];
            for (std::size_t row = 0; row < column.size(); ++row) {
                std::snprintf(number, sizeof number, "%.9g,%zu.5\n", double{column[row]}, row);
                file << number;
            }
            file.close();
            for (const auto& kind : namesOf<GridKind>())
                for (int bits = 1; bits <= 8; ++bits) {
                    if (kind.value != GridKind::Uniform && bits != 1 && bits != 2 && bits != 4)
                        continue; // nothing would train on such a store: it is refused
                    RunSpec spec;
                    spec.estimator = EstimatorKind::Naive;
                    spec.arithmetic = Arithmetic::Integer;
                    spec.data.source = path("c.csv");
                    spec.data.scaling = ScalingKind::None;
                    spec.intercept = false; // so that far columns are read as they stand, without an offset
                    spec.data.task = Task::Regression;
                    spec.bits = bits;
                    spec.grid = specOf(kind.value, bits);
                    const BuiltStore built = buildStoreFile(spec, path("c.zq"), {});
                    const Grid wanted =
                        placeLevels(column, spec.grid, std::size_t{1} << static_cast<unsigned>(bits),
                                    LevelPlaces::FineSteps); // which runs on a store read
                    QCOMPARE(levelsOf(StoreFile(path("c.zq")).header().grids[0]), levelsOf(wanted));
                    double variance = 0;
                    for (const float value : column)
                        variance += wanted.roundingVariance(double{value});
                    variance /= static_cast<double>(column.size());
                    QVERIFY(std::abs(built.meanVariance - variance) <= 1e-9 * variance);
                }
        }
    }
};

QTEST_APPLESS_MAIN(PlacementOracleTest)
#include "placement_oracle_test.moc"
