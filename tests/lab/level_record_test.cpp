// What records say of levels: the same in runs, stores and placeLevels, fine steps only for integers,
// warnings that name the column and the value.

#include "core/base/file.h"
#include "core/lab/build_store.h"
#include "core/lab/run.h"
#include "core/lab/store_run.h"
#include "core/quant/range_stretch.h"
#include "tests/support/real_data.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>

using namespace zipml;

namespace {

/// 0, 0.01, ..., 0.99 and 999999 in a column `x`, a column of 0 and 1, and labels.
std::string farValueFile(const QTemporaryDir& folder) {
    std::string text = "x,few,y\n";
    for (int i = 0; i < 101; ++i) {
        const std::string x = i == 100 ? "999999" : std::to_string(0.01 * i).substr(0, 4);
        text += x + "," + std::to_string(i % 2) + "," + std::to_string(0.5 + i % 7) + "\n";
    }
    const std::string file = folder.filePath("far.csv").toStdString();
    writeFileAtomically(file, text);
    return file;
}

RunSpec specOf(const std::string& file, Arithmetic arithmetic) {
    RunSpec spec;
    spec.data.source = file;
    spec.data.scaling = ScalingKind::None;
    spec.data.task = Task::Regression;
    spec.estimator = EstimatorKind::Corrected;
    spec.bits = 4;
    spec.grid.kind = GridKind::Optimal;
    spec.arithmetic = arithmetic;
    spec.sgd.epochs = 1;
    spec.sgd.step = 1e-15;
    return spec;
}

RunRecord recordOf(const RunSpec& spec) {
    RunObserver nobody;
    RunControl control;
    return spec.data.source.ends_with(".zq") ? runFromStore(spec, nobody, control)
                                             : runExperiment(spec, nobody, control);
}

bool mentions(const std::vector<std::string>& lines, const std::string& text) {
    return std::ranges::any_of(lines, [&](const auto& line) { return line.find(text) != std::string::npos; });
}

/// Of both columns in the mean; `few` has none. Oracle: exact fractions.
constexpr double kOptimal = 0.00080396 / 2;

} // namespace

class LevelRecordTest : public QObject {
    Q_OBJECT
  private slots:
    void runsAndStoresUseTheOptimalLevels() {
        const QTemporaryDir folder;
        const RunSpec spec = specOf(farValueFile(folder), Arithmetic::Float);
        const RunRecord record = recordOf(spec);
        QVERIFY(std::abs(*record.setup.meanVariance / kOptimal - 1) < 1e-4);
        QVERIFY(!record.setup.exactMeanVariance);
        QCOMPARE(record.setup.levels, 16U);
        QCOMPARE(record.setup.fewestLevels, 2U); // of `few`, whose variance is 0: nothing to warn of
        QCOMPARE(record.setup.levelsUsed, 9.0);
        QVERIFY(mentions(record.setup.notes, "feature 1 (x): one value, 999999,"));
        QVERIFY(!mentions(record.setup.notes, "few"));
        const BuiltStore built = buildStoreFile(spec, folder.filePath("a.zq").toStdString());
        QVERIFY(std::abs(built.meanVariance / *record.setup.meanVariance - 1) < 1e-9);
        QCOMPARE(built.levels.fewest, 2U);
        QVERIFY(mentions(built.notes, "feature 1 (x): one value, 999999,"));
    }

