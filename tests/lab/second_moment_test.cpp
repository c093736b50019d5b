// The step that an estimator's second moment allows, and what frozen roundings make of the curvature.

#include "core/lab/frozen_curvature.h"
#include "core/lab/run.h"
#include "core/solve/second_moment.h"
#include "core/solve/sgd.h"
#include "tests/support/real_data.h"

#include <Eigen/Eigenvalues>
#include <QtTest>

using namespace zipml;

namespace {

const EstimatorKind kQuadratic[] = {
    EstimatorKind::Naive,      EstimatorKind::Nearest,   EstimatorKind::Double,  EstimatorKind::DoublePlain,
    EstimatorKind::DoubleMean, EstimatorKind::Corrected, EstimatorKind::EndToEnd};

RunRecord run(const RunSpec& spec) {
    RunObserver nobody;
    RunControl control;
    return runExperiment(spec, nobody, control);
}

bool saysSo(const RunRecord& record) {
    return std::ranges::any_of(record.setup.notes,
                               [](const std::string& note) { return note.starts_with("no step converges"); });
}

RunSpec specOn(const std::string& data, EstimatorKind estimator, int bits) {
    RunSpec spec;
    spec.data.source = data;
    spec = withEstimator(spec, estimator);
    spec.bits = bits;
    spec.sgd.epochs = 8;
    spec.biasDraws = 0;
    return spec;
}

} // namespace

class SecondMomentTest : public QObject {
    Q_OBJECT
  private slots:
    // Fresh roundings leave nothing but the second moment: at the automatic step every estimator ends lower
    // than it began, at every width. (At a fixed seed: the same every time.)
    void everyEstimatorTrainsAtEveryWidth_data() {
        QTest::addColumn<QString>("data");
        for (const char* data : {"synthetic:30x1500", "synthetic:12x800,heavy-tailed"})
            QTest::newRow(data) << data;
        if (const auto file = test::dataFolder() / "cpusmall"; std::filesystem::exists(file))
            QTest::newRow("cpusmall") << QString::fromStdString(file.string());
    }
    void everyEstimatorTrainsAtEveryWidth() {
        QFETCH(QString, data);
        for (const auto estimator : kQuadratic)
            for (int bits = 1; bits <= 4; ++bits) {
                RunSpec spec = specOn(data.toStdString(), estimator, bits);
                spec.sgd.rounding = RoundingTime::Epoch;
                const RunRecord record = run(spec);
                const QString what = QString("%1, %2 bits: %3 -> %4")
                                         .arg(QString::fromStdString(displayName(spec)))
                                         .arg(bits)
                                         .arg(record.initial.trainLoss)
                                         .arg(record.epochs.back().trainLoss);
                QVERIFY2(record.status == RunStatus::Completed, qPrintable(what));
                if (estimator != EstimatorKind::Nearest) // whose bias no step repairs
                    QVERIFY2(record.epochs.back().trainLoss < record.initial.trainLoss, qPrintable(what));
            }
    }

    // Frozen: it trains, or the run has said before it began that no step would.
    void frozenRoundingsTrainOrSaySo() {
        int said = 0;
        for (const auto estimator : kQuadratic)
            for (int bits = 1; bits <= 4; ++bits) {
                const RunRecord record = run(specOn("synthetic:30x1500", estimator, bits));
                said += saysSo(record) ? 1 : 0;
                QVERIFY(saysSo(record) || record.epochs.back().trainLoss < record.initial.trainLoss ||
                        estimator == EstimatorKind::Nearest);
            }
        QVERIFY(said > 0);
        QVERIFY(!saysSo(run(specOn("synthetic:30x1500", EstimatorKind::Double, 4))));
        QVERIFY(!saysSo(run(specOn("synthetic:30x1500", EstimatorKind::Naive, 1))));
    }

    // Rounded model and gradient count, too.
    void coarseChannelsTakeSmallerSteps() {
        for (const int bits : {1, 2, 3}) {
            RunSpec spec = specOn("synthetic:30x1500", EstimatorKind::Full, 8);
            spec.modelBits = spec.gradientBits = bits;
            const RunRecord record = run(spec);
            QVERIFY(record.status == RunStatus::Completed);
            QVERIFY(record.epochs.back().trainLoss < record.initial.trainLoss);
        }
    }

