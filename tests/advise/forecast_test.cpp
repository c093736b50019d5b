// Forecasts against simulation, against formulas, and against runs. At fixed seeds: the same every time.

#include "core/advise/proof.h"
#include "core/advise/step_noise.h"
#include "core/quant/build_grids.h"
#include "tests/support/real_data.h"

#include <Eigen/Dense>
#include <QTemporaryDir>
#include <QtTest>

#include <fstream>
#include <random>

using namespace zipml;

namespace {

RunSpec specOn(const std::string& data, int epochs = 30) {
    RunSpec spec;
    spec.data.source = data;
    spec.sgd.epochs = epochs;
    spec.biasDraws = 0;
    return spec;
}

class Nobody final : public TradeoffObserver {
  public:
    void onProgress(const TradeoffRun&, double, std::string_view) override {}
    void onResult(const TradeoffRun&, const TradeoffResult&) override {}
    void onFailure(const TradeoffRun&, const std::string& message) override { failures << message.c_str(); }
    QStringList failures;
};

Proof prove(const TradeoffPlan& plan, int seeds) {
    ThreadTeam team(2);
    const auto data = prepareData(plan.base, {});
    const Advice advice = advise(plan, *data, team);
    const TradeoffPlan runs = proofPlan(advice, seeds);
    TradeoffResults results;
    results.base = baseOf(runs.base);
    Nobody nobody;
    RunControl control;
    runTradeoffs(runs, results, nobody, control);
    if (!nobody.failures.isEmpty())
        throw std::logic_error(nobody.failures.join("; ").toStdString());
    return proofOf(advice, results);
}

QByteArray misses(const Proof& proof) {
    QString text;
    for (const ProofRow& row : proof.rows)
        if (!row.within(2))
            text += QString("%1: forecast %2, measured %3\n")
                        .arg(QString::fromStdString(nameOf(row.setting)))
                        .arg(row.forecast)
                        .arg(row.measured);
    return text.toUtf8();
}

/// Two columns of two values each, one of many, and a label that they explain up to noise.
std::string fewValuesFile(const QTemporaryDir& folder) {
    const std::string name = folder.filePath("few.csv").toStdString();
    std::ofstream file(name);
    std::mt19937 draws(3);
    std::normal_distribution<double> normal;
    file << "left,right,label\n";
    for (int row = 0; row < 600; ++row) {
        const auto left = static_cast<double>(draws() % 2);
        const auto right = static_cast<double>(draws() % 2) * 5;
        file << left << ',' << right << ',' << 2 * left - right + 0.5 * normal(draws) << '\n';
    }
    return name;
}

} // namespace

class ForecastTest : public QObject {
    Q_OBJECT
  private slots:
    // Noise that is drawn anew at each step settles where Lyapunov's equation has it.
    void freshNoiseSettlesAtLyapunovsFixedPoint() {
        const double step = 0.01, curvature = 2, noise = 3;
        const EpochWeights weights = epochWeights(step, curvature, 200);
        double variance = 0;
        for (int epoch = 0; epoch < 50; ++epoch)
            variance = epochVariance(variance, weights, step, 0, noise, 200);
        const double rate = 1 - step * curvature;
        const double settled = step * step * noise / (1 - rate * rate);
        QVERIFY(std::abs(variance - settled) < 1e-9 * settled);
        QVERIFY(std::abs(settled - step * noise / (2 * curvature)) < 0.02 * settled);
    }

    // The same gradients in a new order each epoch: simulated.
    void dealtNoiseIsThatOfPermutations_data() {
        QTest::addColumn<double>("pull");
        for (const double pull : {0.3, 1.0, 3.0, 10.0}) // of an epoch: N step curvature
            QTest::addRow("%g", pull) << pull;
    }
    void dealtNoiseIsThatOfPermutations() {
        QFETCH(double, pull);
        constexpr std::size_t kSteps = 40;
        const double curvature = 1;
        const double step = pull / kSteps;
        std::mt19937 draws(7);
        std::normal_distribution<double> normal;
        std::vector<double> gradients(kSteps);
        double mean = 0;
        for (double& gradient : gradients)
            mean += (gradient = normal(draws)) / kSteps;
        double square = 0;
        for (double& gradient : gradients) {
            gradient -= mean;
            square += gradient * gradient / kSteps;
        }
        constexpr int kRuns = 4000;
        double measured = 0;
        double forecast = 0;
        for (int run = 0; run < kRuns; ++run) {
            double x = 0;
            for (int epoch = 0; epoch < 6; ++epoch) {
                std::ranges::shuffle(gradients, draws);
                for (const double gradient : gradients)
                    x -= step * (curvature * x + gradient);
            }
            measured += x * x / kRuns;
        }
        const EpochWeights weights = epochWeights(step, curvature, kSteps);
        for (int epoch = 0; epoch < 6; ++epoch)
            forecast = epochVariance(forecast, weights, step, square, 0, kSteps);
        // A variance from 4,000 runs is known to 2.2%: five standard errors.
        QVERIFY2(std::abs(measured / forecast - 1) < 0.11,
                 qPrintable(QString("%1 against %2").arg(measured).arg(forecast)));
    }

