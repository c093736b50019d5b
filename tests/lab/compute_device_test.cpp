#include "core/lab/compute_device.h"
#include "core/lab/run.h"

#include <QtTest>

using namespace zipml;

namespace {

int lostInEpoch = 0;

/// A device that is the CPU's reference, until it is lost.
class FakeTrainer final : public DeviceTrainer {
  public:
    explicit FakeTrainer(const DeviceTask& task) : task_(task) {}
    [[nodiscard]] std::string kernels() const override { return "fake"; }
    void build(std::uint32_t /*epoch*/) override {}
    bool runEpoch(const EpochPlan& plan, LinearParameters& model, RunControl& control,
                  const std::function<void(double)>& onProgress, TailAverage* average) override {
        if (static_cast<int>(plan.epoch) == lostInEpoch)
            throw DeviceError("cannot run a batch on fake: CL_OUT_OF_RESOURCES");
        return zipml::runEpoch(plan, ExactSource(task_.train), task_.method, task_.train.labels, model, team_,
                               control, onProgress, average);
    }
    Evaluation evaluate(Rows rows, const LinearParameters& model) override {
        return zipml::evaluate(rows == Rows::Train ? task_.train : task_.test, task_.method.loss, model,
                               team_);
    }

  private:
    DeviceTask task_;
    ThreadTeam team_{1};
};

class FakeDevice final : public ComputeDevice {
    std::unique_ptr<DeviceTrainer> makeTrainer(const DeviceTask& task) override {
        return std::make_unique<FakeTrainer>(task);
    }
};

class FakeBackend final : public ComputeBackend {
    [[nodiscard]] std::string prefix() const override { return "fake"; }
    [[nodiscard]] std::vector<ComputeDeviceInfo> list() const override {
        return {{"fake:0", "fake:a fake (1.0)", "a fake", "other"}};
    }
    [[nodiscard]] std::string nameOf(std::string_view which) const override {
        if (which != "0" && which != "a fake (1.0)")
            throw InputError("device: there is no fake:" + std::string(which));
        return "fake:a fake (1.0)";
    }
    [[nodiscard]] std::unique_ptr<ComputeDevice> open(std::string_view which,
                                                      const Job& /*job*/) const override {
        static_cast<void>(nameOf(which));
        return std::make_unique<FakeDevice>();
    }
};

RunSpec fullSpec() {
    RunSpec spec;
    spec.data.source = "synthetic:10";
    spec.estimator = EstimatorKind::Full;
    spec.bits = 32;
    spec.sgd.epochs = 4;
    spec.biasDraws = 0;
    spec.device = "fake:0";
    return spec;
}

RunRecord run(const RunSpec& spec) {
    RunObserver observer;
    RunControl control;
    return runExperiment(spec, observer, control);
}

} // namespace

class ComputeDeviceTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { addComputeBackend(std::make_unique<FakeBackend>()); }

    void namesAreABackendsPrefixAndWhichOne() {
        for (const char* name : {"cpu", "cpu-scalar", "fake:0", "fake:17", "fake:a fake (1.0)"})
            QVERIFY2(isDeviceName(name), name);
        for (const char* name : {"", "fake", "fake:", "other:0"})
            QVERIFY2(!isDeviceName(name), name);
        QVERIFY(!isComputeDevice("cpu"));
        QCOMPARE(computeDevices().size(), std::size_t{1});
    }

    void runsOnTheDevice() {
        lostInEpoch = 0;
        const RunRecord record = run(fullSpec());
        QCOMPARE(record.status, RunStatus::Completed);
        QCOMPARE(record.setup.kernels, std::string("fake"));
        QCOMPARE(record.spec.device, std::string("fake:a fake (1.0)")); // not by its place
        QVERIFY(run(record.spec).model.parameters.weights == record.model.parameters.weights);
        RunSpec spec = fullSpec();
        spec.device = "cpu-scalar";
        const RunRecord onCpu = run(spec);
        QVERIFY(std::abs(record.epochs.back().trainLoss - onCpu.epochs.back().trainLoss) <=
                1e-5 * onCpu.epochs.back().trainLoss);
    }

    void averagesATail() {
        lostInEpoch = 0;
        RunSpec spec = fullSpec();
        spec.sgd.tailAverage = 0.5;
        const RunRecord record = run(spec);
        spec.device = "cpu-scalar";
        const RunRecord onCpu = run(spec);
        const auto& wanted = onCpu.model.parameters.weights;
        QVERIFY((record.model.parameters.weights - wanted).norm() <= 1e-5 * wanted.norm());
        QVERIFY(run(fullSpec()).model.parameters.weights != record.model.parameters.weights);
    }

    void whatWasCompleteIsKeptWhenTheDeviceIsLost() {
        lostInEpoch = 3;
        const RunRecord record = run(fullSpec());
        QCOMPARE(record.status, RunStatus::DeviceLost);
        QCOMPARE(record.epochs.size(), std::size_t{2});
        for (const char* part : {"epoch 3", "CL_OUT_OF_RESOURCES", "--cpu-fallback"})
            QVERIFY2(record.message.find(part) != std::string::npos, record.message.c_str());
        lostInEpoch = 0;
        RunSpec two = fullSpec();
        two.sgd.epochs = 2;
        QVERIFY(record.model.parameters.weights == run(two).model.parameters.weights);
    }

    /// Nothing is lost or done twice: what went on is the run that never lost its device, which computes as
    /// the cpu-scalar does here, up to the order of sums.
    void goesOnOnTheCpu() {
        RunSpec spec = fullSpec();
        spec.sgd.step = 0.01;
        lostInEpoch = 0;
        const RunRecord whole = run(spec);
        lostInEpoch = 3;
        const RunRecord lost = run(spec);
        struct : RunObserver {
            std::vector<int> heard;
            void onEpoch(const EpochRecord& epoch) override { heard.push_back(epoch.epoch); }
        } observer;
        RunControl control;
        const RunRecord goneOn = runExperiment(onCpu(lost), observer, control, nullptr, &lost);
        QCOMPARE(goneOn.status, RunStatus::Completed);
        QCOMPARE(goneOn.spec.device, std::string("cpu"));
        QCOMPARE(goneOn.epochs.size(), std::size_t{4});
        QCOMPARE(observer.heard, (std::vector<int>{3, 4}));
        QVERIFY(goneOn.message.find("epoch 3") != std::string::npos);
        for (std::size_t i = 0; i < 4; ++i) {
            QCOMPARE(goneOn.epochs[i].epoch, static_cast<int>(i) + 1);
            QCOMPARE(goneOn.epochs[i].bytesMoved, whole.epochs[i].bytesMoved);
            QVERIFY(std::abs(goneOn.epochs[i].trainLoss - whole.epochs[i].trainLoss) <=
                    1e-5 * whole.epochs[i].trainLoss);
        }
        QCOMPARE(goneOn.epochs[1].trainLoss, lost.epochs[1].trainLoss);
    }

    void whatNoDeviceDoesIsRefused() {
        RunSpec spec = fullSpec();
        spec.device = "fake:3";
        QVERIFY_EXCEPTION_THROWN(run(spec), InputError);
    }
};

QTEST_APPLESS_MAIN(ComputeDeviceTest)
#include "compute_device_test.moc"
