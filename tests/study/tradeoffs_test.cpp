// Plans, sweeps that are cut short, fronts and the fewest bits.

#include "core/base/file.h"
#include "core/study/tradeoffs_file.h"

#include <QTemporaryDir>
#include <QtTest>

#include <nlohmann/json.hpp>
#include <random>
#include <set>

using namespace zipml;

namespace {

TradeoffPlan smallPlan() {
    TradeoffPlan plan;
    plan.base.data.source = "synthetic:5x400";
    plan.base.sgd.epochs = 3;
    plan.leastBits = 2;
    plan.mostBits = 4;
    plan.seeds = 2;
    return plan;
}

/// Stops the sweep after so many results.
class Listener final : public TradeoffObserver {
  public:
    Listener(RunControl& control, int stopAfter) : control_(control), stopAfter_(stopAfter) {}
    void onProgress(const TradeoffRun&, double share, std::string_view) override {
        inRange = inRange && share >= 0 && share <= 1;
    }
    void onResult(const TradeoffRun& run, const TradeoffResult&) override {
        made.push_back(run);
        if (static_cast<int>(made.size()) == stopAfter_)
            control_.stop();
    }
    void onFailure(const TradeoffRun& run, const std::string& message) override {
        failed.emplace_back(run, message);
    }
    std::vector<TradeoffRun> made;
    std::vector<std::pair<TradeoffRun, std::string>> failed;
    bool inRange = true;

  private:
    RunControl& control_;
    int stopAfter_;
};

/// @return which runs were made
std::vector<TradeoffRun> sweep(const TradeoffPlan& plan, TradeoffResults& results, int stopAfter = -1) {
    RunControl control;
    Listener listener(control, stopAfter);
    results.base = baseOf(plan.base);
    runTradeoffs(plan, results, listener, control);
    if (!listener.failed.empty() || !listener.inRange)
        throw std::logic_error("a run failed, or its progress is no share");
    return listener.made;
}

/// Without what is measured on a clock.
TradeoffResults timeless(TradeoffResults results) {
    for (auto& [run, result] : results.runs)
        result.seconds = 0;
    return results;
}

TradeoffPoint point(EstimatorKind estimator, double bits, double excess) {
    TradeoffPoint made;
    made.setting.estimator = estimator;
    made.bitsPerValue = bits;
    made.excess = {excess, excess, excess};
    return made;
}

} // namespace

class TradeoffsTest : public QObject {
    Q_OBJECT
  private slots:
    void aPlanIsFullPrecisionAndEachCombination() {
        TradeoffPlan plan = smallPlan();
        const auto settings = settingsOf(plan);
        QCOMPARE(settings.chosen.size(), std::size_t{1 + 3 * 2 * 3});
        QVERIFY(settings.chosen.front().full());
        QVERIFY(settings.leftOut.empty());
        const auto runs = runsOf(plan, settings.chosen);
        QCOMPARE(runs.size(), 2 * settings.chosen.size());
        QCOMPARE(std::set(runs.begin(), runs.end()).size(), runs.size());
        QCOMPARE(settingsOf(TradeoffPlan{}).chosen.size(), std::size_t{43});
        plan.devices = {"cpu", "cpu-scalar"};
        QCOMPARE(settingsOf(plan).chosen.size(), 2 * settings.chosen.size());
    }

    // Each setting is what its run's spec says, and nothing of the base changes but what is compared.
    void specsFollowTheirSettings() {
        TradeoffPlan plan = smallPlan();
        plan.base.name = "mine";
        plan.base.seed = 7;
        plan.base.modelBits = 8;
        for (const auto& run : runsOf(plan, settingsOf(plan).chosen)) {
            const RunSpec spec = specForRun(plan.base, run);
            QCOMPARE(spec.estimator, run.setting.estimator);
            QCOMPARE(spec.grid.kind, run.setting.grid);
            QVERIFY(run.setting.full() || spec.bits == run.setting.bits);
            QVERIFY(spec.seed == 7 || spec.seed == 8);
            QCOMPARE(spec.modelBits, run.setting.full() ? VectorQuantizer::kOff : 8);
            QVERIFY(spec.name.empty());
            RunSpec same = plan.base;
            same.seed = spec.seed;
            if (!run.setting.full())
                QVERIFY(baseOf(spec) == baseOf(same));
        }
        plan.base.sgd.epochs += 1;
        QVERIFY(tradeoffsFileName(plan.base) != tradeoffsFileName(smallPlan().base));
        plan.base = smallPlan().base;
        plan.base.seed = 9;
        plan.base.bits = 5;
        QCOMPARE(tradeoffsFileName(plan.base), tradeoffsFileName(smallPlan().base));
    }

