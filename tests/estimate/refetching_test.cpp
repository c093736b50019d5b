// Refetching: decisions are never wrong where the certificate says so, and the gradient is unbiased.

#include "core/estimate/bias.h"
#include "core/estimate/refetch_source.h"
#include "tests/support/random_data.h"

#include <QtTest>

#include <cmath>
#include <numeric>

using namespace zipml;

namespace {

constexpr CertificateKind kAll[] = {CertificateKind::Interval, CertificateKind::Sample, CertificateKind::L2,
                                    CertificateKind::Sketch};

struct Problem {
    ThreadTeam team{2}; // first: the grids need it
    Dataset data;
    std::vector<Grid> grids;
    GradientMethod method{EstimatorKind::Refetch, {LossKind::Hinge, {}}};
    SampleStore store;

    Problem(std::size_t rows, std::size_t features, int bits, CertificateKind kind, GridKind grid)
        : data(classes(rows, features)), grids(buildGrids(data, {grid, 64}, bits, false, team)),
          store(rows, grids, {bits, 2, roundingFor(kind), 5}) {
        store.build(data, 0, team);
        method.refetching = std::make_shared<Refetching>(kind, features, 11);
        method.refetching->extras = std::make_shared<RowExtras>(data, grids, *method.refetching, team);
    }
    static Dataset classes(std::size_t rows, std::size_t features) {
        auto data = test::randomData(rows, features, 3);
        for (float& label : data.labels)
            label = label < 0.2F ? -1.0F : 1.0F;
        return data;
    }
    static Rounding roundingFor(CertificateKind kind) {
        return kind == CertificateKind::Sample ? Rounding::Stochastic : Rounding::Interval;
    }
    /// @param scale of the scores: about 1 puts many margins near the step
    [[nodiscard]] LinearParameters model(std::uint64_t seed, double scale) const {
        const auto features = static_cast<Eigen::Index>(data.features);
        const auto drawn = test::randomData(1, data.features, 100 + seed);
        return {0.1 * drawn.labels[0],
                scale / std::sqrt(static_cast<double>(features)) *
                    Eigen::Map<const Eigen::VectorXf>(drawn.values.data(), features).cast<double>()};
    }
};

} // namespace

class RefetchingTest : public QObject {
    Q_OBJECT
    static void addCertificates() {
        QTest::addColumn<int>("kind");
        for (const CertificateKind kind : kAll)
            QTest::newRow(nameOf(kind).data()) << static_cast<int>(kind);
    }

