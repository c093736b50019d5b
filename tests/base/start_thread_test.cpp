// Threads that the system refuses: whoever asked goes on with fewer.
#include "core/base/on_threads.h"
#include "core/base/parallel.h"
#include "core/base/start_thread.h"

#include <QtTest>

#include <atomic>
#include <pthread.h>

using namespace zipml;

namespace {

/// While it lives, a thread's stack takes so much address space that there is none for many: what a limit on
/// memory does, by the system's own refusal.
class HugeStacks {
  public:
    explicit HugeStacks(std::size_t bytes) {
        pthread_getattr_default_np(&before_);
        pthread_attr_t huge;
        pthread_getattr_default_np(&huge);
        pthread_attr_setstacksize(&huge, bytes);
        set_ = pthread_setattr_default_np(&huge) == 0;
        pthread_attr_destroy(&huge);
    }
    ~HugeStacks() {
        pthread_setattr_default_np(&before_);
        pthread_attr_destroy(&before_);
    }
    HugeStacks(const HugeStacks&) = delete;
    HugeStacks& operator=(const HugeStacks&) = delete;
    [[nodiscard]] bool set() const { return set_; }

  private:
    pthread_attr_t before_{};
    bool set_ = false;
};

constexpr std::size_t kTooMuchForTwo = std::size_t{1} << 46; // of 2^47 bytes
constexpr std::size_t kTooMuch = std::size_t{1} << 48;

} // namespace

class StartThreadTest : public QObject {
    Q_OBJECT
  private slots:
    void aTeamHasThoseThatThereAre_data() {
        QTest::addColumn<quint64>("stack");
        QTest::newRow("none more") << quint64{kTooMuch};
        QTest::newRow("one more at most") << quint64{kTooMuchForTwo};
    }
    void aTeamHasThoseThatThereAre() {
        QFETCH(const quint64, stack);
        const int before = refusedThreads();
        const HugeStacks huge(stack);
        QVERIFY(huge.set());
        ThreadTeam team(64);
        QVERIFY2(team.threads() >= 1 && team.threads() <= 3, qPrintable(QString::number(team.threads())));
        QCOMPARE(refusedThreads(), before + 1); // asked once, not 63 times
        std::atomic<int> count = 0;
        team.forEachChunk(1000, [&](std::size_t) { ++count; });
        QCOMPARE(count.load(), 1000);
    }

    void workIsDoneWithoutHelpers() {
        const HugeStacks huge(kTooMuch);
        std::atomic<int> calls = 0;
        onThreads(8, [&] { ++calls; });
        QCOMPARE(calls.load(), 1);
    }

    void workIsDoneOnAsManyThreadsAsWanted() {
        std::atomic<int> calls = 0;
        onThreads(5, [&] { ++calls; });
        QCOMPARE(calls.load(), 5);
        calls = 0;
        onThreads(0, [&] { ++calls; });
        QCOMPARE(calls.load(), 1);
    }

    void whatWasRefusedIsNeverCalled() {
        const HugeStacks huge(kTooMuch);
        bool called = false;
        const std::thread refused = startThread([&] { called = true; });
        QVERIFY(!refused.joinable() && !called);
    }
};

QTEST_APPLESS_MAIN(StartThreadTest)
#include "start_thread_test.moc"
