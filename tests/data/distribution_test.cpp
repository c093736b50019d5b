// Generated values against the moments that their summaries state, within 5 standard errors (false alarm: one
// in a million seeds; the seed is fixed).

#include "core/data/distribution.h"

#include <QtTest>

#include <cmath>

using namespace zipml;

class DistributionTest : public QObject {
    Q_OBJECT
  private slots:
    void momentsAreAsStated() {
        ThreadTeam team(2);
        struct Expected {
            Distribution distribution;
            double mean, variance;
        };
        for (const auto& [distribution, mean, variance] :
             {Expected{Distribution::Normal, 0, 1}, Expected{Distribution::Uniform, 0.5, 1.0 / 12},
              Expected{Distribution::Exponential, 1, 1},
              Expected{Distribution::Bimodal, -0.4, 0.6 * 0.36 + 0.4 * 0.0625 + 4 - 0.16},
              Expected{Distribution::HeavyTailed, 0, std::exp(0.5)}}) {
            const auto values = drawValues(distribution, 200'000, 3, team);
            double sum = 0;
            double squares = 0;
            double fourth = 0;
            for (const float value : values) {
                const double away = double{value} - mean;
                sum += away;
                squares += away * away;
                fourth += away * away * away * away;
            }
            const auto n = static_cast<double>(values.size());
            QVERIFY(std::abs(sum / n) < 5 * std::sqrt(variance / n));
            const double spread = std::sqrt((fourth / n - variance * variance) / n);
            QVERIFY(std::abs(squares / n - variance) < 5 * spread);
        }
    }

    void threadsDoNotMatter() {
        ThreadTeam one(1), many(3);
        for (const auto& entry : namesOf<Distribution>())
            QVERIFY(drawValues(entry.value, 150'001, 3, one) == drawValues(entry.value, 150'001, 3, many));
    }
};

QTEST_APPLESS_MAIN(DistributionTest)
#include "distribution_test.moc"
