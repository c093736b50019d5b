// SVRG, bit centering and SWALP: they reach what they promise, move the bytes that they say, and are
// unbiased.

#include "core/base/number_text.h"
#include "core/estimate/bias.h"
#include "core/lab/run.h"
#include "core/lab/run_samples.h"
#include "core/quant/build_grids.h"
#include "core/solve/sgd.h"
#include "tests/support/real_data.h"

#include <QtTest>

using namespace zipml;

namespace {

RunRecord run(const RunSpec& spec) {
    RunObserver nobody;
    RunControl control;
    return runExperiment(spec, nobody, control);
}

RunSpec specOn(const std::string& data, EstimatorKind estimator, int bits,
               SolverKind solver = SolverKind::Svrg) {
    RunSpec spec;
    spec.data.source = data;
    spec = withEstimator(spec, estimator);
    spec.bits = bits;
    spec.sgd.solver = solver;
    spec.biasDraws = 0;
    return spec;
}

/// Objective over the least one, less 1.
double excessOf(const RunRecord& record) {
    return record.epochs.back().minimised() / *record.setup.minimum() - 1;
}

QString described(const RunRecord& record) {
    return QString("%1 on %2: %3")
        .arg(QString::fromStdString(displayName(record.spec)), QString::fromStdString(record.setup.dataName))
        .arg(excessOf(record));
}

} // namespace

class VarianceReductionTest : public QObject {
    Q_OBJECT
  private slots:
    void theExactOptimumIsReachedAtFourBits_data() {
        QTest::addColumn<QString>("data");
        QTest::newRow("synthetic:100") << "synthetic:100";
        QTest::newRow("heavy-tailed") << "synthetic:10x2000,heavy-tailed,r2=0.7";
        for (const char* name : {"cadata", "cpusmall"})
            if (const auto file = test::dataFolder() / name; std::filesystem::exists(file))
                QTest::newRow(name) << QString::fromStdString(file.string());
    }
    void theExactOptimumIsReachedAtFourBits() {
        QFETCH(QString, data);
        for (const auto estimator : {EstimatorKind::Full, EstimatorKind::Double, EstimatorKind::Corrected}) {
            const RunRecord record = run(specOn(data.toStdString(), estimator, 4));
            QVERIFY2(std::abs(excessOf(record)) < 1e-6, qPrintable(described(record)));
        }
        QVERIFY(excessOf(run(specOn(data.toStdString(), EstimatorKind::Double, 4, SolverKind::Sgd))) > 1e-5);
    }

    void regularizersAndMarginLossesReachTheirOptima() {
        for (const char* regularizer :
             {"l2:0.1", "l1:0.05", "elastic:0.05,0.05", "ball:0.5", "box:-0.1,0.1"}) {
            RunSpec spec = specOn("synthetic:10x1500,r2=0.7", EstimatorKind::Double, 4);
            spec.regularizer = parseRegularizer(regularizer);
            const RunRecord record = run(spec);
            QVERIFY2(std::abs(excessOf(record)) < 1e-6, qPrintable(described(record)));
        }
        for (const auto estimator : {EstimatorKind::Full, EstimatorKind::Double, EstimatorKind::Naive}) {
            RunSpec spec = specOn("synthetic:10x1500,classes,r2=0.5", estimator, 5);
            spec.loss = LossKind::Logistic;
            spec.regularizer = parseRegularizer("l2:0.01");
            spec.sgd.epochs = 80;
            const RunRecord record = run(spec);
            QVERIFY2(std::abs(excessOf(record)) < 1e-6, qPrintable(described(record)));
            QVERIFY(record.setup.kernels.find("two models") != std::string::npos);
        }
    }

