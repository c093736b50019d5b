// What crashes or hangs apart is told here, and nothing here changes.
#include "core/base/trial.h"

#include <QElapsedTimer>
#include <QtTest>

#include <csignal>
#include <stdexcept>
#include <unistd.h>

using namespace zipml;

class TrialTest : public QObject {
    Q_OBJECT
  private slots:
    void endsAreTold() {
        int here = 1;
        QCOMPARE(tryApart([&] { here = 2; }, 60), TrialEnd::Ended);
        QCOMPARE(here, 1);
        QCOMPARE(tryApart([] { throw std::runtime_error("as bad input does"); }, 60), TrialEnd::Ended);
        QCOMPARE(tryApart([] { ::raise(SIGSEGV); }, 60), TrialEnd::Crashed);
        QCOMPARE(tryApart([] { ::abort(); }, 60), TrialEnd::Crashed);
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(tryApart([] { ::pause(); }, 1), TrialEnd::TookTooLong);
        QVERIFY(timer.elapsed() >= 900);
    }

    // A large program's process costs no more than its tables of pages.
    void memoryIsThere() {
        const std::vector<int> large(10'000'000, 7);
        QCOMPARE(tryApart(
                     [&] {
                         if (large[9'999'999] != 7)
                             ::abort();
                     },
                     60),
                 TrialEnd::Ended);
    }
};

QTEST_GUILESS_MAIN(TrialTest)
#include "trial_test.moc"