    void weightsHaveTheirLimit() {
        const EpochWeights none = epochWeights(0.1, 0, 7);
        QCOMPARE(none.decay, 1.0);
        QCOMPARE(none.sum, 7.0);
        QCOMPARE(none.squares, 7.0);
        const EpochWeights little = epochWeights(0.1, 1e-7, 7);
        QVERIFY(std::abs(little.sum - 7) < 1e-5 && std::abs(little.squares - 7) < 1e-5);
    }

    // Fresh roundings, trained to the end: naive rounding is forecast to end at docs/method.md#eq4.
    void naiveEndsAtTheRidgeSolution() {
        RunSpec spec = specOn("synthetic:6x3000", 400);
        spec.sgd.rounding = RoundingTime::Epoch;
        spec.sgd.schedule.kind = ScheduleKind::InverseSqrt;
        spec.intercept = false;
        ThreadTeam team(1);
        const auto data = prepareData(spec, {});
        const Forecaster forecaster(spec, *data, team);
        const Forecast forecast = forecaster.of({"cpu", EstimatorKind::Naive, GridKind::Uniform, 2});
        const Dataset& train = data->train;
        const Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> values(
            train.values.data(), 3000, 6);
        const Eigen::MatrixXd a = values.cast<double>();
        const Eigen::VectorXd b = Eigen::Map<const Eigen::VectorXf>(train.labels.data(), 3000).cast<double>();
        const Eigen::MatrixXd h = a.transpose() * a / 3000;
        const auto variance = meanRoundingVariance(train, buildGrids(train, {}, 2, false, team), team);
        Eigen::MatrixXd m = h;
        m.diagonal() += Eigen::Map<const Eigen::VectorXd>(variance.data(), 6);
        const Eigen::VectorXd c = a.transpose() * b / 3000;
        const Eigen::VectorXd difference = m.ldlt().solve(c) - h.ldlt().solve(c);
        const double expected = difference.dot(h * difference);
        QVERIFY2(std::abs(forecast.pulled / expected - 1) < 0.02,
                 qPrintable(QString("%1 against %2").arg(forecast.pulled).arg(expected)));
        const Eigen::VectorXd bias = Eigen::Map<const Eigen::VectorXd>(variance.data(), 6)
                                         .cwiseProduct(data->exactOptimum(team).optimum->model.weights);
        QVERIFY(std::abs(forecast.biasNorm / bias.norm() - 1) < 1e-6);
        QVERIFY(forecaster.of({"cpu", EstimatorKind::Double, GridKind::Uniform, 2}).biasNorm == 0);
    }

    // A step that stays leaves a floor of noise, the mean over many epochs: less than that of fresh samples
    // where an epoch is short against the memory 1 / (step mu), as minibatches are dealt out.
    void theNoiseFloorIsForecast_data() {
        QTest::addColumn<double>("step");
        for (const double step : {0.2, 0.1, 0.05, 0.02})
            QTest::addRow("%g", step) << step;
    }
    void theNoiseFloorIsForecast() {
        QFETCH(double, step);
        RunSpec spec = specOn("synthetic:10x1500", 120);
        spec.estimator = EstimatorKind::Full;
        spec.sgd.schedule.kind = ScheduleKind::Constant;
        spec.sgd.step = step;
        ThreadTeam team(1);
        const auto data = prepareData(spec, {});
        const Forecast forecast = Forecaster(spec, *data, team).of({});
        RunObserver nobody;
        RunControl control;
        const RunRecord record = runExperiment(spec, nobody, control);
        double measured = 0;
        for (std::size_t epoch = 20; epoch < 120; ++epoch)
            measured += (record.epochs[epoch].trainLoss - data->exactOptimum(team).optimum->loss) / 100;
        // The mean over 100 epochs of a chi-square of 11 degrees is known to 4%: four standard errors.
        QVERIFY2(std::abs(measured / forecast.excess - 1) < 0.17,
                 qPrintable(QString("%1 against %2").arg(measured).arg(forecast.excess)));
        QVERIFY(forecast.noise > 0.99 * forecast.excess);
    }

