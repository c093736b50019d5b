// Smoothing, bands over seeds and losses above the optimum, held against their definitions.

#include "ui/plot/curve_filters.h"

#include <QtTest>

#include <cmath>
#include <limits>
#include <random>

using namespace zipml::ui;

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

Curve curveOf(int run, const QVector<double>& y, CurveRole role = CurveRole::Main) {
    Curve curve{run, QString("run %1").arg(run), "training loss", role, {}, y};
    for (int i = 0; i < y.size(); ++i)
        curve.x << i;
    return curve;
}

QVector<double> noise(int count, unsigned seed) {
    std::mt19937 generator(seed);
    std::uniform_real_distribution<double> uniform(1, 2);
    QVector<double> values;
    for (int i = 0; i < count; ++i)
        values << uniform(generator);
    return values;
}

bool equal(double a, double b) {
    return std::abs(a - b) <= 1e-12 * std::max(std::abs(a), std::abs(b));
}

} // namespace

class CurveFiltersTest : public QObject {
    Q_OBJECT
  private slots:
    // Each point is the mean of those up to it, with weights that fall off by `weight` a step.
    void smoothingIsTheWeightedMean() {
        auto y = noise(40, 1);
        y[7] = kNone; // was not measured: no part of it
        for (const double weight : {0.0, 0.3, 0.9, 0.99}) {
            const auto curves = smoothed({curveOf(0, y)}, weight);
            if (weight == 0.0) {
                QCOMPARE(curves.size(), 1U);
                QVERIFY(curves[0].role == CurveRole::Main);
                continue;
            }
            QCOMPARE(curves.size(), 2U);
            QVERIFY(curves[0].role == CurveRole::Faint && curves[1].role == CurveRole::Main);
            for (int i = 0; i < y.size(); ++i) {
                if (i == 7) {
                    QVERIFY(std::isnan(curves[1].y[i]));
                    continue;
                }
                double sum = 0, weights = 0, factor = 1;
                for (int j = i; j >= 0; --j)
                    if (!std::isnan(y[j])) {
                        sum += factor * y[j];
                        weights += factor;
                        factor *= weight;
                    }
                QVERIFY(equal(curves[1].y[i], sum / weights));
            }
        }
    }

    void othersAreNotSmoothed() {
        const auto y = noise(5, 2);
        const auto curves = smoothed({curveOf(0, y, CurveRole::Reference)}, 0.5);
        QCOMPARE(curves.size(), 1U);
        QCOMPARE(curves[0].y, y);
    }

    void bandsHoldEveryMember() {
        const std::map<int, RunGroup> groups{
            {0, {0, "all", 3}}, {1, {0, "all", 3}}, {2, {0, "all", 3}}, {3, {3, "alone", 1}}};
        std::vector<Curve> curves;
        for (const int run : {0, 1, 3, 2})
            curves.push_back(curveOf(run, noise(run == 1 ? 12 : 20, static_cast<unsigned>(run))));
        const auto shown = seedBands(curves, groups);
        QCOMPARE(shown.size(), 2U);
        const Curve& band = shown[0];
        QCOMPARE(band.name, "all");
        QCOMPARE(band.x.size(), 20); // as far as the longest has come
        for (int i = 0; i < band.x.size(); ++i) {
            const double a = curves[0].y[i], c = curves[3].y[i];
            const double b = i < 12 ? curves[1].y[i] : c;
            QVERIFY(equal(band.y[i], i < 12 ? (a + b + c) / 3 : (a + c) / 2));
            QVERIFY(equal(band.x[i], i));
            QCOMPARE(band.low[i], std::min({a, b, c}));
            QCOMPARE(band.high[i], std::max({a, b, c}));
        }
        QCOMPARE(shown[1].y, curves[2].y);
        QVERIFY(shown[1].low.isEmpty());
    }

    void quantitiesAreNotMixed() {
        auto test = curveOf(0, {5, 5}, CurveRole::Secondary);
        test.quantity = "test loss";
        auto other = test;
        other.run = 1;
        const std::map<int, RunGroup> groups{{0, {0, "both", 2}}, {1, {0, "both", 2}}};
        const auto shown = seedBands({curveOf(0, {1, 1}), test, curveOf(1, {3, 3}), other}, groups);
        QCOMPARE(shown.size(), 2U);
        QCOMPARE(shown[0].y, QVector<double>({2, 2}));
        QCOMPARE(shown[1].y, QVector<double>({5, 5}));
    }

    void lossesAboveTheOptimum() {
        const auto shown = aboveOptimum(
            {curveOf(0, {4, 3}), curveOf(0, {2, 2}, CurveRole::Reference), curveOf(1, {4, 3})}, {{0, 2.0}});
        QCOMPARE(shown.size(), 1U); // run 1 has no optimum
        QCOMPARE(shown[0].y, QVector<double>({1, 0.5}));
    }
};

QTEST_APPLESS_MAIN(CurveFiltersTest)
#include "curve_filters_test.moc"
