// The polynomials in the place of slopes, and the second moment of their estimate.

#include "core/base/random.h"
#include "core/loss/chebyshev.h"
#include "core/loss/loss.h"
#include "core/loss/slope_polynomial.h"

#include <QtTest>

#include <cmath>

using namespace zipml;

class SlopePolynomialTest : public QObject {
    Q_OBJECT
  private slots:
    // docs/method.md#s13.
    void goldenChebyshev() {
        const double wanted[] = {-.5, .2483199617, 0, -.0173030914, 0, .0007301837463};
        const auto found = approximateSlope(LossKind::Logistic, {5, 3, 0.5}).coefficients;
        QCOMPARE(found.size(), 6U);
        for (std::size_t i = 0; i < 6; ++i)
            QVERIFY2(std::abs(found[i] - wanted[i]) < 1e-10, qPrintable(QString::number(found[i], 'g', 12)));
    }

    // docs/method.md#s7-2: degree 3: 1.6e-2, 5: 2.6e-3, 7: 4e-4.
    void logisticErrorsAreThePublished() {
        const auto error = [](int degree) {
            return approximateSlope(LossKind::Logistic, {degree, 3, 0.5}).error;
        };
        QVERIFY(std::abs(error(3) - 1.6e-2) < 1e-3);
        QVERIFY(std::abs(error(5) - 2.6e-3) < 1e-4);
        QVERIFY(std::abs(error(7) - 4e-4) < 5e-5);
    }

    void aPolynomialIsItsOwnInterpolation() {
        const auto cubic = [](double z) { return 1 - 2 * z + 0.5 * z * z * z; };
        const auto found = chebyshevInterpolation(cubic, 5, 2.5);
        const double wanted[] = {1, -2, 0, 0.5, 0, 0};
        for (std::size_t i = 0; i < 6; ++i)
            QVERIFY(std::abs(found[i] - wanted[i]) < 1e-12);
    }

    void theErrorIsTheLargestOutsideTheBand() {
        for (const LossKind kind : {LossKind::Logistic, LossKind::Hinge, LossKind::SquaredHinge})
            for (int degree = 1; degree <= PolynomialSpec::kMostDegree; ++degree)
                for (const double interval : {1.5, 3.0, 8.0}) {
                    const PolynomialSpec spec{degree, interval, 0.3};
                    const auto polynomial = approximateSlope(kind, spec);
                    QCOMPARE(polynomial.degree(), degree);
                    double most = 0;
                    for (double z = -interval; z <= interval; z += 0.0013) {
                        if (kind == LossKind::Hinge && std::abs(z - 1) < spec.band)
                            continue;
                        most = std::max(most, std::abs(polynomialAt(polynomial.coefficients, z) -
                                                       Loss{kind, {}}.slope(z, 1)));
                    }
                    QVERIFY(most <= polynomial.error * 1.001 + 1e-9);
                    QVERIFY(most >= 0.9 * polynomial.error);
                }
    }

    // (15) against independent normal draws, within 5%: 400,000 draws, relative standard error below 1%.
    void secondMomentIsTheFormulas() {
        const RandomStream stream(5, Purpose::Synthetic, 9);
        for (const int degree : {1, 3, 5})
            for (const double z : {-1.5, 0.0, 0.7, 2.0}) {
                const double v = 0.04;
                const auto m = approximateSlope(LossKind::Logistic, {degree, 3, 0.5}).coefficients;
                double squares = 0;
                constexpr std::uint32_t kDraws = 400'000;
                for (std::uint32_t draw = 0; draw < kDraws; ++draw) {
                    double estimate = m[0];
                    double product = 1;
                    for (int i = 1; i <= degree; ++i) {
                        const auto normals = stream.normals(draw, static_cast<std::uint32_t>((i - 1) / 4));
                        product *= z + std::sqrt(v) * normals[static_cast<std::size_t>((i - 1) % 4)];
                        estimate += m[static_cast<std::size_t>(i)] * product;
                    }
                    squares += estimate * estimate;
                }
                const double formula = secondMomentOf(m, z, v);
                QVERIFY2(std::abs(squares / kDraws / formula - 1) < 0.05,
                         qPrintable(QString("degree %1, z %2: %3 instead of %4")
                                        .arg(degree)
                                        .arg(z)
                                        .arg(squares / kDraws)
                                        .arg(formula)));
            }
    }
};

QTEST_APPLESS_MAIN(SlopePolynomialTest)
#include "slope_polynomial_test.moc"
