// Background jobs: what is started runs in order, what is replaced is never heard of, and every end is told.

#include "ui/widgets/background_job.h"

#include <QtTest>

#include <algorithm>
#include <atomic>
#include <new>
#include <semaphore>
#include <vector>

namespace zipml {
namespace {

struct News : ui::JobNews {
    std::vector<int> told;
    [[nodiscard]] bool empty() const { return JobNews::empty() && told.empty(); }
};

struct Fixture {
    std::binary_semaphore begun{0}, goOn{0};
    ui::BackgroundJob<News> job; // last: it uses the others

    auto telling(int number) {
        return [this, number](const Job&, RunControl&) {
            job.tell([number](News& news) { news.told.push_back(number); });
        };
    }
    /// Begins, and tells its number once it is let go on, also where it has been stopped.
    auto waiting(int number) {
        return [this, number](const Job&, RunControl&) {
            begun.release();
            goOn.acquire();
            job.tell([number](News& news) { news.told.push_back(number); });
        };
    }
    News takeAll() {
        job.wait();
        return job.take();
    }
};

} // namespace

class BackgroundJobTest : public QObject {
    Q_OBJECT
  private slots:
    void whatIsStartedRunsInOrder() {
        Fixture f;
        QVERIFY(f.job.idle());
        for (int i = 0; i < 100; ++i)
            f.job.start(f.telling(i));
        const News news = f.takeAll();
        QCOMPARE(news.told.size(), std::size_t{100});
        QVERIFY(std::ranges::is_sorted(news.told));
        QVERIFY(news.finished && !news.stopped && news.error.isEmpty());
        QVERIFY(f.job.idle() && f.job.take().told.empty());
    }

    void theNewestTakesThePlaceOfWhatWaits() {
        Fixture f;
        f.job.start(f.waiting(1));
        f.begun.acquire();
        f.job.startNext(f.telling(2));
        f.job.startNext(f.telling(3));
        QVERIFY(!f.job.take().finished);
        f.goOn.release();
        QCOMPARE(f.takeAll().told, (std::vector{1, 3}));
    }

    void ofWhatIsReplacedNothingIsHeard() {
        for (int round = 0; round < 50; ++round) {
            Fixture f;
            f.job.start(f.waiting(1));
            f.begun.acquire();
            f.job.start(f.telling(2));
            f.job.replace(f.telling(3));
            QVERIFY(!f.job.take().finished);
            f.goOn.release();
            const News news = f.takeAll();
            QCOMPARE(news.told, std::vector{3});
            QVERIFY(!news.stopped);
        }
    }

    void abandonedWorkCountsAsEnded() {
        Fixture f;
        f.job.start(f.waiting(1));
        f.begun.acquire();
        f.job.abandon();
        QVERIFY(f.job.idle()); // though it has not noticed yet
        f.goOn.release();
        QVERIFY(f.takeAll().told.empty());
    }

    void stoppedWorkSaysSo() {
        Fixture f;
        const auto untilStopped = [&](const Job& job, RunControl& control) {
            f.begun.release();
            while (control.waitIfPaused()) {
            }
            job.checkpoint();
        };
        f.job.start(untilStopped);
        f.begun.acquire();
        f.job.start(f.telling(2));
        f.job.stop();
        const News news = f.takeAll();
        QVERIFY(news.stopped && news.finished && news.told.empty() && news.error.isEmpty());
        f.job.start(f.telling(4)); // goes on afterwards
        QCOMPARE(f.takeAll().told, std::vector{4});
    }

    void failuresAreTold() {
        Fixture f;
        f.job.start([](const Job&, RunControl&) { throw InputError("x.csv: is empty"); });
        QCOMPARE(f.takeAll().error, QString("x.csv: is empty"));
        f.job.start([](const Job&, RunControl&) { throw std::bad_alloc(); });
        QCOMPARE(f.takeAll().error, QString("does not fit into memory"));
        f.job.start([](const Job&, RunControl&) { throw std::bad_alloc(); }, "use fewer rows");
        QCOMPARE(f.takeAll().error, QString("use fewer rows"));
    }

    void progressIsShareAndPhase() {
        Fixture f;
        f.job.start([](const Job& job, RunControl&) {
            job.report(0.25, "reading");
            job.report(0.5, "training");
        });
        const News news = f.takeAll();
        QCOMPARE(news.share, std::optional(0.5));
        QCOMPARE(news.phase, QString("training"));
    }

    void newsIsDeliveredUntilAllHasEnded() {
        Fixture f;
        std::vector<int> told;
        int ends = 0;
        f.job.deliver(1, [&](const News& news) {
            told.insert(told.end(), news.told.begin(), news.told.end());
            ends += news.finished ? 1 : 0;
        });
        for (int i = 0; i < 3; ++i)
            f.job.start(f.telling(i));
        QVERIFY(QTest::qWaitFor([&] { return ends > 0; }));
        QTest::qWait(20);
        QCOMPARE(told, (std::vector{0, 1, 2}));
        QCOMPARE(ends, 1);
    }

    void itsEndStopsAndWaits() {
        std::atomic<bool> ended = false;
        {
            ui::BackgroundJob<ui::JobNews> job;
            std::binary_semaphore begun{0};
            job.start([&](const Job&, RunControl& control) {
                control.pause();
                begun.release();
                ended = !control.waitIfPaused();
            });
            begun.acquire();
        }
        QVERIFY(ended);
    }

    void doesAThingInTheBackground() {
        QObject owner;
        std::optional<QString> error;
        ui::inBackground(
            owner, [](const Job&) { throw InputError("no such file"); },
            [&](const QString& what) { error = what; });
        QVERIFY(QTest::qWaitFor([&] { return error.has_value(); }));
        QCOMPARE(*error, QString("no such file"));
        QVERIFY(QTest::qWaitFor([&] { return owner.children().isEmpty(); }));
    }
};

} // namespace zipml

QTEST_MAIN(zipml::BackgroundJobTest)
#include "background_job_test.moc"
