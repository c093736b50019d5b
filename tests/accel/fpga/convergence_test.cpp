#include "accel/fpga/reference.h"
#include "core/base/random.h"

#include <Eigen/Dense>
#include <QtTest>
#include <cmath>

using namespace zipml;

Q_DECLARE_METATYPE(zipml::FpgaDesign)

namespace {

/// Values in the design's range, feature 0 the constant 1, labels a.x + noise.
struct Regression {
    Eigen::MatrixXd a;
    Eigen::VectorXd b, optimum;
    std::vector<float> values, labels;

    Regression(bool unitRange, std::size_t rows, std::size_t features, std::uint64_t seed)
        : a(static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(features)), b(a.rows()) {
        const RandomStream stream(seed, Purpose::Synthetic);
        for (Eigen::Index r = 0; r < a.rows(); ++r) {
            b(r) = 0;
            for (Eigen::Index f = 0; f < a.cols(); ++f) {
                const auto row = static_cast<std::uint32_t>(r), column = static_cast<std::uint32_t>(f);
                const double u = stream.uniform(row, column);
                a(r, f) = static_cast<float>(f == 0 ? 1 : unitRange ? u : 2 * u - 1);
                b(r) += a(r, f) * (f % 2 == 0 ? 1.5 : -1);
                values.push_back(static_cast<float>(a(r, f)));
            }
            b(r) = static_cast<float>(b(r) + 0.1 * stream.normals(static_cast<std::uint32_t>(r), 999)[0]);
            labels.push_back(static_cast<float>(b(r)));
        }
        optimum = a.colPivHouseholderQr().solve(b);
    }

    [[nodiscard]] double loss(const Eigen::VectorXd& x) const {
        return (a * x - b).squaredNorm() / (2 * static_cast<double>(a.rows()));
    }
    /// Of the loss at 0 that lies above the optimum, the share that is left at x.
    [[nodiscard]] double excess(const Eigen::VectorXd& x) const {
        return (loss(x) - loss(optimum)) / (loss(Eigen::VectorXd::Zero(a.cols())) - loss(optimum));
    }
};

constexpr std::size_t kRows = 4000;
constexpr std::size_t kFeatures = 10;

/// Overwrites every sample 2 of a row with sample 1.
void copySample(FpgaLines& lines, std::size_t r) {
    const auto bits = static_cast<std::size_t>(lines.design.bits);
    const std::uint32_t field = (1U << bits) - 1U;
    std::uint32_t* row = lines.words.data() + r * lines.linesPerRow * kFpgaLineWords;
    for (std::size_t f = 0; f < lines.features; ++f) {
        const std::size_t at = 2 * f * bits;
        std::uint32_t& word = row[at / 32];
        word &= ~(field << (at % 32 + bits));
        word |= ((word >> (at % 32)) & field) << (at % 32 + bits);
    }
}

/// Steps of 2^-5 to 2^-11, a few epochs each; each epoch reads another rounding. @param naive sample 2 is
/// sample 1
Eigen::VectorXd train(const FpgaDesign& design, const Regression& data, const FpgaEpoch& base, bool naive) {
    std::vector<std::int32_t> model(kFeatures, 0);
    std::uint32_t epochs = 0;
    for (int stepShift = 5; stepShift <= 11; ++stepShift) {
        for (int i = 0; i < 4; ++i) {
            FpgaLines lines = packFpgaLines(design, data.values, data.labels, kFeatures, 1, epochs++);
            if (naive)
                for (std::size_t r = 0; r < kRows; ++r)
                    copySample(lines, r);
            runFpgaReference(lines, {stepShift, base.mask, base.delay}, model);
        }
    }
    Eigen::VectorXd x(static_cast<Eigen::Index>(kFeatures));
    for (std::size_t f = 0; f < kFeatures; ++f)
        x(static_cast<Eigen::Index>(f)) = static_cast<double>(model[f]) * 0x1p-23;
    return x;
}

} // namespace

class FpgaConvergenceTest : public QObject {
    Q_OBJECT
  private slots:
    void endsNearTheFloatSolution_data() {
        QTest::addColumn<FpgaDesign>("design");
        QTest::addColumn<double>("bound");
        const auto add = [](FpgaDesign design, double bound) {
            QTest::newRow(design.name().c_str()) << design << bound;
        };
        add({32, true}, 1e-5);
        add({8, true}, 1e-5);
        add({8, false}, 1e-5);
        add({4, true}, 1e-4);
        add({4, false}, 2e-4);
        add({2, true}, 5e-3);
        add({2, false}, 5e-3);
        add({1, true}, 1e-2);
    }
    /// Seeds are fixed. Each rounding is fresh, so double sampling converges to the least-squares solution
    /// (docs/method.md#s3-2) up to the noise of the last steps, in batches of 2 and with rows overlapping.
    void endsNearTheFloatSolution() {
        QFETCH(FpgaDesign, design);
        QFETCH(double, bound);
        const Regression data(design.unitRange, kRows, kFeatures, 8);
        for (const FpgaEpoch& epoch : {FpgaEpoch{0, 0, 0}, FpgaEpoch{0, 1, 1}, FpgaEpoch{0, 1, 4}}) {
            QVERIFY(data.excess(train(design, data, epoch, false)) < bound);
        }
    }

    /// The same rounding in both places is biased (docs/method.md#s3-1): the layout's second sample is what
    /// repairs it.
    void oneRoundingTwiceIsBiased() {
        const FpgaDesign design{2, true};
        const Regression data(design.unitRange, kRows, kFeatures, 8);
        const double naive = data.excess(train(design, data, {0, 1, 1}, true));
        const double twofold = data.excess(train(design, data, {0, 1, 1}, false));
        QVERIFY(naive > 10 * twofold);
    }
};

QTEST_APPLESS_MAIN(FpgaConvergenceTest)
#include "convergence_test.moc"
