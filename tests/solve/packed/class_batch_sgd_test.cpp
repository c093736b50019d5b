// Several models in one pass over the codes, in integers: each learns, to the bit, what it learns alone
// (small_batch_sgd_test.cpp holds that against rows one by one), on every instruction set.

#include "core/quant/build_grids.h"
#include "core/solve/packed/class_batch_sgd.h"
#include "core/solve/packed/packed_sgd.h"
#include "tests/support/random_data.h"

#include <QtTest>

#include <cmath>

using namespace zipml;

namespace {

constexpr std::size_t kRows = 135;
constexpr std::size_t kModels = 7;
constexpr std::uint32_t kEpochs = 2;

/// Rows of a store, and labels of each model.
struct Problem {
    Dataset data;
    GradientMethod method;
    ThreadTeam team{1};
    SampleStore store;
    std::vector<std::vector<float>> labels;

    Problem(std::size_t features, EstimatorKind kind, int bits)
        : data(test::randomData(kRows, features, 3)), method(kind),
          store(kRows, test::uniformGrids(data, bits), {bits, method.copies, method.estimator->rounding, 5}) {
        store.build(data, 0, team);
        method.integer = true;
        method.model = {8, VectorScale::Largest};
        if (method.estimator->corrected()) {
            const auto variance = meanRoundingVariance(data, store.grids(), team);
            method.correction =
                Eigen::Map<const Eigen::VectorXd>(variance.data(), static_cast<Eigen::Index>(features));
        }
        for (std::size_t m = 0; m < kModels; ++m) {
            auto& mine = labels.emplace_back(kRows, -1.0F);
            for (std::size_t row = m; row < kRows; row += kModels)
                mine[row] = 1;
        }
    }
    [[nodiscard]] bool runs(std::size_t batch) const {
        return runsClassBatches(taskOf(store.grids(), store.options().bits, kRows, method, batch));
    }
    [[nodiscard]] std::vector<LinearParameters> start() const {
        std::vector<LinearParameters> models;
        for (std::size_t m = 0; m < kModels; ++m) {
            auto& model =
                models.emplace_back(LinearParameters::zero(static_cast<Eigen::Index>(data.features)));
            for (Eigen::Index f = 0; m > 0 && f < model.weights.size(); ++f) // the first one is 0
                model.weights[f] = std::sin(static_cast<double>(f * static_cast<Eigen::Index>(m)) + 1);
        }
        return models;
    }
};

EpochPlan planOf(const Problem& problem, std::size_t batch, std::uint32_t epoch) {
    EpochPlan plan;
    plan.batch = batch;
    plan.step = 0.2 / static_cast<double>(problem.data.features);
    plan.epoch = epoch;
    if (batch == 64)
        plan.regularizer = parseRegularizer("l1:0.01");
    return plan;
}

const auto kNobody = [](double) {};

std::vector<LinearParameters> together(const Problem& problem, std::size_t batch, ThreadTeam& team, Isa isa) {
    const auto sgd = makeClassBatchSgd(problem.store, LabelSets(problem.labels.begin(), problem.labels.end()),
                                       batch, problem.method, team, isa);
    auto models = problem.start();
    RunControl control;
    for (std::uint32_t epoch = 1; epoch <= kEpochs; ++epoch) {
        std::vector<TrainedModel> trained;
        for (auto& model : models)
            trained.push_back({planOf(problem, batch, epoch), &model});
        if (!sgd->runTogether(trained, control, kNobody))
            throw std::runtime_error("an epoch did not finish");
    }
    return models;
}

std::vector<LinearParameters> oneByOne(Problem& problem, std::size_t batch) {
    auto models = problem.start();
    RunControl control;
    for (std::size_t m = 0; m < kModels; ++m) {
        const auto sgd =
            makePackedSgd(readerOf(problem.store), problem.labels[m], batch, problem.method, problem.team);
        for (std::uint32_t epoch = 1; epoch <= kEpochs; ++epoch)
            sgd->runEpoch(planOf(problem, batch, epoch), models[m], control, kNobody, nullptr);
    }
    return models;
}

bool equal(const LinearParameters& a, const LinearParameters& b) {
    return a.intercept == b.intercept && a.weights == b.weights;
}

} // namespace

class ClassBatchSgdTest : public QObject {
    Q_OBJECT
  private slots:
    void eachLearnsWhatItLearnsAlone_data() {
        QTest::addColumn<int>("kind");
        for (const EstimatorKind kind :
             {EstimatorKind::Naive, EstimatorKind::Nearest, EstimatorKind::Double, EstimatorKind::DoublePlain,
              EstimatorKind::DoubleMean, EstimatorKind::Corrected, EstimatorKind::EndToEnd})
            QTest::newRow(nameOf(kind).data()) << static_cast<int>(kind);
    }
    void eachLearnsWhatItLearnsAlone() {
        QFETCH(int, kind);
        ThreadTeam two(2);
        for (const int bits : {1, 2, 3, 4, 5, 7, 8})
            for (const std::size_t features : {1, 7, 26, 33, 90, 131})
                for (const std::size_t batch : {1, 9, 16, 64, 100}) {
                    Problem problem(features, static_cast<EstimatorKind>(kind), bits);
                    QCOMPARE(problem.runs(batch), bits < 8 || problem.method.copies == 1);
                    if (!problem.runs(batch))
                        continue;
                    if (batch == 9)
                        problem.method.gradient = {6, VectorScale::Largest};
                    const auto wanted = oneByOne(problem, batch);
                    const auto isWanted = [&](ThreadTeam& team, Isa isa) {
                        return std::ranges::equal(together(problem, batch, team, isa), wanted, equal);
                    };
                    for (const auto& model : wanted)
                        QVERIFY(model.finite() && model.norm() > 0);
                    const QString at =
                        QString("%1 bits, %2 features, batch %3").arg(bits).arg(features).arg(batch);
                    QVERIFY2(isWanted(two, activeIsa()), qPrintable(at));
                    for (const Isa isa : availableIsas())
                        QVERIFY2(isWanted(problem.team, isa), qPrintable(at + " " + nameOf(isa).data()));
                }
    }

    void largeBatchesAreNotItsOwn() {
        const Problem problem(20, EstimatorKind::Naive, 4);
        QVERIFY(problem.runs(16));
        auto task = taskOf(problem.store.grids(), 4, 1'000'000, problem.method, 100'000);
        QVERIFY(!runsClassBatches(task));
        task.batch = 16;
        QVERIFY(runsClassBatches(task));
        task.quadratic = false;
        QVERIFY(!runsClassBatches(task));
    }
};

QTEST_APPLESS_MAIN(ClassBatchSgdTest)
#include "class_batch_sgd_test.moc"
