// One value rounded again and again: its mean and its share of ups, within 4 standard errors (each check
// alarms falsely once in 16,000 seeds; the seeds are fixed).

#include "core/quant/repeated_rounding.h"

#include <QtTest>

#include <cmath>

using namespace zipml;

namespace {

const std::vector<double> kLevels{-1, 0.5, 2, 7};

} // namespace

class RepeatedRoundingTest : public QObject {
    Q_OBJECT
  private slots:
    void theMeanSettlesOnTheValue() {
        constexpr std::size_t kDraws = 20'000;
        for (const double value : {-0.9, 0.0, 0.50001, 1.7, 6.2}) {
            RepeatedRounding rounding(kLevels, value, Rounding::Stochastic, 5);
            rounding.drawUpTo(kDraws);
            const double variance = (rounding.upper() - value) * (value - rounding.lower());
            QVERIFY(std::abs(rounding.variance() - variance) < 1e-12);
            QVERIFY(std::abs(rounding.mean(kDraws) - value) < 4 * std::sqrt(variance / kDraws));
            double sum = 0;
            for (std::size_t i = 0; i < kDraws; ++i) {
                const double result = rounding.result(i);
                QVERIFY(result == rounding.lower() || result == rounding.upper());
                sum += result;
            }
            QVERIFY(std::abs(sum / kDraws - rounding.mean(kDraws)) < 1e-9);
        }
    }

    void nearestDoesNot() {
        RepeatedRounding rounding(kLevels, 1.7, Rounding::Nearest, 5);
        rounding.drawUpTo(100);
        QCOMPARE(rounding.mean(100), 2.0);
        QCOMPARE(rounding.expected(), 2.0);
        QCOMPARE(RepeatedRounding(kLevels, 1.25, Rounding::Nearest, 5).expected(), 2.0); // half way: up
    }

    void onALevelItStays() {
        for (const double value : {-1.0, 2.0, 7.0, 99.0, -99.0}) {
            RepeatedRounding rounding(kLevels, value, Rounding::Stochastic, 5);
            rounding.drawUpTo(1000);
            QCOMPARE(rounding.lower(), rounding.upper());
            QCOMPARE(rounding.mean(1000), rounding.value());
        }
        QCOMPARE(RepeatedRounding(kLevels, 99, Rounding::Stochastic, 5).value(), 7.0);
    }

    void drawsDoNotDependOnWhenTheyAreMade() {
        RepeatedRounding atOnce(kLevels, 1, Rounding::Stochastic, 9), slowly = atOnce;
        atOnce.drawUpTo(500);
        for (std::size_t i = 0; i <= 500; ++i)
            slowly.drawUpTo(i);
        for (std::size_t i = 0; i < 500; ++i)
            QCOMPARE(atOnce.result(i), slowly.result(i));
    }
};

QTEST_APPLESS_MAIN(RepeatedRoundingTest)
#include "repeated_rounding_test.moc"
