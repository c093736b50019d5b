#include "accel/device_sources.h"

#include "accel/driver_check.h"
#include "accel/measure.h"
#include "accel/self_test.h"
#include "core/base/number_text.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

constexpr double kAfterCheck = 0.2, kAfterTests = 0.4; ///< shares of the whole

std::string gigabytes(std::uint64_t bytes) {
    return shortest(std::floor(static_cast<double>(bytes) / 1e7) / 100) + " GB";
}

std::string titleOf(int bits) {
    return bits == 32 ? "float32" : std::to_string(bits) + (bits == 1 ? " bit" : " bits");
}

std::string checkText(const OpenClDevice& device) {
    const auto verdict = knownVerdict(device);
    return !verdict ? "before the first use" : verdict->passed() ? "passed" : "failed: " + verdict->failure;
}

DeviceReport describe(const OpenClDevice& device, std::size_t index) {
    DeviceReport report;
    report.id = "opencl:" + std::to_string(index);
    report.device = "opencl:" + device.fullName;
    if (const auto verdict = knownVerdict(device); !device.doubles)
        report.unusable = "it has no 64-bit floats";
    else if (verdict)
        report.unusable = verdict->failure;
    report.name = device.name;
    report.platform = "OpenCL, " + device.platform;
    report.kind = device.type;
    report.capabilities = {{"OpenCL C", device.version},
                           {"Driver", device.driver},
                           {"Compute units", std::to_string(device.computeUnits)},
                           {"Memory", gigabytes(device.memoryBytes)},
                           {"Largest buffer", gigabytes(device.mostBufferBytes)},
                           {"Local memory", std::to_string(device.localBytes / 1024) + " KB"},
                           {"Trains", report.unusable.empty() ? "yes" : "no: " + report.unusable},
                           {"Driver's check", checkText(device)}};
    if (device.megahertz > 0) // some drivers do not know
        report.capabilities.emplace_back("Highest clock", std::to_string(device.megahertz) + " MHz");
    return report;
}

/// "epoch, double" of "epoch, double, 4 bits".
std::string groupOf(const std::string& kernel) {
    return kernel.substr(0, kernel.rfind(','));
}

/// Takes over what all tests of a group found.
void check(KernelReport& kernel, const std::string& group, const std::vector<SelfTestResult>& tests) {
    for (const SelfTestResult& test : tests) {
        if (groupOf(test.kernel) != group || kernel.check == KernelReport::Check::Failed)
            continue;
        kernel.check = test.passed() ? KernelReport::Check::Passed : KernelReport::Check::Failed;
        kernel.note = test.passed() ? "" : test.kernel + ": " + test.failure;
    }
}

class OpenClSource final : public DeviceSource {
  public:
    [[nodiscard]] std::vector<DeviceReport> list() override {
        std::vector<DeviceReport> reports;
        for (const OpenClDevice& device : listOpenClDevices())
            reports.push_back(describe(device, reports.size()));
        return reports;
    }

    [[nodiscard]] DeviceReport measure(const std::string& id, const Job& job) override {
        const auto devices = listOpenClDevices();
        for (std::size_t i = 0; i < devices.size(); ++i)
            if (DeviceReport report = describe(devices[i], i); report.id == id)
                return measured(devices[i], std::move(report), job);
        throw InputError(id + ": there is no such device any more");
    }

  private:
    static DeviceReport measured(const OpenClDevice& device, DeviceReport report, const Job& job) {
        if (!device.doubles)
            throw InputError(report.id + " (" + device.name +
                             "): it has no 64-bit floats, which the kernels keep the model in");
        const DriverVerdict verdict = checkDriver(device, partOf(job, 0, kAfterCheck));
        if (!verdict.passed()) // what it would do to this process nobody knows
            throw InputError(report.id + " (" + device.name +
                             "): its driver failed the check: " + verdict.failure);
        const ComputeContext context(device);
        double done = 0;
        constexpr double kTests = 43; // of a whole self-test; only the progress shown depends on it
        const auto tests = selfTest(context, {}, [&](const SelfTestResult& result) {
            job.checkpoint();
            done += 1;
            job.report(kAfterCheck + (kAfterTests - kAfterCheck) * std::min(1.0, done / kTests),
                       "checking " + result.kernel);
        });
        const auto rates = measureDevice(context, {}, [&](double share, std::string_view what) {
            job.checkpoint();
            job.report(kAfterTests + (1 - kAfterTests) * share, "measuring " + std::string(what));
        });
        report.bandwidth = rates.readBytesPerSecond / 1e9;
        std::vector<std::string> timed;
        for (const DeviceRate& rate : rates.rows) {
            const std::string bits = titleOf(rate.bits);
            KernelReport& kernel = report.kernels.emplace_back();
            const bool epoch = rate.kernel.starts_with("epoch, ");
            if (epoch)
                kernel.name = rate.bits == 32 ? bits : bits + ", " + rate.kernel.substr(sizeof "epoch,");
            else
                kernel.name = rate.kernel;
            kernel.bytesPerValue = rate.bytesPerSecond / rate.valuesPerSecond;
            kernel.gvalues = rate.valuesPerSecond / 1e9;
            check(kernel, rate.kernel, tests);
            timed.push_back(rate.kernel);
        }
        for (const SelfTestResult& test : tests) {
            const std::string group = groupOf(test.kernel);
            if (std::ranges::find(timed, group) != timed.end())
                continue;
            KernelReport& kernel = report.kernels.emplace_back();
            kernel.name = group;
            check(kernel, group, tests);
            timed.push_back(group);
        }
        return report;
    }
};

} // namespace

std::shared_ptr<DeviceSource> openClSource() {
    return std::make_shared<OpenClSource>();
}

} // namespace zipml
