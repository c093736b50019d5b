// Probabilities against a softmax in long double, and where odds are beyond double.

#include "core/lab/run_spec.h"
#include "core/loss/class_probabilities.h"

#include <QtTest>

#include <cmath>

using namespace zipml;

namespace {

LinearModel modelOf(std::size_t classes, const char* loss) {
    LinearModel model;
    model.task = Task::Classification;
    model.classLabels.resize(classes);
    if (classes > 2)
        model.perClass.resize(classes);
    model.spec = toJson(RunSpec{});
    model.spec["loss"] = loss;
    return model;
}

} // namespace

class ClassProbabilitiesTest : public QObject {
    Q_OBJECT
  private slots:
    void twoClassesAreASigmoid() {
        const auto model = modelOf(2, "logistic");
        const std::vector<double> scores{-800, -3, -1e-9, 0, 0.5, 40, 800};
        const auto found = probabilitiesOf(model, scores);
        QCOMPARE(found.size(), 2 * scores.size());
        for (std::size_t r = 0; r < scores.size(); ++r) {
            const long double yes = 1 / (1 + std::exp(-static_cast<long double>(scores[r])));
            QVERIFY(std::abs(found[2 * r + 1] - static_cast<double>(yes)) <= 1e-15);
            QVERIFY(std::abs(found[2 * r] + found[2 * r + 1] - 1) <= 1e-15);
        }
        QVERIFY(found[10] > 0); // of 40: not rounded away
    }

    void moreClassesAreNormalisedSigmoids() {
        const auto model = modelOf(3, "logistic");
        const std::vector<double> scores{1, -2, 0.25, -30, 30, 29, -700, -701, -720};
        const auto found = probabilitiesOf(model, scores);
        for (std::size_t r = 0; r < 3; ++r) {
            long double odds[3], sum = 0;
            for (std::size_t k = 0; k < 3; ++k)
                sum += odds[k] = 1 / (1 + std::exp(-static_cast<long double>(scores[3 * r + k])));
            for (std::size_t k = 0; k < 3; ++k)
                QVERIFY(std::abs(found[3 * r + k] - static_cast<double>(odds[k] / sum)) <= 1e-15);
        }
    }

    void nothingUnderflows() {
        const auto found = probabilitiesOf(modelOf(3, "logistic"), std::vector<double>{-2000, -2001, -5000});
        QVERIFY(std::abs(found[0] - 1 / (1 + std::exp(-1.0))) <= 1e-12);
        QVERIFY(std::abs(found[0] + found[1] - 1) <= 1e-15);
        QCOMPARE(found[2], 0.0);
    }

    void otherScoresHaveNone() {
        for (const auto& named : namesOf<LossKind>())
            QCOMPARE(probabilitiesOf(modelOf(2, named.name.data()), std::vector<double>{1}).empty(),
                     named.value != LossKind::Logistic);
        auto model = modelOf(2, "logistic");
        model.spec = nullptr; // not known
        QVERIFY(probabilitiesOf(model, std::vector<double>{1}).empty());
    }
};

QTEST_GUILESS_MAIN(ClassProbabilitiesTest)
#include "class_probabilities_test.moc"