    // The kernels run on the difference without labels, the reference takes two gradients with labels.
    void kernelsFollowTheReference_data() {
        QTest::addColumn<int>("estimator");
        for (const auto estimator : {EstimatorKind::Full, EstimatorKind::Naive, EstimatorKind::Corrected,
                                     EstimatorKind::Double, EstimatorKind::DoubleMean})
            QTest::newRow(nameOf(estimator).data()) << static_cast<int>(estimator);
    }
    void kernelsFollowTheReference() {
        QFETCH(int, estimator);
        RunSpec spec = specOn("synthetic:20x500", static_cast<EstimatorKind>(estimator), 4);
        spec.arithmetic = Arithmetic::Float;
        ThreadTeam team(1);
        const auto data = prepareData(spec, {});
        RunSamples samples(spec, *data, team, {});
        const std::vector<float> none(data->train.rows, 0.0F);
        const auto fast = samples.makeRunner(none);
        QVERIFY(!fast->isRowByRow());
        RunSpec byRows = spec;
        byRows.device = kReferenceDevice;
        RunSamples rows(byRows, *data, team, {});
        Anchor anchor{LinearParameters::zero(20), {}};
        anchor.at.weights.setConstant(0.3);
        anchor.gradient = meanGradient(data->train, samples.method().loss, anchor.at, team);
        EpochPlan plan;
        plan.step = 0.02;
        plan.anchor = &anchor;
        plan.regularizer = parseRegularizer("l1:0.1");
        RunControl control;
        LinearParameters one = LinearParameters::zero(20);
        LinearParameters two = one;
        QVERIFY(fast->runEpoch(
            plan, one, control, [](double) {}, nullptr));
        QVERIFY(rows.makeRunner(data->train.labels)->runEpoch(plan, two, control, [](double) {}));
        LinearParameters difference = one;
        difference -= two;
        QVERIFY2(difference.norm() < 2e-5 * two.norm(),
                 qPrintable(QString::number(difference.norm() / two.norm())));
    }

    // Over 4,000 fresh roundings the mean of G(x) - G(x~) + g~ is the gradient at x: within 6 standard
    // errors, which a chance exceeds less than once in 10^6 times (Chebyshev aside, by the normal law in 6
    // dimensions). Naive rounding's is off by D (x - x~), as the formula has it.
    void theEstimateIsUnbiased() {
        RunSpec spec = specOn("synthetic:6x200", EstimatorKind::Double, 2);
        spec.arithmetic = Arithmetic::Float; // of the samples' roundings alone
        ThreadTeam team(1);
        const auto data = prepareData(spec, {});
        LinearParameters x = LinearParameters::zero(6);
        LinearParameters anchor = x;
        x.weights.setConstant(0.7);
        anchor.weights.setLinSpaced(6, -0.5, 0.5);
        std::vector<std::uint32_t> rows(data->train.rows);
        std::iota(rows.begin(), rows.end(), 0U);
        for (const auto kind : {EstimatorKind::Double, EstimatorKind::DoubleMean, EstimatorKind::Corrected,
                                EstimatorKind::Naive}) {
            spec.estimator = kind;
            RunSamples samples(spec, *data, team, {});
            const GradientMethod& method = samples.method();
            const LinearParameters exact = meanGradient(data->train, method.loss, x, team);
            const LinearParameters atAnchor = meanGradient(data->train, method.loss, anchor, team);
            constexpr int kDraws = 4000;
            LinearParameters sum = LinearParameters::zero(6);
            double squares = 0;
            for (std::uint32_t draw = 0; draw < kDraws; ++draw) {
                const FreshSource source(data->train, samples.grids(), method, 5, draw);
                const ChannelStreams unused{{5, Purpose::ModelRounding}, {5, Purpose::GradientRounding}};
                LinearParameters estimate =
                    averageGradient(source, data->train.labels, rows, method, x, true, unused);
                estimate -= averageGradient(source, data->train.labels, rows, method, anchor, true, unused);
                estimate += atAnchor;
                estimate -= exact;
                sum += estimate;
                squares += estimate.squaredNorm();
            }
            sum *= 1.0 / kDraws;
            if (kind == EstimatorKind::Naive) {
                std::vector<double> d = meanRoundingVariance(data->train, rows, samples.grids());
                LinearParameters z = x;
                z -= anchor;
                for (Eigen::Index i = 0; i < 6; ++i)
                    sum.weights[i] -= d[static_cast<std::size_t>(i)] * z.weights[i];
            }
            QVERIFY2(sum.norm() < 6 * std::sqrt(squares) / kDraws, nameOf(kind).data());
        }
    }

    // Samples at 4 + 1 bits in every pass, at 32 with their labels in each anchor's; vectors a batch and an
    // anchor.
    void bytesAreThoseThatAreRead() {
        RunSpec spec = specOn("synthetic:20x1600", EstimatorKind::Double, 4);
        spec.arithmetic = Arithmetic::Float; // integers send a model of 8 bits
        spec.sgd.epochs = 10;
        spec.sgd.innerPasses = 4;
        const RunRecord record = run(spec);
        const std::uint64_t store = record.setup.storeBytes;
        QCOMPARE(store, std::uint64_t{1600 * 20 * 5 / 8});
        const std::uint64_t exact = 1600 * 20 * 4;
        const std::uint64_t labels = 1600 * 4;
        const std::uint64_t batch = (2 * 20 + 2) * 4;
        for (const auto& epoch : record.epochs) {
            const auto passes = static_cast<std::uint64_t>(epoch.epoch);
            const std::uint64_t anchors = (passes + 3) / 4;
            QCOMPARE(epoch.sampleBytesMoved, record.setup.codebookBytes + (passes + 1) * store +
                                                 (anchors - 1) * exact + anchors * labels);
            QCOMPARE(epoch.bytesMoved, epoch.sampleBytesMoved + passes * 100 * batch + anchors * 2 * 21 * 4);
        }
    }

