#include "core/lab/run.h"
#include "core/quant/grid.h"
#include "tests/support/random_data.h"

#include <QTemporaryDir>
#include <QtTest>

#include <chrono>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

using namespace zipml;

namespace {

struct Recorder final : RunObserver {
    std::vector<EpochRecord> epochs;
    int prepared = 0;
    std::function<void()> afterEpoch;

    void onPrepared(const RunSetup& /*setup*/, const EpochRecord& initial) override {
        ++prepared;
        QCOMPARE(initial.epoch, 0);
    }
    void onEpoch(const EpochRecord& epoch) override {
        epochs.push_back(epoch);
        if (afterEpoch)
            afterEpoch();
    }
};

RunRecord run(const RunSpec& spec) {
    Recorder recorder;
    RunControl control;
    return runExperiment(spec, recorder, control);
}

RunSpec smallSpec(EstimatorKind estimator, int bits) {
    RunSpec spec;
    spec.data.source = "synthetic:20x2000";
    spec.estimator = estimator;
    spec.bits = bits;
    spec.sgd.epochs = 10;
    return spec;
}

/// All of a record but seconds and memory, as text: equal text means bit-equal numbers.
std::string resultOf(const RunRecord& record) {
    auto json = toJson(record);
    json["spec"].erase("threads");
    json.erase("peak_resident_bytes");
    json.erase("time");
    for (auto& epoch : json["epochs"])
        epoch.erase("seconds");
    return json.dump();
}

} // namespace

class RunTest : public QObject {
    Q_OBJECT
  private slots:
    void equalSpecsGiveEqualRecords() {
        for (const auto& entry : namesOf<EstimatorKind>())
            for (const auto rounding : {RoundingTime::Frozen, RoundingTime::Epoch}) {
                if (!whyNotWith(entry.value, LossKind::LeastSquares).empty())
                    continue; // loss_run_test
                auto spec = smallSpec(entry.value, 3);
                spec.sgd.rounding = rounding;
                spec.sgd.batch = 200; // large enough that the team shares a batch
                const auto first = resultOf(run(spec));
                QCOMPARE(resultOf(run(spec)), first);
                for (const int threads : {1, 2, 3}) {
                    spec.threads = threads;
                    QCOMPARE(resultOf(run(spec)), first);
                }
                spec.seed = 2;
                QVERIFY(resultOf(run(spec)) != first);
            }
    }

    void theCacheChangesNothing() {
        const auto spec = smallSpec(EstimatorKind::Double, 4);
        PreparedDataCache cache;
        Recorder recorder;
        RunControl control;
        const auto first = runExperiment(spec, recorder, control, &cache);
        const auto second = runExperiment(spec, recorder, control, &cache);
        QCOMPARE(resultOf(first), resultOf(run(spec)));
        QCOMPARE(resultOf(second), resultOf(first));
        auto otherScaling = spec;
        otherScaling.data.scaling = ScalingKind::MinMax;
        QCOMPARE(resultOf(runExperiment(otherScaling, recorder, control, &cache)),
                 resultOf(run(otherScaling)));
    }

    // The mission's first claim, on the paper's 100-feature size: at 3 bits naive rounding ends at least 10
    // times above double sampling. Seeds are fixed; the measured ratio is about 26.
    void naiveEndsFarAboveDoubleSampling() {
        RunSpec spec;
        spec.estimator = EstimatorKind::Naive;
        const double naive = run(spec).epochs.back().trainLoss;
        spec.estimator = EstimatorKind::Double;
        const auto record = run(spec);
        QVERIFY2(naive >= 10 * record.epochs.back().trainLoss,
                 qPrintable(QString("%1 against %2").arg(naive).arg(record.epochs.back().trainLoss)));
        QVERIFY(*record.setup.optimumLoss > 0);
    }

    // (4): with fresh roundings naive rounding converges to (A'A/K + mean D)^-1 A'b/K, in one dimension a/(a
    // + d).
    void naiveConvergesToTheShrunkenModel() {
        auto spec = smallSpec(EstimatorKind::Naive, 2);
        spec.data.source = "synthetic:1x20000";
        spec.intercept = false;
        spec.sgd.rounding = RoundingTime::Epoch;
        spec.sgd.epochs = 40;
        const auto data = prepareData(spec, {});
        const auto grids = test::uniformGrids(data->train, 2);
        double squares = 0;
        double products = 0;
        double variance = 0;
        for (std::size_t r = 0; r < data->train.rows; ++r) {
            const double a = data->train.values[r];
            squares += a * a;
            products += a * data->train.labels[r];
            variance += grids[0].roundingVariance(a);
        }
        const double shrunken = products / (squares + variance);
        const double least = products / squares;
        const double reached = run(spec).model.parameters.weights[0];
        QVERIFY2(std::abs(reached - shrunken) < 0.03 * std::abs(least - shrunken),
                 qPrintable(QString("%1 %2 %3").arg(reached).arg(shrunken).arg(least)));
    }