    void whatCannotBeCombinedIsLeftOutWithTheReason() {
        TradeoffPlan plan = smallPlan();
        plan.base.loss = LossKind::Logistic;
        const auto settings = settingsOf(plan);
        QCOMPARE(settings.chosen.size(), std::size_t{1 + 2 * 2 * 3});
        QCOMPARE(settings.leftOut.size(), std::size_t{1});
        QVERIFY(settings.leftOut.begin()->first.starts_with("estimator: corrected"));
        QCOMPARE(settings.leftOut.begin()->second, std::size_t{2 * 3});

        plan = smallPlan();
        plan.base.store = StoreKind::AnyPrecision;
        QCOMPARE(settingsOf(plan).chosen.size(), std::size_t{1 + 3 * 3}); // uniform levels only
        plan = smallPlan();
        plan.base.data.source = "rows.zq";
        QVERIFY_EXCEPTION_THROWN(settingsOf(plan), InputError);
        plan.base.data.source = "";
        QVERIFY_EXCEPTION_THROWN(settingsOf(plan), InputError);
    }

    // Cut short, written, read and gone on: only the rest is run, and the results are the same.
    void aSweepCutShortGoesOn() {
        const TradeoffPlan plan = smallPlan();
        TradeoffResults whole;
        const auto all = sweep(plan, whole);
        QVERIFY(all == runsOf(plan, settingsOf(plan).chosen));

        TradeoffResults first;
        QCOMPARE(sweep(plan, first, 5).size(), std::size_t{5});
        QCOMPARE(first.runs.size(), std::size_t{5});
        first.dataStamp = "12 bytes";
        TradeoffResults second = parseTradeoffs(tradeoffsText(first), "a.json");
        QVERIFY(second.runs == first.runs);
        QVERIFY(second.base == first.base);
        QCOMPARE(second.dataStamp, first.dataStamp);
        const auto rest = sweep(plan, second);
        QVERIFY(rest == std::vector(all.begin() + 5, all.end()));
        QVERIFY(timeless(second).runs == timeless(whole).runs);
        QVERIFY(sweep(plan, second).empty());

        TradeoffPlan more = plan; // what is known stays
        more.mostBits = 5;
        QCOMPARE(sweep(more, second).size(), std::size_t{2 * 6});
    }

    void numbersThatAreNotFiniteReadBack() {
        TradeoffResults results;
        results.base = baseOf({});
        TradeoffResult& result = results.runs[{{}, 1}];
        result.status = RunStatus::Diverged;
        result.trainLoss = HUGE_VAL;
        result.message = "a smaller step";
        QVERIFY(parseTradeoffs(tradeoffsText(results), "a.json").runs == results.runs);
    }

