// The legend keeps clear of the curves.

#include "ui/plot/draw.h"
#include "ui/plot/legend.h"

#include <QtTest>

using namespace zipml::ui;

namespace {

/// From the left to the right edge.
template <class Height>
Curve curveOf(Height height) {
    Curve curve;
    curve.name = "A run";
    for (int i = 0; i <= 100; ++i) {
        curve.x << i;
        curve.y << height(i / 100.0);
    }
    return curve;
}

struct Plot {
    QCustomPlot plot;
    void show(const std::vector<Curve>& curves, const Axes& axes = {}) {
        drawCurves(plot, curves, axes, PlotColors::light());
        fitAxes(plot, curves, axes);
        plot.setViewport({0, 0, 500, 300});
        plot.replot();
        placeLegend(plot, curves, axes);
        plot.replot();
    }
    [[nodiscard]] Qt::Alignment corner() const { return plot.axisRect()->insetLayout()->insetAlignment(0); }
    [[nodiscard]] int pointsBelow(const Curve& curve) const {
        int below = 0;
        for (qsizetype i = 0; i < curve.x.size(); ++i)
            below += plot.legend->outerRect().contains(QPoint(qRound(plot.xAxis->coordToPixel(curve.x[i])),
                                                              qRound(plot.yAxis->coordToPixel(curve.y[i]))));
        return below;
    }
};

} // namespace

class LegendTest : public QObject {
    Q_OBJECT
  private slots:
    void itHidesNoPointWhereACornerIsFree_data() {
        QTest::addColumn<Curve>("curve");
        QTest::addColumn<bool>("logarithmic");
        QTest::newRow("falls along a line") << curveOf([](double t) { return 1 - t; }) << false;
        QTest::newRow("rises along a line") << curveOf([](double t) { return t; }) << false;
        QTest::newRow("hangs from the top right") << curveOf([](double t) { return 1 - 0.2 * t; }) << false;
        QTest::newRow("at the top") << curveOf([](double t) { return t < 0.05 ? 0 : 1; }) << false;
        QTest::newRow("falls by factors") << curveOf([](double t) { return std::exp(-9 * t); }) << true;
    }
    void itHidesNoPointWhereACornerIsFree() {
        QFETCH(const Curve, curve);
        QFETCH(const bool, logarithmic);
        Axes axes;
        axes.logarithmic = logarithmic;
        Plot plot;
        plot.show({curve}, axes);
        QCOMPARE(plot.pointsBelow(curve), 0);
    }

    // Where all corners are as good, it stays.
    void itStaysWhereMovingGainsNothing() {
        Plot plot;
        plot.show({curveOf([](double t) { return t; })});
        const auto corner = plot.corner();
        QVERIFY(!(corner == (Qt::AlignTop | Qt::AlignRight)));
        plot.show({curveOf([](double) { return 1.0; })}); // in the middle
        QCOMPARE(plot.corner(), corner);
    }

    void aFixedOneIsNotMoved() {
        Axes axes;
        axes.legendLeft = true;
        Plot plot;
        plot.show({curveOf([](double t) { return 1 - t; })}, axes);
        QCOMPARE(plot.corner(), Qt::AlignTop | Qt::AlignLeft);
    }
};

QTEST_MAIN(LegendTest)
#include "legend_test.moc"
