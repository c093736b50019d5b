/// What a person does to a run that trains: single minibatches, another estimator.

#include "core/lab/rules.h"
#include "core/lab/run.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <atomic>
#include <functional>
#include <random>
#include <thread>

using namespace zipml;

namespace {

RunSpec smallSpec(EstimatorKind estimator) {
    RunSpec spec;
    spec.data.source = "synthetic:20x640";
    spec.estimator = estimator;
    spec.bits = 3;
    spec.sgd.epochs = 6;
    spec.sgd.batch = 64;
    spec.biasDraws = 4;
    spec.biasRows = 100;
    spec.threads = 2;
    return spec;
}

/// Keeps what it hears; `onEach` may ask the control for more.
struct Listener : RunObserver {
    void onEpoch(const EpochRecord& epoch) override {
        epochs.push_back(epoch);
        if (onEach)
            onEach(epoch);
    }
    void onPrepared(const RunSetup&, const EpochRecord&) override { prepared = true; }
    void onStep(const EpochRecord& state) override { steps.push_back(state); }
    RunWishes wishes() override { return wanted; }
    void onRefused(const std::string& why) override { refusals.push_back(why); }
    std::vector<EpochRecord> epochs, steps;
    std::vector<std::string> refusals;
    std::atomic<bool> prepared = false;
    RunWishes wanted;
    std::function<void(const EpochRecord&)> onEach;
};

nlohmann::json withoutSeconds(const RunRecord& record) {
    auto json = toJson(record);
    for (auto& epoch : json["epochs"])
        epoch.erase("seconds");
    json.erase("peak_resident_bytes");
    json.erase("time");
    return json;
}

/// Steps until the run has ended, a minibatch at a time.
RunRecord inSingleSteps(const RunSpec& spec, Listener& listener) {
    RunControl control;
    control.stepBatch();
    std::atomic<bool> ended = false;
    std::jthread person([&] {
        while (!ended) {
            control.stepBatch();
            std::this_thread::sleep_for(std::chrono::microseconds(200));
        }
    });
    RunRecord record = runExperiment(spec, listener, control);
    ended = true;
    return record;
}

} // namespace

class MidrunTest : public QObject {
    Q_OBJECT
  private slots:
    void singleStepsEndWhereAWholeRunEnds_data() {
        QTest::addColumn<QString>("device");
        QTest::addColumn<int>("estimator");
        QTest::addColumn<double>("tail");
        const auto row = [](const char* name, EstimatorKind estimator, const char* device, double tail) {
            QTest::newRow(name) << QString(device) << static_cast<int>(estimator) << tail;
        };
        row("float rows", EstimatorKind::Full, "cpu", 0);
        row("packed", EstimatorKind::Double, "cpu", 0);
        row("packed, averaged", EstimatorKind::Double, "cpu", 0.5);
        row("decoded copies", EstimatorKind::Polynomial, "cpu", 0);
        row("row by row", EstimatorKind::Polynomial, "cpu-reference", 0);
    }
    void singleStepsEndWhereAWholeRunEnds() {
        QFETCH(QString, device);
        QFETCH(int, estimator);
        QFETCH(double, tail);
        RunSpec spec = smallSpec(static_cast<EstimatorKind>(estimator));
        spec.device = device.toStdString();
        spec.sgd.tailAverage = tail;
        if (spec.estimator == EstimatorKind::Polynomial) {
            spec.loss = LossKind::Logistic;
            spec.data.source = "synthetic:20x640,classes";
        }
        Listener whole, stepped;
        RunControl control;
        const RunRecord expected = runExperiment(spec, whole, control);
        const RunRecord record = inSingleSteps(spec, stepped);
        QCOMPARE(withoutSeconds(record).dump(), withoutSeconds(expected).dump());
        QVERIFY(whole.steps.empty());
        // 10 minibatches an epoch; the last one's state is the epoch's own.
        QCOMPARE(stepped.steps.size(), std::size_t(9 * spec.sgd.epochs));
        for (std::size_t i = 0; i < stepped.steps.size(); ++i) {
            const EpochRecord& state = stepped.steps[i];
            QCOMPARE(state.position(), double(i / 9) + double(i % 9 + 1) / 10);
            const std::uint64_t before =
                state.epoch == 0 ? 0 : record.epochs[std::size_t(state.epoch - 1)].bytesMoved;
            const std::uint64_t after = record.epochs[std::size_t(state.epoch)].bytesMoved;
            QVERIFY(state.bytesMoved > before && state.bytesMoved < after);
            QVERIFY(state.seconds <= record.epochs[std::size_t(state.epoch)].seconds);
        }
        QVERIFY(stepped.steps.front().trainLoss < expected.initial.trainLoss);
    }

