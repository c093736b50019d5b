#include "core/quant/build_grids.h"
#include "core/solve/packed/kernel_task.h"
#include "core/solve/packed/packed_sgd.h"
#include "tests/support/random_data.h"

#include <QtTest>

#include <cmath>

using namespace zipml;

namespace {

constexpr EstimatorKind kKinds[] = {EstimatorKind::Naive,       EstimatorKind::Double,
                                    EstimatorKind::DoublePlain, EstimatorKind::DoubleMean,
                                    EstimatorKind::Corrected,   EstimatorKind::EndToEnd};

/// Rows of a store, and a method in integers.
struct Problem {
    Dataset data;
    GradientMethod method;
    ThreadTeam team{1};
    SampleStore store;

    Problem(std::size_t rows, std::size_t features, EstimatorKind kind, int bits)
        : data(test::randomData(rows, features, 3)), method(kind),
          store(rows, test::uniformGrids(data, bits), {bits, method.copies, method.estimator->rounding, 5}) {
        store.build(data, 0, team);
        method.integer = true;
        method.model = {8, VectorScale::Largest};
        if (method.estimator->corrected()) {
            const auto variance = meanRoundingVariance(data, store.grids(), team);
            method.correction =
                Eigen::Map<const Eigen::VectorXd>(variance.data(), static_cast<Eigen::Index>(features));
        }
    }

    [[nodiscard]] KernelTask task(std::size_t batch) const {
        return taskOf(store.grids(), store.options().bits, data.rows, method, batch);
    }
    LinearParameters run(const EpochPlan& plan, ThreadTeam& threads, Isa isa = activeIsa()) const {
        const auto sgd = makePackedSgd(readerOf(store), data.labels, plan.batch, method, threads, isa);
        LinearParameters model = start();
        RunControl control;
        if (!sgd->runEpoch(
                plan, model, control, [](double) {}, nullptr))
            throw std::runtime_error("an epoch did not finish");
        return model;
    }
    /// Row by row in double, on the same codes and coins.
    [[nodiscard]] LinearParameters reference(const EpochPlan& plan) {
        GradientMethod exact = method;
        exact.integer = false;
        exact.model = {};
        LinearParameters model = start();
        RunControl control;
        runEpoch(plan, StoreSource(store, plan.epoch), exact, data.labels, model, team, control,
                 [](double) {});
        return model;
    }
    [[nodiscard]] LinearParameters start() const {
        auto model = LinearParameters::zero(static_cast<Eigen::Index>(data.features));
        for (Eigen::Index f = 0; f < model.weights.size(); ++f)
            model.weights[f] = std::sin(static_cast<double>(f) + 1);
        model.intercept = 0.5;
        return model;
    }
};

EpochPlan planOf(std::size_t batch, double step, std::uint32_t epoch = 1) {
    EpochPlan plan;
    plan.batch = batch;
    plan.step = step;
    plan.epoch = epoch;
    return plan;
}

bool equal(const LinearParameters& a, const LinearParameters& b) {
    return a.intercept == b.intercept && a.weights == b.weights;
}

} // namespace

class SmallBatchSgdTest : public QObject {
    Q_OBJECT
  private slots:
    void estimators_data() {
        QTest::addColumn<int>("kind");
        for (const EstimatorKind kind : kKinds)
            QTest::newRow(nameOf(kind).data()) << static_cast<int>(kind);
    }

    // Batches may begin and end inside of a tile. Rounding adds noise and no bias: the mean of an epoch over many
    // draws is the reference's, which is linear in all that is rounded. Each coordinate within 5 standard errors:
    // 6 estimators x 2 widths x 4 batches x 15 coordinates, a false alarm has a chance of 4e-4.
    void unbiasedAtEveryBatch_data() { estimators_data(); }
    void unbiasedAtEveryBatch() {
        QFETCH(int, kind);
        constexpr std::size_t kFeatures = 14;
        constexpr int kDraws = 800;
        for (const int bits : {1, 4})
            for (const std::size_t batch : {1, 10, 16, 25}) {
                Problem problem(37, kFeatures, static_cast<EstimatorKind>(kind), bits);
                problem.method.model.bits = 5; // few, so that a bias would show
                QCOMPARE(hasSmallBatches(problem.task(batch)), std::optional(true));
                QCOMPARE(whyNotPacked(problem.task(batch)), std::string());
                Eigen::ArrayXd sum = Eigen::ArrayXd::Zero(kFeatures + 1), squares = sum;
                for (std::uint32_t draw = 1; draw <= kDraws; ++draw) {
                    const auto plan = planOf(batch, 0.02, draw);
                    auto difference = problem.run(plan, problem.team);
                    difference -= problem.reference(plan);
                    Eigen::ArrayXd all(kFeatures + 1);
                    all << difference.intercept, difference.weights.array();
                    sum += all;
                    squares += all.square();
                }
                const Eigen::ArrayXd mean = sum / kDraws;
                const Eigen::ArrayXd error = ((squares / kDraws - mean.square()).max(0.0) / kDraws).sqrt();
                for (Eigen::Index i = 0; i <= static_cast<Eigen::Index>(kFeatures); ++i)
                    QVERIFY2(std::abs(mean[i]) <= 5 * error[i] + 1e-6,
                             qPrintable(QString("%1 bits, batch %2, %3: %4 +- %5")
                                            .arg(bits)
                                            .arg(batch)
                                            .arg(i)
                                            .arg(mean[i])
                                            .arg(error[i])));
            }
    }

