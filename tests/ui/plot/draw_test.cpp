// Runs are told apart by more than their colour.

#include "ui/plot/draw.h"

#include <QtTest>

#include <set>

using namespace zipml::ui;

namespace {

/// How a curve of a run is drawn: marker, colour, line.
QString lookOf(int run, CurveRole role, const PlotColors& colors) {
    QCustomPlot plot;
    Curve curve;
    curve.run = run;
    curve.role = role;
    curve.x = curve.y = {1, 2};
    drawCurves(plot, {curve}, {}, colors);
    const QCPGraph& graph = *plot.graph(0);
    return QString("%1 %2 %3")
        .arg(static_cast<int>(graph.scatterStyle().shape()))
        .arg(graph.pen().color().name())
        .arg(static_cast<int>(graph.pen().style()));
}

} // namespace

class DrawTest : public QObject {
    Q_OBJECT
  private slots:
    void runsLookDifferent_data() {
        QTest::addColumn<CurveRole>("role");
        QTest::newRow("training loss") << CurveRole::Main;
        QTest::newRow("test loss") << CurveRole::Secondary;
        QTest::newRow("optimum") << CurveRole::Reference;
        QTest::newRow("kernels") << CurveRole::Points;
    }
    void runsLookDifferent() {
        QFETCH(const CurveRole, role);
        for (const auto& colors : {PlotColors::light(), PlotColors::highContrast()}) {
            std::set<QString> looks;
            for (int run = 0; run < kRunMarkers; ++run)
                looks.insert(lookOf(run, role, colors));
            QCOMPARE(looks.size(), static_cast<std::size_t>(kRunMarkers));
        }
    }

    void markersAreTheirOwn() {
        for (const bool hollow : {false, true}) {
            std::set<int> shapes;
            for (int run = 0; run < kRunMarkers; ++run)
                shapes.insert(markerOf(run, Qt::red, hollow).shape());
            QCOMPARE(shapes.size(), static_cast<std::size_t>(kRunMarkers));
        }
        QVERIFY(kRunMarkers > kRunColors);
    }

    /// What is predicted shows the ground inside of its marker, what is measured does not.
    void predictedMarkersAreHollow() {
        constexpr int kSize = 21;
        const auto centre = [](const QCPScatterStyle& marker) {
            QImage image(kSize, kSize, QImage::Format_RGB32);
            image.fill(Qt::white);
            QCPPainter painter(&image);
            marker.applyTo(&painter, QPen(Qt::black));
            marker.drawShape(&painter, QPointF(kSize / 2, kSize / 2));
            painter.end();
            return image.pixelColor(kSize / 2, kSize / 2);
        };
        for (int run = 0; run < kRunMarkers; ++run) {
            const QCPScatterStyle measured = markerOf(run, Qt::black),
                                  predicted = markerOf(run, Qt::black, true);
            QCOMPARE(centre(measured), QColor(Qt::black));
            if (measured.brush() != Qt::NoBrush) // else it is strokes that meet there
                QCOMPARE(centre(predicted), QColor(Qt::white));
        }
    }
};

QTEST_MAIN(DrawTest)
#include "draw_test.moc"
