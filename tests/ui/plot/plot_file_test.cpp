// What is written as a file, seen as other programs see it.
#include "ui/plot/plot_file.h"

#include <QTransform>
#include <QXmlStreamReader>
#include <QtTest>

using namespace zipml::ui;

namespace {

/// The numbers of "matrix(1,0,0,1,5,5)" and of "0,1 2,3".
QList<double> numbersIn(const QString& text) {
    QList<double> numbers;
    static const QRegularExpression number("[-+]?[0-9.]+(?:e[-+]?[0-9]+)?");
    for (auto found = number.globalMatch(text); found.hasNext();)
        numbers << found.next().captured().toDouble();
    return numbers;
}

/// Where all lines of a colour run.
QRectF reachOf(const QByteArray& svg, const QString& colour) {
    QXmlStreamReader xml(svg);
    QList<QTransform> places{QTransform()};
    QStringList strokes{QString()};
    QRectF reach;
    while (!xml.atEnd()) {
        const auto token = xml.readNext();
        if (token == QXmlStreamReader::EndElement) {
            places.removeLast();
            strokes.removeLast();
        }
        if (token != QXmlStreamReader::StartElement)
            continue;
        const auto attributes = xml.attributes();
        QTransform place = places.last();
        if (const auto m = numbersIn(attributes.value("transform").toString()); m.size() == 6)
            place = QTransform(m[0], m[1], m[2], m[3], m[4], m[5]) * place;
        places << place;
        strokes << (attributes.hasAttribute("stroke") ? attributes.value("stroke").toString()
                                                      : strokes.last());
        if (strokes.last() != colour)
            continue;
        const auto points =
            numbersIn(attributes.value(attributes.hasAttribute("d") ? "d" : "points").toString());
        for (qsizetype i = 0; i + 1 < points.size(); i += 2) {
            const QPointF at = place.map(QPointF(points[i], points[i + 1]));
            reach |= QRectF(at - QPointF(1e-6, 1e-6), QSizeF(2e-6, 2e-6));
        }
    }
    return reach;
}

} // namespace

class PlotFileTest : public QObject {
    Q_OBJECT
  private slots:
    // QSvgGenerator writes no clipping, so that a curve which is zoomed into would run through title and margins.
    void zoomedCurvesEndAtTheAxes() {
        Figure figure;
        figure.axes.title = "Loss";
        figure.axes.logarithmic = false;
        Curve curve;
        curve.name = "A run";
        curve.run = 0;
        for (int i = 0; i <= 100; ++i) {
            curve.x << i;
            curve.y << (i % 2 == 0 ? 50 : -50);
        }
        figure.curves.push_back(curve);
        const PlotLook look{{600, 400}, 1, 10};
        const QString colour = "#0072b2";
        const QRectF whole = reachOf(plotSvg({figure}, look), colour);
        QVERIFY2(whole.height() > 200 && whole.width() > 300, "the curve is not found");
        figure.xRange = QCPRange(20, 30);
        figure.yRange = QCPRange(-1, 1);
        const QRectF zoomed = reachOf(plotSvg({figure}, look), colour);
        QVERIFY(zoomed.height() > 200);
        // The axes' room is the same: labels of as many digits stand beside it.
        QVERIFY2(zoomed.top() >= whole.top() - 30 && zoomed.bottom() <= whole.bottom() + 30 &&
                     zoomed.left() >= whole.left() - 30 && zoomed.right() <= whole.right() + 30,
                 qPrintable(QString("%1 to %2, %3 to %4")
                                .arg(zoomed.left())
                                .arg(zoomed.right())
                                .arg(zoomed.top())
                                .arg(zoomed.bottom())));
    }
};

QTEST_MAIN(PlotFileTest)
#include "plot_file_test.moc"
