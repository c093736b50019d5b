#include "core/quant/build_grids.h"
#include "core/solve/float_sgd.h"
#include "core/solve/packed/packed_sgd.h"
#include "tests/support/random_data.h"

#include <QtTest>

#include <cmath>

using namespace zipml;

namespace {

constexpr EstimatorKind kQuantized[] = {
    EstimatorKind::Naive,      EstimatorKind::Nearest,   EstimatorKind::Double,  EstimatorKind::DoublePlain,
    EstimatorKind::DoubleMean, EstimatorKind::Corrected, EstimatorKind::EndToEnd};

/// A problem with everything that an epoch needs.
struct Problem {
    Dataset data;
    GradientMethod method;
    ThreadTeam team;
    SampleStore store;

    Problem(std::size_t rows, std::size_t features, EstimatorKind kind, int bits, int threads = 1)
        : data(test::randomData(rows, features, 3)), method(kind), team(threads),
          store(rows, test::uniformGrids(data, bits),
                {bits, std::max(method.copies, 1), method.estimator->rounding, 5}) {
        store.build(data, 0, team);
        if (method.estimator->corrected()) {
            const auto variance = meanRoundingVariance(data, store.grids(), team);
            method.correction =
                Eigen::Map<const Eigen::VectorXd>(variance.data(), static_cast<Eigen::Index>(features));
        }
    }
};

/// The copies of a store of any precision, row by row.
class AnyPrecisionSource final : public SampleSource {
  public:
    AnyPrecisionSource(const AnyPrecisionStore& store, int bits, std::uint32_t epoch)
        : store_(store), bits_(bits), grids_(store.gridsAt(bits)),
          coins_(store.options().seed, Purpose::CopyOrder, epoch) {}

    SampleView sample(std::uint32_t row, std::span<double> scratch) const override {
        const std::size_t features = grids_.size();
        std::vector<unsigned char> heads(store_.layout().tileBytes());
        fillCoins(coins_, row / kTileRows, heads);
        for (std::size_t f = 0; f < features; ++f) {
            const auto code = store_.code(row, f, bits_);
            if (store_.options().copies == 1) {
                scratch[f] = grids_[f].level(code);
                continue;
            }
            const auto head = store_.layout().code(heads.data(), row % kTileRows, f);
            scratch[f] = grids_[f].level(code / 2 + (code & head & 1U));
            scratch[features + f] = grids_[f].level(code / 2 + (code & ~head & 1U));
        }
        return {scratch.data(), static_cast<Eigen::Index>(features), store_.options().copies};
    }

  private:
    const AnyPrecisionStore& store_;
    int bits_;
    std::vector<Grid> grids_;
    RandomStream coins_;
};

EpochPlan planOf(std::size_t batch, std::size_t features, std::uint32_t epoch = 1) {
    EpochPlan plan;
    plan.batch = batch;
    plan.step = 0.3 / static_cast<double>(features);
    plan.epoch = epoch;
    return plan;
}

/// A model that is not zero, so that every term of an estimator shows.
LinearParameters startOf(std::size_t features) {
    auto model = LinearParameters::zero(static_cast<Eigen::Index>(features));
    for (Eigen::Index f = 0; f < model.weights.size(); ++f)
        model.weights[f] = std::sin(static_cast<double>(f) + 1);
    model.intercept = 0.5;
    return model;
}

LinearParameters run(MinibatchSgd& sgd, const EpochPlan& plan, LinearParameters model) {
    RunControl control;
    if (!sgd.runEpoch(
            plan, model, control, [](double) {}, nullptr))
        throw std::runtime_error("an epoch did not finish");
    return model;
}

LinearParameters runReference(const SampleSource& source, const Problem& problem, const EpochPlan& plan,
                              LinearParameters model, ThreadTeam& team) {
    RunControl control;
    runEpoch(plan, source, problem.method, problem.data.labels, model, team, control, [](double) {});
    return model;
}

double distance(LinearParameters a, const LinearParameters& b) {
    a -= b;
    return a.norm() / b.norm();
}

bool equal(const LinearParameters& a, const LinearParameters& b) {
    return a.intercept == b.intercept && a.weights == b.weights;
}

} // namespace

