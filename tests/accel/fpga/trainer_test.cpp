#include "accel/fpga/trainer.h"

#include "accel/fpga/fit.h"
#include "core/lab/run.h"

#include <QTemporaryDir>
#include <QtTest>

#include <bit>
#include <cmath>

using namespace zipml;

Q_DECLARE_METATYPE(zipml::FpgaDesign)

namespace {

struct Shape {
    std::size_t rows, features;
};
constexpr Shape kShapes[] = {{1, 1}, {7, 1}, {1, 40}, {20, 90}, {6, 5000}};
constexpr std::size_t kBatch = 4;
constexpr double kStep = 0x1p-9;

/// Values in the design's range, labels up to `largest`.
Dataset dataFor(const FpgaDesign& design, Shape shape, double largest) {
    const RandomStream stream(5, Purpose::Synthetic, 3);
    Dataset data;
    data.name = "random";
    data.rows = shape.rows;
    data.features = shape.features;
    for (std::uint32_t r = 0; r < shape.rows; ++r) {
        for (std::uint32_t f = 0; f < shape.features; ++f) {
            const double uniform = stream.uniform(r, f);
            data.values.push_back(static_cast<float>(design.unitRange ? uniform : 2 * uniform - 1));
        }
        data.labels.push_back(static_cast<float>(largest * (stream.uniform(r, 1'000'000) - 0.4)));
    }
    return data;
}

/// What the scalar reference makes of `epochs` epochs, put together here from the rows on.
LinearParameters reference(const FpgaDesign& design, const Dataset& data, bool intercept, int labelShift,
                           std::size_t delay, bool fresh) {
    const std::size_t first = intercept ? 1 : 0, features = data.features + first;
    std::vector<float> values, labels;
    for (std::size_t r = 0; r < data.rows; ++r) {
        values.insert(values.end(), first, 1.0F);
        values.insert(values.end(), data.row(r).begin(), data.row(r).end());
        labels.push_back(data.labels[r] / static_cast<float>(std::exp2(labelShift)));
    }
    std::vector<std::int32_t> model(features, 0);
    for (std::uint32_t epoch = 1; epoch <= 3; ++epoch)
        runFpgaReference(packFpgaLines(design, values, labels, features, 9, fresh ? epoch : 0),
                         {9 + 2, kBatch - 1, delay}, model);
    const double unit = std::exp2(labelShift - 23);
    auto result = LinearParameters::zero(static_cast<Eigen::Index>(data.features));
    for (std::size_t f = 0; f < features; ++f)
        (f < first ? result.intercept : result.weights(static_cast<Eigen::Index>(f - first))) =
            unit * static_cast<double>(model[f]);
    return result;
}

RunSpec specFor(int bits) {
    RunSpec spec;
    spec.data.source = "synthetic:20";
    spec.data.scaling = ScalingKind::Unit;
    spec.estimator = bits == 32 ? EstimatorKind::Full : EstimatorKind::DoublePlain;
    spec.bits = bits;
    spec.sgd.batch = 2;
    spec.sgd.epochs = 6;
    spec.sgd.order = RowOrder::File;
    spec.sgd.rounding = bits == 32 ? RoundingTime::Frozen : RoundingTime::Epoch;
    spec.sgd.schedule = parseSchedule("halve-every:2");
    spec.device = "fpga:0";
    return spec;
}

RunRecord run(const RunSpec& spec) {
    RunObserver observer;
    RunControl control;
    return runExperiment(spec, observer, control);
}

std::string refusalOf(const RunSpec& spec) {
    try {
        run(spec);
    } catch (const InputError& error) {
        return error.what();
    }
    return "not refused";
}

} // namespace

class FpgaTrainerTest : public QObject {
    Q_OBJECT
    QTemporaryDir cache_;
    std::unique_ptr<FpgaDevice> device_;
    std::unique_ptr<ComputeContext> context_;

  private slots:
    void initTestCase() {
        qputenv("XDG_CACHE_HOME", cache_.path().toUtf8());
        qunsetenv("ZIPML_FPGA_IMAGES");
        const auto devices = listFpgaDevices();
        if (devices.empty() || !devices.front().emulated)
            QSKIP("there is no OpenCL device here to emulate the pipeline on");
        device_ = std::make_unique<FpgaDevice>(devices.front());
        context_ = std::make_unique<ComputeContext>(device_->device);
        addComputeBackend(fpgaBackend());
    }