    void damagedFilesAreNamed_data() {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("expected");
        QTest::newRow("cut") << "}],"
                             << ""
                             << "is not JSON";
        QTest::newRow("kind") << "zipml-tradeoffs"
                              << "zipml-sweep"
                              << "holds no results";
        QTest::newRow("version that wraps") << R"("version":1)"
                                            << R"("version":4294967297)"
                                            << "newer version";
        QTest::newRow("no version") << R"("version":1)"
                                    << R"("version":1e300)"
                                    << "no whole number";
        QTest::newRow("version") << R"("version":1)"
                                 << R"("version":2)"
                                 << "newer version";
        QTest::newRow("edited") << R"("train_loss":0.0)"
                                << R"("train_loss":-5)"
                                << "-5.0 is below 0";
        QTest::newRow("missing") << R"("seconds")"
                                 << R"("sceonds")"
                                 << "seconds: is missing";
        QTest::newRow("type") << R"("bits":32)"
                              << R"("bits":"x")"
                              << "bits: \"x\" is not a whole number";
        QTest::newRow("name") << R"("estimator":"full","grid")"
                              << R"("estimator":"half","grid")"
                              << "half";
        QTest::newRow("count") << R"("count":1)"
                               << R"("count":2)"
                               << "1 runs where 2";
        QTest::newRow("base") << R"("epochs":50)"
                              << R"("epochs":0)"
                              << "epochs";
    }
    void damagedFilesAreNamed() {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(QString, expected);
        TradeoffResults results;
        results.base = baseOf({});
        results.runs[{{}, 1}] = {};
        const QString sound = QString::fromStdString(tradeoffsText(results));
        const QString text = QString(sound).replace(from, to);
        QVERIFY2(text != sound, qPrintable(sound));
        try {
            parseTradeoffs(text.toStdString(), "a.json");
            QFAIL("it was read");
        } catch (const InputError& error) {
            QVERIFY2(QString(error.what()).startsWith("a.json: "), error.what());
            QVERIFY2(QString(error.what()).contains(expected), error.what());
            QVERIFY(!QString(error.what()).contains('\n'));
        }
    }

    void filesAreKnownByTheirContents() {
        const QTemporaryDir folder;
        DataSpec data;
        QVERIFY(dataStampOf(data).empty());
        data.source = folder.filePath("rows.csv").toStdString();
        writeFileAtomically(data.source, "1,2\n");
        const auto before = dataStampOf(data);
        QCOMPARE(dataStampOf(data), before);
        writeFileAtomically(data.source, "1,2\n3,4\n");
        QVERIFY(dataStampOf(data) != before);
    }

    void aFullPrecisionRunThatFailsEndsTheSweep() {
        TradeoffPlan plan = smallPlan();
        plan.base.data.source = "/no/such/file";
        TradeoffResults results;
        QVERIFY_EXCEPTION_THROWN(sweep(plan, results), InputError);
        QVERIFY(results.runs.empty());
    }

    // Integer kernels do not know 9 bits: such a setting is left out before anything runs.
    void settingsThatDoNotGoAreLeftOut() {
        TradeoffPlan plan = smallPlan();
        plan.base.arithmetic = Arithmetic::Integer;
        plan.estimators = {EstimatorKind::Naive};
        plan.grids = {GridKind::Uniform};
        plan.leastBits = 8;
        plan.mostBits = 9;
        const auto settings = settingsOf(plan);
        QCOMPARE(settings.chosen.size(), std::size_t{2}); // full precision and 8 bits
        QCOMPARE(settings.leftOut.size(), std::size_t{1});
        QVERIFY(settings.leftOut.begin()->first.starts_with("arithmetic"));
    }

    // That integer kernels do not know 5 bits of levels that are not uniform is seen once these are placed:
    // those runs fail, the others go on.
    void otherRunsThatFailAreSaidAndLeftOut() {
        TradeoffPlan plan = smallPlan();
        plan.base.arithmetic = Arithmetic::Integer;
        plan.estimators = {EstimatorKind::Naive};
        plan.grids = {GridKind::Optimal};
        plan.leastBits = 4;
        plan.mostBits = 5;
        plan.seeds = 1;
        TradeoffResults results;
        RunControl control;
        Listener listener(control, -1);
        runTradeoffs(plan, results, listener, control);
        QCOMPARE(listener.failed.size(), std::size_t{1});
        QCOMPARE(listener.failed.front().first.setting.bits, 5);
        QVERIFY(listener.failed.front().second.starts_with("arithmetic"));
        QCOMPARE(results.runs.size(), std::size_t{2});
    }

