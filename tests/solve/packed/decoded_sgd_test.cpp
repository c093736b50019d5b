// Decoded copies learn what rows one by one in double learn, to float32's rounding, and the same bits on every
// instruction set and number of threads.

#include "core/estimate/refetch_source.h"
#include "core/quant/build_grids.h"
#include "core/solve/packed/decoded_sgd.h"
#include "tests/support/random_data.h"

#include <QtTest>

#include <cmath>

using namespace zipml;

namespace {

constexpr std::size_t kRows = 331;

struct Case {
    EstimatorKind kind;
    LossKind loss = LossKind::LeastSquares;
    int bits = 4, copies = 1;
    GridKind grid = GridKind::Uniform;
    std::size_t features = 37;
    CertificateKind certificate = CertificateKind::Interval;
};

struct Problem {
    ThreadTeam team;
    Dataset data;
    GradientMethod method;
    std::vector<Grid> grids;
    SampleStore store;

    Problem(const Case& at, int threads, std::size_t rows = kRows)
        : team(threads), data(dataFor(at, rows)), method(at.kind, {at.loss, {1.5, 0.5}}),
          grids(buildGrids(data, {at.grid}, at.bits, false, team)),
          store(rows, grids, {at.bits, at.copies, roundingOf(at), 5}) {
        method.copies = at.copies;
        store.build(data, 0, team);
        if (method.estimator->corrected()) {
            const auto variance = meanRoundingVariance(data, grids, team);
            method.correction =
                Eigen::Map<const Eigen::VectorXd>(variance.data(), static_cast<Eigen::Index>(at.features));
        }
        if (at.kind == EstimatorKind::Polynomial)
            method.polynomial = approximateSlope(at.loss, {at.copies - 1, 8, 0.5});
        if (at.kind == EstimatorKind::Refetch) {
            method.refetching = std::make_shared<Refetching>(at.certificate, at.features, 5);
            method.refetching->extras = std::make_shared<RowExtras>(data, grids, *method.refetching, team);
        }
        if (method.estimator->roundsChannels)
            method.model.bits = method.gradient.bits = 6;
    }

    static Rounding roundingOf(const Case& at) {
        return at.certificate == CertificateKind::Sample ? Rounding::Stochastic
                                                         : estimatorOf(at.kind).rounding;
    }
    /// A feature far from 0, and for losses of two classes labels that are one.
    static Dataset dataFor(const Case& at, std::size_t rows) {
        Dataset data = test::randomData(rows, at.features, 3);
        for (std::size_t row = 0; row < rows; ++row)
            data.values[row * at.features + 1] += 5;
        if (!isQuadratic(at.loss))
            for (float& label : data.labels)
                label = label < 0 ? -1.0F : 1.0F;
        return data;
    }
};

EpochPlan planOf(std::size_t batch, std::size_t features, std::uint32_t epoch) {
    EpochPlan plan;
    plan.batch = batch;
    plan.step = 0.05 / static_cast<double>(features);
    plan.epoch = epoch;
    return plan;
}

LinearParameters startOf(std::size_t features) {
    auto model = LinearParameters::zero(static_cast<Eigen::Index>(features));
    for (Eigen::Index f = 0; f < model.weights.size(); ++f)
        model.weights[f] = std::sin(static_cast<double>(f) + 1) / std::sqrt(static_cast<double>(features));
    model.intercept = 0.25;
    return model;
}

constexpr std::uint32_t kEpochs = 2;

LinearParameters learned(Problem& problem, std::size_t batch, Isa isa) {
    forceIsa(isa);
    const auto sgd = makeDecodedSgd(problem.data, problem.store, {problem.data.labels}, batch, problem.method,
                                    problem.team, isa);
    auto model = startOf(problem.data.features);
    RunControl control;
    for (std::uint32_t epoch = 1; epoch <= kEpochs; ++epoch)
        if (!sgd->runEpoch(
                planOf(batch, problem.data.features, epoch), model, control, [](double) {}, nullptr))
            throw std::runtime_error("an epoch did not finish");
    return model;
}

LinearParameters learnedRowByRow(Problem& problem, std::size_t batch) {
    auto model = startOf(problem.data.features);
    RunControl control;
    for (std::uint32_t epoch = 1; epoch <= kEpochs; ++epoch) {
        const EpochPlan plan = planOf(batch, problem.data.features, epoch);
        const auto run = [&](const SampleSource& source) {
            runEpoch(plan, source, problem.method, problem.data.labels, model, problem.team, control,
                     [](double) {});
        };
        if (problem.method.refetching)
            run(RefetchSource(problem.data, problem.store, epoch, *problem.method.refetching));
        else
            run(StoreSource(problem.store, epoch));
    }
    return model;
}

double distance(LinearParameters a, const LinearParameters& b) {
    a -= b;
    return a.norm() / b.norm();
}

bool equal(const LinearParameters& a, const LinearParameters& b) {
    return a.intercept == b.intercept && a.weights == b.weights;
}

} // namespace

class DecodedSgdTest : public QObject {
    Q_OBJECT

