// A real device that fails in the middle of a run (tests/support/fault_layer.cpp), as the window shows it.

#include "accel/fpga/trainer.h"
#include "accel/trainer.h"
#include "tests/support/gui_test.h"

using namespace zipml;

namespace {

constexpr int kLostInEpoch = 3;

RunSpec spec() {
    RunSpec spec;
    spec.data.source = "synthetic:10x300";
    spec.data.scaling = ScalingKind::Unit;
    spec.estimator = EstimatorKind::DoublePlain;
    spec.bits = 4;
    spec.sgd.order = RowOrder::File;
    spec.sgd.schedule = parseSchedule("constant");
    spec.sgd.epochs = 6;
    spec.device = "fpga:0"; // a launch an epoch
    return spec;
}

} // namespace

class DeviceLostTest : public QObject {
    Q_OBJECT
    QTemporaryDir cache_;

  private slots:
    void initTestCase() {
        test::useOwnSettings();
        qputenv("XDG_CACHE_HOME", cache_.path().toUtf8());
        qputenv("OPENCL_LAYERS", qgetenv("ZIPML_FAULT_LAYER"));
        qputenv("ZIPML_FAULT", QString("launch:%1:-5").arg(kLostInEpoch).toUtf8()); // CL_OUT_OF_RESOURCES
        if (qEnvironmentVariable("ZIPML_FAULT_LAYER").isEmpty() || listFpgaDevices().empty())
            QSKIP("there is no OpenCL driver here, or not run by ctest");
        addComputeBackend(fpgaBackend());
    }

    void theRunIsKeptAndGoesOnOnTheCpu() {
        ui::MainWindow window;
        auto& page = window.page<ui::TrainingPage>();
        auto* goOn = test::actionNamed(page, "Go on on the CPU");
        QVERIFY(goOn);
        page.experiment().startAll({spec()});
        QVERIFY(test::waitUntilIdle(page));
        const auto& run = page.runs().at(0);
        QCOMPARE(run.state, ui::RunState::Failed);
        QCOMPARE(run.epochs.size(), std::size_t{kLostInEpoch - 1});
        for (const char* part : {"was lost in epoch 3", "CL_OUT_OF_RESOURCES", "Go on on the CPU"})
            QVERIFY2(window.messages().text().contains(part), qPrintable(window.messages().text()));
        page.table().selectRow(0);
        QVERIFY(goOn->isEnabled());
        const double lastOnDevice = run.epochs.back().trainLoss;

        goOn->trigger();
        QVERIFY(test::waitUntilIdle(page));
        QCOMPARE(page.runs().size(), 1);
        QCOMPARE(run.state, ui::RunState::Finished);
        QCOMPARE(run.epochs.size(), std::size_t{6});
        QCOMPARE(run.record->epochs.size(), std::size_t{6});
        QCOMPARE(run.epochs[kLostInEpoch - 2].trainLoss, lastOnDevice);
        QVERIFY(run.epochs.back().trainLoss <= lastOnDevice);
        QCOMPARE(run.spec.device, std::string("cpu"));
        QVERIFY(!goOn->isEnabled());
    }
};

QTEST_MAIN(DeviceLostTest)
#include "device_lost_test.moc"