    // Every schedule, frozen and fresh roundings, held against the median of five seeds.
    void forecastsAreWithinAFactorOfTwoOfRuns_data() {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("schedule");
        QTest::addColumn<bool>("fresh");
        QTest::newRow("normal features") << "synthetic:10x1500"
                                         << "inverse-epoch" << false;
        QTest::newRow("a step that stays") << "synthetic:10x1500"
                                           << "constant" << false;
        QTest::newRow("fresh roundings") << "synthetic:10x1500"
                                         << "inverse-epoch" << true;
        QTest::newRow("heavy tails") << "synthetic:8x1500,heavy-tailed"
                                     << "inverse-epoch" << false;
        for (const char* name : {"diabetes.csv", "housing.csv"})
            if (const auto file = test::dataFolder() / name; std::filesystem::exists(file))
                QTest::newRow(name) << QString::fromStdString(file.string()) << "inverse-epoch" << false;
    }
    void forecastsAreWithinAFactorOfTwoOfRuns() {
        QFETCH(QString, source);
        QFETCH(QString, schedule);
        QFETCH(bool, fresh);
        RunSpec spec = specOn(source.toStdString());
        spec.sgd.schedule = parseSchedule(schedule.toStdString());
        spec.sgd.rounding = fresh ? RoundingTime::Epoch : RoundingTime::Frozen;
        TradeoffPlan plan = advicePlan(spec);
        plan.leastBits = 2;
        plan.mostBits = 6;
        const Proof proof = prove(plan, 5);
        QCOMPARE(proof.rows.size(), std::size_t{1 + 4 * 2 * 5});
        QVERIFY2(proof.share(2) >= 0.9, misses(proof));
        QVERIFY2(proof.objectiveShare(1.5) >= 0.9, misses(proof));
    }

    // Values that a level each is there for are not rounded: one bit is as good as none.
    void columnsOfTwoValuesNeedOneBit() {
        const QTemporaryDir folder;
        RunSpec spec = specOn(fewValuesFile(folder));
        spec.arithmetic = Arithmetic::Float; // integers round the model, however few values there are
        spec.data.load.labelColumn = "label";
        ThreadTeam team(1);
        const auto data = prepareData(spec, {});
        const Advice advice = advise(advicePlan(spec), *data, team);
        for (const ColumnRounding& column : advice.columns)
            for (const double share : column.optimal)
                QVERIFY(share < 1e-12);
        for (const AdvicePoint& point : advice.points)
            QVERIFY2(std::abs(point.overFull) < 1e-6, nameOf(point.setting).c_str());
        const auto best = bestPoint(advice, 0.001);
        QVERIFY(best);
        QCOMPARE(advice.points[*best].setting.bits, 1);
        const auto groups = columnGroups(advice, *best, 0.001);
        QCOMPARE(groups.size(), std::size_t{1});
        QCOMPARE(groups.front().bits, 1);
    }

    // A smaller tolerance never has fewer bits, and each width kept is within it.
    void adviceFollowsTheTolerance() {
        const RunSpec spec = specOn("synthetic:8x1500,heavy-tailed");
        ThreadTeam team(2);
        const auto data = prepareData(spec, {});
        const Advice advice = advise(advicePlan(spec), *data, team);
        QCOMPARE(advice.points.size(), std::size_t{4 * 2 * 8});
        std::uint64_t before = 0;
        for (const double tolerance : {1.0, 0.1, 0.01, 0.003}) {
            const auto best = bestPoint(advice, tolerance);
            QVERIFY(best);
            for (const std::size_t i : withinTolerance(advice, tolerance))
                QVERIFY(advice.points[i].mostOver <= tolerance);
            const AdvicePoint& point = advice.points[*best];
            QVERIFY(point.forecast.storeBytes >= before);
            before = point.forecast.storeBytes;
            std::size_t columns = 0;
            double bits = 0;
            for (const ColumnGroup& group : columnGroups(advice, *best, tolerance)) {
                columns += group.columns.size();
                bits += group.bits * static_cast<double>(group.columns.size());
            }
            QCOMPARE(columns, std::size_t{8});
            QVERIFY(bits <= 8.0 * point.setting.bits);
            QVERIFY(sentenceOf(advice, tolerance).starts_with("Within "));
        }
        QVERIFY(sentenceOf(advice, 1e-9).starts_with("Nothing up to 8 bits"));
        // Optimal levels never round more than uniform ones, and each bit rounds less.
        for (const ColumnRounding& column : advice.columns)
            for (std::size_t i = 0; i < column.uniform.size(); ++i) {
                QVERIFY(column.optimal[i] <= column.uniform[i] * (1 + 1e-9));
                QVERIFY(i == 0 || column.optimal[i] < column.optimal[i - 1]);
            }
    }

