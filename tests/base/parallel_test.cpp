#include "core/base/parallel.h"

#include <QtTest>

#include <atomic>
#include <stdexcept>

using namespace zipml;

class ParallelTest : public QObject {
    Q_OBJECT
  private slots:
    void everyChunkRunsOnce() {
        for (const int threads : {1, 2, 5}) {
            ThreadTeam team(threads);
            QCOMPARE(team.threads(), threads);
            for (const std::size_t chunks : {0UL, 1UL, 2UL, 3UL, 1000UL}) {
                std::vector<std::atomic<int>> runs(chunks);
                team.forEachChunk(chunks, [&](std::size_t chunk) { ++runs[chunk]; });
                for (const auto& count : runs)
                    QCOMPARE(count.load(), 1);
            }
        }
    }

    void anExceptionReachesTheCallerAndTheTeamGoesOn() {
        ThreadTeam team(3);
        for (int round = 0; round < 50; ++round) {
            QVERIFY_EXCEPTION_THROWN(team.forEachChunk(100,
                                                       [](std::size_t chunk) {
                                                           if (chunk == 17)
                                                               throw std::runtime_error("17");
                                                       }),
                                     std::runtime_error);
            std::atomic<int> count = 0;
            team.forEachChunk(100, [&](std::size_t) { ++count; });
            QCOMPARE(count.load(), 100);
        }
    }

    void manyShortCallsInARow() {
        ThreadTeam team(2);
        std::atomic<std::size_t> sum = 0;
        for (int call = 0; call < 20'000; ++call)
            team.forEachChunk(2, [&](std::size_t chunk) { sum += chunk; });
        QCOMPARE(sum.load(), 20'000UL);
    }
};

QTEST_APPLESS_MAIN(ParallelTest)
#include "parallel_test.moc"
