#include "core/base/parallel.h"
#include "core/base/spin_barrier.h"

#include <QtTest>

#include <new>
#include <stdexcept>

using namespace zipml;

class SpinBarrierTest : public QObject {
    Q_OBJECT
  private slots:
    void allHaveComeBeforeOneGoesOn() {
        constexpr int kThreads = 3, kRounds = 2000;
        ThreadTeam team(kThreads);
        SpinBarrier barrier(kThreads);
        std::atomic<int> arrived = 0;
        std::atomic<bool> early = false;
        team.forEachChunk(kThreads, [&](std::size_t) {
            for (int round = 1; round <= kRounds; ++round) {
                ++arrived;
                barrier.wait();
                early = early || arrived.load() < round * kThreads;
                barrier.wait();
            }
        });
        QVERIFY(!early);
    }

    // A thread for which memory does not suffice never comes: the others must not wait for it.
    void whoWaitsForOneThatFailedFailsToo() {
        constexpr int kThreads = 3;
        ThreadTeam team(kThreads);
        for (int round = 0; round < 200; ++round) {
            SpinBarrier barrier(kThreads);
            QVERIFY_EXCEPTION_THROWN(team.forEachChunk(kThreads,
                                                       [&](std::size_t thread) {
                                                           barrier.guard([&] {
                                                               for (int step = 0; step < 50; ++step) {
                                                                   if (thread == 1 && step == round % 50)
                                                                       throw std::bad_alloc();
                                                                   barrier.wait();
                                                               }
                                                           });
                                                       }),
                                     std::bad_alloc);
            QVERIFY_EXCEPTION_THROWN(barrier.wait(), std::bad_alloc); // and from now on
        }
    }
};

QTEST_APPLESS_MAIN(SpinBarrierTest)
#include "spin_barrier_test.moc"
