// Clouds of gradient estimates in a plane, their confidence ellipses, and the paths that they lead along.

#include "core/solve/packed/plane_path.h"

#include "core/loss/evaluate.h"
#include "core/loss/optimum.h"

#include <QtTest>

#include <Eigen/LU>

#include <cmath>

using namespace zipml;
using Eigen::Matrix2d;
using Eigen::Vector2d;

namespace {

constexpr EstimatorKind kUnbiased[] = {EstimatorKind::Full, EstimatorKind::Double, EstimatorKind::DoublePlain,
                                       EstimatorKind::DoubleMean, EstimatorKind::Corrected};
const Vector2d kPoint(2.5, -0.5);

struct Fixture {
    ThreadTeam team{2};
    PlaneProblem problem;
    QuantizedPlane plane;
    explicit Fixture(int bits = 2, const PlaneData& data = {}) : problem(data), plane(problem, bits, team) {}

    GradientCloud cloud(EstimatorKind kind, const CloudOptions& options) {
        return drawClouds(plane, {&kind, 1}, options, team).front();
    }
};

/// Whether `hits` of `trials` are as they are with probability `expected`, within 5 standard deviations: 6e-7
/// false alarms.
bool isShare(int hits, int trials, double expected) {
    const double deviation = std::sqrt(expected * (1 - expected) * trials);
    return std::abs(hits - expected * trials) <= 5 * deviation;
}

/// Independent of how the ellipse is made: nearer to the centre than its border in the target's direction.
bool contains(const Ellipse& ellipse, const Vector2d& point) {
    return ellipse.axes.fullPivLu().solve(point - ellipse.centre).norm() <= 1;
}

/// The mean of the iterates' last half, and its standard error a coordinate by the means of 20 stretches.
std::pair<Vector2d, Vector2d> tailOf(const PlanePath& path) {
    constexpr std::size_t kStretches = 20;
    const std::size_t length = path.points.size() / 2 / kStretches;
    std::vector<Vector2d> means(kStretches, Vector2d::Zero());
    for (std::size_t s = 0; s < kStretches; ++s)
        for (std::size_t i = 0; i < length; ++i)
            means[s] += path.points[path.points.size() - (s * length + i + 1)] / double(length);
    const auto statistics = MeanOfDraws::of(means);
    return {statistics.mean, (statistics.covariance.diagonal() / double(kStretches)).cwiseSqrt()};
}

} // namespace

class PlaneTest : public QObject {
    Q_OBJECT
  private slots:
    void gradientLossAndOptimumAreTheProjects() {
        Fixture f;
        const LinearParameters model{0, kPoint};
        const auto gradient = meanGradient(f.problem.data(), Loss{}, model, f.team);
        QVERIFY((gradient.weights - f.problem.gradient(kPoint)).norm() < 1e-12);
        QVERIFY(std::abs(evaluate(f.problem.data(), Loss{}, model, f.team).loss - f.problem.loss(kPoint)) <
                1e-12);
        std::string note;
        const auto optimum = findOptimum(f.problem.data(), Loss{}, false, {}, f.team, note);
        QVERIFY((optimum->model.weights - f.problem.optimum()).norm() < 1e-12);
        QVERIFY(f.problem.gradient(f.problem.optimum()).norm() < 1e-12);
        // (4): there the naive estimator's expectation vanishes.
        const Vector2d limit = f.plane.naiveLimit();
        QVERIFY((f.problem.gradient(limit) + f.plane.roundingVariance().cwiseProduct(limit)).norm() < 1e-12);
        QVERIFY(limit.norm() < 0.9 * f.problem.optimum().norm()); // shrunken
    }