class PackedSgdTest : public QObject {
    Q_OBJECT
  private slots:
    void estimators_data() {
        QTest::addColumn<int>("kind");
        for (const EstimatorKind kind : kQuantized)
            QTest::newRow(nameOf(kind).data()) << static_cast<int>(kind);
    }

    // In float32 the packed loops follow the row-by-row reference in double, coins included: at all widths,
    // shapes around words and lines, batches of one or more tiles and a last one that is not full. The bound
    // is float32's rounding over an epoch's steps.
    void floatsFollowTheReference_data() { estimators_data(); }
    void floatsFollowTheReference() {
        QFETCH(int, kind);
        for (int bits = 1; bits <= 8; ++bits)
            for (const std::size_t features : {1, 7, 33, 90, 131})
                for (const std::size_t batch : {16, 48, 1000}) {
                    Problem problem(331, features, static_cast<EstimatorKind>(kind), bits);
                    QCOMPARE(whyNotPacked(problem.store.grids(), bits, 331, problem.method, batch),
                             std::string());
                    const auto plan = planOf(batch, features);
                    const auto start = startOf(features);
                    const auto wanted = runReference(StoreSource(problem.store, plan.epoch), problem, plan,
                                                     start, problem.team);
                    for (const Isa isa : availableIsas()) {
                        const auto sgd = makePackedSgd(readerOf(problem.store), problem.data.labels, batch,
                                                       problem.method, problem.team, isa);
                        const double off = distance(run(*sgd, plan, start), wanted);
                        QVERIFY2(off < 1e-5, qPrintable(QString("%1 bits, %2 features, batch %3: %4")
                                                            .arg(bits)
                                                            .arg(features)
                                                            .arg(batch)
                                                            .arg(off)));
                    }
                }
    }

    // The gradient's device has the model as it was sent: rounded, it is so in every term, a correction's
    // too.
    void floatsFollowTheReferenceWithARoundedModel_data() { estimators_data(); }
    void floatsFollowTheReferenceWithARoundedModel() {
        QFETCH(int, kind);
        for (const std::size_t features : {7, 90})
            for (const int threads : {1, 2}) {
                Problem problem(331, features, static_cast<EstimatorKind>(kind), 3, threads);
                problem.method.model = {3, VectorScale::Norm};
                const auto plan = planOf(48, features);
                const auto start = startOf(features);
                const auto wanted =
                    runReference(StoreSource(problem.store, plan.epoch), problem, plan, start, problem.team);
                const auto sgd = makePackedSgd(readerOf(problem.store), problem.data.labels, 48,
                                               problem.method, problem.team);
                const double off = distance(run(*sgd, plan, start), wanted);
                QVERIFY2(off < 1e-5, qPrintable(QString("%1 features: %2").arg(features).arg(off)));
            }
    }

    // Integers are exact, so every instruction set and number of threads gives the same bits.
    void integersAreEqualOnEveryPath_data() { estimators_data(); }
    void integersAreEqualOnEveryPath() {
        QFETCH(int, kind);
        for (const int bits : {1, 2, 3, 4, 7, 8})
            for (const std::size_t features : {1, 90, 200}) {
                Problem problem(700, features, static_cast<EstimatorKind>(kind), bits, 3);
                problem.method.integer = true;
                problem.method.model = {8, VectorScale::Largest};
                const auto plan = planOf(128, features);
                const auto start = startOf(features);
                std::optional<LinearParameters> first;
                for (const Isa isa : availableIsas())
                    for (const int threads : {1, 2, 3}) {
                        ThreadTeam team(threads);
                        const auto sgd = makePackedSgd(readerOf(problem.store), problem.data.labels, 128,
                                                       problem.method, team, isa);
                        const auto model = run(*sgd, plan, start);
                        if (!first)
                            first = model;
                        QVERIFY(equal(model, *first));
                    }
            }
    }

