#include "accel/trainer.h"
#include "core/quant/build_grids.h"
#include "tests/support/random_data.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>

using namespace zipml;

namespace {

constexpr EstimatorKind kKinds[] = {
    EstimatorKind::Full,   EstimatorKind::Naive,       EstimatorKind::Nearest,    EstimatorKind::Corrected,
    EstimatorKind::Double, EstimatorKind::DoublePlain, EstimatorKind::DoubleMean, EstimatorKind::EndToEnd};

struct Shape {
    std::size_t rows, features;
};
constexpr Shape kShapes[] = {{1, 1}, {1, 40}, {33, 1}, {50, 7}, {100, 90}, {65, 64}, {18, 5000}};

/// A task with the scalar reference's answer beside it.
struct Problem {
    Dataset data, test;
    std::vector<Grid> grids;
    GradientMethod method;
    ThreadTeam team{1};
    std::optional<SampleStore> store;
    EpochPlan plan;

    Problem(Shape shape, EstimatorKind kind, int bits, std::size_t batch)
        : data(test::randomData(shape.rows, shape.features, 3)),
          test(test::randomData(37, shape.features, 4)), method(kind) {
        plan.batch = batch;
        plan.step = 0.1 / static_cast<double>(shape.features);
        if (method.copies == 0)
            return;
        grids = test::uniformGrids(data, bits);
        store.emplace(shape.rows, grids, StoreOptions{bits, method.copies, method.estimator->rounding, 5});
        if (method.estimator->corrected()) {
            const auto variance = meanRoundingVariance(data, grids, team);
            method.correction = Eigen::Map<const Eigen::VectorXd>(variance.data(),
                                                                  static_cast<Eigen::Index>(variance.size()));
        }
    }

    [[nodiscard]] DeviceTask task() const {
        return {data, test, grids, method, store ? store->options() : StoreOptions{}, plan.batch};
    }

    LinearParameters reference(std::uint32_t epochs) {
        auto model = LinearParameters::zero(static_cast<Eigen::Index>(data.features));
        RunControl control;
        for (std::uint32_t epoch = 1; epoch <= epochs; ++epoch) {
            plan.epoch = epoch;
            if (store) {
                store->build(data, epoch, team);
                runEpoch(plan, StoreSource(*store, epoch), method, data.labels, model, team, control,
                         [](double) {});
            } else {
                runEpoch(plan, ExactSource(data), method, data.labels, model, team, control, [](double) {});
            }
        }
        return model;
    }
    LinearParameters onDevice(const ComputeContext& context, std::uint32_t epochs) {
        const auto trainer = makeOpenClTrainer(context, task());
        auto model = LinearParameters::zero(static_cast<Eigen::Index>(data.features));
        RunControl control;
        for (std::uint32_t epoch = 1; epoch <= epochs; ++epoch) {
            plan.epoch = epoch;
            trainer->build(epoch);
            if (!trainer->runEpoch(plan, model, control, [](double) {}))
                throw RunError("the model is not finite");
        }
        return model;
    }
    double loss(const LinearParameters& model) { return evaluate(data, Loss{}, model, team).loss; }
};

bool within(double a, double b, double relative) {
    return std::abs(a - b) <= relative * std::abs(b);
}

} // namespace

class TrainerTest : public QObject {
    Q_OBJECT
    QTemporaryDir cache_;
    std::unique_ptr<ComputeContext> context_;

  private slots:
    void initTestCase() {
        qputenv("XDG_CACHE_HOME", cache_.path().toUtf8());
        const auto devices = listOpenClDevices();
        if (devices.empty())
            QSKIP("this machine has no OpenCL driver");
        context_ = std::make_unique<ComputeContext>(devices.front());
    }

    void storeHasTheCpusBytes() {
        for (const Shape shape : kShapes)
            for (const int copies : {1, 2})
                for (const int bits : {1, 2, 3, 4, 7, 8})
                    for (const Rounding rounding : {Rounding::Stochastic, Rounding::Nearest}) {
                        if (rounding == Rounding::Nearest && copies == 2)
                            continue;
                        const Dataset data = test::randomData(shape.rows, shape.features, 8);
                        const auto grids = test::uniformGrids(data, bits);
                        const StoreOptions options{bits, copies, rounding, 0x1234567890ULL};
                        SampleStore store(shape.rows, grids, options);
                        ThreadTeam team(1);
                        store.build(data, 3, team);
                        const auto bytes = quantizeOnDevice(*context_, data, grids, options, 3);
                        const auto wanted = store.packed();
                        QVERIFY2(std::ranges::equal(bytes, wanted),
                                 qPrintable(QString("%1 x %2, %3 bits, %4 copies")
                                                .arg(shape.rows)
                                                .arg(shape.features)
                                                .arg(bits)
                                                .arg(copies)));
                    }
    }

