// The legend keeps clear of the curves.

#include "ui/plot/draw.h"
#include "ui/plot/legend.h"
#include "ui/plot/plot_texts.h"

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
    QSize size = {500, 300};
    void show(const std::vector<Curve>& curves, const Axes& axes = {}) {
        drawCurves(plot, curves, axes, PlotColors::light());
        fitAxes(plot, curves, axes);
        plot.setViewport(QRect(QPoint(), size));
        plot.replot();
        placeLegend(plot, curves, axes);
        plot.replot();
    }
    [[nodiscard]] bool below() const { return plot.axisRect()->insetLayout()->elementCount() == 0; }
    [[nodiscard]] QStringList texts() const {
        QStringList names;
        for (int i = 0; i < plot.legend->itemCount(); ++i)
            if (auto* item = qobject_cast<QCPPlottableLegendItem*>(plot.legend->item(i)))
                names << item->plottable()->name();
        return names;
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

    /// A curve that passes through all corners.
    static Curve everywhere() {
        return curveOf([](double t) { return std::sin(60 * t); });
    }

    void itGoesBelowWhereItWouldHideCurves() {
        Axes axes;
        axes.logarithmic = false;
        Plot plot;
        plot.show({everywhere()}, axes);
        QVERIFY(plot.below());
        QVERIFY(!plot.plot.legend->outerRect().intersects(plot.plot.axisRect()->rect()));
        QVERIFY(plot.plot.viewport().contains(plot.plot.legend->outerRect()));
        QCOMPARE(plot.texts(), QStringList("A run"));
        // And comes back with other curves that leave it room.
        Curve other = curveOf([](double t) { return t; });
        other.name = "Another run";
        plot.show({other}, axes);
        QVERIFY(!plot.below());
        QCOMPARE(plot.pointsBelow(other), 0);
    }

    // Long lines between few points hide as much.
    void linesCountTooNotOnlyPoints() {
        Curve curve;
        curve.name = "A run";
        curve.x = {0, 10, 90, 100};
        curve.y = {1, 0, 1, 0.9};
        Axes axes;
        axes.logarithmic = false;
        Plot plot;
        plot.show({curve}, axes);
        const QRect legend = plot.plot.legend->outerRect();
        for (int step = 0; step <= 1000; ++step) {
            const double t = step / 1000.0;
            const QPoint way(qRound(plot.plot.xAxis->coordToPixel(10 + 80 * t)),
                             qRound(plot.plot.yAxis->coordToPixel(t)));
            QVERIFY(!legend.contains(way));
        }
    }

    void manyEntriesDoNotCoverThePlot() {
        std::vector<Curve> curves;
        for (int run = 0; run < 150; ++run) {
            curves.push_back(curveOf([run](double t) { return 1 + run * t; }));
            curves.back().run = run;
            curves.back().name = QString("Double sampling, 3 bits, step %1").arg(run);
        }
        Plot plot;
        plot.show(curves);
        QVERIFY(!plot.plot.legend->outerRect().intersects(plot.plot.axisRect()->rect()));
        QVERIFY(plot.plot.axisRect()->height() > 120); // of 300
        QVERIFY(plot.texts().size() >= 2 && plot.texts().size() < 30);
        QCOMPARE(plot.plot.legend->itemCount(), static_cast<int>(plot.texts().size()) + 1); // "and … more"
        for (int i = 0; i < plot.plot.legend->itemCount(); ++i) {
            const QRect place = plot.plot.legend->item(i)->outerRect();
            QVERIFY(plot.plot.viewport().contains(place)); // whole
            QVERIFY(place.width() >= plot.plot.legend->item(i)->minimumOuterSizeHint().width());
        }
    }

    // Below it would take height that a low plot has not.
    // A caption is broken where the legend begins, and does not push it out.
    void besideALongCaptionItIsWhole() {
        int beside = 0;
        for (int width = 420; width <= 900; width += 20) {
            Plot plot;
            plot.size = {width, 180};
            Axes axes;
            axes.title = "Loss";
            axes.caption = "solid: training   dashed: test   dotted: the exact optimum's training loss";
            std::vector curves{curveOf([](double t) { return 1 - t; })};
            curves.front().name = "Double sampling, 3 bits";
            plot.show(curves, axes);
            for (int round = 0; round < 4; ++round) { // as a plot on a page settles
                wrapTexts(plot.plot, axes);
                placeLegend(plot.plot, curves, axes);
                plot.plot.replot();
            }
            if (!isLegendBeside(plot.plot))
                continue;
            ++beside;
            QVERIFY(plot.plot.viewport().contains(plot.plot.legend->outerRect()));
            const auto& layout = *plot.plot.plotLayout();
            for (const QCPLayoutElement* element : {layout.element(0, 0), layout.element(1, 0),
                                                    static_cast<QCPLayoutElement*>(plot.plot.legend)})
                QVERIFY2(element->outerRect().width() >= element->minimumOuterSizeHint().width(),
                         qPrintable(QString("%1: %2").arg(width).arg(element->outerRect().width())));
        }
        QVERIFY(beside > 10);
    }

    void itGoesBesideWhereThePlotIsLowAndWide() {
        std::vector<Curve> curves;
        for (int run = 0; run < 6; ++run) {
            curves.push_back(everywhere());
            curves.back().run = run;
            curves.back().name = QString("Double, %1 bits").arg(run + 2);
        }
        Axes axes;
        axes.logarithmic = false;
        Plot plot;
        plot.size = {700, 190};
        plot.show(curves, axes);
        QVERIFY(isLegendBeside(plot.plot));
        QVERIFY(plot.plot.legend->visible());
        const QRect frame = plot.plot.axisRect()->rect(), legend = plot.plot.legend->outerRect();
        QVERIFY(legend.left() >= frame.right());
        QVERIFY(plot.plot.viewport().contains(legend));
        QVERIFY(frame.width() > 400);
        QCOMPARE(plot.texts().size(), 6);
        // It stays there while curves grow, and comes back once there is room.
        plot.show(curves, axes);
        QVERIFY(isLegendBeside(plot.plot));
        plot.size = {700, 500};
        Curve other = curveOf([](double t) { return t; });
        other.name = "Another run";
        plot.show({other}, axes);
        QVERIFY(!isLegendBeside(plot.plot));
        QCOMPARE(plot.pointsBelow(other), 0);
    }

    // Where there is no width either the curves have all of it.
    void aSmallPlotHasNone() {
        Axes axes;
        axes.logarithmic = false;
        Plot plot;
        plot.size = {300, 150};
        std::vector<Curve> curves{everywhere()};
        curves[0].name = "Double sampling, 3 bits, step 0.001";
        plot.show(curves, axes);
        QVERIFY(!plot.plot.legend->visible());
    }

    void settingsStandInItInsteadOfRuns() {
        Axes axes;
        axes.entries = {{"3 bits", {.ramp = 0.0}}, {"8 bits", {.ramp = 1.0}}, {"double", {.dash = 1}}};
        Plot plot;
        plot.show({curveOf([](double t) { return t; }), curveOf([](double t) { return t * t; })}, axes);
        QCOMPARE(plot.plot.legend->itemCount(), 3);
        QVERIFY(plot.texts().isEmpty());
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
