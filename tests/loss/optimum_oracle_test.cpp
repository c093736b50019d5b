// Random problems of every loss and regularizer, of conditions up to 1e10: the optimum is scipy's or cvxpy's,
// or is said not to be known.

#include "core/base/random.h"
#include "core/data/scaling.h"
#include "core/loss/optimum.h"
#include "tests/support/optimum_oracle.h"

#include <Eigen/QR>

#include <cmath>

using namespace zipml;

namespace {

/// Draws of one problem, in their order.
class Draws {
  public:
    explicit Draws(std::uint32_t problem) : stream_(20, Purpose::Synthetic, problem) {}
    double uniform(double low, double high) { return low + (high - low) * stream_.uniform(next_++, 0); }
    std::size_t below(std::size_t count) {
        return static_cast<std::size_t>(uniform(0, static_cast<double>(count)));
    }
    double power(double low, double high) { return std::pow(10.0, uniform(low, high)); }
    Eigen::MatrixXd normals(std::size_t rows, std::size_t columns) {
        Eigen::MatrixXd result(rows, columns);
        for (double& value : result.reshaped())
            value = stream_.normals(next_++, 1)[0];
        return result;
    }

  private:
    RandomStream stream_;
    std::uint32_t next_ = 0;
};

Eigen::MatrixXd orthonormal(const Eigen::MatrixXd& normal) {
    const Eigen::HouseholderQR<Eigen::MatrixXd> qr(normal);
    return qr.householderQ() * Eigen::MatrixXd::Identity(normal.rows(), normal.cols());
}

Eigen::MatrixXd drawRows(Draws& draws, std::size_t rows, std::size_t features) {
    const auto n = static_cast<Eigen::Index>(features);
    const Eigen::VectorXd spectrum =
        Eigen::VectorXd::LinSpaced(n, 0, -draws.uniform(0, 10)).unaryExpr([](double e) {
            return std::pow(10.0, e);
        });
    const Eigen::MatrixXd normal = draws.normals(rows, features);
    switch (draws.below(4)) {
    case 0: // columns close to dependent
        return std::sqrt(static_cast<double>(rows)) *
               orthonormal(draws.normals(std::max(rows, features), features))
                   .topRows(static_cast<Eigen::Index>(rows)) *
               spectrum.asDiagonal() * orthonormal(draws.normals(features, features)).transpose();
    case 1: // in unlike units
        return draws.power(-3, 3) * normal * spectrum.asDiagonal();
    case 2: // with a large common part
        return normal.rowwise() + draws.power(0, 6) * draws.normals(1, features).row(0);
    default: { // small whole numbers, two columns dependent
        Eigen::MatrixXd counts = normal.unaryExpr([](double x) { return std::floor(std::abs(1.5 * x)); });
        if (features > 1)
            counts.col(1) = 2 * counts.col(0);
        return counts;
    }
    }
}

Regularizer drawRegularizer(Draws& draws) {
    Regularizer r;
    r.kind = namesOf<RegularizerKind>()[draws.below(6)].value;
    const bool free = draws.below(10) == 0; // a price of 0
    if (r.kind == RegularizerKind::L1 || r.kind == RegularizerKind::Elastic)
        r.l1 = free ? 0 : draws.power(-4, 0.3);
    if (r.kind == RegularizerKind::L2 || r.kind == RegularizerKind::Elastic)
        r.l2 = free ? 0 : draws.power(-8, 1.2);
    if (r.kind == RegularizerKind::Ball)
        r.radius = draws.power(-2, 2);
    if (r.kind == RegularizerKind::Box) {
        r.low = draws.uniform(-2, 0.5);
        r.high = draws.uniform(r.low, 2);
    }
    return r;
}

test::OptimumProblem draw(std::uint32_t number) {
    Draws draws(number);
    test::OptimumProblem problem;
    problem.loss.kind = namesOf<LossKind>()[draws.below(5)].value;
    if (!problem.loss.isQuadratic())
        problem.loss.weights = {draws.power(-1, 1), 1};
    problem.regularizer = drawRegularizer(draws);
    problem.intercept = draws.below(4) > 0;
    auto& data = problem.data;
    data.features = 1 + draws.below(8);
    data.rows = std::max<std::size_t>(4, data.features / 2) + draws.below(110);
    const Eigen::MatrixXd rows = drawRows(draws, data.rows, data.features);
    for (Eigen::Index r = 0; r < rows.rows(); ++r)
        for (Eigen::Index f = 0; f < rows.cols(); ++f)
            data.values.push_back(static_cast<float>(rows(r, f)));
    const ScalingKind scalings[] = {ScalingKind::None, ScalingKind::Standard, ScalingKind::MinMax};
    applyScaling(fitScaling(data, scalings[draws.below(3)]), data);

    const Eigen::VectorXd sizes = rows.cwiseAbs().colwise().maxCoeff().cwiseMax(1e-30);
    const Eigen::VectorXd scores = rows * draws.normals(data.features, 1).col(0).cwiseQuotient(sizes) +
                                   draws.power(-2, 0.3) * draws.normals(data.rows, 1).col(0);
    const double unit = draws.power(-2, 3);
    for (const double score : scores)
        data.labels.push_back(problem.loss.kind == LossKind::LeastSquares
                                  ? static_cast<float>(unit * (score + 0.3))
                              : score > scores.mean() ? 1.0F
                                                      : -1.0F);
    return problem;
}

} // namespace

