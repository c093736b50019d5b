// Proximal steps against their definition, and regularized training against a coordinate descent written
// here.

#include "core/lab/run.h"
#include "core/loss/optimum.h"
#include "tests/support/random_data.h"
#include "tests/support/real_data.h"

#include <cmath>

using namespace zipml;

namespace {

const char* const kAll[] = {"none", "l2:0.3", "l1:0.2", "elastic:0.2,0.3", "ball:0.7", "box:-0.2,0.4"};

double objective(const Dataset& data, const LinearParameters& model, const Regularizer& regularizer) {
    ThreadTeam team(1);
    return evaluate(data, Loss{}, model, team).loss / 2 + regularizer.value(model.weights);
}

/// The trusted solver: coordinate descent on the rows themselves, with residuals. For the ball, the l2 price
/// on whose solution it lies is found by bisection.
LinearParameters coordinateDescent(const Dataset& data, const Regularizer& regularizer) {
    const auto features = static_cast<Eigen::Index>(data.features);
    const auto rows = static_cast<double>(data.rows);
    const Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> values(
        data.values.data(), static_cast<Eigen::Index>(data.rows), features);
    const Eigen::MatrixXd a = values.cast<double>();
    const Eigen::VectorXd b =
        Eigen::Map<const Eigen::VectorXf>(data.labels.data(), static_cast<Eigen::Index>(data.rows))
            .cast<double>();
    const Eigen::VectorXd curvature = a.colwise().squaredNorm() / rows;
    auto model = LinearParameters::zero(features);
    const auto solve = [&](double l1, double l2) {
        Eigen::VectorXd residual =
            b - a * model.weights - Eigen::VectorXd::Constant(b.size(), model.intercept);
        for (int sweep = 0; sweep < 3000; ++sweep) {
            const double shift = residual.mean();
            model.intercept += shift;
            residual.array() -= shift;
            double moved = std::abs(shift);
            for (Eigen::Index i = 0; i < features; ++i) {
                const double free = a.col(i).dot(residual) / rows + curvature[i] * model.weights[i];
                double next = std::copysign(std::max(std::abs(free) - l1, 0.0), free) / (curvature[i] + l2);
                if (regularizer.kind == RegularizerKind::Box)
                    next = std::clamp(free / curvature[i], regularizer.low, regularizer.high);
                residual -= (next - model.weights[i]) * a.col(i);
                moved = std::max(moved, std::abs(next - model.weights[i]));
                model.weights[i] = next;
            }
            if (moved < 1e-12 * (1 + std::abs(model.intercept)))
                break;
        }
    };
    solve(regularizer.l1, regularizer.l2);
    if (regularizer.kind == RegularizerKind::Ball && model.weights.norm() > regularizer.radius) {
        double low = 0;
        double high = 1;
        while (solve(0, high), model.weights.norm() > regularizer.radius)
            high *= 2;
        for (int step = 0; step < 40; ++step) {
            const double price = (low + high) / 2;
            solve(0, price);
            (model.weights.norm() > regularizer.radius ? low : high) = price;
        }
        solve(0, high);
    }
    return model;
}

} // namespace

class RegularizerTest : public QObject {
    Q_OBJECT
  private slots:
    void textsRoundTrip() {
        for (const char* text : kAll)
            QCOMPARE(toString(parseRegularizer(text)), std::string(text));
    }

    void nonsenseIsRefused_data() {
        QTest::addColumn<QString>("text");
        for (const char* text : {"l2", "l2:", "l2:-1", "l2:1,2", "l1:nan", "elastic:1", "ball:0", "ball:-2",
                                 "box:2,1", "box:1", "none:1", "l3:1", ""})
            QTest::newRow(text) << text;
    }
    void nonsenseIsRefused() {
        QFETCH(QString, text);
        QVERIFY_EXCEPTION_THROWN(parseRegularizer(text.toStdString()), InputError);
    }

    // The proximal step is no worse than any of 2,000 random points near it, in its own definition.
    void theProximalStepMinimises() {
        const RandomStream stream(4, Purpose::Synthetic, 3);
        const double step = 0.6;
        for (const char* text : kAll) {
            const Regularizer regularizer = parseRegularizer(text);
            const Eigen::VectorXd x{{0.9, -0.8, 0.05, 0.3}};
            Eigen::VectorXd best = x;
            regularizer.applyProximalStep(best, step);
            const auto feasible = [&](const Eigen::VectorXd& z) {
                Eigen::VectorXd projected = z;
                if (regularizer.kind == RegularizerKind::Ball || regularizer.kind == RegularizerKind::Box)
                    regularizer.applyProximalStep(projected, step);
                return projected;
            };
            const auto value = [&](const Eigen::VectorXd& z) {
                return regularizer.value(z) + (z - x).squaredNorm() / (2 * step);
            };
            for (std::uint32_t i = 0; i < 2000; ++i) {
                const auto n = stream.normals(i, 0);
                const double size = std::pow(10.0, -static_cast<double>(i % 5));
                const Eigen::VectorXd other =
                    feasible(best + size * Eigen::VectorXd{{n[0], n[1], n[2], n[3]}});
                QVERIFY2(value(other) >= value(best) - 1e-12, text);
            }
        }
    }

    void theExactOptimumIsTheTrustedSolvers() {
        const auto data = test::randomData(300, 9, 21);
        ThreadTeam team(1);
        std::string note;
        for (const char* text : kAll) {
            const Regularizer regularizer = parseRegularizer(text);
            const auto optimum = findOptimum(data, Loss{}, true, regularizer, team, note);
            const double trusted = objective(data, coordinateDescent(data, regularizer), regularizer);
            QVERIFY2(std::abs(objective(data, optimum->model, regularizer) / trusted - 1) < 1e-8, text);
        }
    }

    // Must hold 8: proximal SGD in full precision, within 1% in objective, on two real sets.
    void trainingReachesTheTrustedSolution_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("regularizer");
        for (const char* file : {"diabetes.csv", "cpusmall"})
            for (const char* text : {"l2:0.1", "l1:2", "elastic:1,0.1", "ball:15", "box:-5,10"})
                QTest::addRow("%s %s", file, text) << file << text;
    }
    void trainingReachesTheTrustedSolution() {
        QFETCH(QString, file);
        QFETCH(QString, regularizer);
        NEEDS_REAL_DATA(file.toStdString());
        RunSpec spec;
        spec.data.source = (test::dataFolder() / file.toStdString()).string();
        spec.estimator = EstimatorKind::Full;
        spec.regularizer = parseRegularizer(regularizer.toStdString());
        spec.sgd.epochs = 100;
        spec.biasDraws = 0;
        RunObserver nobody;
        RunControl control;
        const auto record = runExperiment(spec, nobody, control);
        const auto data = prepareData(spec, {});
        const double trusted =
            objective(data->train, coordinateDescent(data->train, spec.regularizer), spec.regularizer);
        const double reached = record.epochs.back().trainLoss / 2 + record.epochs.back().regularizer;
        QVERIFY2(reached / trusted - 1 <= 0.01 && reached / trusted > 1 - 1e-6,
                 qPrintable(QString::number(reached / trusted - 1)));
        const double optimum = *record.setup.optimumLoss / 2 + record.setup.optimumRegularizer;
        QVERIFY2(std::abs(optimum / trusted - 1) < 1e-6, qPrintable(QString::number(optimum / trusted - 1)));
    }
};

QTEST_APPLESS_MAIN(RegularizerTest)
#include "regularizer_test.moc"
