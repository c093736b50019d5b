// How the window behaves while runs train: moving curves at once, no stalls, a prompt stop.

#include "tests/support/gui_test.h"

#include <QSlider>

#include <fstream>

using namespace zipml;

namespace {

/// How long this thread has been ready to run while others had the cores; 0 where the system does not tell.
/// (Linux: Documentation/scheduler/sched-stats.rst)
double millisecondsWithoutCore() {
    std::ifstream file("/proc/thread-self/schedstat");
    double running = 0, waiting = 0;
    return file >> running >> waiting ? waiting * 1e-6 : 0;
}

/// The longest time the event loop did not come round, and the same less what it waited for a core: other
/// programs' load is not the window's fault.
class StallMeter : public QObject {
  public:
    StallMeter() {
        connect(&timer_, &QTimer::timeout, this, [this] {
            const double turn = static_cast<double>(clock_.nsecsElapsed()) * 1e-6;
            clock_.restart();
            const double waited = millisecondsWithoutCore();
            longest_ = std::max(longest_, turn);
            longestOwn_ = std::max(longestOwn_, turn - (waited - waited_));
            waited_ = waited;
            ++ticks_;
        });
        clock_.start();
        timer_.start(1);
    }
    [[nodiscard]] double longestMilliseconds() const { return longest_; }
    [[nodiscard]] double longestOwnMilliseconds() const { return longestOwn_; }
    [[nodiscard]] int ticks() const { return ticks_; }

  private:
    QTimer timer_;
    QElapsedTimer clock_;
    double waited_ = millisecondsWithoutCore(), longest_ = 0, longestOwn_ = 0;
    int ticks_ = 0;
};

qsizetype pointsShown(const ui::LivePlot& plot) {
    qsizetype points = 0;
    for (const auto& curve : plot.curves())
        points += curve.x.size();
    return points;
}

} // namespace

class LiveTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { test::useOwnSettings(); }

    void theWelcomeComparisonMovesWithinTwoSeconds() {
        QElapsedTimer sinceStart;
        sinceStart.start();
        ui::MainWindow window;
        window.show();
        window.startWelcome();
        const auto& plot = window.page<ui::TrainingPage>().lossPlot();
        const auto limit = static_cast<int>(2000 * test::timeScale());
        QVERIFY(QTest::qWaitFor([&] { return pointsShown(plot) > 20; }, limit));
        const auto first = pointsShown(plot);
        QVERIFY(QTest::qWaitFor([&] { return pointsShown(plot) > first; }, limit));
        qInfo("curves moved after %lld ms", sinceStart.elapsed());
        QVERIFY(sinceStart.elapsed() < qint64{limit});
        QVERIFY(pointsShown(window.page<ui::TrainingPage>().secondPlot()) > 0);

        // The point of the method is visible at the end: naive far above, double sampling near full
        // precision.
        QVERIFY(test::waitUntilIdle(window.page<ui::TrainingPage>()));
        const auto& runs = window.page<ui::TrainingPage>().runs();
        QCOMPARE(runs.size(), 3);
        const auto last = [&](int row) { return runs.at(row).epochs.back(); };
        QVERIFY(last(1).trainLoss > 10 * last(2).trainLoss);
        QVERIFY(last(2).trainLoss > last(0).trainLoss);
        QVERIFY(*last(1).biasNorm > 3 * *last(1).biasStandardError);
        QVERIFY(*last(2).biasNorm < 3 * *last(2).biasStandardError);
    }

    // While a 400,000 x 90 run trains, the event loop never stalls over 50 ms, and Stop takes effect within
    // 200 ms.
    void aLargeRunNeitherStallsTheWindowNorOutlivesStop() {
        ui::MainWindow window;
        window.show();
        RunSpec spec;
        spec.data.source = "synthetic:90x400000";
        spec.sgd.epochs = 10'000;
        auto& page = window.page<ui::TrainingPage>();
        page.experiment().setSpec(spec);
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QTest::qWait(200); // the first paint is not part of the measurement
        StallMeter meter;
        test::actionNamed(page, "Start")->trigger();
        QVERIFY(QTest::qWaitFor([&] { return page.runs().at(0).epochs.size() >= 3; },
                                static_cast<int>(60'000 * test::timeScale())));
        const double stall = meter.longestOwnMilliseconds();
        qInfo(
            "longest stall %.1f ms, %.1f ms with what it waited for a core, over %d turns of the event loop",
            stall, meter.longestMilliseconds(), meter.ticks());
        QVERIFY2(stall <= 50 * test::timeScale(), qPrintable(QString::number(stall)));

        QTest::qWait(37); // into the middle of an epoch
        QElapsedTimer sinceStop;
        sinceStop.start();
        test::actionNamed(page, "Stop")->trigger();
        QVERIFY(QTest::qWaitFor([&] { return !page.runs().anyActive(); }, 5000));
        qInfo("stopped after %lld ms", sinceStop.elapsed());
        QVERIFY(static_cast<double>(sinceStop.elapsed()) <= 200 * test::timeScale());
        QCOMPARE(page.runs().at(0).state, ui::RunState::Stopped);
    }

    // One spec, two front ends, equal bits.
    // The bits slider acts on a run on a store of any precision while it trains, and only on such runs.
    void bitsFollowTheSlider() {
        ui::MainWindow window;
        window.show();
        auto& page = window.page<ui::TrainingPage>();
        RunSpec spec;
        spec.data.source = "synthetic:20x2000";
        spec.store = StoreKind::AnyPrecision;
        spec.bits = 2;
        spec.sgd.epochs = 100'000;
        RunSpec other = spec;
        other.store = StoreKind::Packed;
        page.experiment().setSpec(spec);
        page.experiment().startAll({spec, other});
        auto* slider = page.findChild<QSlider*>("bitsSlider");
        QVERIFY(slider != nullptr);
        QCOMPARE(slider->maximum(), 8);
        const auto bitsOf = [&](int row) {
            const auto& epochs = page.runs().at(row).epochs;
            return epochs.empty() ? 0 : epochs.back().bits;
        };
        QTRY_COMPARE_WITH_TIMEOUT(bitsOf(0), 2, 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(bitsOf(1), 2, 20'000);
        slider->setValue(7);
        QTRY_COMPARE_WITH_TIMEOUT(bitsOf(0), 7, 20'000);
        QCOMPARE(bitsOf(1), 2);
        page.runs().stop({0, 1});
        QVERIFY(test::waitUntilIdle(page));
    }

    void recordsEqualTheLibrarys() {
        ui::MainWindow window;
        RunSpec spec;
        spec.data.source = "synthetic:10x500";
        spec.sgd.epochs = 5;
        auto& page = window.page<ui::TrainingPage>();
        page.experiment().setSpec(spec);
        test::actionNamed(page, "Start")->trigger();
        QVERIFY(test::waitUntilIdle(page));
        RunObserver nobody;
        RunControl control;
        const auto expected = runExperiment(spec, nobody, control);
        const auto& shown = page.runs().at(0);
        QVERIFY(shown.record->spec == spec);
        QCOMPARE(shown.epochs.size(), expected.epochs.size());
        for (std::size_t e = 0; e < expected.epochs.size(); ++e) {
            QCOMPARE(shown.epochs[e].trainLoss, expected.epochs[e].trainLoss);
            QCOMPARE(*shown.epochs[e].testLoss, *expected.epochs[e].testLoss);
            QCOMPARE(*shown.epochs[e].biasNorm, *expected.epochs[e].biasNorm);
        }
        QVERIFY(shown.record->model.parameters.weights == expected.model.parameters.weights);
    }

    void closingWithRunsUnderWayIsPrompt() {
        QElapsedTimer clock;
        {
            ui::MainWindow window;
            window.show();
            RunSpec spec;
            spec.data.source = "synthetic:90x100000";
            spec.sgd.epochs = 10'000;
            window.experiment().startAll({spec, spec});
            QVERIFY(
                QTest::qWaitFor([&] { return !window.page<ui::TrainingPage>().runs().at(0).epochs.empty(); },
                                static_cast<int>(30'000 * test::timeScale())));
            clock.start();
            window.close();
        }
        QVERIFY2(static_cast<double>(clock.elapsed()) < 500 * test::timeScale(),
                 qPrintable(QString::number(clock.elapsed())));
    }
};

QTEST_MAIN(LiveTest)
#include "live_test.moc"
