// What is seen of a line, held against cutting it up finely.

#include "ui/plot/visible_line.h"

#include <QtTest>

#include <cmath>
#include <limits>
#include <random>

using namespace zipml::ui;

namespace {

const QRectF kView(0, 0, 100, 60);

QVector<QPointF> zigzag(unsigned seed, int points, double reach) {
    std::mt19937 generator(seed);
    std::uniform_real_distribution<double> uniform(-reach, reach);
    QVector<QPointF> line;
    for (int i = 0; i < points; ++i)
        line << QPointF(50 + uniform(generator), 30 + uniform(generator));
    return line;
}

double lengthOf(const QVector<QPointF>& line) {
    double length = 0;
    for (qsizetype i = 1; i < line.size(); ++i)
        length += std::hypot(line[i].x() - line[i - 1].x(), line[i].y() - line[i - 1].y());
    return length;
}

double distanceTo(const QVector<QPointF>& line, const QPointF& point) {
    double least = std::numeric_limits<double>::infinity();
    for (qsizetype i = 1; i < line.size(); ++i) {
        const QPointF way = line[i] - line[i - 1];
        const double square = QPointF::dotProduct(way, way);
        const double share =
            square > 0 ? std::clamp(QPointF::dotProduct(point - line[i - 1], way) / square, 0.0, 1.0) : 0;
        const QPointF away = point - (line[i - 1] + share * way);
        least = std::min(least, std::hypot(away.x(), away.y()));
    }
    return least;
}

} // namespace

class VisibleLineTest : public QObject {
    Q_OBJECT
  private slots:
    void allThatIsInsideAndNothingElse() {
        for (const double reach : {20.0, 80.0, 1e4, 1e12}) {
            const auto line = zigzag(7, 40, reach);
            const auto pieces = visiblePieces(line, kView);
            double inside = 0, before = 0;
            for (qsizetype i = 1; i < line.size(); ++i) {
                constexpr int kSteps = 20'000;
                const QPointF way = line[i] - line[i - 1];
                for (int step = 0; step < kSteps; ++step)
                    inside += kView.contains(line[i - 1] + way * ((step + 0.5) / kSteps))
                                  ? std::hypot(way.x(), way.y()) / kSteps
                                  : 0;
            }
            double seen = 0;
            for (const auto& piece : pieces) {
                seen += lengthOf(piece.points);
                QVERIFY(piece.before >= before);
                before = piece.before;
                for (const QPointF& point : piece.points)
                    QVERIFY(kView.adjusted(-1e-3, -1e-3, 1e-3, 1e-3).contains(point));
            }
            if (reach < 1e3) // finer steps would be needed
                QVERIFY(std::abs(seen - inside) < 0.01 * (1 + inside));
        }
    }

    // Where dashes stand does not depend on what is cut off.
    void theLengthBeforeIsKnown() {
        const auto pieces = visiblePieces({{-300, 30}, {50, 30}, {50, 500}}, kView);
        QCOMPARE(pieces.size(), std::size_t(1));
        QCOMPARE(pieces[0].before, 300.0);
        QCOMPARE(pieces[0].points, QVector<QPointF>({{0, 30}, {50, 30}, {50, 60}}));
    }

    void gapsStayGaps() {
        constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
        const auto pieces = visiblePieces({{0, 10}, {10, 10}, {20, kNone}, {30, 10}, {40, 10}}, kView);
        QCOMPARE(pieces.size(), std::size_t(2));
        QCOMPARE(pieces[1].points, QVector<QPointF>({{30, 10}, {40, 10}}));
        QCOMPARE(pieces[1].before, 0.0);
    }

    void simplerLinesLieWithinTheTolerance() {
        QVector<QPointF> line; // falls, then hardly moves, with a tip that turns back
        for (int i = 0; i < 2000; ++i)
            line << QPointF(i * 0.3, 100 * std::exp(-i / 200.0) + 0.02 * std::sin(i));
        line << QPointF(600, 0) << QPointF(600, 80) << QPointF(600, 5) << QPointF(700, 5);
        const auto fewer = simplified(line, 0.25);
        QVERIFY2(fewer.size() < line.size() / 10, qPrintable(QString::number(fewer.size())));
        for (const QPointF& point : line)
            QVERIFY(distanceTo(fewer, point) <= 0.5);
        QVERIFY(fewer.contains(QPointF(600, 80)));
        QCOMPARE(fewer.front(), line.front());
        QCOMPARE(fewer.back(), line.back());
    }
};

QTEST_APPLESS_MAIN(VisibleLineTest)
#include "visible_line_test.moc"
