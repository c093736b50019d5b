// Every fast path with every loss against the row-by-row reference in double.

#include "core/quant/build_grids.h"
#include "core/solve/float_sgd.h"
#include "core/solve/packed/packed_sgd.h"
#include "tests/support/random_data.h"

#include <QtTest>

#include <cmath>

using namespace zipml;

namespace {

constexpr std::size_t kRows = 331;

Dataset twoClasses(std::size_t features) {
    auto data = test::randomData(kRows, features, 3);
    for (float& label : data.labels)
        label = label < 0.2F ? -1.0F : 1.0F;
    return data;
}

EpochPlan planOf(std::size_t features) {
    EpochPlan plan;
    plan.batch = 48;
    plan.step = 0.3 / static_cast<double>(features);
    return plan;
}

LinearParameters startOf(std::size_t features) {
    auto model = LinearParameters::zero(static_cast<Eigen::Index>(features));
    for (Eigen::Index f = 0; f < model.weights.size(); ++f)
        model.weights[f] = 0.3 * std::sin(static_cast<double>(f) + 1);
    model.intercept = 0.5;
    return model;
}

LinearParameters reference(const SampleSource& source, const Dataset& data, const GradientMethod& method) {
    ThreadTeam team(1);
    RunControl control;
    auto model = startOf(data.features);
    runEpoch(planOf(data.features), source, method, data.labels, model, team, control, [](double) {});
    return model;
}

LinearParameters run(MinibatchSgd& sgd, std::size_t features) {
    RunControl control;
    auto model = startOf(features);
    const bool complete = sgd.runEpoch(
        planOf(features), model, control, [](double) {}, nullptr);
    return complete ? model : LinearParameters::zero(0);
}

double distance(LinearParameters a, const LinearParameters& b) {
    a -= b;
    return a.norm() / b.norm();
}

} // namespace

class LossPathsTest : public QObject {
    Q_OBJECT
  private slots:
    // The plain definition: x <- x - step * mean over the batch of slope(a.x, b) a.
    void theReferenceIsTheDefinition() {
        const auto data = twoClasses(9);
        for (const auto& entry : namesOf<LossKind>()) {
            const Loss loss{entry.value, {}};
            auto plan = planOf(9);
            plan.order = RowOrder::File;
            LinearParameters x = startOf(9);
            for (std::size_t begin = 0; begin < kRows; begin += plan.batch) {
                const std::size_t end = std::min(kRows, begin + plan.batch);
                auto sum = LinearParameters::zero(9);
                for (std::size_t row = begin; row < end; ++row) {
                    const Eigen::Map<const Eigen::VectorXf> values(data.row(row).data(), 9);
                    const Eigen::VectorXd a = values.cast<double>();
                    const double slope = loss.slope(x.intercept + a.dot(x.weights), data.labels[row]);
                    sum.intercept += slope;
                    sum.weights += slope * a;
                }
                sum *= plan.step / static_cast<double>(end - begin);
                x -= sum;
            }
            ThreadTeam team(2);
            RunControl control;
            auto model = startOf(9);
            runEpoch(plan, ExactSource(data), GradientMethod(EstimatorKind::Full, loss), data.labels, model,
                     team, control, [](double) {});
            QVERIFY(distance(model, x) < 1e-12);
        }
    }

    void floatRowsFollowTheReference() {
        for (const auto& entry : namesOf<LossKind>())
            for (const std::size_t features : {1, 8, 90}) {
                const auto data = twoClasses(features);
                const GradientMethod method(EstimatorKind::Full, {entry.value, {}});
                const auto wanted = reference(ExactSource(data), data, method);
                ThreadTeam team(2);
                for (const Isa isa : availableIsas()) {
                    FloatSgd sgd(data, data.labels, planOf(features).batch, method, team, isa);
                    QVERIFY(distance(run(sgd, features), wanted) < 1e-5);
                }
            }
    }

    void packedFloatsFollowTheReference_data() {
        QTest::addColumn<int>("estimator");
        QTest::addColumn<int>("loss");
        for (const auto& loss : namesOf<LossKind>())
            for (const auto& entry : namesOf<EstimatorKind>())
                if (estimatorOf(entry.value).quantized() && entry.value != EstimatorKind::Polynomial &&
                    entry.value != EstimatorKind::Refetch && whyNotWith(entry.value, loss.value).empty())
                    QTest::addRow("%s, %s", loss.name.data(), entry.name.data())
                        << static_cast<int>(entry.value) << static_cast<int>(loss.value);
    }
    void packedFloatsFollowTheReference() {
        QFETCH(int, estimator);
        QFETCH(int, loss);
        ThreadTeam team(2);
        for (const int bits : {1, 3, 4, 8})
            for (const std::size_t features : {1, 33, 90}) {
                const auto data = twoClasses(features);
                GradientMethod method(static_cast<EstimatorKind>(estimator),
                                      {static_cast<LossKind>(loss), {}});
                SampleStore store(kRows, test::uniformGrids(data, bits),
                                  {bits, method.copies, method.estimator->rounding, 5});
                store.build(data, 0, team);
                if (method.estimator->corrected()) {
                    const auto variance = meanRoundingVariance(data, store.grids(), team);
                    method.correction = Eigen::Map<const Eigen::VectorXd>(
                        variance.data(), static_cast<Eigen::Index>(features));
                }
                if (!whyNotPacked(store.grids(), bits, kRows, method, planOf(features).batch).empty())
                    continue;
                const auto wanted = reference(StoreSource(store, planOf(features).epoch), data, method);
                for (const Isa isa : availableIsas()) {
                    const auto sgd = makePackedSgd(readerOf(store), data.labels, planOf(features).batch,
                                                   method, team, isa);
                    const double off = distance(run(*sgd, features), wanted);
                    QVERIFY2(
                        off < 1e-5,
                        qPrintable(QString("%1 bits, %2 features: %3").arg(bits).arg(features).arg(off)));
                }
            }
    }

    // In integers model and slopes are rounded at random; the epoch ends nearby, with the same bits on every
    // path.
    void integersStayNearAndAgree() {
        const std::size_t features = 90;
        const auto data = twoClasses(features);
        for (const LossKind loss : {LossKind::Logistic, LossKind::Hinge, LossKind::SquaredHinge})
            for (const EstimatorKind kind : {EstimatorKind::Naive, EstimatorKind::Nearest,
                                             EstimatorKind::Double, EstimatorKind::DoublePlain}) {
                GradientMethod method(kind, {loss, {}});
                ThreadTeam team(2);
                SampleStore store(kRows, test::uniformGrids(data, 4),
                                  {4, method.copies, method.estimator->rounding, 5});
                store.build(data, 0, team);
                const auto wanted = reference(StoreSource(store, planOf(features).epoch), data, method);
                method.integer = true;
                method.model = {8, VectorScale::Largest};
                std::optional<LinearParameters> first;
                for (const Isa isa : availableIsas()) {
                    const auto sgd = makePackedSgd(readerOf(store), data.labels, planOf(features).batch,
                                                   method, team, isa);
                    const auto model = run(*sgd, features);
                    if (!first)
                        first = model;
                    QVERIFY(model.weights == first->weights && model.intercept == first->intercept);
                    QVERIFY2(distance(model, wanted) < 0.02,
                             qPrintable(QString::number(distance(model, wanted))));
                }
            }
    }
};

QTEST_APPLESS_MAIN(LossPathsTest)
#include "loss_paths_test.moc"