    static void addRows() {
        QTest::addColumn<Case>("at");
        const auto row = [](const char* name, const Case& at) { QTest::newRow(name) << at; };
        using enum EstimatorKind;
        using enum LossKind;
        using enum GridKind;
        row("polynomial of degree 1", {Polynomial, Logistic, 4, 2});
        row("polynomial of degree 2", {Polynomial, SquaredHinge, 4, 3});
        row("polynomial of degree 5", {Polynomial, Logistic, 4, 6, Uniform, 100});
        row("polynomial of degree 5, 1 bit", {Polynomial, Logistic, 1, 6, Uniform, 5});
        row("polynomial of degree 6, 8 bits", {Polynomial, Hinge, 8, 7});
        row("polynomial of degree 7, 5 bits", {Polynomial, Logistic, 5, 8});
        row("polynomial, levels of its own", {Polynomial, Logistic, 3, 4, Optimal});
        row("double, 3 copies", {Double, LeastSquares, 4, 3});
        row("double, 3 copies, 8 bits", {Double, LeastSquares, 8, 3, Uniform, 90});
        row("double, 8 copies", {Double, LeastSquares, 2, 8});
        row("double, 8 copies, 16 bits", {Double, LeastSquares, 16, 8});
        row("double, 3 copies, hinge", {Double, Hinge, 4, 3});
        row("double, 16 bits", {Double, LeastSquares, 16, 2});
        row("double, 11 bits, logistic", {Double, Logistic, 11, 2});
        row("double, levels of its own", {Double, LeastSquares, 4, 2, Optimal});
        row("double, 3 copies, levels of its own, 8 bits", {Double, LeastSquares, 8, 3, Quantile});
        row("double, 4 bits", {Double, LeastSquares, 4, 2, Uniform, 3});
        row("double-plain, levels of its own", {DoublePlain, LeastSquares, 4, 2, Optimal});
        row("double-plain, 16 bits", {DoublePlain, LeastSquares, 16, 2});
        row("end-to-end, 12 bits", {EndToEnd, LeastSquares, 12, 2});
        row("double-mean, 5 copies", {DoubleMean, LeastSquares, 3, 5});
        row("double-mean, 16 bits", {DoubleMean, LeastSquares, 16, 2});
        row("naive, 16 bits", {Naive, LeastSquares, 16, 1});
        row("naive, levels of its own, 10 bits", {Naive, LeastSquares, 10, 1, Quantile});
        row("nearest, levels of its own", {Nearest, Logistic, 4, 1, Optimal});
        row("corrected, 9 bits", {Corrected, LeastSquares, 9, 1});
        row("corrected, levels of its own", {Corrected, LeastSquares, 4, 1, Optimal});
        row("refetch, 1 bit", {Refetch, Hinge, 1, 2});
        row("refetch, 4 bits", {Refetch, Hinge, 4, 2});
        row("refetch, 8 bits", {Refetch, Hinge, 8, 2, Uniform, 100});
        row("refetch, 12 bits", {Refetch, Hinge, 12, 2});
        row("refetch by a sample", {Refetch, Hinge, 6, 2, Uniform, 37, CertificateKind::Sample});
    }

  private slots:
    void cleanup() { forceIsa(availableIsas().back()); }

    void equalsRowsOneByOne_data() { addRows(); }
    void equalsRowsOneByOne() {
        QFETCH(Case, at);
        Problem problem(at, 1);
        Problem withTwo(at, 2);
        QCOMPARE(whyNotDecoded(problem.grids, problem.method), std::string());
        constexpr double kBound = 1e-5; // of a model that has moved by more than a tenth of its length
        for (const std::size_t batch : {16UL, 10UL, 144UL, 1000UL}) {
            const auto wanted = learnedRowByRow(problem, batch);
            const auto found = learned(problem, batch, Isa::Scalar);
            const double off = distance(found, wanted);
            QVERIFY2(off < kBound, qPrintable(QString("batch %1: %2").arg(batch).arg(off)));
            for (const Isa isa : availableIsas()) {
                QVERIFY2(equal(learned(problem, batch, isa), found), nameOf(isa).data());
                QVERIFY2(equal(learned(withTwo, batch, isa), found), nameOf(isa).data());
            }
        }
    }

    void rowsThatAreFetchedAreCounted() {
        Problem problem({EstimatorKind::Refetch, LossKind::Hinge, 4, 2}, 1);
        const std::uint64_t before = problem.method.refetching->fetched();
        learnedRowByRow(problem, 32);
        const std::uint64_t wanted = problem.method.refetching->fetched() - before;
        QVERIFY(wanted > 0 && wanted < kEpochs * kRows);
        learned(problem, 32, availableIsas().back());
        QCOMPARE(problem.method.refetching->fetched() - before, 2 * wanted);
    }