    // Runs compare: from 3 bits on the step is the data's own.
    void theStepIsTheDatasWhereTheRoundingAllowsIt() {
        const double own = run(specOn("synthetic:100x2000", EstimatorKind::Full, 8)).setup.step;
        for (const auto estimator : kQuadratic)
            for (const int bits : {3, 4, 8})
                if (estimator != EstimatorKind::EndToEnd)
                    QCOMPARE(run(specOn("synthetic:100x2000", estimator, bits)).setup.step, own);
        QVERIFY(run(specOn("synthetic:100x2000", EstimatorKind::Double, 1)).setup.step < own / 20);
    }

    // Against a dense eigensolver on the matrix that the decoded store gives.
    void curvatureIsThatOfTheStoredRows_data() {
        QTest::addColumn<int>("estimator");
        QTest::addColumn<int>("bits");
        for (const auto estimator : {EstimatorKind::Naive, EstimatorKind::Double, EstimatorKind::Corrected})
            for (const int bits : {1, 2, 4, 9})
                QTest::addRow("%s %d", nameOf(estimator).data(), bits) << static_cast<int>(estimator) << bits;
    }
    void curvatureIsThatOfTheStoredRows() {
        QFETCH(int, estimator);
        QFETCH(int, bits);
        RunSpec spec = specOn("synthetic:6x300", static_cast<EstimatorKind>(estimator), bits);
        ThreadTeam team(1);
        const auto data = prepareData(spec, {});
        RunSamples samples(spec, *data, team, {});
        const auto found = frozenCurvature(spec, *data, samples, true);
        QVERIFY(found);
        const GradientMethod& method = samples.method();
        const auto grids = samples.grids();
        SampleStore store(data->train.rows, {grids.begin(), grids.end()},
                          {spec.bits, method.copies, method.estimator->rounding, spec.seed});
        store.build(data->train, 0, team);
        const Eigen::Index n = 6;
        Eigen::MatrixXd m = Eigen::MatrixXd::Zero(n + 1, n + 1);
        Eigen::MatrixXd h = m;
        std::vector<double> values(static_cast<std::size_t>(n * method.copies));
        for (std::uint32_t row = 0; row < data->train.rows; ++row) {
            store.decode(row, 0, values);
            const Eigen::Map<const Eigen::MatrixXd> copies(values.data(), n, method.copies);
            Eigen::VectorXd exact(n + 1);
            exact << 1, Eigen::Map<const Eigen::VectorXf>(data->train.row(row).data(), n).cast<double>();
            h += exact * exact.transpose();
            Eigen::VectorXd mean(n + 1);
            mean << 1, copies.rowwise().mean();
            m += mean * mean.transpose();
            if (method.copies == 2)
                m.diagonal().tail(n) -=
                    ((copies.col(0) - copies.col(1)).cast<double>() / 2).cwiseAbs2(); // (8)
        }
        m /= static_cast<double>(data->train.rows);
        h /= static_cast<double>(data->train.rows);
        if (method.correction.size() > 0)
            m.diagonal().tail(n) -= method.correction;
        const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(m);
        const double scale = solver.eigenvalues().cwiseAbs().maxCoeff();
        QVERIFY(std::abs(found->m.least - solver.eigenvalues().minCoeff()) < 1e-5 * scale);
        QVERIFY(std::abs(found->m.greatest - solver.eigenvalues().maxCoeff()) < 1e-5 * scale);
        QCOMPARE(found->contraction.has_value(), solver.eigenvalues().minCoeff() > 0);
        if (!found->contraction)
            return;
        const Eigen::MatrixXd iteration = m.inverse() * (m - h);
        const double radius = iteration.eigenvalues().cwiseAbs().maxCoeff();
        QVERIFY2(std::abs(*found->contraction - radius) < 0.02 * radius + 1e-4,
                 qPrintable(QString("%1 against %2").arg(*found->contraction).arg(radius)));
        if (method.copies == 1 && method.correction.size() == 0)
            QVERIFY(*found->contraction < 1);
    }
};

QTEST_APPLESS_MAIN(SecondMomentTest)
#include "second_moment_test.moc"