    void pointsAreMediansOverTheSeeds() {
        TradeoffPlan plan = smallPlan();
        plan.seeds = 3;
        const TradeoffSetting full, three{"cpu", EstimatorKind::Naive, GridKind::Uniform, 3};
        TradeoffResults results;
        const auto put = [&](const TradeoffSetting& setting, std::uint64_t seed, double loss) {
            results.runs[{setting, seed}] = {RunStatus::Completed, loss, 3, 100 * seed, 2, {}};
        };
        put(full, 1, 1);
        put(full, 2, 2);
        put(three, 1, 4); // 3 above
        put(three, 2, 4); // 1 above
        put(three, 3, 4); // nothing to compare with yet
        auto points = tradeoffPoints(plan, {full, three}, results);
        QCOMPARE(points.size(), std::size_t{2});
        QCOMPARE(points[0].excess->most, 0.0);
        QCOMPARE(points[1].runs, std::size_t{3});
        QCOMPARE(points[1].excess->median, 2.0);
        QCOMPARE(points[1].excess->least, 1.0);
        QCOMPARE(points[1].excess->most, 3.0);
        QCOMPARE(points[1].bytes.median, 200.0);
        put(full, 3, 0.5); // 7 above
        results.runs[{three, 1}].status = RunStatus::Diverged;
        points = tradeoffPoints(plan, {full, three}, results);
        QCOMPARE(points[1].diverged, std::size_t{1});
        QCOMPARE(points[1].excess->median, 7.0);
        QVERIFY(std::isinf(points[1].excess->most));
        results.runs.erase({full, 1});
        results.runs.erase({full, 2});
        results.runs.erase({full, 3});
        points = tradeoffPoints(plan, {full, three}, results);
        QCOMPARE(points.size(), std::size_t{1});
        QVERIFY(!points[0].excess);
    }

    void theFrontIsThatOfTrialAndError() {
        std::mt19937 random(1);
        for (int round = 0; round < 300; ++round) {
            std::uniform_int_distribution<int> value(0, 1 + round % 12); // with many that are equal
            std::vector<CostAndLoss> points;
            for (int i = 0; i < round % 20; ++i)
                points.push_back({static_cast<double>(value(random)), static_cast<double>(value(random))});
            if (round % 3 == 0)
                points.push_back({0, HUGE_VAL});
            std::set<std::size_t> expected;
            for (std::size_t i = 0; i < points.size(); ++i) {
                const auto beats = [&](const CostAndLoss& other) {
                    return other.cost <= points[i].cost && other.loss <= points[i].loss &&
                           (other.cost < points[i].cost || other.loss < points[i].loss);
                };
                if (std::isfinite(points[i].loss) && std::ranges::none_of(points, beats))
                    expected.insert(i);
            }
            const auto front = paretoFront(points);
            QCOMPARE(front.size(), expected.size());
            QVERIFY(std::set(front.begin(), front.end()) == expected);
            QVERIFY(std::ranges::is_sorted(front, {}, [&](std::size_t i) { return points[i].cost; }));
        }
    }

    void theFewestBitsAreThoseStored() {
        using enum EstimatorKind;
        const std::vector points{point(Full, 32, 0),          point(Naive, 4, 0.5),
                                 point(Corrected, 5, 0.0099), point(Double, 5, 0.009),
                                 point(Double, 6, 0.001),     point(Naive, 3, HUGE_VAL)};
        QCOMPARE(fewestBits(points, 0.01), std::optional<std::size_t>(3)); // the lower loss
        QCOMPARE(fewestBits(points, 0.009), std::optional<std::size_t>(3));
        QCOMPARE(fewestBits(points, 0.002), std::optional<std::size_t>(4));
        QCOMPARE(fewestBits(points, 1), std::optional<std::size_t>(1));
        QVERIFY(!fewestBits(points, 0.0001));
        QVERIFY(!fewestBits({}, 1));
    }

    void energyIsBitsTimesTheirPrice() { QCOMPARE(movingEnergy(1e6, 20), 1e6 * 8 * 20e-12); }
};

QTEST_APPLESS_MAIN(TradeoffsTest)
#include "tradeoffs_test.moc"