    // Over roundings and coins the gradient's mean is that of the polynomial.
    void thePolynomialIsUnbiased() {
        constexpr std::size_t kSamples = 48, kFeatures = 6;
        constexpr std::uint32_t kDraws = 6000;
        Problem problem({EstimatorKind::Polynomial, LossKind::Logistic, 2, 6, GridKind::Uniform, kFeatures},
                        1, kSamples);
        const auto at = startOf(kFeatures);
        auto exact = LinearParameters::zero(kFeatures);
        for (std::size_t row = 0; row < kSamples; ++row) {
            const Eigen::VectorXd a =
                Eigen::Map<const Eigen::VectorXf>(problem.data.row(row).data(), kFeatures).cast<double>();
            const double label = problem.data.labels[row];
            double estimate = 0, power = 1;
            for (const double coefficient : problem.method.polynomial.coefficients) {
                estimate += coefficient * power;
                power *= label * (at.intercept + a.dot(at.weights));
            }
            const double slope = label * problem.method.loss.weightOf(label) * estimate / double{kSamples};
            exact.intercept += slope;
            exact.weights += slope * a;
        }
        EpochPlan plan = planOf(kSamples, kFeatures, 1);
        plan.step = 1;
        const auto sgd = makeDecodedSgd(problem.data, problem.store, {problem.data.labels}, kSamples,
                                        problem.method, problem.team);
        Eigen::VectorXd sum = Eigen::VectorXd::Zero(kFeatures), squares = sum;
        RunControl control;
        for (std::uint32_t draw = 0; draw < kDraws; ++draw) {
            problem.store.build(problem.data, draw, problem.team);
            plan.epoch = draw;
            auto model = at;
            sgd->runEpoch(
                plan, model, control, [](double) {}, nullptr);
            const Eigen::VectorXd gradient = at.weights - model.weights;
            sum += gradient;
            squares += gradient.cwiseAbs2();
        }
        for (Eigen::Index f = 0; f < sum.size(); ++f) {
            const double mean = sum[f] / kDraws;
            const double error = std::sqrt((squares[f] / kDraws - mean * mean) / kDraws);
            QVERIFY2(std::abs(mean - exact.weights[f]) < 4.5 * error,
                     qPrintable(QString("%1 for %2, error %3").arg(mean).arg(exact.weights[f]).arg(error)));
            QVERIFY(error < 0.1 * exact.weights.norm());
        }
    }

    void whatItDoesNotKnowIsSaid() {
        const auto why = [](const Case& at) {
            const Problem problem(at, 1, 32);
            return whyNotDecoded(problem.grids, problem.method);
        };
        Case refetch{EstimatorKind::Refetch, LossKind::Hinge, 4, 2, GridKind::Optimal};
        QVERIFY(why(refetch).find("not uniform") != std::string::npos);
        refetch.grid = GridKind::Uniform;
        refetch.certificate = CertificateKind::L2;
        QVERIFY(why(refetch).find("certificate") != std::string::npos);
        QVERIFY(why({EstimatorKind::DoubleMean, LossKind::LeastSquares, 4, 2, GridKind::Optimal})
                    .find("not uniform") != std::string::npos);
    }

    // Models that share a pass learn, to the bit, what each of them learns alone.
    void severalModelsAreThoseOfSeparateRuns_data() { addRows(); }
    void severalModelsAreThoseOfSeparateRuns() {
        QFETCH(Case, at);
        constexpr std::size_t kModels = 3;
        for (const int threads : {1, 2}) {
            Problem problem(at, threads);
            std::vector<std::vector<float>> labels(kModels, problem.data.labels);
            for (std::size_t m = 1; m < kModels; ++m)
                for (std::size_t row = 0; row < kRows; ++row)
                    labels[m][row] *= (row + m) % 3 == 0 ? -1.0F : 1.0F;
            for (const std::size_t batch : {16UL, 10UL, 144UL})
                for (const Isa isa : availableIsas()) {
                    const auto make = [&](LabelSets sets) {
                        return makeDecodedSgd(problem.data, problem.store, std::move(sets), batch,
                                              problem.method, problem.team, isa);
                    };
                    const auto together = make({labels.begin(), labels.end()});
                    std::vector<LinearParameters> models(kModels, startOf(at.features));
                    models[2] *= 3;
                    std::vector<LinearParameters> alone = models;
                    RunControl control;
                    const auto nobody = [](double) {};
                    for (std::uint32_t epoch = 1; epoch <= kEpochs; ++epoch) {
                        std::vector<TrainedModel> trained;
                        for (auto& model : models)
                            trained.push_back({planOf(batch, at.features, epoch), &model});
                        QVERIFY(together->runTogether(trained, control, nobody));
                    }
                    for (std::size_t m = 0; m < kModels; ++m) {
                        const auto one = make({labels[m]});
                        for (std::uint32_t epoch = 1; epoch <= kEpochs; ++epoch)
                            QVERIFY(one->runEpoch(planOf(batch, at.features, epoch), alone[m], control,
                                                  nobody, nullptr));
                        QVERIFY2(equal(models[m], alone[m]),
                                 qPrintable(QString("batch %1, model %2").arg(batch).arg(m)));
                        QCOMPARE(together->rowsFetched(m), one->rowsFetched(0));
                    }
                }
        }
    }
};

QTEST_GUILESS_MAIN(DecodedSgdTest)
#include "decoded_sgd_test.moc"