    /// Seconds are of training: a pause is not.
    void pausesDoNotCount() {
        const RunSpec spec = smallSpec(EstimatorKind::Naive);
        RunControl control;
        control.pause();
        Listener listener; // which hears that the run is prepared, and waits from then on
        std::jthread person([&] {
            while (!listener.prepared)
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            std::this_thread::sleep_for(std::chrono::milliseconds(300));
            control.resume();
        });
        const RunRecord record = runExperiment(spec, listener, control);
        QVERIFY2(control.secondsWaited() > 0.2, "the run did not wait");
        QVERIFY(record.epochs.front().seconds < control.secondsWaited());
    }

    void anotherEstimatorBendsTheCurve_data() {
        QTest::addColumn<int>("store");
        QTest::newRow("packed") << static_cast<int>(StoreKind::Packed);
        QTest::newRow("any precision") << static_cast<int>(StoreKind::AnyPrecision);
    }
    void anotherEstimatorBendsTheCurve() {
        QFETCH(int, store);
        RunSpec spec = smallSpec(EstimatorKind::Naive);
        spec.store = static_cast<StoreKind>(store);
        spec.data.source = "synthetic:10x4000";
        spec.sgd.rounding = RoundingTime::Epoch;
        spec.sgd.epochs = 60;
        spec.sgd.step = 0.01;
        RunControl control;
        Listener listener;
        listener.onEach = [&](const EpochRecord& epoch) {
            if (epoch.epoch == 30)
                listener.wanted.estimator = EstimatorKind::Double;
        };
        const RunRecord record = runExperiment(spec, listener, control);
        const auto& epochs = record.epochs;
        QVERIFY(listener.refusals.empty());
        QCOMPARE(toString(record.spec.at), std::string("31:estimator=double"));
        QVERIFY(switched(record.spec, {}) == spec); // apart from that, what it began with
        QVERIFY(!epochs[29].estimator);
        QCOMPARE(*epochs[30].estimator, EstimatorKind::Double);
        // Naive rounding's bias is gone with its excess loss: by formula, and as measured.
        QVERIFY(*epochs[29].predictedBiasNorm > 0);
        QCOMPARE(*epochs[30].predictedBiasNorm, 0.0);
        RunControl untouched;
        Listener other;
        const RunRecord naive = runExperiment(spec, other, untouched);
        const double optimum = *record.setup.optimumLoss;
        const double excess = naive.epochs.back().trainLoss - optimum;
        QVERIFY2(epochs.back().trainLoss - optimum < 0.6 * excess, // what is left is double sampling's noise
                 qPrintable(QString("%1 of %2").arg(epochs.back().trainLoss - optimum).arg(excess)));
        // One sample more is moved from then on: 4 bits a value and not 3.
        const auto moved = [&](std::size_t i) {
            return epochs[i].sampleBytesMoved - epochs[i - 1].sampleBytesMoved;
        };
        QVERIFY(moved(40) > moved(20));
        // The record reads back.
        QCOMPARE(*epochFromJson(exactJson(epochs[30])).estimator, EstimatorKind::Double);
        QVERIFY(!epochFromJson(exactJson(epochs[29])).estimator);
    }

    /// What would have been without the change goes on bit by bit after changing there and back.
    void thereAndBackIsAsBefore() {
        const RunSpec spec = smallSpec(EstimatorKind::Double);
        RunControl plain, changed;
        Listener first, second;
        const RunRecord expected = runExperiment(spec, first, plain);
        second.onEach = [&](const EpochRecord& epoch) {
            if (epoch.epoch == 2) { // before the next epoch begins
                second.wanted.estimator = EstimatorKind::Full;
                second.wanted.estimator = EstimatorKind::Double;
            }
        };
        const RunRecord record = runExperiment(spec, second, changed);
        QCOMPARE(withoutSeconds(record).dump(), withoutSeconds(expected).dump());
    }