    void lossesAreTheReferences_data() {
        QTest::addColumn<FpgaDesign>("design");
        for (const FpgaDesign& design : fpgaDesigns())
            QTest::newRow(design.name().c_str()) << design;
    }
    /// Bit for bit, on odd shapes, with and without intercept, with labels that need scaling, and with
    /// samples that are rounded each epoch.
    void lossesAreTheReferences() {
        QFETCH(FpgaDesign, design);
        const GradientMethod method(design.isFloat() ? EstimatorKind::Full : EstimatorKind::DoublePlain);
        ThreadTeam team(1);
        for (const Shape shape : kShapes) {
            for (const bool intercept : {true, false}) {
                const double largest = intercept ? 2000 : 3;
                const Dataset data = dataFor(design, shape, largest),
                              test = dataFor(design, {5, shape.features}, 3);
                const auto grids = design.isFloat() ? std::vector<Grid>{}
                                                    : std::vector<Grid>(data.features, fpgaGrid(design));
                const auto trainer = makeFpgaTrainer(makePipeline(*context_, *device_, design), "here",
                                                     {data, test, grids, method,
                                                      StoreOptions{design.bits, 2, Rounding::Stochastic, 9},
                                                      kBatch, intercept, 1});
                auto model = LinearParameters::zero(static_cast<Eigen::Index>(data.features));
                EpochPlan plan;
                plan.batch = kBatch;
                plan.step = kStep;
                RunControl control;
                trainer->build(0);
                for (plan.epoch = 1; plan.epoch <= 3; ++plan.epoch) {
                    if (intercept)
                        trainer->build(plan.epoch);
                    QVERIFY(trainer->runEpoch(plan, model, control, [](double) {}));
                }
                const int labelShift = fpgaLabelShift(data.labels);
                const std::size_t beats =
                    design.beatsPerLine() * fpgaLinesPerRow(design, data.features + (intercept ? 1 : 0));
                const auto latency = static_cast<std::size_t>(design.updateLatencyCycles());
                const std::size_t delay = (latency + beats - 1) / beats;
                const LinearParameters wanted =
                    reference(design, data, intercept, labelShift, delay, intercept);
                QVERIFY(model.weights == wanted.weights);
                QCOMPARE(model.intercept, wanted.intercept);
                QVERIFY(wanted.squaredNorm() > 0 || shape.rows < 20); // a few codes may all be 0
                for (const auto rows : {DeviceTrainer::Rows::Train, DeviceTrainer::Rows::Test})
                    QCOMPARE(
                        std::bit_cast<std::uint64_t>(trainer->evaluate(rows, model).loss),
                        std::bit_cast<std::uint64_t>(
                            evaluate(rows == DeviceTrainer::Rows::Train ? data : test, Loss{}, wanted, team)
                                .loss));
            }
        }
    }

    void runsTrain_data() {
        QTest::addColumn<int>("bits");
        QTest::addColumn<double>("share");
        QTest::newRow("float") << 32 << 0.02;
        QTest::newRow("8 bits") << 8 << 0.02;
        QTest::newRow("4 bits") << 4 << 0.05;
        QTest::newRow("1 bit") << 1 << 0.8;
    }
    /// A whole run: of the loss above the optimum little is left, and what is measured beside it stands on
    /// the pipeline's own levels. Seeds are fixed; the bias is zero, and exceeds 3 times its noise once in
    /// 300.
    void runsTrain() {
        QFETCH(int, bits);
        QFETCH(double, share);
        const RunRecord record = run(specFor(bits));
        QCOMPARE(record.status, RunStatus::Completed);
        QCOMPARE(record.epochs.size(), std::size_t{6});
        QVERIFY2(record.setup.kernels.starts_with(
                     "fpga pipeline " + std::string(bits == 32 ? "float" : "q" + std::to_string(bits))),
                 record.setup.kernels.c_str());
        int exponent = 0;
        QCOMPARE(std::frexp(record.setup.step, &exponent), 0.5);
        QVERIFY(record.setup.stepNote.find("power of two") != std::string::npos);
        QVERIFY(record.setup.optimumLoss);
        const double optimum = *record.setup.optimumLoss;
        const double left = (record.epochs.back().trainLoss - optimum) / (record.initial.trainLoss - optimum);
        QVERIFY2(left < share, qPrintable(QString::number(left)));
        const FpgaDesign design{bits, true};
        const double lineBytes = 64.0 * static_cast<double>(fpgaLinesPerRow(design, 21)) - 4;
        QCOMPARE(record.setup.bitsPerValue, 8 * lineBytes / 20);
        if (bits < 32) {
            QVERIFY(record.epochs.back().biasNorm.value() <=
                    3 * record.epochs.back().biasStandardError.value());
            QVERIFY(record.setup.meanVariance.value() > 0);
            QVERIFY(record.setup.meanVariance.value() <= std::pow(std::exp2(-design.shift()) / 2, 2));
        }
    }

