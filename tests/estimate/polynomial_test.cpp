// The polynomial estimator: unbiased for its polynomial, near the loss's gradient, with the second moment of
// docs/method.md#eq15.

#include "core/estimate/bias.h"
#include "core/estimate/sample_source.h"
#include "core/loss/chebyshev.h"
#include "tests/support/random_data.h"

#include <QtTest>

#include <cmath>
#include <numeric>

using namespace zipml;

namespace {

constexpr LossKind kLosses[] = {LossKind::Logistic, LossKind::Hinge, LossKind::SquaredHinge};
constexpr std::size_t kRows = 60, kFeatures = 8;
constexpr double kBand = 0.5; ///< of the hinge

struct Problem {
    Dataset data = test::randomData(kRows, kFeatures, 21);
    std::vector<Grid> grids = test::uniformGrids(data, 4);
    GradientMethod method;
    LinearParameters model{0.2, 0.3 * Eigen::VectorXd{{1, -1, 0.5, 0, 2, -0.3, 0.1, 1}}};
    std::vector<std::uint32_t> rows;
    ThreadTeam team{2};

    Problem(LossKind loss, int degree) : method(EstimatorKind::Polynomial, {loss, {2, 0.5}}), rows(kRows) {
        for (float& label : data.labels)
            label = label < 0 ? -1.0F : 1.0F;
        method.polynomial = approximateSlope(loss, {degree, 4, kBand});
        method.copies = degree + 1;
        std::iota(rows.begin(), rows.end(), 0U);
    }
    [[nodiscard]] double score(std::size_t row) const { return model.intercept + a(row).dot(model.weights); }
    [[nodiscard]] Eigen::VectorXd a(std::size_t row) const {
        return Eigen::Map<const Eigen::VectorXf>(data.row(row).data(), kFeatures).cast<double>();
    }
    /// Mean over the rows of slope * a, with the slope of the polynomial.
    [[nodiscard]] LinearParameters polynomialGradient() const {
        auto sum = LinearParameters::zero(kFeatures);
        for (std::size_t row = 0; row < kRows; ++row) {
            const double label = data.labels[row];
            const double slope = label * method.loss.weightOf(label) *
                                 polynomialAt(method.polynomial.coefficients, label * score(row));
            sum.intercept += slope / double{kRows};
            sum.weights += slope / double{kRows} * a(row);
        }
        return sum;
    }
    [[nodiscard]] LinearParameters exactGradient() const {
        auto sum = LinearParameters::zero(kFeatures);
        for (std::size_t row = 0; row < kRows; ++row) {
            const double slope = method.loss.slope(score(row), data.labels[row]);
            sum.intercept += slope / double{kRows};
            sum.weights += slope / double{kRows} * a(row);
        }
        return sum;
    }
};

/// Largest |P - slope| at margins within kBand of the hinge's kink. There the slope is -1 or 0, and P follows
/// a curve between them, at most 1/2 away, as near as it does outside.
double errorInTheBand(const Problem& problem) {
    double most = 0;
    for (int i = 0; i <= 1000; ++i) {
        const double z = 1 + kBand * (i / 500.0 - 1);
        most = std::max(
            most, std::abs(polynomialAt(problem.method.polynomial.coefficients, z) - (z < 1 ? -1.0 : 0.0)));
    }
    return most;
}

} // namespace

class PolynomialTest : public QObject {
    Q_OBJECT
  private slots:
    // Issue 7, must hold 2. Each coordinate of the mean over 20,000 draws within 3 standard errors, corrected
    // for 3 losses x 4 degrees x 9 coordinates = 108 tests to 4.5 (family-wise 7e-4); at most 3 above 3 where
    // 0.3 are expected.
    void isUnbiasedForItsPolynomial() {
        int above = 0;
        for (const LossKind loss : kLosses)
            for (const int degree : {1, 3, 5, 7}) {
                const Problem problem(loss, degree);
                const LinearParameters wanted = problem.polynomialGradient();
                Eigen::ArrayXd sum = Eigen::ArrayXd::Zero(kFeatures + 1), squares = sum;
                constexpr std::uint32_t kDraws = 20'000;
                std::vector<double> scratch(problem.method.scratch(kFeatures));
                for (std::uint32_t draw = 0; draw < kDraws; ++draw) {
                    const FreshSource source(problem.data, problem.grids, problem.method, 4, draw);
                    auto estimate = LinearParameters::zero(kFeatures);
                    const auto row = static_cast<std::uint32_t>(draw % kRows); // each row as often
                    problem.method.addGradient(source.sample(row, scratch), problem.data.labels[row],
                                               problem.model, estimate);
                    Eigen::ArrayXd all(kFeatures + 1);
                    all << estimate.intercept, estimate.weights.array();
                    const double label = problem.data.labels[row];
                    const double slope =
                        label * problem.method.loss.weightOf(label) *
                        polynomialAt(problem.method.polynomial.coefficients, label * problem.score(row));
                    Eigen::ArrayXd mean(kFeatures + 1);
                    mean << slope, slope * problem.a(row).array();
                    sum += all - mean;
                    squares += (all - mean).square();
                }
                const Eigen::ArrayXd error = squares.sqrt() / kDraws;
                for (Eigen::Index i = 0; i <= static_cast<Eigen::Index>(kFeatures); ++i) {
                    const double off = std::abs(sum[i]) / kDraws;
                    QVERIFY2(off <= 4.5 * error[i],
                             qPrintable(QString("degree %1: %2 +- %3").arg(degree).arg(off).arg(error[i])));
                    above += off > 3 * error[i] ? 1 : 0;
                }
                QVERIFY(wanted.weights.allFinite());
            }
        QVERIFY2(above <= 3, qPrintable(QString::number(above)));
    }