    /// Other bits and other levels round the samples anew; the record says from which epoch on.
    void otherBitsAndLevelsFromTheNextEpoch() {
        RunSpec spec = smallSpec(EstimatorKind::Double);
        spec.bits = 2;
        RunControl control;
        Listener listener;
        listener.onEach = [&](const EpochRecord& epoch) {
            listener.wanted.bits = 5;
            listener.wanted.roundAnew = epoch.epoch >= 2; // else packed samples take no notice
            if (epoch.epoch == 4)
                listener.wanted.grid = parseGrid("given:-1,-0.25,0,0.5,1");
        };
        const RunRecord record = runExperiment(spec, listener, control);
        QVERIFY(listener.refusals.empty());
        QCOMPARE(QString::fromStdString(toString(record.spec.at)),
                 QString("3:bits=5;5:grid=given:-1.0,-0.25,0.0,0.5,1.0"));
        QVERIFY(switched(record.spec, {}) == spec);
        for (const auto& [epoch, bits] : {std::pair{1, 2}, {2, 2}, {3, 5}, {6, 5}})
            QCOMPARE(record.epochs[static_cast<std::size_t>(epoch - 1)].bits, bits);
        QVERIFY(!record.epochs[3].grid);
        QVERIFY(record.epochs[4].grid == parseGrid("given:-1,-0.25,0,0.5,1"));
        QVERIFY(epochFromJson(exactJson(record.epochs[5])).grid == record.epochs[5].grid);
        QVERIFY(!epochFromJson(exactJson(record.epochs[3])).grid);
        // 6 bits a value and not 3 move from the third epoch on.
        const auto moved = [&](std::size_t i) {
            return record.epochs[i].sampleBytesMoved - record.epochs[i - 1].sampleBytesMoved;
        };
        QVERIFY(moved(3) > moved(1));
    }

    void levelsThatDoNotFitAreRefused() {
        const RunSpec spec = smallSpec(EstimatorKind::Double); // 3 bits
        RunControl control;
        Listener listener;
        listener.wanted.grid = parseGrid("given:0,1,2,3,4,5,6,7,8");
        const RunRecord record = runExperiment(spec, listener, control);
        QCOMPARE(listener.refusals.size(), std::size_t(1));
        QVERIFY2(listener.refusals.front().find("the 9 that are given") != std::string::npos,
                 listener.refusals.front().c_str());
        QCOMPARE(record.status, RunStatus::Completed);
        QVERIFY(!record.epochs.back().grid);
    }

    /// What a run spends on looking at itself is not its training's.
    void measuringIsCountedApart() {
        RunSpec spec = smallSpec(EstimatorKind::Double);
        spec.biasDraws = 200;
        spec.biasRows = 640;
        RunControl control;
        Listener listener;
        const RunRecord record = runExperiment(spec, listener, control);
        double training = 0, measuring = record.initial.measuringSeconds;
        for (const EpochRecord& epoch : record.epochs) {
            QVERIFY(epoch.measuringSeconds > epoch.seconds); // 200 looks at as many rows as it trains on
            training += epoch.seconds;
            measuring += epoch.measuringSeconds;
        }
        const auto time = toJson(record)["time"];
        QCOMPARE(time["training_seconds"].get<double>(), training);
        QCOMPARE(time["measuring_seconds"].get<double>(), measuring);
        QVERIFY(time["solving_seconds"].get<double>() > 0);
        QCOMPARE(epochFromJson(exactJson(record.epochs[0])).measuringSeconds,
                 record.epochs[0].measuringSeconds);
    }

    void whatDoesNotGoIsRefusedAndTheRunGoesOn() {
        const RunSpec spec = smallSpec(EstimatorKind::Double);
        RunControl control;
        Listener listener;
        listener.onEach = [&](const EpochRecord& epoch) {
            if (epoch.epoch == 2)
                listener.wanted.estimator = EstimatorKind::Refetch; // for the hinge
        };
        const RunRecord record = runExperiment(spec, listener, control);
        QCOMPARE(listener.refusals.size(), std::size_t(1));
        QVERIFY2(listener.refusals.front().find("hinge") != std::string::npos,
                 listener.refusals.front().c_str());
        QCOMPARE(record.status, RunStatus::Completed);
        QVERIFY(!record.epochs.back().estimator);
    }

    void toFullPrecisionOnAStoreOfAnyPrecision() {
        RunSpec spec = smallSpec(EstimatorKind::Naive);
        spec.store = StoreKind::AnyPrecision;
        RunControl control;
        Listener listener;
        listener.onEach = [&](const EpochRecord&) { listener.wanted.estimator = EstimatorKind::Full; };
        const RunRecord record = runExperiment(spec, listener, control);
        QVERIFY(listener.refusals.empty());
        QCOMPARE(record.epochs.back().bits, VectorQuantizer::kOff);
    }

