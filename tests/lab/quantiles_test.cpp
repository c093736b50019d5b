// The seven numbers that stand for a vector's coordinates.

#include "core/lab/quantiles.h"

#include <QtTest>

#include <limits>

using namespace zipml;

class QuantilesTest : public QObject {
    Q_OBJECT
  private slots:
    // 0, 1, ... n in any order: the share itself is what is found.
    void ranksOfEvenlySpacedValues() {
        constexpr int kCount = 1001;
        Eigen::VectorXd values(kCount);
        for (int i = 0; i < kCount; ++i)
            values[(i * 37) % kCount] = i;
        const auto found = quantilesOf(values);
        QVERIFY(found.has_value());
        for (std::size_t i = 0; i < kQuantileShares.size(); ++i)
            QCOMPARE((*found)[i], std::round(kQuantileShares[i] * (kCount - 1)));
    }

    void oneValueIsAllOfThem() {
        const auto found = quantilesOf(Eigen::VectorXd::Constant(1, -2.5));
        QVERIFY(found && std::ranges::all_of(*found, [](double value) { return value == -2.5; }));
    }

    void nothingOfWhatHasNone() {
        QVERIFY(!quantilesOf(Eigen::VectorXd()));
        QVERIFY(!quantilesOf(Eigen::VectorXd::Constant(3, std::numeric_limits<double>::quiet_NaN())));
    }
};

QTEST_APPLESS_MAIN(QuantilesTest)
#include "quantiles_test.moc"
