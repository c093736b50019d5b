#include "core/estimate/bias.h"
#include "core/estimate/sample_source.h"
#include "core/loss/optimum.h"
#include "tests/support/random_data.h"

#include <QtTest>

#include <cmath>
#include <map>
#include <numeric>

using namespace zipml;

namespace {

/// docs/method.md#s13: a = (-.9,-.3,0,.6,1) on the levels {-1,-.5,0,.5,1}, x = (1,-2,3,.5,-1), b = .25.
struct Golden {
    Dataset data;
    std::vector<Grid> grids{5, Grid::uniform(-1, 1, 5)};
    LinearParameters model{0, Eigen::VectorXd{{1, -2, 3, .5, -1}}};
    std::vector<std::uint32_t> rows{0};

    Golden() {
        data.rows = 1;
        data.features = 5;
        data.values = {-0.9F, -0.3F, 0.0F, 0.6F, 1.0F};
        data.labels = {0.25F};
    }
};

std::vector<Named<EstimatorKind>> forLeastSquares() {
    std::vector<Named<EstimatorKind>> entries;
    for (const auto& entry : namesOf<EstimatorKind>())
        if (whyNotWith(entry.value, LossKind::LeastSquares).empty())
            entries.push_back(entry);
    return entries;
}

LinearParameters gradientOf(const std::vector<double>& copies, EstimatorKind kind, const Golden& golden) {
    auto gradient = LinearParameters::zero(5);
    GradientMethod(kind).addGradient({copies.data(), 5, static_cast<int>(copies.size() / 5)}, 0.25,
                                     golden.model, gradient);
    return gradient;
}

bool near(const Eigen::VectorXd& a, const Eigen::VectorXd& b, double tolerance = 1e-6) {
    return (a - b).norm() <= tolerance;
}

std::vector<std::uint32_t> allRows(const Dataset& data) {
    std::vector<std::uint32_t> rows(data.rows);
    std::iota(rows.begin(), rows.end(), 0U);
    return rows;
}

/// Decoded samples have the data's mean.
void requireUnbiasedStore(const Dataset& data, const std::vector<Grid>& grids, const StoreOptions& options,
                          const QByteArray& where, ThreadTeam& team) {
    SampleStore store(data.rows, grids, options);
    store.build(data, 0, team);
    const auto variance = meanRoundingVariance(data, grids, team);
    std::vector<double> decoded(data.features * static_cast<std::size_t>(options.copies));
    std::vector<double> error(data.features, 0.0);
    for (std::uint32_t row = 0; row < data.rows; ++row) {
        store.decode(row, 1, decoded);
        for (std::size_t f = 0; f < decoded.size(); ++f)
            error[f % data.features] += decoded[f] - double{data.row(row)[f % data.features]};
    }
    for (std::size_t f = 0; f < data.features; ++f) {
        const double roundings = static_cast<double>(data.rows) * options.copies;
        QVERIFY2(std::abs(error[f]) <= 5 * std::sqrt(variance[f] * roundings) + 1e-9,
                 where + "store " + QByteArray::number(error[f]));
    }
}

} // namespace

class EstimatorTest : public QObject {
    Q_OBJECT
  private slots:
    void goldenGradients() {
        const Golden golden;
        QVERIFY(near(
            gradientOf({golden.data.values.begin(), golden.data.values.end()}, EstimatorKind::Full, golden)
                .weights,
            Eigen::VectorXd{{1.125, .375, 0, -.75, -1.25}}));
        // Indices (0,1,2,4,4) and (1,2,2,3,4).
        const std::vector<double> copies{-1, -.5, 0, 1, 1, -.5, 0, 0, .5, 1};
        const std::map<EstimatorKind, Eigen::VectorXd> wanted{
            {EstimatorKind::DoublePlain, Eigen::VectorXd{{1.5, .75, 0, -1.5, -1.5}}},
            {EstimatorKind::EndToEnd, Eigen::VectorXd{{1.5, .75, 0, -1.5, -1.5}}},
            {EstimatorKind::Double, Eigen::VectorXd{{.9375, .375, 0, -.9375, -1.125}}},
            {EstimatorKind::DoubleMean, Eigen::VectorXd{{.78125, .40625, 0, -.875, -1.125}}}};
        for (const auto& [kind, gradient] : wanted)
            QVERIFY2(near(gradientOf(copies, kind, golden).weights, gradient), nameOf(kind).data());
    }

