#include "core/tomography/reconstruction.h"

#include "core/base/shuffle.h"
#include "core/tomography/phantom.h"

#include <QtTest>

#include <cmath>

using namespace zipml;

namespace {

struct Fixture {
    ThreadTeam team{2};
    Image truth;
    ParallelBeam beam;
    std::vector<float> sinogram;

    explicit Fixture(int size = 32, int angles = 32, PhantomKind kind = PhantomKind::SheppLogan)
        : truth(makePhantom(kind, size)), beam(size, angles, size * 3 / 2, team),
          sinogram(beam.project(truth.pixels, team)) {}

    [[nodiscard]] ReconstructionOptions options(EstimatorKind estimator, int bits) const {
        ReconstructionOptions options;
        options.estimator = estimator;
        options.bits = bits;
        return options;
    }
    double psnrAfter(const ReconstructionOptions& options, int epochs) {
        Reconstruction run(beam, sinogram, options, team);
        while (run.epoch() < epochs)
            run.runViews(beam.views(), 1);
        return errorOf(run.image(), truth).psnr;
    }
};

/// One view's exact step in double, from the geometry alone: x - spacing * sum over its rays of
/// a (a.x - b) / bound.
void takeExactStep(const Fixture& f, std::size_t view, const std::vector<float>& bounds,
                   std::vector<double>& x) {
    const auto size = static_cast<std::size_t>(f.beam.size());
    struct Entry {
        std::size_t ray, pixel;
        double length;
    };
    std::vector<Entry> entries;
    std::vector<Crossing> crossings(f.beam.mostCrossings() + 1);
    std::vector<float> values(f.beam.mostCrossings());
    for (int strip = 0; strip < f.beam.size(); ++strip) {
        const std::size_t count = f.beam.listCrossings(view, strip, crossings.data());
        f.beam.lengths(view, strip, values.data());
        const auto at = static_cast<std::size_t>(strip);
        for (std::size_t k = 0; k < count; ++k) {
            const std::size_t pixel = crossings[k].pixel;
            entries.push_back({crossings[k].ray,
                               f.beam.view(view).stripsAreColumns ? pixel * size + at : at * size + pixel,
                               double{values[k]}});
        }
    }
    const std::size_t first = view * f.beam.detectors();
    std::vector<double> residuals(f.beam.detectors());
    for (std::size_t ray = 0; ray < residuals.size(); ++ray)
        residuals[ray] = -double{f.sinogram[first + ray]};
    for (const Entry& entry : entries)
        residuals[entry.ray] += entry.length * x[entry.pixel];
    for (const Entry& entry : entries)
        x[entry.pixel] -=
            f.beam.spacing() * entry.length * residuals[entry.ray] / double{bounds[first + entry.ray]};
}

/// An epoch of exact steps from the zero image, in the order that the seed gives.
std::vector<double> exactEpoch(const Fixture& f, std::uint64_t seed, const std::vector<float>& bounds) {
    std::vector<double> x(f.truth.pixels.size(), 0.0);
    for (const std::uint32_t view : shuffledIndices(f.beam.views(), seed, Purpose::Shuffle))
        takeExactStep(f, view, bounds, x);
    return x;
}

} // namespace

class ReconstructionTest : public QObject {
    Q_OBJECT
  private slots:
    void anEpochIsTheReferences() {
        Fixture f;
        Reconstruction run(f.beam, f.sinogram, f.options(EstimatorKind::Full, 4), f.team);
        run.runViews(f.beam.views(), 1);
        const auto wanted = exactEpoch(f, 1, run.store().rowBounds(f.team));
        for (std::size_t i = 0; i < wanted.size(); ++i)
            QVERIFY(std::abs(wanted[i] - double{run.image().pixels[i]}) < 1e-5);
    }