    void integersHaveTheBestLevelsOnFineSteps() {
        const QTemporaryDir folder;
        const RunSpec spec = specOf(farValueFile(folder), Arithmetic::Integer);
        const RunRecord record = recordOf(spec);
        QVERIFY(std::abs(*record.setup.exactMeanVariance / kOptimal - 1) < 1e-4);
        // x between 0 and the first step, 999999 / 65535: (step - x) x in the mean, and `few` has none.
        const double step = 999999.0 / 65535;
        double total = 0;
        for (int i = 0; i < 100; ++i)
            total += (step - 0.01 * i) * 0.01 * i;
        QVERIFY(std::abs(*record.setup.meanVariance / (total / 101 / 2) - 1) < 1e-4);
        QVERIFY(mentions(record.setup.notes, "are fewer than the 16 of 4 bits for 1 of 2 features"));
        const std::string store = folder.filePath("a.zq").toStdString();
        const BuiltStore built = buildStoreFile(spec, store);
        QVERIFY(std::abs(built.meanVariance / *record.setup.meanVariance - 1) < 1e-9);
        QVERIFY(std::abs(*built.exactMeanVariance / kOptimal - 1) < 1e-4);
        RunSpec onStore = specOfStore(store);
        onStore.arithmetic = Arithmetic::Integer;
        onStore.sgd.step = 1e-15;
        QCOMPARE(recordOf(onStore).setup.fewestLevels, built.levels.fewest);
    }

    // Codes that stand for levels which integers cannot read are refused, with what to do.
    void integersDoNotReadOtherLevels() {
        const QTemporaryDir folder;
        const std::string store = folder.filePath("a.zq").toStdString();
        buildStoreFile(specOf(farValueFile(folder), Arithmetic::Float), store);
        RunSpec onStore = specOfStore(store);
        onStore.arithmetic = Arithmetic::Integer;
        try {
            recordOf(onStore);
            QFAIL("went on");
        } catch (const InputError& error) {
            QVERIFY2(std::string(error.what()).find("quantize --arithmetic integer") != std::string::npos,
                     error.what());
        }
    }

    // Ordinary columns lose next to nothing on the steps: README's store is read by integers, and says so.
    void integersReadLevelsThatHardlyMove() {
        NEEDS_REAL_DATA("cadata");
        const QTemporaryDir folder;
        const std::string store = folder.filePath("a.zq").toStdString();
        RunSpec spec = specOf((test::dataFolder() / "cadata").string(), Arithmetic::Float);
        spec.data.scaling = ScalingKind::Standard;
        buildStoreFile(spec, store);
        RunSpec onStore = specOfStore(store);
        onStore.arithmetic = Arithmetic::Integer;
        const RunRecord record = recordOf(onStore);
        QVERIFY(mentions(record.setup.notes, "integer arithmetic reads levels on 65,535 steps"));
        for (const std::string& note : record.setup.notes)
            qInfo("%s", note.c_str());
    }

    void rangesThatOneValueStretches() {
        const auto warningsOf = [](std::vector<float> column) {
            RangeStretch stretch;
            stretch.add(column, column.size(), 1);
            return stretch.warnings({"a"}, {});
        };
        QVERIFY(mentions(warningsOf({1, 2, 3, 3e4F}), "feature 1 (a): one value, 30000,"));
        QVERIFY(mentions(warningsOf({3e4F, 3, 2, 3e4F, 1}), "feature 1 (a): one value, 30000,"));
        QVERIFY(mentions(warningsOf({-1e6F, 2, 3}), "one value, -1000000,"));
        QVERIFY(warningsOf({1, 2, 3, 1e4F}).empty()); // 9,999 against 2
        QVERIFY(warningsOf({0, 1, 0, 1}).empty());
        QVERIFY(warningsOf({0, 1e9F}).empty());
        QVERIFY(warningsOf({5, 5, 5}).empty());
        RangeStretch sparse; // a column that comes late was 0 before
        sparse.add(std::vector<float>{1, 1}, 2, 1);
        sparse.add(std::vector<float>{1, 1e5F, 1, 1}, 2, 2);
        QVERIFY(mentions(sparse.warnings({}, {}), "feature 2: one value, 100000,"));
        RangeStretch many;
        for (const float value : {0.0F, 1.0F, 1e6F})
            many.add(std::vector<float>(8, value), 1, 8);
        QCOMPARE(many.warnings({}, {}).size(), 6U);
        QVERIFY(mentions(many.warnings({}, {}), "3 more features"));
    }
};

QTEST_APPLESS_MAIN(LevelRecordTest)
#include "level_record_test.moc"