    void goldenBias() {
        const Golden golden;
        const auto mean = meanRoundingVariance(golden.data, golden.rows, golden.grids);
        const Eigen::VectorXd variance = Eigen::Map<const Eigen::VectorXd>(mean.data(), 5);
        const auto bias = [&](EstimatorKind kind) {
            return predictBias(GradientMethod(kind), variance, golden.model);
        };
        QVERIFY(near(bias(EstimatorKind::Naive)->weights, Eigen::VectorXd{{.04, -.12, 0, .02, 0}}));
        QCOMPARE(bias(EstimatorKind::Double)->norm(), 0.0);
        QVERIFY(!bias(EstimatorKind::Nearest));
    }

    void goldenVariance() {
        const Golden golden;
        const auto exact = [&](EstimatorKind kind) {
            return *predictVariance(golden.data, golden.rows, golden.grids, GradientMethod(kind),
                                    golden.model, false)
                        .exact;
        };
        QVERIFY(std::abs(exact(EstimatorKind::DoublePlain) - 0.914750) < 1e-6);
        QVERIFY(std::abs(exact(EstimatorKind::Double) - 0.450575) < 1e-6);
        QCOMPARE(exact(EstimatorKind::Full), 0.0);
        QCOMPARE(exact(EstimatorKind::Nearest), 0.0);
    }