    void bytesFollowTheTrafficFormula() {
        auto spec = smallSpec(EstimatorKind::Double, 3);
        spec.arithmetic = Arithmetic::Float; // integers send a model of 8 bits
        spec.sgd.batch = 30;
        const auto record = run(spec);
        const std::uint64_t samples = 2000 * 20 * 4 / 8 + 2000 * 4; // 3 + 1 bits a value, 32 a label
        const std::uint64_t streams = 67 * 2 * 21 * 4; // 67 batches, model and gradient, 21 parameters
        const std::uint64_t levels = 20 * 2 * 4;       // once: low and gap of each feature
        QCOMPARE(record.setup.storeBytes, std::uint64_t{2000 * 20 * 4 / 8});
        QCOMPARE(record.epochs[0].sampleBytesMoved, levels + samples);
        QCOMPARE(record.epochs[0].bytesMoved, levels + samples + streams);
        QCOMPARE(record.epochs[9].bytesMoved, levels + 10 * (samples + streams));
        spec.estimator = EstimatorKind::EndToEnd;
        spec.modelBits = 5;
        spec.gradientBits = 3;
        const std::uint64_t rounded =
            67 * ((20 * 5 + 7) / 8 + (20 * 3 + 7) / 8 + 4 * 4); // scales and intercepts: 32 bits
        QCOMPARE(run(spec).epochs[0].bytesMoved, levels + samples + rounded);
        QCOMPARE(run(smallSpec(EstimatorKind::Full, 3)).setup.storeBytes, std::uint64_t{2000 * 20 * 4});
    }

    void divergenceIsFoundAndSaysWhatToChange_data() {
        QTest::addColumn<double>("step");
        QTest::newRow("slowly") << 0.6;
        QTest::newRow("to infinity") << 1e5;
    }
    void divergenceIsFoundAndSaysWhatToChange() {
        QFETCH(double, step);
        auto spec = smallSpec(EstimatorKind::Double, 2);
        spec.sgd.step = step;
        spec.sgd.schedule = parseSchedule("constant");
        const auto record = run(spec);
        QCOMPARE(record.status, RunStatus::Diverged);
        QVERIFY2(QString::fromStdString(record.message).contains("smaller step"), record.message.c_str());
        QVERIFY(record.message.find("more bits") != std::string::npos);
        QVERIFY(record.model.parameters.finite());
    }

    void earlyStopEndsTheRun() {
        auto spec = smallSpec(EstimatorKind::Full, 8);
        spec.sgd.epochs = 500;
        spec.sgd.earlyStop = 3;
        const auto record = run(spec);
        QCOMPARE(record.status, RunStatus::EarlyStopped);
        QVERIFY(record.epochs.size() < 500);
    }

    void aStopKeepsCompleteEpochs() {
        auto spec = smallSpec(EstimatorKind::Double, 4);
        spec.sgd.epochs = 100'000;
        const auto whole = [&] {
            auto shorter = spec;
            shorter.sgd.epochs = 3;
            return run(shorter);
        }();
        Recorder recorder;
        RunControl control;
        recorder.afterEpoch = [&] {
            if (recorder.epochs.size() == 3)
                control.stop();
        };
        const auto record = runExperiment(spec, recorder, control);
        QCOMPARE(record.status, RunStatus::Stopped);
        QCOMPARE(record.epochs.size(), 3UL);
        QCOMPARE(recorder.epochs.size(), 3UL);
        QCOMPARE(record.epochs.back().trainLoss, whole.epochs.back().trainLoss);
        QVERIFY(record.model.parameters.weights == whole.model.parameters.weights);
    }

    void aStopBeforeTheFirstEpochIsACancellation() {
        Recorder recorder;
        RunControl control;
        control.stop();
        QVERIFY_EXCEPTION_THROWN(runExperiment(smallSpec(EstimatorKind::Double, 4), recorder, control),
                                 Cancelled);
    }

    void pauseAndStepWorkEpochByEpoch() {
        auto spec = smallSpec(EstimatorKind::Naive, 4);
        spec.sgd.epochs = 5;
        Recorder recorder;
        RunControl control;
        std::atomic<int> epochs = 0;
        recorder.afterEpoch = [&] { ++epochs; };
        control.pause();
        RunRecord record;
        std::thread worker([&] { record = runExperiment(spec, recorder, control); });
        for (int expected = 1; expected <= 3; ++expected) {
            control.stepEpoch();
            QVERIFY(QTest::qWaitFor([&] { return epochs == expected && control.paused(); }, 10'000));
        }
        QTest::qWait(50);
        QCOMPARE(epochs.load(), 3);
        control.resume();
        worker.join();
        QCOMPARE(record.epochs.size(), 5UL);
        QCOMPARE(resultOf(record), resultOf(run(spec)));
    }

    void classificationReportsAccuracyOnTheFilesLabels() {
        const QTemporaryDir folder;
        const auto file = folder.filePath("two.csv").toStdString();
        {
            std::ofstream out(file);
            const auto data = prepareData(smallSpec(EstimatorKind::Full, 8), {});
            for (std::size_t r = 0; r < data->train.rows; ++r)
                out << data->train.row(r)[0] << ',' << data->train.row(r)[1] << ','
                    << (data->train.row(r)[0] > 0.2F ? 7 : 3) << '\n';
        }
        RunSpec spec;
        spec.data.source = file;
        spec.data.split = 0.5;
        const auto record = run(spec);
        QCOMPARE(record.setup.task, Task::Classification);
        QCOMPARE(record.model.classLabels, (std::vector<double>{3, 7}));
        QVERIFY(*record.epochs.back().testAccuracy > 0.9);
        QVERIFY(*record.epochs.back().trainAccuracy > 0.9);
    }

    void theCsvHoldsEveryEpoch() {
        const auto record = run(smallSpec(EstimatorKind::Nearest, 4));
        const auto lines = QString::fromStdString(toCsv(record)).split('\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 12); // header, start, 10 epochs
        const auto header = lines[0].split(',');
        const auto last = lines[11].split(',');
        QCOMPARE(last.size(), header.size());
        QCOMPARE(last[header.indexOf("train_loss")].toDouble(), record.epochs.back().trainLoss);
        QVERIFY(last[header.indexOf("predicted_bias_norm")].isEmpty());
    }
};

QTEST_GUILESS_MAIN(RunTest)
#include "run_test.moc"