    void shiftsAreTheStepsOfARow() {
        QCOMPARE(fpgaStepShift(0x1p-7, 16), 11);
        QCOMPARE(fpgaStepShift(1, 1), 0);
        QCOMPARE(fpgaStepBelow(0.3), 0.25);
        QCOMPARE(fpgaStepBelow(0.25), 0.25);
        QCOMPARE(fpgaLabelShift(std::vector<float>{0.5F, -64}), 0);
        QCOMPARE(fpgaLabelShift(std::vector<float>{-65}), 1);
        QCOMPARE(fpgaLabelShift(std::vector<float>{2011}), 5);
    }

    /// All that would have to change, in one line.
    void whatTheDesignDoesNotDoIsRefused() {
        RunSpec spec = specFor(4);
        spec.estimator = EstimatorKind::Double;
        spec.bits = 3;
        spec.data.scaling = ScalingKind::Standard;
        spec.sgd.order = RowOrder::Shuffled;
        spec.sgd.batch = 24;
        spec.sgd.step = 0.05;
        spec.regularizer = parseRegularizer("l2:0.1");
        spec.modelBits = 8;
        const std::string all = refusalOf(spec);
        for (const char* part : {"device: the FPGA pipeline does not do this run", "estimator double-plain",
                                 "bits 4", "scaling unit or minmax", "order file", "batch 16", "step 2^-4",
                                 "regularizer none", "model-bits 32", "device cpu"})
            QVERIFY2(all.find(part) != std::string::npos, all.c_str());
        QCOMPARE(all.find('\n'), std::string::npos);

        spec = specFor(4);
        spec.sgd.schedule = parseSchedule("inverse-epoch");
        QVERIFY(refusalOf(spec).find("schedule constant or halve-every:N") != std::string::npos);
        spec = specFor(1);
        spec.data.scaling = ScalingKind::MinMax;
        QVERIFY2(refusalOf(spec).find("scaling unit (one bit is 0 or 1)") != std::string::npos,
                 refusalOf(spec).c_str());
        spec = specFor(4);
        spec.sgd.step = 0x1p-28;
        spec.sgd.epochs = 20;
        QVERIFY2(refusalOf(spec).find("at most 6 epochs") != std::string::npos, refusalOf(spec).c_str());
        spec = specFor(32);
        spec.data.source = "synthetic:8192";
        QVERIFY2(refusalOf(spec).find("at most 8191 features") != std::string::npos, refusalOf(spec).c_str());
        spec = specFor(4);
        spec.device = "fpga:99";
        QVERIFY2(refusalOf(spec).find("no fpga:99; this machine has fpga:0 (emulation on ") !=
                     std::string::npos,
                 refusalOf(spec).c_str());
    }

    /// Fixed point wraps around where float becomes infinite; a run that diverges says so all the same.
    void divergenceIsSeen() {
        for (const int bits : {8, 32}) {
            RunSpec spec = specFor(bits);
            spec.sgd.step = 2;
            spec.sgd.schedule = parseSchedule("constant");
            const RunRecord record = run(spec);
            QCOMPARE(record.status, RunStatus::Diverged);
            QVERIFY2(record.message.find("smaller step") != std::string::npos, record.message.c_str());
        }
    }

    void minmaxTakesTheSignedDesign() {
        RunSpec spec = specFor(8);
        spec.data.scaling = ScalingKind::MinMax;
        const RunRecord record = run(spec);
        QVERIFY2(record.setup.kernels.find("q8_signed") != std::string::npos, record.setup.kernels.c_str());
        QVERIFY(record.epochs.back().trainLoss < record.initial.trainLoss);
    }
};

QTEST_APPLESS_MAIN(FpgaTrainerTest)
#include "trainer_test.moc"
