#include "core/loss/optimum.h"
#include "tests/support/random_data.h"

#include <QtTest>

#include <Eigen/QR>

using namespace zipml;

namespace {

/// The peer: minimum-norm least squares by complete orthogonal decomposition of the augmented matrix.
Eigen::VectorXd peerSolution(const Dataset& data, bool intercept) {
    const auto rows = static_cast<Eigen::Index>(data.rows);
    const auto features = static_cast<Eigen::Index>(data.features);
    Eigen::MatrixXd a(rows, features + 1);
    Eigen::VectorXd b(rows);
    for (Eigen::Index r = 0; r < rows; ++r) {
        a(r, 0) = intercept ? 1 : 0;
        for (Eigen::Index f = 0; f < features; ++f)
            a(r, f + 1) = data.row(static_cast<std::size_t>(r))[static_cast<std::size_t>(f)];
        b[r] = data.labels[static_cast<std::size_t>(r)];
    }
    return a.completeOrthogonalDecomposition().solve(b);
}

void compareWithPeer(const Dataset& data, bool intercept, double tolerance) {
    ThreadTeam team(2);
    std::string note;
    const auto optimum = findOptimum(data, Loss{}, intercept, {}, team, note);
    QVERIFY(optimum.has_value());
    const Eigen::VectorXd peer = peerSolution(data, intercept);
    QVERIFY2(std::abs(optimum->model.intercept - peer[0]) <= tolerance * (1 + peer.norm()),
             qPrintable(QString("%1 %2").arg(optimum->model.intercept).arg(peer[0])));
    QVERIFY((optimum->model.weights - peer.tail(peer.size() - 1)).norm() <= tolerance * (1 + peer.norm()));
}

} // namespace

class LeastSquaresTest : public QObject {
    Q_OBJECT
  private slots:
    void optimumEqualsThePeers() {
        compareWithPeer(test::randomData(500, 12, 1), true, 1e-8);
        compareWithPeer(test::randomData(500, 12, 2), false, 1e-8);
        compareWithPeer(test::randomData(3, 8, 3), true, 1e-8); // fewer rows than parameters
        auto units = test::randomData(300, 4, 4);               // columns in units a million apart
        for (std::size_t r = 0; r < units.rows; ++r)
            units.row(r)[2] *= 1e6F;
        compareWithPeer(units, true, 1e-6);
    }

    void optimumOfDependentColumnsHasTheSmallestNorm() {
        auto data = test::randomData(200, 5, 5);
        for (std::size_t r = 0; r < data.rows; ++r) {
            data.row(r)[1] = data.row(r)[0] * 2; // dependent, of different length
            data.row(r)[3] = 0;                  // a constant feature after centring
        }
        compareWithPeer(data, true, 1e-7);
    }

    void evaluationMatchesTheDefinition() {
        auto data = test::randomData(5000, 7, 6);
        for (float& label : data.labels)
            label = label > 0 ? 1.0F : -1.0F;
        const LinearParameters model{0.25, Eigen::VectorXd::LinSpaced(7, -1, 1)};
        double squares = 0;
        double correct = 0;
        for (std::size_t r = 0; r < data.rows; ++r) {
            double prediction = 0.25;
            for (std::size_t f = 0; f < 7; ++f)
                prediction += data.row(r)[f] * model.weights[static_cast<Eigen::Index>(f)];
            squares += (prediction - data.labels[r]) * (prediction - data.labels[r]);
            correct += (prediction >= 0 ? 1.0F : -1.0F) == data.labels[r] ? 1 : 0;
        }
        ThreadTeam one(1);
        ThreadTeam three(3);
        const auto result = evaluate(data, Loss{}, model, one);
        QVERIFY(std::abs(result.loss - squares / 5000) < 1e-9);
        QCOMPARE(result.accuracy, correct / 5000);
        QCOMPARE(evaluate(data, Loss{}, model, three).loss, result.loss); // the same bits
    }

    // Half the mean squared error is quadratic: its central difference is its derivative.
    void gradientIsTheDerivativeOfTheLoss() {
        ThreadTeam one(1), many(3);
        const auto data = test::randomData(2500, 5, 6);
        LinearParameters model = LinearParameters::zero(5);
        model.intercept = 0.3;
        model.weights << 1, -2, 0.5, 0, 3;
        const auto gradient = meanGradient(data, Loss{}, model, one);
        QVERIFY(gradient.weights == meanGradient(data, Loss{}, model, many).weights);
        const auto loss = [&](double& parameter, double by) {
            const double before = std::exchange(parameter, parameter + by);
            const double value = evaluate(data, Loss{}, model, one).loss / 2;
            parameter = before;
            return value;
        };
        const auto derivative = [&](double& parameter) {
            return (loss(parameter, 0.5) - loss(parameter, -0.5)) / 1.0;
        };
        QVERIFY(std::abs(derivative(model.intercept) - gradient.intercept) < 1e-9);
        for (Eigen::Index f = 0; f < 5; ++f)
            QVERIFY(std::abs(derivative(model.weights[f]) - gradient.weights[f]) < 1e-9);
        std::string note;
        const auto optimum = findOptimum(data, Loss{}, true, {}, one, note);
        QVERIFY(meanGradient(data, Loss{}, optimum->model, one).norm() < 1e-6);
    }

    void tooManyFeaturesSayWhy() {
        ThreadTeam team(1);
        std::string note;
        QVERIFY(!findOptimum(test::randomData(2, 1501, 1), Loss{}, true, {}, team, note));
        QVERIFY(note.find("1501") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(LeastSquaresTest)
#include "least_squares_test.moc"