    // Each view rounds its own rays, so with an unbiased estimator the mean image after an epoch is that of
    // exact steps. Squared distance of the mean over 1,000 seeds from it, over what the seeds' variance lets
    // expect: 1 for an unbiased estimator, with a standard deviation of about 0.2 over these pixels, so
    // that 2.5 is exceeded in far fewer than one of a million runs.
    void stepsAreUnbiased_data() {
        QTest::addColumn<int>("estimator");
        QTest::addColumn<bool>("unbiased");
        QTest::newRow("double") << static_cast<int>(EstimatorKind::Double) << true;
        QTest::newRow("double-plain") << static_cast<int>(EstimatorKind::DoublePlain) << true;
        QTest::newRow("double-mean") << static_cast<int>(EstimatorKind::DoubleMean) << true;
        QTest::newRow("naive") << static_cast<int>(EstimatorKind::Naive) << false;
        QTest::newRow("nearest") << static_cast<int>(EstimatorKind::Nearest) << false;
    }
    void stepsAreUnbiased() {
        QFETCH(int, estimator);
        QFETCH(bool, unbiased);
        constexpr int kSeeds = 1000;
        Fixture f(16, 8);
        ThreadTeam one(1);
        std::vector<double> sums(f.truth.pixels.size(), 0.0), squares(sums);
        for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
            auto options = f.options(static_cast<EstimatorKind>(estimator), 1);
            options.scale = LengthScale::Shared;
            options.seed = seed;
            Reconstruction run(f.beam, f.sinogram, options, one);
            run.runViews(f.beam.views(), 1);
            const auto exact = exactEpoch(f, seed, run.store().rowBounds(one));
            for (std::size_t i = 0; i < exact.size(); ++i) {
                const double difference = double{run.image().pixels[i]} - exact[i];
                sums[i] += difference;
                squares[i] += difference * difference;
            }
        }
        double distance = 0, expected = 0;
        for (std::size_t i = 0; i < sums.size(); ++i) {
            const double mean = sums[i] / kSeeds;
            distance += mean * mean;
            expected += (squares[i] / kSeeds - mean * mean) / (kSeeds - 1);
        }
        const double ratio = distance / expected;
        QVERIFY2(unbiased ? ratio < 2.5 : ratio > 5, qPrintable(QString::number(ratio)));
    }

    // For each pixel the mean over views of the sum of weight * (E q^2 - a^2).
    void theCorrectionIsTheMeanBias() {
        Fixture f(24, 24);
        const RayStore store(f.beam, {1, 1, LengthScale::View, Rounding::Stochastic}, 1, f.team);
        auto weights = store.rowBounds(f.team);
        for (float& weight : weights)
            weight = weight > 0 ? 1 / weight : 0;
        const auto mean = meanVariance(f.beam, store, weights);
        std::vector<double> wanted(mean.size(), 0.0);
        std::vector<Crossing> crossings(f.beam.mostCrossings() + 1);
        std::vector<float> values(f.beam.mostCrossings());
        for (std::size_t view = 0; view < f.beam.views(); ++view)
            for (int strip = 0; strip < f.beam.size(); ++strip) {
                const std::size_t count = f.beam.listCrossings(view, strip, crossings.data());
                f.beam.lengths(view, strip, values.data());
                for (std::size_t k = 0; k < count; ++k) {
                    const std::size_t at = static_cast<std::size_t>(strip), pixel = crossings[k].pixel;
                    const bool columns = f.beam.view(view).stripsAreColumns;
                    wanted[columns ? pixel * 24 + at : at * 24 + pixel] +=
                        double{weights[view * f.beam.detectors() + crossings[k].ray]} *
                        store.gridOf(view).roundingVariance(double{values[k]}) / 24;
                }
            }
        for (std::size_t i = 0; i < mean.size(); ++i)
            QVERIFY(std::abs(double{mean[i]} - wanted[i]) <= 1e-5 * (wanted[i] + 1e-3));
    }

    void fullPrecisionFindsTheImage() {
        Fixture f(64, 64);
        const double psnr = f.psnrAfter(f.options(EstimatorKind::Full, 4), 20);
        QVERIFY2(psnr >= 28, qPrintable(QString::number(psnr)));
        Fixture smooth(64, 64, PhantomKind::Blobs);
        const double easy = smooth.psnrAfter(smooth.options(EstimatorKind::Full, 4), 20);
        QVERIFY2(easy >= 40, qPrintable(QString::number(easy)));
    }

    void manyBitsAreFullPrecision() {
        Fixture f;
        const double full = f.psnrAfter(f.options(EstimatorKind::Full, 12), 5);
        for (const auto kind :
             {EstimatorKind::Naive, EstimatorKind::Nearest, EstimatorKind::Double, EstimatorKind::DoublePlain,
              EstimatorKind::DoubleMean, EstimatorKind::Corrected}) {
            const double psnr = f.psnrAfter(f.options(kind, 12), 5);
            QVERIFY2(std::abs(psnr - full) < 0.05, qPrintable(QString("%1 %2").arg(psnr).arg(full)));
            const double fewBits = f.psnrAfter(f.options(kind, 1), 5);
            QVERIFY2(fewBits < full - 0.5, qPrintable(QString("%1 %2").arg(fewBits).arg(full)));
        }
    }

    void imagesDoNotDependOnThreads() {
        Fixture f;
        ThreadTeam one(1), three(3);
        for (const auto kind : {EstimatorKind::Full, EstimatorKind::Double, EstimatorKind::DoubleMean,
                                EstimatorKind::Corrected}) {
            auto options = f.options(kind, 3);
            options.rounding = RoundingTime::Epoch;
            Reconstruction a(f.beam, f.sinogram, options, one), b(f.beam, f.sinogram, options, three);
            for (int part = 0; part < 8; ++part) { // nor on how many views a call takes
                a.runViews(8, 1);
                b.runViews(part % 2 == 0 ? 3 : 13, 1);
            }
            QCOMPARE(a.epoch(), b.epoch());
            QVERIFY(a.image().pixels == b.image().pixels);
            QCOMPARE(a.bytesMoved(), b.bytesMoved());
        }
    }

    void nonnegativePixelsStaySo() {
        Fixture f;
        auto options = f.options(EstimatorKind::Naive, 2);
        Reconstruction free(f.beam, f.sinogram, options, f.team);
        free.runViews(f.beam.views(), 1);
        QVERIFY(rangeOf(free.image()).low < 0);
        options.nonnegative = true;
        Reconstruction bounded(f.beam, f.sinogram, options, f.team);
        bounded.runViews(f.beam.views(), 1);
        QVERIFY(rangeOf(bounded.image()).low >= 0);
    }

    void bytesMovedAreTheStore() {
        Fixture f;
        Reconstruction run(f.beam, f.sinogram, f.options(EstimatorKind::Double, 3), f.team);
        QVERIFY(!run.runViews(f.beam.views() / 2, 1));
        QVERIFY(run.bytesMoved() < run.store().bytes());
        QVERIFY(run.runViews(f.beam.views(), 1));
        QCOMPARE(run.bytesMoved(), run.store().bytes() + 8 * f.beam.rays());
        Reconstruction corrected(f.beam, f.sinogram, f.options(EstimatorKind::Corrected, 3), f.team);
        corrected.runViews(f.beam.views(), 1);
        QCOMPARE(corrected.bytesMoved(), corrected.store().bytes() + 8 * f.beam.rays() + 4 * 32 * 32);
    }
};

QTEST_GUILESS_MAIN(ReconstructionTest)
#include "reconstruction_test.moc"
