// Runs with the losses of the margin: they reach the optimum, and what does not go says so.

#include "core/lab/build_store.h"
#include "core/lab/prepare.h"
#include "core/lab/run.h"
#include "tests/support/optimum_oracle.h"
#include "tests/support/random_data.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>
#include <nlohmann/json.hpp>

using namespace zipml;

namespace {

constexpr LossKind kMarginLosses[] = {LossKind::Logistic, LossKind::Hinge, LossKind::SquaredHinge};

RunRecord run(const RunSpec& spec) {
    RunObserver observer;
    RunControl control;
    return runExperiment(spec, observer, control);
}

} // namespace

class LossRunTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;

    /// Two noisy classes of five features. @param label of row r and the class it belongs to
    template <class Label>
    std::string write(const char* name, std::size_t rows, std::uint64_t seed, Label&& label) {
        const auto data = test::randomData(rows, 5, seed);
        const std::string file = folder_.filePath(name).toStdString();
        std::ofstream out(file);
        for (std::size_t row = 0; row < rows; ++row) {
            double score = data.labels[row];
            for (std::size_t f = 0; f < 5; ++f)
                score += data.row(row)[f] * (f % 2 == 0 ? 1.0 : -0.5);
            out << label(row, score > 0.4);
            for (std::size_t f = 0; f < 5; ++f)
                out << ' ' << f + 1 << ':' << data.row(row)[f];
            out << '\n';
        }
        return file;
    }
    std::string twoClasses(const char* name, std::size_t rows, std::uint64_t seed) {
        return write(name, rows, seed, [](std::size_t, bool positive) { return positive ? 7 : 3; });
    }
    RunSpec specOf(LossKind loss, EstimatorKind estimator) {
        RunSpec spec;
        spec.data.source = twoClasses("train", 2000, 1);
        spec.loss = loss;
        spec.estimator = estimator;
        spec.bits = 8;
        spec.sgd.epochs = 20;
        spec.regularizer = parseRegularizer("l2:0.01");
        return spec;
    }

    void fails(const RunSpec& spec, const std::vector<std::string>& words) {
        try {
            run(spec);
            QFAIL("nothing was thrown");
        } catch (const InputError& error) {
            const std::string what = error.what();
            for (const auto& word : words)
                QVERIFY2(what.find(word) != std::string::npos, what.c_str());
        }
    }

  private slots:
    void fullPrecisionReachesTheOptimum() {
        for (const LossKind loss : kMarginLosses) {
            const auto record = run(specOf(loss, EstimatorKind::Full));
            const auto& last = record.epochs.back();
            QVERIFY2(record.setup.optimumLoss, record.setup.optimumNote.c_str());
            const double best = *record.setup.optimumLoss + record.setup.optimumRegularizer;
            const double found = last.trainLoss + last.regularizer;
            QVERIFY2(
                found <= best * 1.005,
                qPrintable(QString("%1: %2 instead of %3").arg(nameOf(loss).data()).arg(found).arg(best)));
            QVERIFY(found >= best * (1 - 1e-9));
            QVERIFY(*record.setup.optimumCertificate <= 1e-9);
            QCOMPARE(record.status, RunStatus::Completed);
            QVERIFY(*last.trainAccuracy > 0.8);
            QVERIFY(toJson(record)["loss"].get<std::string>().find("C") != std::string::npos);
        }
    }

    // Eight bits: naive and nearest are biased and end nearby; two independent roundings, too.
    void eightBitsEndNearby() {
        for (const LossKind loss : kMarginLosses)
            for (const EstimatorKind kind :
                 {EstimatorKind::Naive, EstimatorKind::Nearest, EstimatorKind::Double}) {
                const auto record = run(specOf(loss, kind));
                const auto& last = record.epochs.back();
                QVERIFY(last.trainLoss + last.regularizer <=
                        1.01 * (*record.setup.optimumLoss + record.setup.optimumRegularizer));
                QVERIFY(!last.predictedBiasNorm); // no formula
                QCOMPARE(record.setup.notes.size(), kind == EstimatorKind::Double ? 1U : 0U);
            }
    }

    // Eight bits with every regularizer, against cvxpy: within 1%, and the run's own optimum within 1e-6.
    void eightBitsEndNearTheOracle_data() {
        QTest::addColumn<int>("loss");
        QTest::addColumn<int>("estimator");
        QTest::newRow("hinge, refetch")
            << static_cast<int>(LossKind::Hinge) << static_cast<int>(EstimatorKind::Refetch);
        QTest::newRow("hinge, double")
            << static_cast<int>(LossKind::Hinge) << static_cast<int>(EstimatorKind::Double);
        QTest::newRow("logistic, polynomial")
            << static_cast<int>(LossKind::Logistic) << static_cast<int>(EstimatorKind::Polynomial);
        QTest::newRow("logistic, double")
            << static_cast<int>(LossKind::Logistic) << static_cast<int>(EstimatorKind::Double);
    }
    void eightBitsEndNearTheOracle() {
        NEEDS_OPTIMUM_ORACLE();
        QFETCH(int, loss);
        QFETCH(int, estimator);
        auto spec = specOf(static_cast<LossKind>(loss), static_cast<EstimatorKind>(estimator));
        std::vector<test::OptimumProblem> problems;
        std::vector<RunRecord> records;
        for (const char* text : {"l1:0.01", "l2:0.01", "elastic:0.01,0.01", "ball:0.7", "box:-0.3,0.5"}) {
            spec.regularizer = parseRegularizer(text);
            problems.push_back(
                {prepareData(spec, {})->train, lossOf(spec), spec.regularizer, spec.intercept});
            records.push_back(run(spec));
        }
        QString error;
        const auto oracle = test::oracleObjectives(problems, error);
        QVERIFY2(error.isEmpty(), qPrintable(error));
        for (std::size_t i = 0; i < records.size(); ++i) {
            const auto& record = records[i];
            const auto name = toString(problems[i].regularizer);
            const double optimum = *record.setup.optimumLoss + record.setup.optimumRegularizer;
            const double reached = record.epochs.back().trainLoss + record.epochs.back().regularizer;
            QVERIFY2(std::abs(optimum / oracle[i] - 1) < 1e-6, qPrintable(QString("%1: optimum %2, oracle %3")
                                                                              .arg(name.c_str())
                                                                              .arg(optimum, 0, 'g', 12)
                                                                              .arg(oracle[i], 0, 'g', 12)));
            QVERIFY2(reached <= 1.01 * oracle[i] && reached >= oracle[i] * (1 - 1e-6),
                     qPrintable(QString("%1: %2 of %3").arg(name.c_str()).arg(reached).arg(oracle[i])));
            QCOMPARE(record.status, RunStatus::Completed);
        }
    }

    // Refetching ends at the optimum; what it fetched is counted, and fewer bits fetch more.
    void refetchingReachesTheOptimum_data() {
        QTest::addColumn<int>("certificate");
        for (const auto& entry : namesOf<CertificateKind>())
            QTest::newRow(entry.name.data()) << static_cast<int>(entry.value);
    }
    void refetchingReachesTheOptimum() {
        QFETCH(int, certificate);
        double before = 0;
        for (const int bits : {8, 4}) {
            auto spec = specOf(LossKind::Hinge, EstimatorKind::Refetch);
            spec.certificate = static_cast<CertificateKind>(certificate);
            spec.bits = bits;
            const auto record = run(spec);
            const auto& last = record.epochs.back();
            QVERIFY(last.trainLoss + last.regularizer <=
                    1.01 * (*record.setup.optimumLoss + record.setup.optimumRegularizer));
            QVERIFY(*last.refetchRate > before && *last.refetchRate < 1);
            before = *last.refetchRate;
            QCOMPARE(last.predictedBiasNorm, std::optional(0.0));
            QVERIFY(*last.biasNorm <= 5 * *last.biasStandardError);
            std::uint64_t moved = record.setup.codebookBytes;
            for (const auto& epoch : record.epochs)
                moved +=
                    record.setup.storeBytes + 2000 * sizeof(float) +
                    static_cast<std::uint64_t>(std::lround(*epoch.refetchRate * 2000)) * 5 * sizeof(float);
            QCOMPARE(last.sampleBytesMoved, moved);
            const double extra = spec.certificate == CertificateKind::L2       ? 32 / 5.0
                                 : spec.certificate == CertificateKind::Sketch ? 65 * 32 / 5.0
                                                                               : 0;
            QVERIFY(std::abs(record.setup.bitsPerValue - (bits + 1 + extra)) < 1e-9);
        }
    }

    void polynomialsEndNearbyAndSayWhereScoresLeave() {
        for (const LossKind loss : kMarginLosses) {
            auto spec = specOf(loss, EstimatorKind::Polynomial);
            spec.bits = 6;
            spec.polynomial = {5, 6, 0.5};
            const auto record = run(spec);
            const auto& last = record.epochs.back();
            const auto full = run(specOf(loss, EstimatorKind::Full));
            QCOMPARE(record.status, RunStatus::Completed);
            QVERIFY2(std::abs(*last.trainAccuracy - *full.epochs.back().trainAccuracy) < 0.02,
                     qPrintable(QString("%1, %2").arg(nameOf(loss).data()).arg(*last.trainAccuracy)));
            QVERIFY(*last.outsideShare < 0.01);
            QCOMPARE(record.setup.notes.size(), 1U);
            QVERIFY(record.setup.notes[0].find("degree 5") != std::string::npos);
            QCOMPARE(record.setup.bitsPerValue, 6 + 3.0);
        }
        auto tight = specOf(LossKind::SquaredHinge, EstimatorKind::Polynomial);
        tight.polynomial.interval = 0.3;
        const auto record = run(tight);
        QVERIFY(*record.epochs.back().outsideShare > 0.01);
        for (const char* words : {"leave the polynomial's interval", "[-0.3, 0.3]", "degree 5", "(0.6)"})
            QVERIFY2(record.setup.notes.back().find(words) != std::string::npos,
                     record.setup.notes.back().c_str());
        QCOMPARE(RunSpec{}.polynomial.interval, 8.0);
    }

    void threadsAndTheSeedAreAllThatCounts() {
        for (const EstimatorKind kind : {EstimatorKind::Polynomial, EstimatorKind::Refetch})
            for (const auto rounding : {RoundingTime::Frozen, RoundingTime::Epoch}) {
                auto spec = specOf(LossKind::Hinge, kind);
                spec.sgd.epochs = 3;
                spec.sgd.batch = 300;
                spec.sgd.rounding = rounding;
                spec.threads = 1;
                const auto first = run(spec);
                spec.threads = 3;
                const auto second = run(spec);
                QVERIFY(first.model.parameters.weights == second.model.parameters.weights);
                QCOMPARE(first.epochs.back().biasNorm, second.epochs.back().biasNorm);
                QCOMPARE(first.epochs.back().bytesMoved, second.epochs.back().bytesMoved);
                spec.seed = 2;
                QVERIFY(run(spec).model.parameters.weights != first.model.parameters.weights);
            }
    }

    // The saved model is for the file's labels, whatever training saw.
    void labelsAreScaledAndScaledBack() {
        RunSpec spec;
        spec.data.source = "synthetic:6x500";
        spec.estimator = EstimatorKind::Full;
        spec.sgd.epochs = 60;
        const auto plain = run(spec);
        for (const auto kind :
             {LabelScalingKind::Unit, LabelScalingKind::Symmetric, LabelScalingKind::Standard}) {
            spec.data.labelScaling = kind;
            const auto record = run(spec);
            const auto& model = record.model.parameters;
            QVERIFY((model.weights - plain.model.parameters.weights).norm() <=
                    1e-2 * plain.model.parameters.weights.norm());
            const double factor = prepareData(spec, {})->labelScaling.factor;
            QVERIFY(
                std::abs(record.epochs.back().trainLoss / (factor * factor * plain.epochs.back().trainLoss) -
                         1) < 0.02);
            QVERIFY(record.setup.notes.at(0).find("scaled labels") != std::string::npos);
        }
        auto classes = specOf(LossKind::LeastSquares, EstimatorKind::Full);
        classes.data.labelScaling = LabelScalingKind::Unit;
        fails(classes, {"label_scaling", "classes"});
        classes.loss = LossKind::Hinge;
        fails(classes, {"label_scaling", "none"});
    }

    void storesTrainAsMemoryDoes() {
        for (const LossKind loss : kMarginLosses) {
            auto spec = specOf(loss, EstimatorKind::Naive);
            spec.biasDraws = 0;
            const auto inMemory = run(spec);
            const std::string file = folder_.filePath("rows.zq").toStdString();
            buildStoreFile(spec, file, {});
            spec.data.source = file;
            spec.sgd.step = inMemory.setup.step;
            const auto fromStore = run(spec);
            QVERIFY(fromStore.model.parameters.weights == inMemory.model.parameters.weights);
            QVERIFY(std::abs(fromStore.epochs.back().trainLoss / inMemory.epochs.back().trainLoss - 1) <
                    1e-6); // all rows are kept
            QVERIFY(fromStore.setup.lossNote.find("all ") != std::string::npos);
        }
    }

    void otherLabelsAreRefused() {
        for (const LossKind loss : kMarginLosses) {
            auto spec = specOf(loss, EstimatorKind::Full);
            spec.data.source =
                write("three", 50, 2, [](std::size_t row, bool) { return 0.5 + static_cast<int>(row % 3); });
            fails(spec, {"three", "two", "least-squares"});
            spec.data.task = Task::Classification;
            fails(spec, {"three", "two", "whole numbers"});
            spec.data.task = Task::Regression;
            fails(spec, {nameOf(loss).data(), "classification"});
            spec.data.task.reset();
            spec.data.source = write("one", 50, 2, [](std::size_t, bool) { return 1; });
            fails(spec, {"one", "all labels are equal"});
        }
    }

    void testRowsThatLackAClassAreNoted() {
        auto spec = specOf(LossKind::Logistic, EstimatorKind::Full);
        spec.data.test = write("half", 50, 2, [](std::size_t, bool) { return 7; });
        const auto record = run(spec);
        QCOMPARE(record.setup.notes.size(), 1U);
        QVERIFY(record.setup.notes[0].find("none of the class 3") != std::string::npos);
        spec.data.test = write("foreign", 50, 2, [](std::size_t row, bool) { return row % 2 == 0 ? 7 : 9; });
        fails(spec, {"foreign", "label 9", "training"});
    }

    void whatDoesNotGoSaysWhy() {
        fails(specOf(LossKind::Logistic, EstimatorKind::Corrected), {"estimator: corrected", "naive"});
        fails(specOf(LossKind::Hinge, EstimatorKind::DoubleMean), {"estimator: double-mean", "double"});
        fails(specOf(LossKind::LeastSquares, EstimatorKind::Polynomial), {"estimator: polynomial", "double"});
        fails(specOf(LossKind::Logistic, EstimatorKind::Refetch), {"estimator: refetch", "hinge"});
        auto polynomial = specOf(LossKind::Hinge, EstimatorKind::Polynomial);
        polynomial.polynomial.degree = 8;
        fails(polynomial, {"degree", "1 to 7"});
        polynomial.polynomial = {5, 1.2, 0.5};
        fails(polynomial, {"interval", "band"});
        polynomial.polynomial = {};
        polynomial.modelBits = 8;
        fails(polynomial, {"model_bits", "32"});
        polynomial.modelBits = 32;
        polynomial.store = StoreKind::AnyPrecision;
        fails(polynomial, {"store", "packed"});
        auto weighted = specOf(LossKind::LsSvm, EstimatorKind::Full);
        weighted.classWeights = {2, 1};
        fails(weighted, {"class_weights", "logistic"});
    }

    // A heavier class is missed less often.
    void classWeightsShiftTheModel() {
        double before = 1;
        for (const double weight : {0.2, 1.0, 5.0}) {
            auto spec = specOf(LossKind::SquaredHinge, EstimatorKind::Naive);
            spec.classWeights.positive = weight;
            const auto data = prepareData(spec, {});
            const auto record = run(spec);
            QVERIFY(std::abs(record.epochs.back().trainLoss / *record.setup.optimumLoss - 1) < 0.02);
            double missed = 0, positives = 0;
            for (std::size_t row = 0; row < data->train.rows; ++row) {
                if (data->train.labels[row] < 0)
                    continue;
                const auto& model = record.model.parameters;
                const Eigen::Map<const Eigen::VectorXf> a(data->train.row(row).data(), 5);
                ++positives;
                missed += a.cast<double>().dot(model.weights) + model.intercept < 0 ? 1 : 0;
            }
            QVERIFY(missed / positives < before);
            before = missed / positives;
        }
    }
};

QTEST_APPLESS_MAIN(LossRunTest)
#include "loss_run_test.moc"
