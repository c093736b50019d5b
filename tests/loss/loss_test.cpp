// Each loss against its definition: values, slopes by differences, the vector form, class weights.

#include "core/base/error.h"
#include "core/loss/evaluate.h"
#include "tests/support/random_data.h"

#include <QtTest>

#include <cmath>

using namespace zipml;

namespace {

const double kScores[] = {-800, -30, -2, -1.25, -1, -0.5, 0, 0.3, 1, 1.5, 40, 900};

/// As reported, at class weight 1 (docs/command-line.md).
double definition(LossKind kind, double score, double label) {
    const double margin = label * score;
    switch (kind) {
    case LossKind::LeastSquares:
    case LossKind::LsSvm:
        return std::pow(score - label, 2);
    case LossKind::Logistic: // log(1 + exp(-m)) = -m where exp overflows
        return margin < -700 ? -margin : std::log(1 + std::exp(-margin));
    case LossKind::Hinge:
        return margin < 1 ? 1 - margin : 0;
    case LossKind::SquaredHinge:
        return margin < 1 ? 0.5 * std::pow(1 - margin, 2) : 0;
    }
    return NAN;
}

void forAll(const std::function<void(const Loss& loss, double score, double label)>& check) {
    for (const auto& entry : namesOf<LossKind>())
        for (const double score : kScores)
            for (const double label : {-1.0, 1.0}) {
                Loss loss{entry.value, {}};
                check(loss, score, label);
                if (!loss.isQuadratic()) {
                    loss.weights = {2.5, 0.25};
                    check(loss, score, label);
                }
            }
}

} // namespace

class LossTest : public QObject {
    Q_OBJECT
  private slots:
    void valuesAreTheDefinition() {
        forAll([](const Loss& loss, double score, double label) {
            const double wanted = loss.weightOf(label) * definition(loss.kind, score, label);
            QVERIFY(std::abs(loss.value(score, label) - wanted) <= 1e-9 * (1 + wanted));
        });
    }

    // At the hinge's kink the slope is that of the far side: 0 (docs/method.md#s7-2).
    void slopesAreTheDerivatives() {
        forAll([](const Loss& loss, double score, double label) {
            const double h = 1e-5;
            const double slope = loss.slope(score, label);
            if (loss.kind == LossKind::Hinge && label * score == 1) {
                QCOMPARE(slope, 0.0);
                return;
            }
            const double difference = (loss.value(score + h, label) - loss.value(score - h, label)) / (2 * h);
            QVERIFY(std::abs(loss.reportedFactor() * slope - difference) <= 1e-4 * (1 + std::abs(slope)));
        });
    }

    void slopesInFloatAreThose() {
        forAll([](const Loss& loss, double score, double label) {
            std::vector<float> scores(7, static_cast<float>(score));
            const std::vector<float> labels(7, static_cast<float>(label));
            const double wanted = loss.slope(double{scores[0]}, label);
            loss.toSlopes(labels, scores);
            for (const float slope : scores)
                QVERIFY(std::abs(slope - wanted) <= 1e-6 * (1e-30 + std::abs(wanted)));
        });
    }

    void curvatureIsTheLargest() {
        for (const auto& entry : namesOf<LossKind>()) {
            const Loss loss{entry.value,
                            entry.value == LossKind::LeastSquares ? ClassWeights{} : ClassWeights{3, 1}};
            double most = 0;
            for (double score = -4; score < 4; score += 0.01)
                for (const double label : {-1.0, 1.0})
                    most =
                        std::max(most, (loss.slope(score + 0.01, label) - loss.slope(score, label)) / 0.01);
            if (loss.kind != LossKind::Hinge)
                QVERIFY(std::abs(most / loss.largestCurvature() - 1) < 1e-3);
        }
    }

    void evaluationIsTheMeanOverTheRows() {
        auto data = test::randomData(3000, 5, 8);
        for (float& label : data.labels)
            label = label < 0 ? -1.0F : 1.0F;
        const LinearParameters model{0.3, Eigen::VectorXd{{1, -1, 0.5, 0, 2}}};
        for (const auto& entry : namesOf<LossKind>()) {
            const Loss loss{entry.value, {}};
            double sum = 0;
            for (std::size_t row = 0; row < data.rows; ++row) {
                double score = model.intercept;
                for (std::size_t f = 0; f < 5; ++f)
                    score += data.row(row)[f] * model.weights[static_cast<Eigen::Index>(f)];
                sum += definition(loss.kind, score, data.labels[row]);
            }
            ThreadTeam one(1), three(3);
            const double found = evaluate(data, loss, model, one).loss;
            QVERIFY(std::abs(found - sum / 3000) <= 1e-9 * found);
            QCOMPARE(evaluate(data, loss, model, three).loss, found); // the same bits
        }
    }

    void classWeightsRoundTripAndNonsenseIsRefused() {
        QVERIFY((parseClassWeights("2,0.5") == ClassWeights{2, 0.5}));
        QCOMPARE(toString(ClassWeights{2, 0.5}), std::string("2.0,0.5"));
        for (const char* text : {"", "1", "1,2,3", "0,1", "1,-1", "a,b", "1,inf"})
            QVERIFY_EXCEPTION_THROWN(parseClassWeights(text), InputError);
    }
};

QTEST_APPLESS_MAIN(LossTest)
#include "loss_test.moc"