    // One thread works whatever the team, and every set of instructions gives the same bits: at shapes around
    // lines and vectors, with all that a step may have beside the gradient.
    void equalOnEveryPath_data() { estimators_data(); }
    void equalOnEveryPath() {
        QFETCH(int, kind);
        ThreadTeam two(2);
        for (const int bits : {1, 2, 3, 4, 5, 8})
            for (const std::size_t features : {1, 7, 26, 33, 90, 131})
                for (const std::size_t batch : {1, 9, 16, 64, 100}) {
                    Problem problem(135, features, static_cast<EstimatorKind>(kind), bits);
                    auto plan = planOf(batch, 0.2 / static_cast<double>(features));
                    if (batch == 9)
                        problem.method.gradient = {6, VectorScale::Largest};
                    if (batch == 64)
                        plan.regularizer = parseRegularizer("l1:0.01");
                    const auto first = problem.run(plan, problem.team);
                    QVERIFY(first.finite());
                    QVERIFY(!equal(first, problem.start()));
                    QVERIFY(equal(problem.run(plan, two), first));
                    for (const Isa isa : availableIsas())
                        QVERIFY2(equal(problem.run(plan, problem.team, isa), first),
                                 qPrintable(QString("%1 bits, %2 features, batch %3")
                                                .arg(bits)
                                                .arg(features)
                                                .arg(batch)));
                }
    }

    // A model far from every number that it was rounded in before, and one of zeros.
    void unitsFollowTheModel() {
        Problem problem(64, 30, EstimatorKind::DoubleMean, 4);
        const auto plan = planOf(16, 0.01);
        const auto sgd =
            makePackedSgd(readerOf(problem.store), problem.data.labels, 16, problem.method, problem.team);
        for (const double scale : {1.0, 1e6, 1e-6, 0.0, 1.0}) {
            auto model = problem.start();
            model *= scale;
            auto wanted = model;
            RunControl control;
            QVERIFY(sgd->runEpoch(
                plan, model, control, [](double) {}, nullptr));
            GradientMethod exact = problem.method;
            exact.integer = false;
            exact.model = {};
            runEpoch(plan, StoreSource(problem.store, 1), exact, problem.data.labels, wanted, problem.team,
                     control, [](double) {});
            auto difference = model;
            difference -= wanted;
            QVERIFY2(difference.norm() < 0.02 * std::max(1.0, wanted.norm()),
                     qPrintable(QString("%1: %2").arg(scale).arg(difference.norm())));
        }
    }

    void saysWhichBatchesAreSmall() {
        const Problem problem(50'000, 2, EstimatorKind::Naive, 8);
        QCOMPARE(hasSmallBatches(problem.task(100)), std::optional(true));
        QCOMPARE(hasSmallBatches(problem.task(1000)), std::optional(false)); // sums are not exact in float32
        QCOMPARE(hasSmallBatches(problem.task(20'000)), std::optional(false));
        auto task = problem.task(100);
        task.planes = true;
        QCOMPARE(hasSmallBatches(task), std::optional(false));
        QVERIFY(whyNotPacked(task).find("multiple of 16") != std::string::npos);
        auto unknown = problem.task(100);
        unknown.features.reset();
        QCOMPARE(hasSmallBatches(unknown), std::optional<bool>());
        QCOMPARE(whyNotPacked(unknown), std::string());
    }
};

QTEST_APPLESS_MAIN(SmallBatchSgdTest)
#include "small_batch_sgd_test.moc"