class OptimumOracleTest : public QObject {
    Q_OBJECT
  private slots:
    // Must hold 2 of step 10. An objective below the oracle's is no error: it is that of a model. Below 1e-12
    // of the zero model's both count as 0.
    void theOptimumIsTheOraclesOrNotKnown() {
        NEEDS_OPTIMUM_ORACLE();
        constexpr std::uint32_t kProblems = 300;
        std::vector<test::OptimumProblem> problems;
        for (std::uint32_t number = 0; number < kProblems; ++number)
            problems.push_back(draw(number));
        QString error;
        const auto oracle = test::oracleObjectives(problems, error);
        QVERIFY2(error.isEmpty(), qPrintable(error));
        ThreadTeam team(1);
        int known = 0;
        for (std::uint32_t i = 0; i < kProblems; ++i) {
            const auto& [data, loss, regularizer, intercept] = problems[i];
            const QString name = QString("problem %1, %2, %3, %4 x %5")
                                     .arg(i)
                                     .arg(nameOf(loss.kind).data(), toString(regularizer).c_str())
                                     .arg(data.rows)
                                     .arg(data.features);
            std::string note;
            const auto found = findOptimum(data, loss, intercept, regularizer, team, note);
            QVERIFY2(found.has_value() == note.empty(), qPrintable(name));
            const auto zero = LinearParameters::zero(static_cast<Eigen::Index>(data.features));
            const double nothing = 1e-12 * evaluate(data, loss, zero, team).loss;
            if (!found) {
                const bool separated = note.find("separated") != std::string::npos;
                QVERIFY2(!separated || oracle[i] == 0, qPrintable(name + QString::fromStdString(note)));
                known += separated; // that there is none
                continue;
            }
            ++known;
            const double objective = evaluate(data, loss, found->model, team).loss / loss.reportedFactor() +
                                     regularizer.value(found->model.weights);
            QCOMPARE(found->objective(loss), objective);
            QVERIFY2(objective <= oracle[i] * (1 + 1e-6) + nothing,
                     qPrintable(name + QString(": %1 instead of %2, certificate %3")
                                           .arg(objective, 0, 'g', 12)
                                           .arg(oracle[i], 0, 'g', 12)
                                           .arg(found->certificate)));
            QVERIFY(intercept || found->model.intercept == 0);
            if (regularizer.kind == RegularizerKind::Ball)
                QVERIFY(found->model.weights.norm() <= regularizer.radius * (1 + 1e-12));
            if (regularizer.kind == RegularizerKind::Box)
                QVERIFY(found->model.weights.minCoeff() >= regularizer.low &&
                        found->model.weights.maxCoeff() <= regularizer.high);
        }
        QVERIFY2(known >= 0.97 * kProblems, qPrintable(QString("%1 are known").arg(known)));
    }
};

QTEST_APPLESS_MAIN(OptimumOracleTest)
#include "optimum_oracle_test.moc"