    // The same whatever the number of threads.
    void threadsChangeNothing() {
        const RunSpec spec = specOn("synthetic:5x700");
        const auto data = prepareData(spec, {});
        TradeoffPlan plan = advicePlan(spec);
        plan.mostBits = 3;
        ThreadTeam one(1), three(3);
        const Advice a = advise(plan, *data, one);
        const Advice b = advise(plan, *data, three);
        for (std::size_t i = 0; i < a.points.size(); ++i)
            QCOMPARE(a.points[i].forecast.excess, b.points[i].forecast.excess);
    }

    // Other losses are taken as a quadratic, and say so.
    void logisticIsApproximated() {
        RunSpec spec = specOn("synthetic:6x2000,classes");
        spec.loss = LossKind::Logistic;
        spec.regularizer = parseRegularizer("l2:0.01");
        TradeoffPlan plan = advicePlan(spec);
        plan.leastBits = 4;
        plan.mostBits = 6;
        QCOMPARE(plan.estimators.size(), std::size_t{3}); // no correction for it
        ThreadTeam team(1);
        const auto data = prepareData(spec, {});
        const Advice advice = advise(plan, *data, team);
        QVERIFY(advice.approximate);
        QVERIFY(approximationNote(advice).find("logistic") != std::string::npos);
        const Proof proof = prove(plan, 3);
        QVERIFY2(proof.objectiveShare(1.25) >= 0.9, misses(proof));
    }

    void whatHasNoForecastSaysWhy() {
        RunSpec spec = specOn("synthetic:4x300");
        const auto data = prepareData(spec, {});
        ThreadTeam team(1);
        QVERIFY(whyNoForecast(spec, *data).empty());
        spec.sgd.solver = SolverKind::Svrg;
        QVERIFY(whyNoForecast(spec, *data).find("use solver sgd") != std::string::npos);
        QVERIFY_THROWS_EXCEPTION(InputError, Forecaster(spec, *data, team));
        spec = specOn("synthetic:4x300");
        spec.regularizer = parseRegularizer("l1:0.1");
        QVERIFY(whyNoForecast(spec, *data).find("none or l2") != std::string::npos);
    }

    void aStopIsNoticed() {
        const RunSpec spec = specOn("synthetic:20x3000");
        const auto data = prepareData(spec, {});
        ThreadTeam team(1);
        std::stop_source source;
        source.request_stop();
        QVERIFY_THROWS_EXCEPTION(Cancelled, advise(advicePlan(spec), *data, team, {source.get_token(), {}}));
    }

    void tolerances() {
        QCOMPARE(parseTolerance("1%"), 0.01);
        QCOMPARE(parseTolerance("0.05"), 0.05);
        for (const char* wrong : {"", "%", "0", "-1%", "5000%", "some", "nan"})
            QVERIFY_THROWS_EXCEPTION(InputError, parseTolerance(wrong));
        QCOMPARE(overText(0.0042), std::string("0.42%"));
        QCOMPARE(overText(1.23), std::string("123%"));
        QCOMPARE(overText(29, "x"), std::string("x 30"));
        QCOMPARE(overText(HUGE_VAL), std::string("diverges"));
    }

    // What counts as within a factor.
    void proofsCountWhatTheySay() {
        const auto row = [](double forecast, double measured) {
            ProofRow made;
            made.forecast = forecast;
            made.measured = measured;
            made.optimum = 1;
            made.runs = 1;
            return made;
        };
        QVERIFY(row(2, 1).within(2) && row(1, 2).within(2));
        QVERIFY(!row(2.1, 1).within(2) && !row(1, 2.1).within(2));
        QVERIFY(row(HUGE_VAL, HUGE_VAL).within(2));
        QVERIFY(!row(HUGE_VAL, 1).within(2) && !row(1, HUGE_VAL).within(2));
        QVERIFY(row(1e-9, 1e-8).within(2)); // both are nothing
        ProofRow failed = row(1, 5);
        failed.runs = 0;
        Proof proof;
        proof.rows = {row(1, 1), row(1, 5), failed};
        QCOMPARE(proof.share(2), 0.5);
        QCOMPARE(proof.objectiveShare(4), 1.0);
    }
};

QTEST_GUILESS_MAIN(ForecastTest)
#include "forecast_test.moc"
