// Zeros on a logarithmic axis are seen, apart from everything that is positive.

#include "ui/plot/draw.h"
#include "ui/plot/plot_texts.h"
#include "ui/plot/zero_strip.h"

#include <QtTest>

#include <cmath>

using namespace zipml::ui;

namespace {

/// 1, 0.1, 0.01, then exactly zero.
Curve fallingToZero() {
    Curve curve;
    curve.name = "A run";
    curve.x = {1, 2, 3, 4, 5, 6};
    curve.y = {1, 0.1, 0.01, 0, 0, 0};
    return curve;
}

Axes logarithmic(bool x = false) {
    Axes axes;
    axes.logarithmic = true;
    axes.logarithmicX = x;
    axes.legend = false;
    return axes;
}

struct Plot {
    QCustomPlot plot;
    Axes axes;
    Plot(const std::vector<Curve>& curves, const Axes& how) : axes(how) {
        plot.setViewport({0, 0, 500, 300});
        for (int i = 0; i < 2; ++i) { // the axes' room is known the second time
            drawCurves(plot, curves, axes, PlotColors::light());
            fitAxes(plot, curves, axes);
            plot.replot();
        }
    }
    /// Pixels of the run's colour in a square around a point.
    [[nodiscard]] int colored(const QPointF& at) {
        const QImage image = plot.toPixmap(500, 300).toImage();
        const QColor color = PlotColors::light().run(0);
        int found = 0;
        for (int x = qRound(at.x()) - 4; x <= at.x() + 4; ++x)
            for (int y = qRound(at.y()) - 4; y <= at.y() + 4; ++y)
                found += image.valid(x, y) && image.pixelColor(x, y) == color;
        return found;
    }
};

} // namespace

class ZeroStripTest : public QObject {
    Q_OBJECT
  private slots:
    void zerosAreDrawnInTheirStrip() {
        const Curve curve = fallingToZero();
        Plot shown({curve}, logarithmic());
        const QRectF room = shown.plot.axisRect()->rect();
        const double strip = room.bottom() - zeroStripSize(shown.plot);
        for (qsizetype i = 0; i < curve.x.size(); ++i) {
            const auto place = placeOf(shown.plot, shown.axes, curve.x[i], curve.y[i]);
            QVERIFY(place);
            QVERIFY(room.contains(*place));
            QCOMPARE(place->y() > strip, curve.y[i] == 0); // nothing positive is in it
            QVERIFY2(shown.colored(*place) > 5, qPrintable(QString::number(i)));
        }
    }

    // Wherever it is zoomed: a zero is as far below everything as it can be.
    void theyStayThereWhenZoomed() {
        const Curve curve = fallingToZero();
        Plot shown({curve}, logarithmic());
        shown.plot.yAxis->setRange(0.5, 2);
        shown.plot.replot();
        const auto place = placeOf(shown.plot, shown.axes, 5, 0);
        QVERIFY(shown.colored(*place) > 5);
    }

    void alsoOnX() {
        Curve curve = fallingToZero();
        curve.x = {0, 1, 2, 3, 4, 5};
        curve.y = {1, 0.8, 0.5, 0.3, 0.2, 0.1};
        Plot shown({curve}, logarithmic(true));
        const auto place = placeOf(shown.plot, shown.axes, 0, 1);
        QVERIFY(place && place->x() < shown.plot.axisRect()->left() + zeroStripSize(shown.plot));
        QVERIFY(shown.plot.xAxis->coordToPixel(1) >
                shown.plot.axisRect()->left() + zeroStripSize(shown.plot));
        QVERIFY(shown.colored(*place) > 5);
    }

    void withoutZerosThereIsNone() {
        Curve curve = fallingToZero();
        curve.y = {1, 0.5, 0.1, 0.05, 0.02, 0.01};
        const ZeroPlaces none = zeroPlaces({curve}, logarithmic());
        QVERIFY(!none.x && !none.y);
        curve.y.back() = 0;
        const ZeroPlaces linear = zeroPlaces({curve}, [] {
            Axes axes;
            axes.logarithmic = false;
            return axes;
        }());
        QVERIFY(!linear.y);
    }

    // A label that is longer than its axis stands in lines that are not.
    void textsAreWhole() {
        Axes axes = logarithmic();
        axes.title = "Gradient bias";
        axes.caption = "solid: measured   dashed: predicted   dotted: what noise alone shows";
        axes.xLabel = "Data moved (MB: samples, model and gradient)";
        axes.yLabel = "Norm of the gradient's bias, as an average over minibatches";
        QCustomPlot plot;
        plot.setViewport({0, 0, 280, 230});
        drawCurves(plot, {fallingToZero()}, axes, PlotColors::light());
        for (int i = 0; i < 3; ++i) {
            plot.replot();
            wrapTexts(plot, axes);
        }
        plot.replot();
        for (const auto* axis : {plot.xAxis, plot.yAxis}) {
            const QString whole = axis == plot.xAxis ? axes.xLabel : axes.yLabel;
            const int room = axis == plot.xAxis ? plot.axisRect()->width() : plot.axisRect()->height();
            QCOMPARE(QString(axis->label()).replace('\n', ' '), whole);
            for (const QString& line : axis->label().split('\n'))
                QVERIFY(QFontMetrics(axis->labelFont()).horizontalAdvance(line) <= room);
        }
        for (int row : {0, 1}) {
            const auto* text = static_cast<QCPTextElement*>(plot.plotLayout()->element(row, 0));
            for (const QString& line : text->text().split('\n'))
                QVERIFY(QFontMetrics(text->font()).horizontalAdvance(line) <= 280);
        }
    }
};

QTEST_MAIN(ZeroStripTest)
#include "zero_strip_test.moc"