  private slots:
    // The code of Rounding::Interval: copy 0 is below the value and copy 1 beside it.
    void intervalCodesHoldTheValue() {
        for (const GridKind grid : {GridKind::Uniform, GridKind::Optimal}) {
            Problem problem(500, 70, 3, CertificateKind::Interval, grid);
            double ups = 0, fractions = 0;
            for (std::uint32_t row = 0; row < 500; ++row)
                for (std::size_t f = 0; f < 70; ++f) {
                    const Grid& levels = problem.grids[f];
                    const double value = problem.data.row(row)[f];
                    const std::uint32_t code = problem.store.code(row, f);
                    const auto [index, fraction] = levels.locate(value);
                    QVERIFY(code / 2 == index || (fraction == 1 && code / 2 == index + 1));
                    ups += code % 2;
                    fractions += fraction < 1 ? fraction : 0;
                }
            QVERIFY(std::abs(ups - fractions) < 5 * std::sqrt(35'000 / 4.0)); // 5 standard errors
        }
    }

    // Issue 7, must hold 3: 10^7 decisions of each deterministic certificate, 0 wrong: 5,000 rows of 6
    // features, 2,000 models, half of them on uniform levels.
    void decisionsAreNeverWrong_data() { addCertificates(); }
    void decisionsAreNeverWrong() {
        QFETCH(int, kind);
        const auto certificate = static_cast<CertificateKind>(kind);
        std::size_t decisions = 0, unknown = 0, wrong = 0;
        for (const GridKind grid : {GridKind::Uniform, GridKind::Optimal}) {
            const Problem problem(5000, 6, 4, certificate, grid);
            const RefetchSource source(problem.data, problem.store, 1, *problem.method.refetching);
            std::vector<double> scratch(problem.method.scratch(6));
            std::vector<LinearParameters> models;
            std::vector<std::unique_ptr<Refetching>> deciders;
            for (std::uint64_t m = 0; m < 1000; ++m) {
                models.push_back(problem.model(m, 0.3 + 0.005 * static_cast<double>(m)));
                deciders.push_back(std::make_unique<Refetching>(*problem.method.refetching));
                deciders.back()->follow(models.back());
            }
            for (std::uint32_t row = 0; row < 5000; ++row) {
                const SampleView view = source.sample(row, scratch);
                const double label = problem.data.labels[row];
                const Eigen::VectorXd a = Eigen::Map<const Eigen::VectorXf>(view.exact, 6).cast<double>();
                for (std::size_t m = 0; m < models.size(); ++m) {
                    const Side side = deciders[m]->decide(view, label);
                    ++decisions;
                    unknown += side == Side::Unknown ? 1U : 0U;
                    const bool below = label * (models[m].intercept + a.dot(models[m].weights)) < 1;
                    wrong += side != Side::Unknown && (side == Side::Below) != below ? 1U : 0U;
                }
            }
        }
        QCOMPARE(decisions, 10'000'000U);
        QVERIFY(unknown > 0 && unknown < decisions);
        qInfo("%zu of %zu refetched, %zu wrong", unknown, decisions, wrong);
        if (certificate == CertificateKind::Sketch)
            QVERIFY(wrong < decisions / 10'000);
        else
            QCOMPARE(wrong, 0U);
    }

    // Certain of more: the middle halves the radius, and more bits shrink it.
    void betterCertificatesRefetchLess() {
        const auto share = [](CertificateKind kind, int bits) {
            const Problem problem(3000, 100, bits, kind, GridKind::Uniform);
            const RefetchSource source(problem.data, problem.store, 1, *problem.method.refetching);
            std::vector<double> scratch(problem.method.scratch(100));
            problem.method.follow(problem.model(1, 2));
            std::size_t unknown = 0;
            for (std::uint32_t row = 0; row < 3000; ++row)
                unknown += problem.method.refetching->decide(source.sample(row, scratch),
                                                             problem.data.labels[row]) == Side::Unknown
                               ? 1U
                               : 0U;
            return static_cast<double>(unknown) / 3000;
        };
        for (const CertificateKind kind : kAll)
            QVERIFY(share(kind, 8) < share(kind, 5));
        QVERIFY(share(CertificateKind::Interval, 6) < share(CertificateKind::Sample, 6));
        QVERIFY(share(CertificateKind::Sketch, 6) < share(CertificateKind::L2, 6));
    }

    // The measured bias is that of noise: 4 certificates x 2 grids x 2 models at 4 standard errors: a false
    // alarm has a chance below 1e-3 even if one direction held all the variance.
    void theGradientIsUnbiased_data() { addCertificates(); }
    void theGradientIsUnbiased() {
        QFETCH(int, kind);
        for (const GridKind grid : {GridKind::Uniform, GridKind::Optimal})
            for (const double scale : {0.5, 2.0}) {
                Problem problem(200, 10, 2, static_cast<CertificateKind>(kind), grid);
                std::vector<std::uint32_t> rows(200);
                std::iota(rows.begin(), rows.end(), 0U);
                const auto bias = measureBias(problem.data, rows, problem.grids, problem.method,
                                              problem.model(7, scale), {2000, 3, 0, true}, problem.team);
                QVERIFY(bias.variance > 0);
                QVERIFY2(bias.norm <= 4 * bias.standardError,
                         qPrintable(QString("%1 +- %2").arg(bias.norm).arg(bias.standardError)));
                QCOMPARE(bias.predictedNorm, std::optional(0.0));
                QCOMPARE(problem.method.refetching->fetched(), 0U); // the measurement counts apart
            }
    }
};

QTEST_APPLESS_MAIN(RefetchingTest)
#include "refetching_test.moc"