    // Of normal draws the ellipse holds the expectation 95 times in 100, with as few draws as 3; and the
    // p-value is uniform, and above 5% where the ellipse holds it. 12 comparisons of isShare: 7e-6 false
    // alarms.
    void theEllipseHoldsTheTruthAsOftenAsItSays_data() {
        QTest::addColumn<int>("draws");
        for (const int draws : {3, 12, 200})
            QTest::addRow("%d draws", draws) << draws;
    }
    void theEllipseHoldsTheTruthAsOftenAsItSays() {
        QFETCH(int, draws);
        constexpr int kTrials = 20'000;
        Matrix2d mix;
        mix << 2.0, 0.3, -1.2, 0.4;
        const Vector2d truth(3, -7);
        const RandomStream stream(5, Purpose::Synthetic, static_cast<std::uint32_t>(draws));
        std::vector<Vector2d> sample(static_cast<std::size_t>(draws));
        int held = 0, below50 = 0, below1 = 0;
        for (int trial = 0; trial < kTrials; ++trial) {
            for (int d = 0; d < draws; ++d) {
                const auto normals =
                    stream.normals(static_cast<std::uint32_t>(trial), static_cast<std::uint32_t>(d));
                sample[static_cast<std::size_t>(d)] = truth + mix * Vector2d(normals[0], normals[1]);
            }
            const auto statistics = MeanOfDraws::of(sample);
            const double p = statistics.pValue(truth);
            const bool inside = contains(statistics.confidence(), truth);
            QCOMPARE(inside, p >= kSignificance);
            held += inside ? 1 : 0;
            below50 += p < 0.5 ? 1 : 0;
            below1 += p < 0.01 ? 1 : 0;
        }
        QVERIFY2(isShare(held, kTrials, 0.95), qPrintable(QString::number(held)));
        QVERIFY2(isShare(below50, kTrials, 0.5), qPrintable(QString::number(below50)));
        QVERIFY2(isShare(below1, kTrials, 0.01), qPrintable(QString::number(below1)));
    }

    // The unbiased estimators' ellipses of 12 and of 100 draws over 4,000 seeds, minibatches of 64: the
    // averages are close to normal. The naive estimator's misses it.
    void unbiasedMeansAreInsideAsOftenAsTheEllipseSays_data() {
        QTest::addColumn<int>("draws");
        QTest::addColumn<int>("seeds");
        QTest::newRow("12 draws") << 12 << 4000;
        QTest::newRow("100 draws") << 100 << 1000;
    }
    void unbiasedMeansAreInsideAsOftenAsTheEllipseSays() {
        QFETCH(int, draws);
        QFETCH(int, seeds);
        Fixture f;
        std::vector<int> held(std::size(kUnbiased), 0);
        for (int seed = 1; seed <= seeds; ++seed) {
            const auto clouds =
                drawClouds(f.plane, kUnbiased, {kPoint, draws, 64, static_cast<std::uint64_t>(seed)}, f.team);
            for (std::size_t e = 0; e < clouds.size(); ++e) {
                const bool inside = contains(clouds[e].statistics.confidence(), f.problem.gradient(kPoint));
                QCOMPARE(inside, clouds[e].consistentWithUnbiased());
                held[e] += inside ? 1 : 0;
            }
        }
        for (std::size_t e = 0; e < held.size(); ++e)
            QVERIFY2(
                isShare(held[e], seeds, 0.95),
                qPrintable(QString("%1: %2 of %3").arg(nameOf(kUnbiased[e]).data()).arg(held[e]).arg(seeds)));
        int naive = 0;
        for (int seed = 1; seed <= 100; ++seed)
            naive += f.cloud(EstimatorKind::Naive, {kPoint, 200, 64, static_cast<std::uint64_t>(seed)})
                             .consistentWithUnbiased()
                         ? 1
                         : 0;
        QCOMPARE(naive, 0);
    }

    // E naive = gradient + D x: at any bits. p below 1e-6 would be a false alarm in 6e-6 of all runs.
    void naiveIsOffByWhatTheFormulaSays() {
        for (const int bits : {1, 2, 3, 5, 8}) {
            Fixture f(bits);
            const auto cloud = f.cloud(EstimatorKind::Naive, {kPoint, 5000, 16, 11});
            const Vector2d bias = f.plane.roundingVariance().cwiseProduct(kPoint);
            QVERIFY((*cloud.predictedBias - bias).norm() < 1e-12);
            const double p = cloud.statistics.pValue(f.problem.gradient(kPoint) + bias);
            QVERIFY2(p > 1e-6, qPrintable(QString("%1 bits: p = %2").arg(bits).arg(p)));
            if (bits <= 3)
                QVERIFY(!cloud.consistentWithUnbiased());
        }
    }

