#include "core/base/run_control.h"

#include <QtTest>

#include <atomic>
#include <chrono>
#include <thread>

using namespace zipml;

namespace {

/// Polls like a solver: ten minibatches an epoch.
class FakeSolver {
  public:
    FakeSolver() : thread_([this] { work(); }) {}
    ~FakeSolver() {
        control.stop();
        thread_.join();
    }
    bool waitForEpochs(int count) const {
        return QTest::qWaitFor([&] { return epochs >= count; }, 5000);
    }

    RunControl control;
    std::atomic<int> epochs = 0;
    std::atomic<bool> ended = false;

  private:
    void work() {
        while (true) {
            for (int batch = 0; batch < 10; ++batch) {
                if (!control.waitIfPaused()) {
                    ended = true;
                    return;
                }
                std::this_thread::sleep_for(std::chrono::microseconds(100));
            }
            ++epochs;
            control.epochFinished();
        }
    }
    std::thread thread_;
};

} // namespace

class RunControlTest : public QObject {
    Q_OBJECT
  private slots:
    void pausesAndResumes() {
        FakeSolver solver;
        QVERIFY(solver.waitForEpochs(2));
        solver.control.pause();
        QTest::qWait(20);
        const int at = solver.epochs;
        QTest::qWait(30);
        QCOMPARE(solver.epochs.load(), at);
        QVERIFY(solver.control.paused());
        solver.control.resume();
        QVERIFY(solver.waitForEpochs(at + 2));
    }

    void aStepIsOneEpoch() {
        FakeSolver solver;
        solver.control.pause();
        QTest::qWait(20);
        for (int step = 0; step < 5; ++step) {
            const int before = solver.epochs;
            solver.control.stepEpoch();
            QVERIFY(solver.waitForEpochs(before + 1));
            QVERIFY(QTest::qWaitFor([&] { return solver.control.paused(); }, 5000));
            QTest::qWait(10);
            QCOMPARE(solver.epochs.load(), before + 1);
        }
    }

    void stopWakesAPausedSolver() {
        FakeSolver solver;
        solver.control.pause();
        QTest::qWait(10);
        solver.control.stop();
        QVERIFY(QTest::qWaitFor([&] { return solver.ended.load(); }, 5000));
        QVERIFY(solver.control.stopToken().stop_requested());
    }
};

QTEST_GUILESS_MAIN(RunControlTest)
#include "run_control_test.moc"
