// The trace of a run's loss: bounded, and a mean of what was measured.

#include "ui/networks/loss_trace.h"

#include <QtTest>

using namespace zipml::ui;

class LossTraceTest : public QObject {
    Q_OBJECT
  private slots:
    void stretchesAreMeans_data() {
        QTest::addColumn<int>("iterations");
        for (const int iterations : {1, 7, 120, 121, 5000, 64'000})
            QTest::addRow("%d", iterations) << iterations;
    }
    void stretchesAreMeans() {
        QFETCH(int, iterations);
        LossTrace trace;
        double sum = 0;
        for (int i = 1; i <= iterations; ++i) {
            trace.add(i, i);
            sum += i;
        }
        QVERIFY(trace.losses().size() <= 120);
        QVERIFY(trace.losses().size() >= std::min(iterations, 60));
        QCOMPARE(trace.iterations().back(), double(iterations));
        double total = 0, before = 0;
        for (qsizetype s = 0; s < trace.losses().size(); ++s) {
            const double end = trace.iterations()[s];
            QVERIFY(std::abs(trace.losses()[s] - (before + 1 + end) / 2) < 1e-9 * end);
            total += trace.losses()[s] * (end - before);
            before = end;
        }
        QVERIFY(std::abs(total / sum - 1) < 1e-9);
    }

    // Behind a checkpoint a run computes the same again.
    void whatIsForgottenCanBeAddedAgain() {
        LossTrace whole, again;
        for (int i = 1; i <= 50; ++i)
            whole.add(i, 1.0 / i);
        for (int i = 1; i <= 33; ++i)
            again.add(i, 1.0 / i);
        again.forgetAfter(20);
        QCOMPARE(again.iterations().back(), 20.0);
        for (int i = 21; i <= 50; ++i)
            again.add(i, 1.0 / i);
        QCOMPARE(again.losses(), whole.losses());
        QCOMPARE(again.iterations(), whole.iterations());
    }
};

QTEST_APPLESS_MAIN(LossTraceTest)
#include "loss_trace_test.moc"
