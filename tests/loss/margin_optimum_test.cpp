// The optimum of the losses of the margin: no other model is better, and where there is none it says so.

#include "core/loss/optimum.h"
#include "tests/support/random_data.h"

#include <QtTest>

#include <cmath>

using namespace zipml;

namespace {

constexpr LossKind kMarginLosses[] = {LossKind::Logistic, LossKind::Hinge, LossKind::SquaredHinge};

Dataset classes(std::size_t rows, std::size_t features, double noise, std::uint64_t seed) {
    auto data = test::randomData(rows, features, seed);
    const auto flips = test::randomData(rows, 1, seed + 1);
    for (std::size_t row = 0; row < rows; ++row) {
        double score = 0.3;
        for (std::size_t f = 0; f < features; ++f)
            score += data.row(row)[f] * std::sin(1.0 + static_cast<double>(f));
        data.labels[row] = score + noise * flips.values[row] < 0 ? -1.0F : 1.0F;
    }
    return data;
}

double objective(const Dataset& data, const Loss& loss, const LinearParameters& model,
                 const Regularizer& regularizer) {
    ThreadTeam team(1);
    return evaluate(data, loss, model, team).loss + regularizer.value(model.weights);
}

/// Least objective that plain subgradient descent from zero and from `start` finds.
double bestBySteps(const Dataset& data, const Loss& loss, const Regularizer& regularizer, bool intercept,
                   const LinearParameters& start) {
    double best = HUGE_VAL;
    LinearParameters x = start;
    for (int step = 1; step <= 3000; ++step) {
        auto gradient = LinearParameters::zero(x.weights.size());
        for (std::size_t row = 0; row < data.rows; ++row) {
            const Eigen::Map<const Eigen::VectorXf> values(data.row(row).data(), x.weights.size());
            const Eigen::VectorXd a = values.cast<double>();
            const double slope = loss.slope(x.intercept + a.dot(x.weights), data.labels[row]);
            gradient.intercept += slope / static_cast<double>(data.rows);
            gradient.weights += slope / static_cast<double>(data.rows) * a;
        }
        gradient.weights += regularizer.l2 * x.weights;
        const double size = loss.kind == LossKind::Hinge ? 0.3 / std::sqrt(step) : 0.3;
        x.weights -= size * gradient.weights;
        if (intercept)
            x.intercept -= size * gradient.intercept;
        best = std::min(best, objective(data, loss, x, regularizer));
    }
    return best;
}

} // namespace

class MarginOptimumTest : public QObject {
    Q_OBJECT
  private slots:
    void noStepsFindABetterOne_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("regularizer");
        QTest::addColumn<bool>("intercept");
        for (const LossKind kind : kMarginLosses)
            for (const char* regularizer : {"none", "l2:0.01", "l2:1"})
                for (const bool intercept : {true, false})
                    QTest::addRow("%s, %s, %d", nameOf(kind).data(), regularizer, intercept)
                        << static_cast<int>(kind) << regularizer << intercept;
    }
    void noStepsFindABetterOne() {
        QFETCH(int, kind);
        QFETCH(QString, regularizer);
        QFETCH(bool, intercept);
        const auto data = classes(300, 4, 1.5, 20);
        const Loss loss{static_cast<LossKind>(kind), {2, 1}};
        const Regularizer r = parseRegularizer(regularizer.toStdString());
        ThreadTeam team(2);
        std::string note;
        const auto found = findOptimum(data, loss, intercept, r, team, note);
        QVERIFY2(found, note.c_str());
        QVERIFY(intercept || found->model.intercept == 0);
        const double value = objective(data, loss, found->model, r);
        QVERIFY(std::abs(value - found->loss - found->regularizer) <= 1e-12);
        for (const auto& start : {LinearParameters::zero(4), found->model}) {
            const double other = bestBySteps(data, loss, r, intercept, start);
            QVERIFY2(value <= other * (1 + 1e-9),
                     qPrintable(QString("%1, steps find %2").arg(value, 0, 'g', 12).arg(other, 0, 'g', 12)));
            QVERIFY2(other <= value * 1.01, qPrintable(QString("%1, steps end at %2").arg(value).arg(other)));
        }
    }

    void theTeamChangesNothing() {
        const auto data = classes(500, 7, 1, 3);
        for (const LossKind kind : kMarginLosses) {
            std::string note;
            ThreadTeam one(1), three(3);
            const auto first = findOptimum(data, {kind, {}}, true, parseRegularizer("l2:0.001"), one, note);
            const auto second =
                findOptimum(data, {kind, {}}, true, parseRegularizer("l2:0.001"), three, note);
            QVERIFY(first->model.weights == second->model.weights);
        }
    }

    void separableClassesHaveNoLogisticOptimum() {
        const auto data = classes(200, 3, 0, 5);
        ThreadTeam team(1);
        std::string note;
        QVERIFY(!findOptimum(data, {LossKind::Logistic, {}}, true, {}, team, note));
        QVERIFY2(note.find("separated") != std::string::npos, note.c_str());
        QVERIFY(findOptimum(data, {LossKind::Logistic, {}}, true, parseRegularizer("l2:0.001"), team, note));
    }

    // Margins of at least 1 cost nothing in these.
    void separableClassesHaveAHingeOptimumOfZero() {
        const auto data = classes(200, 3, 0, 5);
        ThreadTeam team(1);
        for (const LossKind kind : {LossKind::Hinge, LossKind::SquaredHinge}) {
            std::string note;
            const auto found = findOptimum(data, {kind, {}}, true, {}, team, note);
            QVERIFY2(found, note.c_str());
            QCOMPARE(found->loss, 0.0);
            QCOMPARE(found->certificate, 0.0);
        }
    }

    void tooManyFeaturesSayWhy() {
        const auto data = classes(20, 1501, 1, 5);
        ThreadTeam team(1);
        std::string note;
        QVERIFY(!findOptimum(data, {LossKind::Hinge, {}}, true, parseRegularizer("l1:0.1"), team, note));
        QVERIFY2(note.find("1501") != std::string::npos && note.find("l2") != std::string::npos,
                 note.c_str());
        QVERIFY2(findOptimum(data, {LossKind::Logistic, {}}, true, parseRegularizer("l2:0.1"), team, note),
                 note.c_str());
    }
};

QTEST_APPLESS_MAIN(MarginOptimumTest)
#include "margin_optimum_test.moc"