    void lossIsTheReferences() {
        for (const Shape shape : kShapes)
            for (const EstimatorKind kind : kKinds)
                for (const int bits : {1, 2, 3, 4, 8}) {
                    if (kind == EstimatorKind::Full && bits != 8)
                        continue;
                    for (const std::size_t batch : {std::size_t{16}, std::size_t{48}, std::size_t{1024}}) {
                        Problem problem(shape, kind, bits, batch);
                        const LinearParameters wanted = problem.reference(3);
                        const LinearParameters model = problem.onDevice(*context_, 3);
                        const double loss = problem.loss(model), wantedLoss = problem.loss(wanted);
                        QVERIFY2(within(loss, wantedLoss, 1e-5),
                                 qPrintable(QString("%1 x %2, %3, %4 bits, batch %5: %6 instead of %7")
                                                .arg(shape.rows)
                                                .arg(shape.features)
                                                .arg(nameOf(kind).data())
                                                .arg(bits)
                                                .arg(batch)
                                                .arg(loss, 0, 'g', 12)
                                                .arg(wantedLoss, 0, 'g', 12)));
                    }
                }
    }

    void rowsNeedNoWholeTiles() {
        for (const std::size_t batch : {1, 3, 7, 18}) {
            Problem problem({50, 37}, EstimatorKind::Full, 8, batch);
            QVERIFY(within(problem.loss(problem.onDevice(*context_, 2)), problem.loss(problem.reference(2)),
                           1e-5));
        }
    }

    void regularizersAndInterceptAreTheReferences() {
        for (const char* text : {"l2:0.5", "l1:0.3", "elastic:0.1,0.2", "box:-0.01,0.02"})
            for (const bool intercept : {true, false}) {
                Problem problem({100, 90}, EstimatorKind::Naive, 4, 32);
                problem.plan.regularizer = parseRegularizer(text);
                problem.plan.intercept = intercept;
                const LinearParameters wanted = problem.reference(2);
                const LinearParameters model = problem.onDevice(*context_, 2);
                QVERIFY(within(problem.loss(model), problem.loss(wanted), 1e-5));
                QVERIFY((model.weights - wanted.weights).norm() <= 1e-5 * wanted.weights.norm());
                QVERIFY(std::abs(model.intercept - wanted.intercept) <= 1e-6);
            }
    }

    void evaluationIsTheCpus() {
        for (const Shape shape : kShapes) {
            Problem problem(shape, EstimatorKind::Full, 8, 16);
            const auto trainer = makeOpenClTrainer(*context_, problem.task());
            const LinearParameters model = problem.reference(1);
            for (const auto rows : {DeviceTrainer::Rows::Train, DeviceTrainer::Rows::Test}) {
                const Dataset& data = rows == DeviceTrainer::Rows::Train ? problem.data : problem.test;
                const Evaluation wanted = evaluate(data, Loss{}, model, problem.team);
                const Evaluation found = trainer->evaluate(rows, model);
                QVERIFY(within(found.loss, wanted.loss, 1e-12));
                QCOMPARE(found.accuracy, wanted.accuracy);
            }
        }
    }

    void whatDoesNotGoIsRefusedWithTheReason() {
        const auto reason = [&](Problem& problem) {
            try {
                makeOpenClTrainer(*context_, problem.task());
            } catch (const InputError& error) {
                return std::string(error.what());
            }
            return std::string();
        };
        Problem odd({100, 9}, EstimatorKind::Naive, 4, 17);
        QVERIFY(reason(odd).find("multiple of 16") != std::string::npos);
        Problem wide({100, 9}, EstimatorKind::Naive, 9, 16);
        QVERIFY(reason(wide).find("at most 8 bits") != std::string::npos);
        Problem rounded({100, 9}, EstimatorKind::EndToEnd, 4, 16);
        rounded.method.model.bits = 8;
        QVERIFY(reason(rounded).find("model-bits 32") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TrainerTest)
#include "trainer_test.moc"