    // Counts of odd codes are kept from the first epoch on: a solver that has them does as a new one does,
    // also after the store has been rounded afresh.
    void keptCountsChangeNothing() {
        for (const bool integer : {false, true})
            for (const int threads : {1, 2}) {
                Problem problem(700, 40, EstimatorKind::DoubleMean, 4, threads);
                problem.method.integer = integer;
                if (integer)
                    problem.method.model = {8, VectorScale::Largest};
                const auto newSgd = [&] {
                    return makePackedSgd(readerOf(problem.store), problem.data.labels, 256, problem.method,
                                         problem.team);
                };
                const auto kept = newSgd();
                auto model = run(*kept, planOf(256, 40, 1), startOf(40));
                for (const std::uint32_t epoch : {2U, 3U, 4U}) {
                    if (epoch == 4)
                        problem.store.build(problem.data, epoch, problem.team);
                    const auto next = run(*kept, planOf(256, 40, epoch), model);
                    QVERIFY(equal(next, run(*newSgd(), planOf(256, 40, epoch), model)));
                    model = next;
                }
            }
    }

    // Rounding model and residuals adds noise and no bias: the mean of one step over many draws is that of
    // float32 on the same store and coins. Each coordinate within 5 standard errors; 7 estimators x 5 widths
    // x 21 coordinates: a false alarm has a chance of 4e-4.
    void integersAreUnbiased_data() { estimators_data(); }
    void integersAreUnbiased() {
        QFETCH(int, kind);
        constexpr std::size_t kFeatures = 20;
        constexpr int kDraws = 1500;
        for (const int bits : {1, 2, 3, 4, 8}) {
            Problem problem(128, kFeatures, static_cast<EstimatorKind>(kind), bits);
            const auto floats =
                makePackedSgd(readerOf(problem.store), problem.data.labels, 64, problem.method, problem.team);
            GradientMethod rounded = problem.method;
            rounded.integer = true;
            rounded.model = {5, VectorScale::Largest}; // few bits, so that a bias would show
            const auto integers =
                makePackedSgd(readerOf(problem.store), problem.data.labels, 64, rounded, problem.team);
            Eigen::ArrayXd sum = Eigen::ArrayXd::Zero(kFeatures + 1), squares = sum;
            for (std::uint32_t draw = 1; draw <= kDraws; ++draw) {
                auto plan = planOf(64, kFeatures, draw);
                plan.step = 0.05; // two batches: units of their own, and those of the batch before
                auto difference = run(*integers, plan, startOf(kFeatures));
                difference -= run(*floats, plan, startOf(kFeatures));
                Eigen::ArrayXd all(kFeatures + 1);
                all << difference.intercept, difference.weights.array();
                sum += all;
                squares += all.square();
            }
            const Eigen::ArrayXd mean = sum / kDraws;
            const Eigen::ArrayXd error = ((squares / kDraws - mean.square()).max(0.0) / kDraws).sqrt();
            for (Eigen::Index i = 0; i <= static_cast<Eigen::Index>(kFeatures); ++i)
                QVERIFY2(
                    std::abs(mean[i]) <= 5 * error[i] + 1e-6,
                    qPrintable(QString("%1 bits, %2: %3 +- %4").arg(bits).arg(i).arg(mean[i]).arg(error[i])));
        }
    }