    // The measured variance is the formula's, for every estimator that has one, with every channel, for 2 to
    // 5 copies; and never above the lemma's bound. 60 comparisons at 5 standard errors: 3e-5 false alarms
    // expected.
    void varianceIsTheFormulas_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("copies");
        QTest::addColumn<int>("modelBits");
        QTest::addColumn<int>("gradientBits");
        for (const auto& entry : forLeastSquares())
            for (const int copies : {0, 3, 5})
                for (const auto& [model, gradient] :
                     {std::pair{32, 32}, {3, 32}, {1, 32}, {32, 3}, {4, 4}, {1, 1}}) {
                    const Estimator& estimator = estimatorOf(entry.value);
                    if (copies <= estimator.mostCopies && (copies == 0 || estimator.copies == 2))
                        QTest::addRow("%s, %d copies, model %d, gradient %d", entry.name.data(), copies,
                                      model, gradient)
                            << static_cast<int>(entry.value) << copies << model << gradient;
                }
    }
    void varianceIsTheFormulas() {
        QFETCH(int, kind);
        QFETCH(int, copies);
        QFETCH(int, modelBits);
        QFETCH(int, gradientBits);
        const auto data = test::randomData(3, 6, 77);
        const std::vector<Grid> grids(6, Grid({-4, -1.5, -0.25, 1, 4})); // wider than the data
        GradientMethod method(static_cast<EstimatorKind>(kind));
        method.copies = std::max(copies, method.copies);
        method.model.bits = modelBits;
        method.gradient = {gradientBits, VectorScale::Largest};
        const LinearParameters model{0.4, Eigen::VectorXd{{1, -2, 3, .5, -1, .1}}};
        ThreadTeam team(2);
        const auto bias = measureBias(data, allRows(data), grids, method, model, {20'000, 8, 0, true}, team);
        const auto& predicted = bias.predictedVariance;
        const double allowed = 5 * bias.varianceStandardError + 1e-12;
        const QByteArray shown = QString("measured %1 +- %2, formula %3, bound %4")
                                     .arg(bias.variance)
                                     .arg(bias.varianceStandardError)
                                     .arg(predicted.exact.value_or(-1))
                                     .arg(*predicted.bound)
                                     .toUtf8();
        QCOMPARE(predicted.exact.has_value(),
                 gradientBits == 32 && method.estimator->kind != EstimatorKind::DoubleMean);
        if (predicted.exact)
            QVERIFY2(std::abs(bias.variance - *predicted.exact) <= allowed, shown);
        QVERIFY2(bias.variance <= *predicted.bound + allowed, shown);
        QVERIFY2(*predicted.bound <= 1e4 * bias.variance + 1e-12, shown); // a bound, not a blank cheque
    }

    // Issue 20, must hold 3: no scaling, and all values 1e3 or 1e6 away from 0, where floats are 6e-5 and
    // 0.06 apart. At 1 to 8 bits, on each grid, 20 draws. What is decoded from a store is held against the
    // values too: the mean over 400 rows of its error, in standard errors by formula. A norm or a mean above
    // 5 standard errors has probability below 6e-7 even in one dimension; 8 estimators x 3 x 8 x 7 = 1,344
    // biases and 3 x 8 x 7 x 6 x 2 = 2,016 means: false alarms below 2e-3 in all.
    void unbiasedFarFromZero_data() {
        QTest::addColumn<double>("offset");
        for (const double offset : {0.0, 1e3, 1e6})
            QTest::newRow(qPrintable(QString::number(offset))) << offset;
    }
    void unbiasedFarFromZero() {
        QFETCH(double, offset);
        auto data = test::randomData(400, 6, 77);
        for (float& value : data.values)
            value = static_cast<float>(value + offset);
        const auto rows = allRows(data);
        LinearParameters model{0, Eigen::VectorXd{{1, -2, 0.5, 0.25, -1, 1.5}}};
        model.intercept = -offset * model.weights.sum();
        ThreadTeam team(2);
        for (const auto& grid : namesOf<GridKind>())
            for (int bits = 1; bits <= 8; ++bits) {
                const auto grids = buildGrids(data, {grid.value, 64}, bits, false, team);
                const QByteArray where = QString("%1, %2 bits: ").arg(grid.name.data()).arg(bits).toUtf8();
                for (const auto& estimator : forLeastSquares()) {
                    const GradientMethod method(estimator.value);
                    const auto bias = measureBias(data, rows, grids, method, model, {20, 5, 0, true}, team);
                    if (!bias.predictedNorm || !isUnbiased(estimator.value, LossKind::LeastSquares))
                        continue;
                    QVERIFY2(bias.norm <= 5 * bias.standardError + 1e-12 * (1 + offset) * (1 + offset),
                             where + estimator.name.data() + QByteArray::number(bias.norm) + " +- " +
                                 QByteArray::number(bias.standardError));
                }
                for (const int copies : {1, 2})
                    requireUnbiasedStore(data, grids, {bits, copies, Rounding::Stochastic, 3}, where, team);
            }
    }

    // (8) has never more variance than the symmetrized estimator, and more copies help both.
    void theMeanHasLessVariance() {
        const auto data = test::randomData(40, 8, 90);
        const auto grids = test::uniformGrids(data, 2);
        const LinearParameters model{0, Eigen::VectorXd::Ones(8)};
        ThreadTeam team(2);
        const auto variance = [&](EstimatorKind kind, int copies) {
            GradientMethod method(kind);
            method.copies = copies;
            return measureBias(data, allRows(data), grids, method, model, {4000, 8, 0, true}, team).variance;
        };
        double before = HUGE_VAL;
        for (int copies = 2; copies <= kMostCopies; copies += 2) {
            const double symmetrized = variance(EstimatorKind::Double, copies);
            QVERIFY(variance(EstimatorKind::DoubleMean, copies) < symmetrized);
            QVERIFY(symmetrized < before);
            before = symmetrized;
        }
    }

    // Issue 3, must hold 4: every estimator's bias is what its table row declares, at the origin, the optimum
    // and 5 random models, at 1 to 8 bits, on each grid, for both losses (the SVM's labels are -1 and +1),
    // with exact and with rounded channels. Under "no bias" (or the formula's) the sum over a direction of
    // the draws is normal, and |mean|^2 / SE^2 has mean 1 and variance at most 2 / effective dimension. 8
    // estimators x 7 grids x 8 bits x 7 models x 2 losses = 6,272 tests; a norm above 3 standard errors has
    // probability below 3e-3 when one direction holds all the variance (none does here) and below 1e-8 when
    // it holds two thirds of it, so at most 17 false alarms could be expected and far fewer are. Corrected
    // for the number of tests the limit is 5 standard errors for each one (family-wise error below 4e-3 even
    // in one dimension), and at most 17 may be above 3.
    void biasIsAsDeclared_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("modelBits");
        QTest::addColumn<int>("gradientBits");
        for (const auto& entry : forLeastSquares())
            QTest::newRow(std::string(entry.name).c_str()) << static_cast<int>(entry.value) << 32 << 32;
        QTest::newRow("end-to-end, all channels") << static_cast<int>(EstimatorKind::EndToEnd) << 4 << 4;
        QTest::newRow("corrected, all channels") << static_cast<int>(EstimatorKind::Corrected) << 3 << 5;
        QTest::newRow("full, rounded model") << static_cast<int>(EstimatorKind::Full) << 2 << 32;
    }
    void biasIsAsDeclared() {
        QFETCH(int, kind);
        QFETCH(int, modelBits);
        QFETCH(int, gradientBits);
        GradientMethod method(static_cast<EstimatorKind>(kind));
        method.model.bits = modelBits;
        method.gradient.bits = gradientBits;
        auto data = test::randomData(120, 12, 12);
        const auto rows = allRows(data);
        ThreadTeam team(2);
        double largestRatio = 0;
        int above = 0;
        for (const bool svm : {false, true}) {
            if (svm)
                for (float& label : data.labels)
                    label = label < 0 ? -1.0F : 1.0F;
            std::string note;
            std::vector<LinearParameters> models{LinearParameters::zero(12),
                                                 findOptimum(data, Loss{}, true, {}, team, note)->model};
            for (std::uint64_t seed = 0; seed < 5; ++seed) {
                const auto weights = test::randomData(1, 12, 100 + seed);
                models.push_back(
                    {double{weights.labels[0]},
                     Eigen::Map<const Eigen::VectorXf>(weights.values.data(), 12).cast<double>()});
            }
            for (const auto& grid : namesOf<GridKind>())
                for (int bits = 1; bits <= 8; ++bits) {
                    const auto grids = buildGrids(data, {grid.value, 64}, bits, false, team);
                    for (const auto& model : models) {
                        const auto bias =
                            measureBias(data, rows, grids, method, model, {40, 3, 0, true}, team);
                        if (bias.standardError > 0)
                            largestRatio = std::max(largestRatio, bias.norm / bias.standardError);
                        const QByteArray where = QString("%1 bits, %2: bias %3 +- %4, formula %5")
                                                     .arg(bits)
                                                     .arg(grid.name.data())
                                                     .arg(bias.norm)
                                                     .arg(bias.standardError)
                                                     .arg(bias.predictedNorm.value_or(-1))
                                                     .toUtf8();
                        if (!bias.predictedNorm)
                            continue;
                        const double excess = std::abs(bias.norm - *bias.predictedNorm);
                        above += excess > 3 * bias.standardError + 1e-12 ? 1 : 0;
                        QVERIFY2(excess <= 5 * bias.standardError + 1e-12, where);
                        if (method.estimator->unbiased)
                            QCOMPARE(*bias.predictedNorm, 0.0);
                    }
                }
        }
        QVERIFY2(above <= 17, qPrintable(QString::number(above)));
        // docs/method.md#s14 A: naive is rejected by far more than 5 standard errors somewhere.
        if (!method.estimator->unbiased && method.estimator->rounding == Rounding::Stochastic)
            QVERIFY2(largestRatio > 20, qPrintable(QString::number(largestRatio)));
    }

    // A wrong coin or one draw used twice would turn double sampling into naive rounding: the measurement
    // sees it.
    void naiveBiasIsDetected() {
        const auto data = test::randomData(300, 10, 30);
        const auto grids = test::uniformGrids(data, 2);
        ThreadTeam team(2);
        const LinearParameters model{0, Eigen::VectorXd::Ones(10)};
        const auto naive = measureBias(data, allRows(data), grids, GradientMethod(EstimatorKind::Naive),
                                       model, {200, 3, 0, true}, team);
        QVERIFY(naive.norm > 10 * naive.standardError);
        QVERIFY(std::abs(naive.norm - *naive.predictedNorm) < 3 * naive.standardError);
    }

    void nearestIsDeterministicAndBiased() {
        const auto data = test::randomData(100, 4, 31);
        const auto grids = test::uniformGrids(data, 3);
        ThreadTeam team(1);
        const LinearParameters model{0.5, Eigen::VectorXd::Ones(4)};
        const auto bias = measureBias(data, allRows(data), grids, GradientMethod(EstimatorKind::Nearest),
                                      model, {50, 3, 0, true}, team);
        QCOMPARE(bias.draws, 1);
        QCOMPARE(bias.standardError, 0.0);
        QVERIFY(bias.norm > 1e-3 * bias.exactNorm);
        QVERIFY(!bias.predictedNorm);
    }

    void threadsDoNotChangeTheMeasurement() {
        const auto data = test::randomData(500, 30, 32);
        const auto grids = test::uniformGrids(data, 4);
        const LinearParameters model{0.5, Eigen::VectorXd::Ones(30)};
        GradientMethod method(EstimatorKind::EndToEnd);
        method.model.bits = method.gradient.bits = 5;
        const auto measure = [&](int threads) {
            ThreadTeam team(threads);
            return measureBias(data, allRows(data), grids, method, model, {100, 3, 0, true}, team);
        };
        const auto one = measure(1);
        const auto three = measure(3);
        QCOMPARE(one.norm, three.norm);
        QCOMPARE(one.variance, three.variance);
    }
};

QTEST_APPLESS_MAIN(EstimatorTest)
#include "estimator_test.moc"