    void repeatsWhatAPersonDid_data() {
        QTest::addColumn<int>("seed");
        for (int seed = 0; seed < 50; ++seed)
            QTest::newRow(qPrintable(QString::number(seed))) << seed;
    }
    /// Seeded persons change bits, estimators and levels, some of which do not go; the record's command line, read
    /// again, gives the record once more.
    void repeatsWhatAPersonDid() {
        QFETCH(int, seed);
        std::mt19937 random(static_cast<unsigned>(seed));
        const auto oneOf = [&](const auto& all) { return all[random() % std::size(all)]; };
        const EstimatorKind estimators[] = {EstimatorKind::Full,       EstimatorKind::Naive,
                                            EstimatorKind::Double,     EstimatorKind::Corrected,
                                            EstimatorKind::DoubleMean, EstimatorKind::Polynomial,
                                            EstimatorKind::EndToEnd};
        const char* grids[] = {"uniform", "optimal", "quantile", "given:-1,-0.5,0,1"};
        RunSpec spec = smallSpec(EstimatorKind::Double);
        spec.seed = static_cast<std::uint64_t>(seed);
        spec.sgd.epochs = 8;
        if (seed % 2 == 1) {
            spec.loss = LossKind::Logistic;
            spec.data.source = "synthetic:20x640,classes";
        }
        const bool anyPrecision = seed % 5 == 2;
        if (anyPrecision)
            spec.store = StoreKind::AnyPrecision;
        spec = withEstimator(spec, oneOf(estimators));
        spec.sgd.rounding = seed % 3 == 0 ? RoundingTime::Epoch : RoundingTime::Frozen;
        if (seed % 7 == 3)
            spec.at = parseSwitches("2:bits=6;4:bits=4");
        spec = repaired(spec);
        Listener person;
        person.onEach = [&](const EpochRecord&) {
            if (random() % 2 == 0)
                return;
            person.wanted.bits = 1 + static_cast<int>(random() % 8);
            if (anyPrecision && random() % 2 == 0)
                return;
            person.wanted.estimator = oneOf(estimators);
            person.wanted.grid = parseGrid(oneOf(grids));
            person.wanted.roundAnew = true;
        };
        RunControl control;
        const RunRecord record = runExperiment(spec, person, control);
        QVERIFY(record.epochs.size() > 1);
        RunObserver nobody;
        const RunRecord again = runExperiment(specFromJson(toJson(record.spec)), nobody, control);
        const auto difference = nlohmann::json::diff(withoutSeconds(record), withoutSeconds(again));
        QVERIFY2(difference.empty(), (toCommandLine(record.spec) + ": " + difference.dump()).c_str());
    }

    void switchesAreReadAsTheyAreWritten() {
        const char* text = "2:estimator=naive;2:bits=5;30:grid=given:-1.0,0.0,1.0";
        QCOMPARE(QString::fromStdString(toString(parseSwitches(text))), QString(text));
        QCOMPARE(toString(parseSwitches("30:bits=2;7:bits=3;30:bits=4")), std::string("7:bits=3;30:bits=4"));
        QVERIFY(parseSwitches("").empty());
        for (const char* wrong :
             {"5", "bits=4", "0:bits=4", "-1:bits=4", "x:bits=4", "3:bits", "3:bits=", "3:bits=x",
              "3:grid=none", "3:estimator=best", "3:batch=16", ";", "3=4:bits"})
            QVERIFY_EXCEPTION_THROWN(parseSwitches(wrong), InputError);
    }

    void switchesThatDoNotGoAreRefused() {
        RunSpec spec = smallSpec(EstimatorKind::Double);
        const auto refusal = [&](const char* at) {
            spec.at = parseSwitches(at);
            const auto conflicts = conflictsOf({.spec = spec});
            return conflicts.empty() ? std::string() : conflicts.front().message();
        };
        QCOMPARE(refusal("3:bits=5"), std::string());
        QVERIFY(refusal("7:bits=5").find("epoch 7 comes after the last of 6") != std::string::npos);
        QVERIFY(refusal("2:estimator=polynomial").find("at: from epoch 2 on, estimator: polynomial") !=
                std::string::npos);
        QVERIFY(repaired(spec).at.empty());
    }
};

QTEST_GUILESS_MAIN(MidrunTest)
#include "midrun_test.moc"