    void whatDoesNotScatterIsExact() {
        Fixture f;
        const auto full = f.cloud(EstimatorKind::Full, {kPoint, 12, f.problem.data().rows, 1});
        QCOMPARE(full.biasNorm, 0.0);
        QCOMPARE(full.statistics.standardError(), 0.0);
        QCOMPARE(full.pValue, 1.0);
        QVERIFY(full.statistics.confidence().axes.norm() == 0);
        const auto nearest = f.cloud(EstimatorKind::Nearest, {kPoint, 12, 100'000, 1});
        QVERIFY(nearest.biasNorm > 0.01 && nearest.statistics.standardError() == 0);
        QCOMPARE(nearest.pValue, 0.0);
        QVERIFY(!nearest.predictedBias);
    }

    void storedBitsAreTheStores() {
        Fixture f(3);
        QCOMPARE(f.plane.storedBits(EstimatorKind::Full), 32);
        QCOMPARE(f.plane.storedBits(EstimatorKind::Naive), 3);
        QCOMPARE(f.plane.storedBits(EstimatorKind::Corrected), 3);
        QCOMPARE(f.plane.storedBits(EstimatorKind::Double), 4);
    }

    // 20,000 updates: SGD's stationary mean, for a constant step, is where the estimator's expectation
    // vanishes. 5 standard errors of 20 stretches: 2 x 8e-5 false alarms a path.
    void pathsEndWhereTheEstimatorLeads() {
        Fixture f;
        const auto endsAt = [&](EstimatorKind kind, const Vector2d& wanted) {
            const auto path = takePath(f.plane, kind, {kPoint, {}, 16, 20'000, 7}, f.team);
            const auto [mean, error] = tailOf(path);
            return ((mean - wanted).cwiseAbs().array() <= 5 * error.array()).all() && error.norm() < 0.02;
        };
        QVERIFY(endsAt(EstimatorKind::Naive, f.plane.naiveLimit()));
        QVERIFY(!endsAt(EstimatorKind::Naive, f.problem.optimum()));
        for (const auto kind : kUnbiased)
            QVERIFY2(endsAt(kind, f.problem.optimum()), nameOf(kind).data());
    }

    // All rows at full precision: gradient descent, whose updates have a closed form.
    void allRowsAtFullPrecisionIsGradientDescent() {
        Fixture f;
        const PathOptions options{kPoint, 0.3, 100'000, 40, 1};
        const auto path = takePath(f.plane, EstimatorKind::Full, options, f.team);
        QCOMPARE(path.points.size(), std::size_t{41});
        Vector2d x = kPoint;
        for (const auto& point : path.points) {
            QVERIFY((point - x).norm() < 1e-12);
            x -= 0.3 * f.problem.gradient(x);
        }
    }

    void aStepTooLongDiverges() {
        Fixture f;
        const auto path = takePath(f.plane, EstimatorKind::Naive, {kPoint, 5.0, 16, 10'000, 1}, f.team);
        QVERIFY(path.diverged && path.points.size() < 1000);
        for (const auto& point : path.points)
            QVERIFY(point.allFinite());
    }

    void theSameForEqualSeedsAndAnyTeam() {
        Fixture one;
        ThreadTeam four(4);
        const CloudOptions options{kPoint, 70, 100, 3};
        const auto a = drawClouds(one.plane, kUnbiased, options, one.team);
        const auto b = drawClouds(one.plane, kUnbiased, options, four);
        auto other = options;
        other.seed = 4;
        const auto c = drawClouds(one.plane, kUnbiased, other, four);
        for (std::size_t e = 0; e < a.size(); ++e) {
            QVERIFY(a[e].draws == b[e].draws);
            QVERIFY(a[e].draws != c[e].draws);
        }
        const PathOptions way{kPoint, {}, 100, 30, 3};
        QVERIFY(takePath(one.plane, EstimatorKind::Double, way, one.team).points ==
                takePath(one.plane, EstimatorKind::Double, way, four).points);
        // An estimator's draws do not depend on which others are drawn with it.
        QVERIFY(one.cloud(EstimatorKind::Corrected, options).draws == a[4].draws);
    }

    void stopsWhenAsked() {
        Fixture f;
        std::stop_source stop;
        stop.request_stop();
        const Job job{stop.get_token(), {}};
        QVERIFY_EXCEPTION_THROWN(drawClouds(f.plane, kUnbiased, {kPoint, 100, 16, 1}, f.team, job),
                                 Cancelled);
        QVERIFY_EXCEPTION_THROWN(takePath(f.plane, EstimatorKind::Full, {kPoint, {}, 16, 10, 1}, f.team, job),
                                 Cancelled);
    }
};

QTEST_APPLESS_MAIN(PlaneTest)
#include "plane_test.moc"
