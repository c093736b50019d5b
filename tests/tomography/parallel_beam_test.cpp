#include "core/tomography/parallel_beam.h"
#include "core/tomography/phantom.h"

#include <QtTest>

#include <cmath>
#include <map>
#include <numbers>
#include <numeric>

using namespace zipml;

namespace {

/// A line's length within a box, by clipping its parameter at the box's four sides.
double clippedLength(double x, double y, double dx, double dy, double left, double bottom, double right,
                     double top) {
    double from = -1e9, to = 1e9;
    const auto clip = [&](double start, double direction, double low, double high) {
        if (direction == 0) {
            if (start < low || start > high)
                to = from;
            return;
        }
        const double a = (low - start) / direction, b = (high - start) / direction;
        from = std::max(from, std::min(a, b));
        to = std::min(to, std::max(a, b));
    };
    clip(x, dx, left, right);
    clip(y, dy, bottom, top);
    return std::max(0.0, to - from);
}

struct Ray {
    double x, y, dx, dy; ///< from the image's top left corner, y downwards
};

/// As the header states: angles over 180 degrees, detectors centred.
Ray rayOf(const ParallelBeam& beam, std::size_t view, std::size_t ray) {
    const double angle = std::numbers::pi * static_cast<double>(view) / static_cast<double>(beam.views());
    const double away =
        (static_cast<double>(ray) - 0.5 * static_cast<double>(beam.detectors() - 1)) * beam.spacing();
    const double half = beam.size() / 2.0;
    return {half - away * std::sin(angle), half + away * std::cos(angle), std::cos(angle), std::sin(angle)};
}

/// (ray, pixel row, pixel column) -> length, of a whole view.
using Lengths = std::map<std::array<int, 3>, double>;

Lengths listed(const ParallelBeam& beam, std::size_t view) {
    Lengths all;
    std::vector<Crossing> crossings(beam.mostCrossings() + 1);
    std::vector<float> values(beam.mostCrossings());
    for (int strip = 0; strip < beam.size(); ++strip) {
        const std::size_t count = beam.listCrossings(view, strip, crossings.data());
        if (count != beam.crossings(view, strip))
            qFatal("crossings are not as counted");
        beam.lengths(view, strip, values.data());
        for (std::size_t k = 0; k < count; ++k) {
            const int pixel = crossings[k].pixel;
            const bool columns = beam.view(view).stripsAreColumns;
            all[{crossings[k].ray, columns ? pixel : strip, columns ? strip : pixel}] += double{values[k]};
        }
    }
    return all;
}

} // namespace

class ParallelBeamTest : public QObject {
    Q_OBJECT
  private slots:
    // Every ray with every pixel, against clipping the line at the pixel's sides.
    void lengthsAreThoseOfClipping_data() {
        QTest::addColumn<int>("size");
        QTest::addColumn<int>("angles");
        QTest::addColumn<int>("detectors");
        QTest::newRow("as many as the diagonal") << 16 << 12 << 23;
        QTest::newRow("odd, axes and diagonals") << 17 << 8 << 17;
        QTest::newRow("finer than pixels") << 20 << 7 << 61;
    }
    void lengthsAreThoseOfClipping() {
        QFETCH(int, size);
        QFETCH(int, angles);
        QFETCH(int, detectors);
        ThreadTeam team(1);
        const ParallelBeam beam(size, angles, detectors, team);
        for (std::size_t view = 0; view < beam.views(); ++view) {
            const Lengths lengths = listed(beam, view);
            for (std::size_t ray = 0; ray < beam.detectors(); ++ray)
                for (int row = 0; row < size; ++row)
                    for (int column = 0; column < size; ++column) {
                        const Ray line = rayOf(beam, view, ray);
                        const double wanted =
                            clippedLength(line.x, line.y, line.dx, line.dy, column, row, column + 1, row + 1);
                        const auto found = lengths.find({static_cast<int>(ray), row, column});
                        const double got = found == lengths.end() ? 0 : found->second;
                        // A ray along the border of two pixels may be counted in either.
                        const bool border = std::abs(line.dx) < 1e-9 || std::abs(line.dy) < 1e-9;
                        if (std::abs(got - wanted) > 1e-5 && !border)
                            QFAIL(qPrintable(QString("view %1 ray %2 row %3 column %4: %5, not %6")
                                                 .arg(view)
                                                 .arg(ray)
                                                 .arg(row)
                                                 .arg(column)
                                                 .arg(got)
                                                 .arg(wanted)));
                    }
        }
    }

