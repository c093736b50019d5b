// A logarithmic axis has numbers to read values off by, however small the part that is in view.

#include "ui/plot/log_ticker.h"

#include <QtTest>

using namespace zipml::ui;

class LogTickerTest : public QObject {
    Q_OBJECT
  private slots:
    void hasLabelsInView_data() {
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::newRow("a third of a decade") << 20.0 << 45.0;
        QTest::newRow("within a decade") << 18.0 << 95.0;
        QTest::newRow("a decade and a bit") << 22.0 << 600.0;
        QTest::newRow("less than two decades") << 15.0 << 900.0;
        QTest::newRow("small numbers") << 3.1e-5 << 3.9e-5;
        QTest::newRow("many decades") << 1e-7 << 1e5;
    }
    void hasLabelsInView() {
        QFETCH(double, low);
        QFETCH(double, high);
        LogTicker ticker;
        QVector<double> ticks, subTicks;
        QVector<QString> labels;
        ticker.generate({low, high}, QLocale::c(), 'g', 4, ticks, &subTicks, &labels);
        QCOMPARE(labels.size(), ticks.size());
        const auto seen =
            std::ranges::count_if(ticks, [&](double tick) { return tick >= low && tick <= high; });
        QVERIFY2(seen >= 3 && seen <= 15, qPrintable(QString::number(seen)));
        QVERIFY(std::ranges::is_sorted(ticks));
        QVERIFY(std::ranges::none_of(ticks, [](double tick) { return !(tick > 0); }));
    }

    // Decades keep their parts, which the eye knows a logarithmic axis by.
    void decadesHaveParts() {
        LogTicker ticker;
        QVector<double> ticks, subTicks;
        ticker.generate({1, 1e4}, QLocale::c(), 'g', 4, ticks, &subTicks, nullptr);
        QVERIFY(subTicks.contains(20));
        QVERIFY(ticks.contains(100));
    }
};

QTEST_GUILESS_MAIN(LogTickerTest)
#include "log_ticker_test.moc"