    // Passes that solve exactly leave what the spectral radius says.
    void theContractionIsPredicted() {
        for (const int bits : {1, 2, 3}) {
            RunSpec spec = specOn("synthetic:5x800,heavy-tailed", EstimatorKind::Naive, bits);
            spec.sgd.innerPasses = 300;
            spec.sgd.epochs = 10 * 300;
            spec.sgd.batch = 800; // all rows: no scatter
            spec.threads = 1;
            const RunRecord record = run(spec);
            QVERIFY(record.setup.contraction);
            QVERIFY(*record.setup.contraction < 1);
            const auto distance = [&](std::size_t anchor) {
                return *record.epochs[anchor * 300 - 1].distanceToOptimum;
            };
            const double measured = std::sqrt(distance(6) / distance(4));
            QVERIFY2(std::abs(measured / *record.setup.contraction - 1) < 0.1,
                     qPrintable(QString("%1 bits: %2 predicted, %3 measured")
                                    .arg(bits)
                                    .arg(*record.setup.contraction)
                                    .arg(measured)));
        }
    }

    // The difference to the anchor in 8 bits, and the samples in 4; integers round it to 8 bits as it is
    // sent.
    void lowPrecisionDifferencesReachTheOptimumToo() {
        RunSpec spec = specOn("synthetic:30x3000", EstimatorKind::Double, 4, SolverKind::BitCentering);
        spec.modelBits = 8;
        RunRecord record = run(spec);
        QVERIFY2(std::abs(excessOf(record)) < 1e-6, qPrintable(described(record)));
        spec.sgd.solver = SolverKind::Svrg;
        spec.modelBits = VectorQuantizer::kOff;
        spec.arithmetic = Arithmetic::Integer;
        record = run(spec);
        QVERIFY2(std::abs(excessOf(record)) < 1e-6, qPrintable(described(record)));
    }

    // A model kept in few bits stays on their spacing; its average goes below.
    void averagesOfALowPrecisionModelGoBelowItsSpacing() {
        RunSpec spec = specOn("synthetic:10x2000", EstimatorKind::Full, 8, SolverKind::Sgd);
        spec.modelBits = 6;
        spec.vectorScale = VectorScale::Largest;
        spec.sgd.schedule = parseSchedule("constant");
        spec.sgd.tailAverage = 0.5;
        spec.sgd.lowPrecisionAverage = true;
        const double averaged = excessOf(run(spec));
        spec.sgd.tailAverage = 1e-6; // the last iterate alone, which is on the levels
        const RunRecord last = run(spec);
        QVERIFY2(averaged < 0.1 * excessOf(last),
                 qPrintable(QString("%1 %2").arg(averaged).arg(excessOf(last))));
        const double gap = last.model.parameters.weights.lpNorm<Eigen::Infinity>() / 31;
        for (const double weight : last.model.parameters.weights) {
            const double place = std::abs(weight) / gap;
            QVERIFY(std::abs(place - std::round(place)) < 1e-6);
        }
    }

    void whatDoesNotGoIsRefused() {
        const auto refused = [](RunSpec spec, const char* key) {
            try {
                validate(spec);
            } catch (const InputError& error) {
                return std::string(error.what()).starts_with(key);
            }
            return false;
        };
        const RunSpec good = specOn("synthetic:5", EstimatorKind::Double, 4);
        validate(good);
        RunSpec spec = good;
        spec.loss = LossKind::Hinge;
        QVERIFY(refused(spec, "solver: "));
        spec = good;
        spec.sgd.tailAverage = 0.5;
        QVERIFY(refused(spec, "average: "));
        spec = good;
        spec.sgd.innerPasses = 0;
        QVERIFY(refused(spec, "inner_passes: "));
        spec = good;
        spec.sgd.solver = SolverKind::BitCentering;
        spec.modelBits = 1;
        QVERIFY(refused(spec, "model_bits: "));
        spec = good;
        spec.sgd.solver = SolverKind::Sgd;
        spec.sgd.lowPrecisionAverage = true;
        spec.sgd.tailAverage = 0.5;
        QVERIFY(refused(spec, "average: "));
    }
};

QTEST_APPLESS_MAIN(VarianceReductionTest)
#include "variance_reduction_test.moc"