    // Levels that are not uniform, in integers: the mean of a step is the row-by-row reference's, with the
    // same bits on every path. Limit at 5 standard errors; 3 estimators x 3 widths x 21 coordinates: a false
    // alarm has a chance of 1.1e-4.
    void tablesAreUnbiased() {
        constexpr std::size_t kFeatures = 20;
        constexpr int kDraws = 1500;
        for (const EstimatorKind kind :
             {EstimatorKind::Naive, EstimatorKind::Nearest, EstimatorKind::Corrected})
            for (const int bits : {1, 2, 4}) {
                Problem problem(64, kFeatures, kind, bits);
                SampleStore store(
                    64, buildGrids(problem.data, {GridKind::Optimal, 64}, bits, false, problem.team),
                    {bits, 1, problem.method.estimator->rounding, 5});
                store.build(problem.data, 0, problem.team);
                auto plan = planOf(64, kFeatures);
                plan.step = 1;
                const auto start = startOf(kFeatures);
                const auto wanted = runReference(StoreSource(store, 1), problem, plan, start, problem.team);
                problem.method.integer = true;
                problem.method.model = {6, VectorScale::Largest};
                QCOMPARE(whyNotPacked(store.grids(), bits, 64, problem.method, 64), std::string());
                std::vector<std::unique_ptr<MinibatchSgd>> paths;
                for (const Isa isa : availableIsas())
                    paths.push_back(makePackedSgd(readerOf(store), problem.data.labels, 64, problem.method,
                                                  problem.team, isa));
                Eigen::ArrayXd sum = Eigen::ArrayXd::Zero(kFeatures + 1), squares = sum;
                for (std::uint32_t draw = 1; draw <= kDraws; ++draw) {
                    plan.epoch = draw;
                    auto difference = run(*paths[0], plan, start);
                    for (const auto& path : paths)
                        QVERIFY(equal(run(*path, plan, start), difference));
                    difference -= wanted;
                    Eigen::ArrayXd all(kFeatures + 1);
                    all << difference.intercept, difference.weights.array();
                    sum += all;
                    squares += all.square();
                }
                const Eigen::ArrayXd mean = sum / kDraws;
                const Eigen::ArrayXd error = ((squares / kDraws - mean.square()).max(0.0) / kDraws).sqrt();
                for (Eigen::Index i = 0; i <= static_cast<Eigen::Index>(kFeatures); ++i)
                    QVERIFY2(
                        std::abs(mean[i]) <= 5 * error[i] + 1e-5,
                        qPrintable(
                            QString("%1 bits, %2: %3 +- %4").arg(bits).arg(i).arg(mean[i]).arg(error[i])));
            }
    }

    // A store of any precision, read at each width: as the row-by-row reference on its codes, in float32 and,
    // within the integers' noise, in integers, which are equal on every path.
    void anyPrecisionFollowsTheReference_data() { estimators_data(); }
    void anyPrecisionFollowsTheReference() {
        QFETCH(int, kind);
        for (const std::size_t features : {1, 31, 90, 128}) {
            Problem problem(331, features, static_cast<EstimatorKind>(kind), 8);
            AnyPrecisionStore store(331, problem.store.grids(),
                                    {problem.method.copies, problem.method.estimator->rounding, 5});
            store.build(problem.data, 0, problem.team);
            for (int bits = 1; bits <= 8; ++bits) {
                if (problem.method.estimator->corrected()) {
                    const auto variance =
                        meanRoundingVariance(problem.data, store.gridsAt(bits), problem.team);
                    problem.method.correction = Eigen::Map<const Eigen::VectorXd>(
                        variance.data(), static_cast<Eigen::Index>(features));
                }
                const auto plan = planOf(48, features);
                const auto start = startOf(features);
                const auto wanted = runReference(AnyPrecisionSource(store, bits, plan.epoch), problem, plan,
                                                 start, problem.team);
                GradientMethod integer = problem.method;
                integer.integer = true;
                integer.model = {8, VectorScale::Largest};
                std::optional<LinearParameters> first;
                for (const Isa isa : availableIsas()) {
                    const auto floats = makePackedSgd(readerOf(store, bits, isa), problem.data.labels, 48,
                                                      problem.method, problem.team, isa);
                    QVERIFY(distance(run(*floats, plan, start), wanted) < 1e-5);
                    const auto integers = makePackedSgd(readerOf(store, bits, isa), problem.data.labels, 48,
                                                        integer, problem.team, isa);
                    const auto model = run(*integers, plan, start);
                    if (!first)
                        first = model;
                    QVERIFY(equal(model, *first));
                    QVERIFY(distance(model, wanted) < 0.3);
                }
            }
        }
    }

