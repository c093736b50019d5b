#include "core/quant/vector_quantizer.h"

#include <QtTest>

#include <cmath>
#include <set>

using namespace zipml;

class VectorQuantizerTest : public QObject {
    Q_OBJECT
  private slots:
    // E Q(v) = v, and the variance is the formula's and within the bound, at every width and scale. 2 x 16 x
    // 7 elements, 20,000 draws, limits at 5 standard errors: 1.3e-4 false alarms expected for each of the two
    // checks.
    void isUnbiasedWithTheFormulasVariance() {
        const Eigen::VectorXd vector{{0.9, -0.4, 0, 1e-3, -2.5, 0.1, 1.7}};
        constexpr int kDraws = 20'000;
        for (const auto& scale : namesOf<VectorScale>())
            for (int bits = 1; bits <= 16; ++bits) {
                const VectorQuantizer quantizer{bits, scale.value};
                const RandomStream stream(6, Purpose::ModelRounding, static_cast<std::uint32_t>(bits));
                Eigen::VectorXd sum = Eigen::VectorXd::Zero(vector.size());
                Eigen::VectorXd squares = sum;
                for (std::uint32_t draw = 0; draw < kDraws; ++draw) {
                    Eigen::VectorXd rounded = vector;
                    quantizer.round(rounded, stream, draw);
                    const Eigen::ArrayXd error = (rounded - vector).array();
                    sum.array() += error;
                    squares.array() += error.square();
                }
                const Eigen::VectorXd variance = quantizer.variance(vector);
                const double largest = scale.value == VectorScale::Norm ? vector.norm() : 2.5;
                for (Eigen::Index i = 0; i < vector.size(); ++i) {
                    const double gap = largest / (bits == 1 ? 0.5 : std::exp2(bits - 1) - 1);
                    const double place = bits == 1 ? (vector[i] + largest) / gap : std::abs(vector[i]) / gap;
                    const double p = place - std::floor(place);
                    const double fourth = p * std::pow((1 - p) * gap, 4) + (1 - p) * std::pow(p * gap, 4);
                    const double spread = fourth - variance[i] * variance[i];
                    QVERIFY(std::abs(sum[i] / kDraws) <=
                            5 * std::sqrt(variance[i] / kDraws) + 20 * gap / kDraws);
                    // Rare roundings come in whole numbers: the last term is 20 of them.
                    QVERIFY(std::abs(squares[i] / kDraws - variance[i]) <=
                            5 * std::sqrt(std::max(0.0, spread) / kDraws) + 20 * gap * gap / kDraws);
                }
                QVERIFY(variance.sum() <=
                        quantizer.varianceBound(vector.size()) * vector.squaredNorm() * (1 + 1e-12));
            }
    }

    void bitsAreEnoughForTheLevels() {
        for (int bits = 2; bits <= 6; ++bits) {
            const VectorQuantizer quantizer{bits, VectorScale::Largest};
            std::set<double> seen;
            for (std::uint32_t draw = 0; draw < 500; ++draw) {
                Eigen::VectorXd vector = Eigen::VectorXd::LinSpaced(101, -1, 1);
                quantizer.round(vector, {1, Purpose::ModelRounding}, draw);
                seen.insert(vector.begin(), vector.end());
            }
            QVERIFY(seen.size() <= (1U << static_cast<unsigned>(bits)));
            QVERIFY(seen.contains(0.0));
        }
    }

    void zeroAndOffStay() {
        Eigen::VectorXd zero = Eigen::VectorXd::Zero(5);
        VectorQuantizer{3}.round(zero, {1, Purpose::ModelRounding}, 0);
        QCOMPARE(zero.norm(), 0.0);
        Eigen::VectorXd vector = Eigen::VectorXd::LinSpaced(5, 0.1, 0.7);
        const Eigen::VectorXd before = vector;
        VectorQuantizer{}.round(vector, {1, Purpose::ModelRounding}, 0);
        QVERIFY(vector == before);
    }
};

QTEST_APPLESS_MAIN(VectorQuantizerTest)
#include "vector_quantizer_test.moc"
