#include "core/base/shuffle.h"
#include "core/solve/sgd.h"
#include "tests/support/random_data.h"

#include <QtTest>

#include <Eigen/Eigenvalues>

using namespace zipml;

namespace {

EpochPlan plan(std::size_t batch, RowOrder order) {
    return {batch, 0.05, order, true, 3, 2, {}};
}

LinearParameters oneEpoch(const Dataset& data, const EpochPlan& epoch, int threads) {
    ThreadTeam team(threads);
    RunControl control;
    auto model = LinearParameters::zero(static_cast<Eigen::Index>(data.features));
    const bool finished = runEpoch(epoch, ExactSource(data), GradientMethod(EstimatorKind::Full), data.labels,
                                   model, team, control, [](double) {});
    Q_ASSERT(finished);
    return model;
}

/// The plain definition: x <- x - step * mean over the batch of a (a.x - b), batches being rows side by side.
LinearParameters reference(const Dataset& data, const EpochPlan& epoch) {
    const std::size_t batch = std::min(epoch.batch, data.rows);
    auto order = shuffledIndices((data.rows + batch - 1) / batch, epoch.seed, Purpose::Shuffle, epoch.epoch);
    if (epoch.order == RowOrder::File)
        std::iota(order.begin(), order.end(), 0U);
    std::vector<double> x(data.features + 1, 0.0);
    for (const std::size_t index : order) {
        const std::size_t begin = index * batch;
        const std::size_t end = std::min(data.rows, begin + batch);
        std::vector<double> gradient(data.features + 1, 0.0);
        for (std::size_t i = begin; i < end; ++i) {
            const auto row = data.row(i);
            double residual = x[0] - data.labels[i];
            for (std::size_t f = 0; f < data.features; ++f)
                residual += row[f] * x[f + 1];
            gradient[0] += residual;
            for (std::size_t f = 0; f < data.features; ++f)
                gradient[f + 1] += residual * row[f];
        }
        for (std::size_t p = 0; p < x.size(); ++p)
            x[p] -= epoch.step * gradient[p] / static_cast<double>(end - begin);
    }
    return {x[0], Eigen::Map<Eigen::VectorXd>(x.data() + 1, static_cast<Eigen::Index>(data.features))};
}

} // namespace

class SgdTest : public QObject {
    Q_OBJECT
  private slots:
    void equalsThePlainDefinition() {
        const auto data = test::randomData(503, 9, 1);
        for (const std::size_t batch : {1UL, 16UL, 64UL, 65UL, 200UL, 503UL, 10'000UL})
            for (const auto order : {RowOrder::Shuffled, RowOrder::File}) {
                auto difference = oneEpoch(data, plan(batch, order), 2);
                difference -= reference(data, plan(batch, order));
                QVERIFY2(difference.norm() < 1e-10, qPrintable(QString::number(difference.norm())));
            }
    }

    void threadsDoNotChangeTheBits() {
        const auto data = test::randomData(2000, 31, 2);
        const auto one = oneEpoch(data, plan(700, RowOrder::Shuffled), 1);
        for (const int threads : {2, 3, 7}) {
            const auto many = oneEpoch(data, plan(700, RowOrder::Shuffled), threads);
            QVERIFY(one.weights == many.weights);
            QCOMPARE(one.intercept, many.intercept);
        }
    }

    void overflowEndsTheEpoch() {
        const auto data = test::randomData(2000, 5, 3);
        ThreadTeam team(1);
        RunControl control;
        auto model = LinearParameters::zero(5);
        auto wild = plan(1, RowOrder::File);
        wild.step = 1e6;
        QVERIFY(!runEpoch(wild, ExactSource(data), GradientMethod(EstimatorKind::Full), data.labels, model,
                          team, control, [](double) {}));
        QVERIFY(!control.stopRequested());
    }

    // The automatic step's L is the largest eigenvalue, and scales as 1 / |a|^2.
    void autoStepFollowsItsFormula() {
        auto data = test::randomData(1500, 6, 4);
        for (std::size_t r = 0; r < data.rows; ++r)
            data.row(r)[0] *= 3; // one direction that stands out
        Eigen::MatrixXd a(1500, 7);
        double squares = 0;
        double fourths = 0;
        for (Eigen::Index r = 0; r < 1500; ++r) {
            a(r, 0) = 1;
            for (Eigen::Index f = 0; f < 6; ++f)
                a(r, f + 1) = data.row(static_cast<std::size_t>(r))[static_cast<std::size_t>(f)];
            squares += a.row(r).squaredNorm();
            fourths += std::pow(a.row(r).squaredNorm(), 2);
        }
        const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(a.transpose() * a / 1500.0);
        const double expected = 1 / (2 * (eigen.eigenvalues().maxCoeff() + fourths / squares / 16));
        QVERIFY(std::abs(autoStep(data, true, 16, 9) / expected - 1) < 1e-3);
        for (float& value : data.values)
            value *= 10;
        QVERIFY(std::abs(autoStep(data, false, 16, 9) * 100 / expected - 1) < 0.1);
    }

    void theTailIsAveraged() {
        TailAverage average(3);
        for (int i = 1; i <= 7; ++i) {
            QCOMPARE(average.begun(), i > 4);
            average.add({double(i), Eigen::VectorXd{{2.0 * i}}});
        }
        QCOMPARE(average.mean().intercept, 5.5); // of 4, 5, 6, 7
        QCOMPARE(average.mean().weights[0], 11.0);
    }

    // With the model and the gradient rounded the steps' mean is the exact step: 4,000 seeds of one batch,
    // limits at 5 standard errors.
    void roundedStreamsKeepTheMeanStep() {
        const auto data = test::randomData(8, 4, 60);
        GradientMethod method(EstimatorKind::Full);
        method.model.bits = 2;
        method.gradient.bits = 2;
        const LinearParameters start{0.2, Eigen::VectorXd{{1, -0.5, 0.1, 2}}};
        ThreadTeam team(1);
        RunControl control;
        const auto step = [&](const GradientMethod& used, std::uint64_t seed) {
            LinearParameters model = start;
            runEpoch({8, 0.1, RowOrder::File, true, seed, 1, {}}, ExactSource(data), used, data.labels, model,
                     team, control, [](double) {});
            return model;
        };
        const LinearParameters exact = step(GradientMethod(EstimatorKind::Full), 1);
        constexpr int kSeeds = 4000;
        Eigen::VectorXd sum = Eigen::VectorXd::Zero(4);
        Eigen::VectorXd squares = sum;
        for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
            const Eigen::VectorXd error = step(method, seed).weights - exact.weights;
            sum += error;
            squares += error.cwiseAbs2();
        }
        for (Eigen::Index i = 0; i < 4; ++i) {
            QVERIFY(squares[i] > 0);
            QVERIFY(std::abs(sum[i] / kSeeds) <= 5 * std::sqrt(squares[i]) / kSeeds);
        }
    }
};

QTEST_APPLESS_MAIN(SgdTest)
#include "sgd_test.moc"
