#include "core/bench/cpu_report.h"
#include "core/bench/device_json.h"

#include <QtTest>

#include <nlohmann/json.hpp>
#include <set>

using namespace zipml;

namespace {

/// Behaviour only: the numbers of such small stores say nothing.
CpuMeasure quick() {
    return {64, 1 << 20, 1, 0.1};
}

} // namespace

class CpuReportTest : public QObject {
    Q_OBJECT
  private slots:
    void listsThisProcessorTwiceUnmeasured() {
        const auto devices = CpuSource().list();
        QCOMPARE(devices.size(), std::size_t{2});
        QCOMPARE(devices[0].id, std::string("cpu"));
        QCOMPARE(devices[1].id, std::string("cpu-scalar"));
        for (const auto& device : devices) {
            QVERIFY(!device.name.empty() && !device.capabilities.empty() && !device.predicted);
            QVERIFY(device.kernels.empty() && device.bandwidth == 0);
        }
    }

    void measuresEveryKernelAndTheBandwidth() {
        double last = -1;
        bool rising = true;
        std::set<std::string> phases;
        const Job job{{}, [&](double share, std::string_view what) {
                          rising = rising && share >= last && share <= 1;
                          last = share;
                          phases.emplace(what);
                      }};
        const auto device = CpuSource(quick()).measure("cpu", job);
        QVERIFY(rising);
        QCOMPARE(last, 1.0);
        QVERIFY(phases.contains("read bandwidth") && phases.contains("measuring 1 bit"));
        QVERIFY(device.bandwidth > 0);
        const std::pair<const char*, double> wanted[] = {
            {"float32", 4}, {"8 bits", 1}, {"4 bits", 0.5}, {"2 bits", 0.25}, {"1 bit", 0.125}};
        QCOMPARE(device.kernels.size(), std::size(wanted));
        for (std::size_t i = 0; i < device.kernels.size(); ++i) {
            const KernelReport& kernel = device.kernels[i];
            QCOMPARE(kernel.name, std::string(wanted[i].first));
            QCOMPARE(kernel.bytesPerValue, wanted[i].second);
            QVERIFY(kernel.gvalues > 0);
            QVERIFY2(kernel.check == (activeIsa() == Isa::Scalar ? KernelReport::Check::NotRun
                                                                 : KernelReport::Check::Passed),
                     kernel.note.c_str());
        }
    }

    void theReferenceIsNotCheckedAgainstItself() {
        const auto device = CpuSource(quick()).measure("cpu-scalar", {});
        for (const auto& kernel : device.kernels) {
            QVERIFY(kernel.check == KernelReport::Check::NotRun && !kernel.note.empty());
            QVERIFY(kernel.gvalues > 0);
        }
    }

    void everyInstructionSetAgreesWithScalar() {
        for (const Isa isa : availableIsas())
            for (const int bits : {32, 8, 4, 2, 1})
                QCOMPARE(whatDiffersFromScalar(bits, isa), std::string());
    }

    void stopsWhereverItIs() {
        for (const char* phase :
             {"checking kernels", "read bandwidth", "measuring float32", "measuring 2 bits"}) {
            std::stop_source source;
            const Job job{source.get_token(), [&](double, std::string_view what) {
                              if (what == phase)
                                  source.request_stop();
                          }};
            QVERIFY_EXCEPTION_THROWN((void)CpuSource(quick()).measure("cpu", job), Cancelled);
        }
    }

    void anotherDeviceIsRefused() {
        QVERIFY_EXCEPTION_THROWN((void)CpuSource(quick()).measure("opencl:0", {}), InputError);
    }

    void jsonKeepsAReport() {
        DeviceReport report{"opencl:0", "GPU", "driver 1", "gpu", {{"Memory", "8 GB"}}, 300.5, true, {}};
        report.kernels = {{"float32", 4, 70.25, KernelReport::Check::Passed, {}},
                          {"4 bits", 0.5, 0, KernelReport::Check::Failed, "row 3 differs"}};
        const auto read = deviceFromJson(toJson(report));
        QVERIFY(read == report);
        auto broken = toJson(report);
        broken["kernels"][0]["check"] = "perhaps";
        QVERIFY_EXCEPTION_THROWN((void)deviceFromJson(broken), InputError);
        broken["kernels"] = 3;
        QVERIFY_EXCEPTION_THROWN((void)deviceFromJson(broken), InputError);
    }
};

QTEST_GUILESS_MAIN(CpuReportTest)
#include "cpu_report_test.moc"