    // Proximal steps, a rounded gradient, averages and a missing intercept are the same loop's as the
    // reference's.
    void everyOptionFollowsTheReference() {
        Problem problem(331, 40, EstimatorKind::Double, 4, 2);
        for (const char* regularizer : {"none", "l1:0.01", "ball:0.5"})
            for (const int gradientBits : {32, 6})
                for (const int modelBits : {32, 6}) {
                    problem.method.gradient.bits = gradientBits;
                    problem.method.model.bits = modelBits;
                    auto plan = planOf(32, 40);
                    plan.regularizer = parseRegularizer(regularizer);
                    plan.intercept = modelBits == 32;
                    const auto start = startOf(40);
                    TailAverage wantedMean(2), mean(2);
                    auto wanted = start, model = start;
                    RunControl control;
                    runEpoch(
                        plan, StoreSource(problem.store, 1), problem.method, problem.data.labels, wanted,
                        problem.team, control, [](double) {}, &wantedMean);
                    const auto sgd = makePackedSgd(readerOf(problem.store), problem.data.labels, 32,
                                                   problem.method, problem.team);
                    QVERIFY(sgd->runEpoch(
                        plan, model, control, [](double) {}, &mean));
                    // A float32 hair can tip a rounding of the gradient over: one level of it is the bound.
                    const double bound = gradientBits == 32 ? 1e-5 : 2e-2;
                    QVERIFY(distance(model, wanted) < bound);
                    QVERIFY(distance(mean.mean(), wantedMean.mean()) < bound);
                }
    }

    void floatRowsFollowTheReference() {
        for (const std::size_t features : {1, 7, 33, 90, 1000})
            for (const std::size_t batch : {1, 5, 16, 200, 1000}) {
                Problem problem(331, features, EstimatorKind::Full, 8);
                const auto plan = planOf(batch, features);
                const auto start = startOf(features);
                const auto wanted =
                    runReference(ExactSource(problem.data), problem, plan, start, problem.team);
                for (const Isa isa : availableIsas()) {
                    std::optional<LinearParameters> first;
                    for (const int threads : {1, 2, 3}) {
                        ThreadTeam team(threads);
                        FloatSgd sgd(problem.data, problem.data.labels, batch, problem.method, team, isa);
                        const auto model = run(sgd, plan, start);
                        QVERIFY(distance(model, wanted) < 1e-5);
                        if (!first)
                            first = model;
                        QVERIFY(equal(model, *first));
                    }
                }
            }
    }

    // Float sums are cut into the same chunks whatever the threads.
    void floatsDoNotDependOnThreads() {
        for (const EstimatorKind kind : kQuantized) {
            Problem problem(1000, 150, kind, 4);
            std::optional<LinearParameters> first;
            for (const int threads : {1, 2, 3}) {
                ThreadTeam team(threads);
                const auto sgd =
                    makePackedSgd(readerOf(problem.store), problem.data.labels, 256, problem.method, team);
                const auto model = run(*sgd, planOf(256, 150), startOf(150));
                if (!first)
                    first = model;
                QVERIFY(equal(model, *first));
            }
        }
    }

    void saysWhatItCannotDo() {
        Problem problem(100, 5, EstimatorKind::Naive, 4);
        const auto whyNot = [&](std::size_t batch) {
            return whyNotPacked(problem.store.grids(), 4, 100, problem.method, batch);
        };
        QVERIFY(whyNot(32).empty());
        QVERIFY(whyNot(500).empty()); // one batch
        QVERIFY(whyNot(20).find("multiple of 16") != std::string::npos);
        problem.method.integer = true;
        QVERIFY(whyNot(32).find("2 to 8 bits") != std::string::npos);
        problem.method.integer = false;
        const SampleStore levels(100,
                                 buildGrids(problem.data, {GridKind::Optimal, 64}, 4, false, problem.team),
                                 {4, 1, Rounding::Stochastic, 1});
        QVERIFY(whyNotPacked(levels.grids(), 4, 100, problem.method, 32).find("uniform") !=
                std::string::npos);
    }
};

QTEST_APPLESS_MAIN(PackedSgdTest)
#include "packed_sgd_test.moc"
