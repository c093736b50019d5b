#include "accel/device_sources.h"

#include "accel/device_list.h"

#include <QtTest>

using namespace zipml;

class DeviceSourcesTest : public QObject {
    Q_OBJECT
  private slots:
    // The source lists what the driver does, under the names that a run's device has.
    void listsTheDriversDevices() {
        const auto devices = listOpenClDevices();
        const auto reports = openClSource()->list();
        QCOMPARE(reports.size(), devices.size());
        for (std::size_t i = 0; i < reports.size(); ++i) {
            QCOMPARE(reports[i].id, "opencl:" + std::to_string(i));
            QCOMPARE(reports[i].name, devices[i].name);
            QVERIFY(!reports[i].predicted);
        }
    }

    // A measurement that is stopped ends before it has moved gigabytes; a device that is gone is an error.
    void measuringStops() {
        const auto source = openClSource();
        if (source->list().empty())
            QSKIP("there is no OpenCL driver here");
        std::stop_source stop;
        stop.request_stop();
        QVERIFY_EXCEPTION_THROWN(source->measure("opencl:0", {stop.get_token(), {}}), Cancelled);
        QVERIFY_EXCEPTION_THROWN(source->measure("opencl:99", {}), InputError);
    }

    // Without a board the pipeline is emulated, says so, and is checked bit for bit in every design.
    void thePipelineIsListedAndMeasured() {
        qunsetenv("ZIPML_FPGA_IMAGES");
        const auto source = fpgaSource();
        const auto reports = source->list();
        if (reports.empty())
            QSKIP("there is no OpenCL driver here");
        QCOMPARE(reports.front().id, std::string("fpga:0"));
        QVERIFY(!reports.front().predicted);
        QVERIFY(reports.front().name.starts_with("emulation on "));
        const DeviceReport measured = source->measure("fpga:0", {});
        QCOMPARE(measured.kernels.size(), std::size_t{8});
        for (const KernelReport& kernel : measured.kernels) {
            QVERIFY2(kernel.check == KernelReport::Check::Passed, kernel.note.c_str());
            QVERIFY(kernel.gvalues > 0);
        }
        std::stop_source stop;
        stop.request_stop();
        QVERIFY_EXCEPTION_THROWN(source->measure("fpga:0", {stop.get_token(), {}}), Cancelled);
        QVERIFY_EXCEPTION_THROWN(source->measure("fpga:99", {}), InputError);
    }

    // Boards come complete, are marked as predictions, stay under their roof, and cannot be measured.
    void boardsArePredictions() {
        const auto source = fpgaBoardSource();
        const auto reports = source->list();
        QVERIFY(!reports.empty());
        for (const DeviceReport& report : reports) {
            QVERIFY(report.predicted);
            QVERIFY(!report.kernels.empty());
            for (const KernelReport& kernel : report.kernels) {
                QVERIFY(kernel.gvalues > 0);
                QVERIFY(kernel.gbytes() <= report.bandwidth * (1 + 1e-9));
                QVERIFY(kernel.check == KernelReport::Check::NotRun);
            }
        }
        QVERIFY_EXCEPTION_THROWN(source->measure(reports.front().id, {}), InputError);
    }
};

QTEST_GUILESS_MAIN(DeviceSourcesTest)
#include "device_sources_test.moc"
