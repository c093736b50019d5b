// The exact optimum is found beside the training: the record is the same whenever it comes, the observer hears
// of it once, runs on the same data find it once, and a run that is stopped waits for nothing.

#include "core/lab/memory_run.h"
#include "core/lab/optimum_search.h"

#include <QtTest>

#include <atomic>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

using namespace zipml;
using namespace std::chrono_literals;

namespace {

RunSpec specOf(int threads) {
    RunSpec spec;
    spec.data.source = "synthetic:6x800";
    spec.sgd.epochs = 5;
    spec.threads = threads;
    return spec;
}

struct Listener final : RunObserver {
    int optima = 0, epochsBefore = 0, epochs = 0;
    std::size_t distances = 0;
    std::function<void(int epoch)> afterEpoch;
    std::function<void(std::string_view)> onPhase;

    void onProgress(double /*share*/, std::string_view phase) override {
        if (onPhase)
            onPhase(phase);
    }
    void onPrepared(const RunSetup& setup, const EpochRecord& initial) override {
        QVERIFY(!setup.optimumLoss && !initial.distanceToOptimum);
    }
    void onOptimum(const RunSetup& setup, const EpochRecord& initial,
                   std::span<const EpochRecord> all) override {
        ++optima;
        epochsBefore = static_cast<int>(all.size());
        QVERIFY(setup.optimumLoss && initial.distanceToOptimum);
        for (const EpochRecord& epoch : all)
            distances += epoch.distanceToOptimum ? 1U : 0U;
    }
    void onEpoch(const EpochRecord& epoch) override {
        ++epochs;
        if (afterEpoch)
            afterEpoch(epoch.epoch);
    }
};

/// The same rows, with another search.
std::shared_ptr<PreparedData> withSearch(const PreparedData& data, OptimumSearch::Find find) {
    auto other = std::make_shared<PreparedData>();
    other->task = data.task;
    other->train = data.train;
    other->test = data.test;
    other->scaling = data.scaling;
    other->labelScaling = data.labelScaling;
    other->imputation = data.imputation;
    other->load = data.load;
    other->search = std::make_unique<OptimumSearch>(std::move(find));
    return other;
}

RunRecord runOn(const RunSpec& spec, std::shared_ptr<const PreparedData> data, Listener& listener,
                RunControl& control) {
    const auto subject = makeMemoryRun(spec, listener, control, std::move(data));
    return runLoop(*subject, listener, control);
}

/// All of a record but seconds and memory.
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

class OptimumBesideTest : public QObject {
    Q_OBJECT
  private slots:
    void theRecordIsTheSameWheneverItComes() {
        const auto data = prepareData(specOf(1), {});
        ThreadTeam team(1);
        const FoundOptimum found = data->exactOptimum(team);
        QVERIFY(found.optimum);
        std::string expected;
        // Known before; found at the end in the same thread; found beside, after epoch 0, 2 and the last.
        for (const int when : {-2, -1, 0, 2, 99}) {
            std::atomic<bool> go = when == 0;
            Listener listener;
            listener.afterEpoch = [&](int epoch) {
                if (epoch < when)
                    return;
                go = true;
                if (when > 0 && when < 5)
                    std::this_thread::sleep_for(100ms);
            };
            listener.onPhase = [&](std::string_view phase) {
                if (phase == "finding the exact optimum")
                    go = true;
            };
            const auto slow = withSearch(*data, [&](ThreadTeam&, const Job& job) {
                while (when >= 0 && !go) {
                    job.checkpoint();
                    std::this_thread::sleep_for(1ms);
                }
                return found;
            });
            if (when == -2)
                (void)slow->exactOptimum(team);
            RunControl control;
            const RunRecord record = runOn(specOf(when < 0 ? 1 : 2), slow, listener, control);
            QCOMPARE(record.status, RunStatus::Completed);
            QCOMPARE(listener.optima, 1);
            QCOMPARE(listener.epochs, 5);
            QCOMPARE(listener.distances, static_cast<std::size_t>(listener.epochsBefore));
            if (when == -2)
                QCOMPARE(listener.epochsBefore, 0);
            if (when == -1 || when == 99)
                QCOMPARE(listener.epochsBefore, 5);
            for (const EpochRecord& epoch : record.epochs)
                QVERIFY(epoch.distanceToOptimum);
            if (expected.empty())
                expected = resultOf(record);
            QCOMPARE(QString::fromStdString(resultOf(record)), QString::fromStdString(expected));
        }
    }

    void aStoppedRunDoesNotWait() {
        const auto data = prepareData(specOf(2), {});
        std::atomic<int> begun = 0, ended = 0;
        const auto endless = withSearch(*data, [&](ThreadTeam&, const Job& job) -> FoundOptimum {
            ++begun;
            const struct Ends {
                std::atomic<int>& count;
                ~Ends() { ++count; }
            } ends{ended};
            while (true) {
                job.checkpoint();
                std::this_thread::sleep_for(1ms);
            }
        });
        for (const bool atTheEnd : {false, true}) {
            RunControl control;
            Listener listener;
            listener.afterEpoch = [&](int epoch) {
                if (!atTheEnd && epoch == 2)
                    control.stop();
            };
            listener.onPhase = [&](std::string_view phase) {
                if (phase == "finding the exact optimum")
                    control.stop();
            };
            const RunRecord record = runOn(specOf(2), endless, listener, control);
            QCOMPARE(record.status, atTheEnd ? RunStatus::Completed : RunStatus::Stopped);
            QCOMPARE(record.epochs.size(), std::size_t{atTheEnd ? 5U : 2U});
            QCOMPARE(listener.optima, 0);
            QVERIFY(!record.setup.optimumLoss);
            QVERIFY2(record.setup.optimumNote.find("stopped before") != std::string::npos,
                     record.setup.optimumNote.c_str());
            QTRY_COMPARE(ended.load(), begun.load()); // nobody wants it any more
        }
    }

    void runsOnTheSameDataFindItOnce() {
        const auto data = prepareData(specOf(2), {});
        ThreadTeam team(1);
        const FoundOptimum found = data->exactOptimum(team);
        for (const int threads : {1, 2}) {
            std::atomic<int> begun = 0;
            const auto counted = withSearch(*data, [&](ThreadTeam&, const Job&) {
                ++begun;
                std::this_thread::sleep_for(20ms);
                return found;
            });
            std::vector<std::thread> runs;
            for (int i = 0; i < 3; ++i)
                runs.emplace_back([&] {
                    Listener listener;
                    RunControl control;
                    runOn(specOf(threads), counted, listener, control);
                });
            for (auto& run : runs)
                run.join();
            QCOMPARE(begun.load(), 1);
        }
        PreparedDataCache cache;
        QVERIFY(cache.get(specOf(1), {})->search->known() == nullptr);
        (void)cache.get(specOf(1), {})->exactOptimum(team);
        QVERIFY(cache.get(specOf(2), {})->search->known() != nullptr);
    }
};

QTEST_APPLESS_MAIN(OptimumBesideTest)
#include "optimum_beside_test.moc"