    // The bias against the loss's own gradient is at most mean(error C |a|), where no score leaves the
    // interval; for the hinge, error is that of the band for rows whose margin is in it.
    void biasIsBelowTheBound() {
        for (const LossKind loss : kLosses)
            for (const int degree : {1, 3, 5, 7}) {
                Problem problem(loss, degree);
                double bound = 0;
                std::size_t inBand = 0;
                const double bandError = loss == LossKind::Hinge ? errorInTheBand(problem) : 0;
                for (std::size_t row = 0; row < kRows; ++row) {
                    QVERIFY(std::abs(problem.score(row)) <= problem.method.polynomial.interval);
                    const bool near = loss == LossKind::Hinge &&
                                      std::abs(problem.data.labels[row] * problem.score(row) - 1) < kBand;
                    inBand += near ? 1U : 0U;
                    bound += (near ? bandError : problem.method.polynomial.error) *
                             problem.method.loss.weightOf(problem.data.labels[row]) *
                             std::sqrt(1 + problem.a(row).squaredNorm()) / double{kRows};
                }
                QVERIFY(loss != LossKind::Hinge || (inBand > 0 && inBand < kRows));
                LinearParameters bias = problem.polynomialGradient();
                bias -= problem.exactGradient();
                QVERIFY(bias.norm() <= bound);
                const auto measured = measureBias(problem.data, problem.rows, problem.grids, problem.method,
                                                  problem.model, {500, 3, 0, true}, problem.team);
                QVERIFY(std::abs(measured.norm - bias.norm()) <= 4 * measured.standardError);
            }
    }

    // E Phat^2 by Monte Carlo against (15), with v = x'Dx of the roundings: within 5%.
    void secondMomentIsTheFormulas() {
        for (const int degree : {1, 3, 5}) {
            const Problem problem(LossKind::Logistic, degree);
            for (const std::uint32_t row : {0U, 7U, 20U}) {
                double v = 0;
                for (std::size_t f = 0; f < kFeatures; ++f)
                    v += problem.grids[f].roundingVariance(problem.data.row(row)[f]) *
                         std::pow(problem.model.weights[static_cast<Eigen::Index>(f)], 2);
                const double label = problem.data.labels[row];
                const double formula =
                    secondMomentOf(problem.method.polynomial.coefficients, label * problem.score(row), v);
                double squares = 0;
                constexpr std::uint32_t kDraws = 20'000;
                std::vector<double> scratch(problem.method.scratch(kFeatures));
                for (std::uint32_t draw = 0; draw < kDraws; ++draw) {
                    const FreshSource source(problem.data, problem.grids, problem.method, 6, draw);
                    auto estimate = LinearParameters::zero(kFeatures);
                    problem.method.addGradient(source.sample(row, scratch), label, problem.model, estimate);
                    squares += std::pow(estimate.intercept / problem.method.loss.weightOf(label), 2);
                }
                QVERIFY2(std::abs(squares / kDraws / formula - 1) < 0.05,
                         qPrintable(QString("degree %1, row %2: %3 instead of %4")
                                        .arg(degree)
                                        .arg(row)
                                        .arg(squares / kDraws)
                                        .arg(formula)));
            }
        }
    }

    // From one packed code: the copies in their random order do as fresh roundings do.
    void thePackedCodeDoesAsWell() {
        const int degree = 5;
        Problem problem(LossKind::Logistic, degree);
        SampleStore store(kRows, problem.grids, {4, degree + 1, Rounding::Stochastic, 9});
        QCOMPARE(store.bitsPerCode(), 4 + 3);
        std::vector<double> scratch(problem.method.scratch(kFeatures));
        Eigen::ArrayXd sum = Eigen::ArrayXd::Zero(kFeatures), squares = sum;
        constexpr std::uint32_t kDraws = 3000;
        const LinearParameters wanted = problem.polynomialGradient();
        for (std::uint32_t draw = 0; draw < kDraws; ++draw) {
            store.build(problem.data, draw, problem.team);
            const StoreSource source(store, draw);
            auto mean = LinearParameters::zero(kFeatures);
            for (std::uint32_t row = 0; row < kRows; ++row)
                problem.method.addGradient(source.sample(row, scratch), problem.data.labels[row],
                                           problem.model, mean);
            const Eigen::ArrayXd off = (mean.weights / double{kRows} - wanted.weights).array();
            sum += off;
            squares += off.square();
        }
        for (Eigen::Index i = 0; i < static_cast<Eigen::Index>(kFeatures); ++i)
            QVERIFY(std::abs(sum[i]) / kDraws <= 4 * std::sqrt(squares[i]) / kDraws); // 8 tests: 5e-4
    }
};

QTEST_APPLESS_MAIN(PolynomialTest)
#include "polynomial_test.moc"