    void rowSumsAreChords() {
        ThreadTeam team(2);
        const ParallelBeam beam(64, 45, 91, team);
        const std::vector<float> ones(64 * 64, 1.0F);
        const auto sums = beam.project(ones, team);
        for (std::size_t view = 0; view < beam.views(); ++view)
            for (std::size_t ray = 0; ray < beam.detectors(); ++ray) {
                const Ray line = rayOf(beam, view, ray);
                const double chord = clippedLength(line.x, line.y, line.dx, line.dy, 0, 0, 64, 64);
                QVERIFY(std::abs(double{sums[view * beam.detectors() + ray]} - chord) < 1e-4);
            }
    }

    void aRayCrossesOneOrTwoPixelsOfAStrip() {
        ThreadTeam team(1);
        const ParallelBeam beam(32, 24, 46, team);
        std::uint64_t all = 0;
        std::vector<Crossing> crossings(beam.mostCrossings() + 1);
        for (std::size_t view = 0; view < beam.views(); ++view)
            for (int strip = 0; strip < beam.size(); ++strip) {
                std::vector<int> pixels(beam.detectors(), 0);
                const std::size_t count = beam.listCrossings(view, strip, crossings.data());
                for (std::size_t k = 0; k < count; ++k)
                    QVERIFY(++pixels[crossings[k].ray] <= 2 && crossings[k].pixel < 32);
                all += count;
            }
        QCOMPARE(all, beam.crossings());
    }

    // At any angle all detectors together see the whole image: ray sums times spacing are its mass.
    void everyViewSeesTheWholeMass() {
        ThreadTeam team(1);
        const Image blobs = makePhantom(PhantomKind::Blobs, 64);
        const ParallelBeam beam(64, 16, 182, team);
        const double mass = std::accumulate(blobs.pixels.begin(), blobs.pixels.end(), 0.0);
        const auto sums = beam.project(blobs.pixels, team);
        for (std::size_t view = 0; view < beam.views(); ++view) {
            double seen = 0;
            for (std::size_t ray = 0; ray < beam.detectors(); ++ray)
                seen += double{sums[view * beam.detectors() + ray]} * beam.spacing();
            QVERIFY2(std::abs(seen - mass) < 0.01 * mass, qPrintable(QString::number(seen / mass)));
        }
    }

    void phantomsAreWithinZeroAndOne() {
        for (const auto& kind : namesOf<PhantomKind>()) {
            const Image small = makePhantom(kind.value, 32), large = makePhantom(kind.value, 64);
            const auto [low, high] = rangeOf(large);
            QVERIFY(low >= 0 && high <= 1.0001F && high > 0.7F);
            // Sizes show the same thing: four pixels' mean is the pixel of half the size, but for the points
            // that it is sampled at.
            double difference = 0;
            for (int row = 0; row < 32; ++row)
                for (int column = 0; column < 32; ++column)
                    difference += std::abs(double{small.at(row, column)} -
                                           (double{large.at(2 * row, 2 * column)} +
                                            double{large.at(2 * row + 1, 2 * column)} +
                                            double{large.at(2 * row, 2 * column + 1)} +
                                            double{large.at(2 * row + 1, 2 * column + 1)}) /
                                               4);
            QVERIFY(difference / (32 * 32) < 0.02);
        }
    }

    // The published values: 0.2 in the brain, 1 in the skull, 0 outside, 0 in the ventricles.
    void sheppLoganIsThePublishedOne() {
        const Image image = makePhantom(PhantomKind::SheppLogan, 256);
        const auto at = [&](double x, double y) { // -1 to 1, y up
            return double{image.at(static_cast<int>((1 - y) * 128), static_cast<int>((x + 1) * 128))};
        };
        QVERIFY(std::abs(at(0.5, 0) - 0.2) < 1e-6);
        QVERIFY(std::abs(at(0, 0.9) - 1.0) < 1e-6);
        QVERIFY(std::abs(at(0.95, 0.95)) < 1e-6);
        QVERIFY(std::abs(at(0.22, 0)) < 1e-6);
        QVERIFY(std::abs(at(0, 0.35) - 0.3) < 1e-6);
    }
};

QTEST_GUILESS_MAIN(ParallelBeamTest)
#include "parallel_beam_test.moc"
