// The loss that is estimated from some exact rows: right in the mean over their choice, its standard error that
// of the estimates, and never below 0.

#include "core/base/shuffle.h"
#include "core/loss/sampled_loss.h"
#include "tests/support/random_data.h"

#include <QtTest>

#include <cmath>

using namespace zipml;

namespace {

constexpr std::size_t kPopulation = 4000, kFeatures = 6;

Dataset chosen(const Dataset& data, std::span<const std::uint32_t> rows) {
    Dataset some;
    some.rows = rows.size();
    some.features = data.features;
    for (const std::uint32_t row : rows) {
        some.labels.push_back(data.labels[row]);
        some.values.insert(some.values.end(), data.row(row).begin(), data.row(row).end());
    }
    return some;
}

/// The rows with noise, as roundings are. @param noise its largest
Dataset disturbed(const Dataset& data, double noise) {
    Dataset result = data;
    const Dataset other = test::randomData(data.rows, data.features, 77);
    for (std::size_t i = 0; i < result.values.size(); ++i)
        result.values[i] += static_cast<float>(noise) * other.values[i];
    return result;
}

} // namespace

class SampledLossTest : public QObject {
    Q_OBJECT
  private slots:
    void rightInTheMean_data() {
        QTest::addColumn<QString>("loss");
        QTest::addColumn<double>("noise");
        for (const QString loss : {"least-squares", "logistic", "hinge"})
            for (const double noise : {0.01, 0.3, 3.0})
                QTest::addRow("%s, %g", qPrintable(loss), noise) << loss << noise;
    }
    void rightInTheMean() {
        QFETCH(QString, loss);
        QFETCH(double, noise);
        ThreadTeam team(1);
        Dataset data = test::randomData(kPopulation, kFeatures, 2);
        for (float& label : data.labels)
            label = label < 0 ? -1.0F : 1.0F;
        const Dataset rounded = disturbed(data, noise);
        const Loss kind{parseName<LossKind>(loss.toStdString(), "loss"), {}};
        LinearParameters model = LinearParameters::zero(kFeatures);
        model.weights.setLinSpaced(-1, 1);
        model.intercept = 0.2;
        const Evaluation exact = evaluate(data, kind, model, team),
                         all = evaluate(rounded, kind, model, team);
        constexpr int kDraws = 200;
        double sum = 0, squares = 0, told = 0, right = 0;
        for (std::uint32_t draw = 0; draw < kDraws; ++draw) {
            auto rows = shuffledIndices(kPopulation, 9, Purpose::BiasRows, draw);
            rows.resize(300);
            const LossEstimate found =
                estimateLoss(chosen(data, rows), chosen(rounded, rows), all, kPopulation, kind, model, team);
            QVERIFY(found.loss >= 0);
            sum += found.loss - exact.loss;
            squares += (found.loss - exact.loss) * (found.loss - exact.loss);
            told += found.standardError * found.standardError;
            right += found.accuracy - exact.accuracy;
        }
        const double spread = std::sqrt(squares / kDraws);
        QVERIFY2(std::abs(sum / kDraws) < 4 * spread / std::sqrt(kDraws) + 1e-12,
                 qPrintable(QString("%1, %2").arg(sum / kDraws).arg(spread)));
        const double ratio = std::sqrt(told / kDraws) / spread;
        QVERIFY2(ratio > 0.8 && ratio < 1.25, qPrintable(QString::number(ratio)));
        QVERIFY(std::abs(right / kDraws) < 0.01);
    }

    // Fine roundings leave next to nothing to chance.
    void finerIsSurer() {
        ThreadTeam team(1);
        const Dataset data = test::randomData(kPopulation, kFeatures, 2);
        LinearParameters model = LinearParameters::zero(kFeatures);
        model.weights.setOnes();
        auto rows = shuffledIndices(kPopulation, 9, Purpose::BiasRows);
        rows.resize(300);
        double before = HUGE_VAL;
        for (const double noise : {3.0, 0.3, 0.03, 0.003}) {
            const Dataset rounded = disturbed(data, noise);
            const double error =
                estimateLoss(chosen(data, rows), chosen(rounded, rows), evaluate(rounded, {}, model, team),
                             kPopulation, {}, model, team)
                    .standardError;
            QVERIFY(error < before);
            before = error;
        }
        QVERIFY(before < 0.01);
    }

    // All rows are exact: so is the loss, and nothing else is read.
    void allRows() {
        ThreadTeam team(1);
        const Dataset data = test::randomData(500, kFeatures, 2);
        LinearParameters model = LinearParameters::zero(kFeatures);
        model.weights.setOnes();
        const LossEstimate found = estimateLoss(data, {}, {}, data.rows, {}, model, team);
        QVERIFY(std::abs(found.loss / evaluate(data, {}, model, team).loss - 1) < 1e-12);
        QCOMPARE(found.standardError, 0.0);
    }

    // The roundings of all rows lie far below those of the chosen ones: the exact rows alone are believed.
    void neverNegative() {
        ThreadTeam team(1);
        const Dataset data = test::randomData(kPopulation, kFeatures, 2);
        LinearParameters model = LinearParameters::zero(kFeatures);
        model.weights.setOnes();
        auto rows = shuffledIndices(kPopulation, 9, Purpose::BiasRows);
        rows.resize(20);
        const Dataset some = chosen(data, rows);
        const LossEstimate found = estimateLoss(some, some, {-1e6, 0}, kPopulation, {}, model, team);
        QVERIFY(std::abs(found.loss / evaluate(some, {}, model, team).loss - 1) < 1e-12);
        QVERIFY(found.standardError > 0);
        // What overflows is told as such: a run on it has diverged.
        model.weights *= 1e200;
        QVERIFY(!(estimateLoss(some, some, {1, 0}, kPopulation, {}, model, team).loss <= 1e300));
    }
};

QTEST_APPLESS_MAIN(SampledLossTest)
#include "sampled_loss_test.moc"
