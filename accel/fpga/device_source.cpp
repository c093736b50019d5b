// Devices of the FPGA pipeline for the lab's window; predicted boards are in board_source.cpp.

#include "accel/device_sources.h"
#include "accel/driver_check.h"
#include "accel/fpga/self_test.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace zipml {
namespace {

constexpr double kAfterTests = 0.6; ///< share of the whole

std::string titleOf(const FpgaDesign& design) {
    if (design.isFloat())
        return "float32";
    return std::to_string(design.bits) + (design.bits == 1 ? " bit" : " bits") +
           (design.unitRange ? ", [0, 1]" : ", [-1, 1]");
}

DeviceReport describe(const FpgaDevice& device, std::size_t index) {
    std::string designs;
    for (const FpgaDesign& design : designsOf(device))
        designs += (designs.empty() ? "" : ", ") + design.name();
    DeviceReport report;
    report.id = "fpga:" + std::to_string(index);
    report.device = "fpga:" + device.fullName();
    if (const auto verdict = knownVerdict(device.device); device.emulated && verdict)
        report.unusable = verdict->failure;
    report.name = device.name();
    report.platform = "FPGA pipeline, " + (device.emulated ? "emulated" : device.device.platform);
    report.kind = device.device.type;
    report.capabilities = {{"Driver", device.device.driver},
                           {"Designs", designs.empty() ? "none: no image fits it" : designs},
                           {"Features", "up to " + std::to_string(kFpgaMaxFeatures) + " with the intercept"},
                           {"Arithmetic", "model in fixed point Q8.23, equal on every device"},
                           {"Times", device.emulated ? "of an emulation; they tell nothing of a board"
                                                     : "of the board and its driver"}};
    return report;
}

/// An epoch's seconds: the least of three.
double secondsOf(FpgaPipeline& pipeline, const FpgaLines& lines) {
    std::vector<std::int32_t> model(lines.features, 0);
    double best = HUGE_VAL;
    for (int i = 0; i < 3; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        pipeline.run(FpgaEpoch{14, 1, pipeline.usualDelay()}, model);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        best = std::min(best, took.count());
    }
    return best;
}

KernelReport measure(const ComputeContext& context, const FpgaDevice& device, const FpgaDesign& design) {
    constexpr std::size_t kRows = 2'000, kFeatures = 1'000;
    const FpgaLines lines = packFpgaLines(design, std::vector<float>(kRows * kFeatures, 0.3F),
                                          std::vector<float>(kRows, 1.0F), kFeatures, 1);
    FpgaPipeline pipeline = makePipeline(context, device, design);
    pipeline.load(lines);
    constexpr auto kValues = static_cast<double>(kRows * kFeatures);
    KernelReport kernel;
    kernel.name = titleOf(design);
    kernel.bytesPerValue = static_cast<double>(lines.words.size() * sizeof(std::uint32_t)) / kValues;
    kernel.gvalues = kValues / secondsOf(pipeline, lines) / 1e9;
    return kernel;
}

class FpgaSource final : public DeviceSource {
  public:
    [[nodiscard]] std::vector<DeviceReport> list() override {
        std::vector<DeviceReport> reports;
        for (const FpgaDevice& device : listFpgaDevices())
            reports.push_back(describe(device, reports.size()));
        return reports;
    }

    [[nodiscard]] DeviceReport measure(const std::string& id, const Job& job) override {
        const auto devices = listFpgaDevices();
        for (std::size_t i = 0; i < devices.size(); ++i)
            if (DeviceReport report = describe(devices[i], i); report.id == id)
                return measured(devices[i], std::move(report), job);
        throw InputError(id + ": there is no such device any more");
    }

  private:
    static DeviceReport measured(const FpgaDevice& device, DeviceReport report, const Job& job) {
        const auto designs = designsOf(device);
        if (designs.empty())
            throw InputError(report.id + ": no image fits it; name the folder of its images");
        if (device.emulated)
            requireSound(device.device, job);
        const ComputeContext context(device.device);
        const auto count = static_cast<double>(designs.size());
        double done = 0;
        job.checkpoint();
        const auto tests = fpgaSelfTest(context, device, {}, [&](const SelfTestResult& result) {
            job.checkpoint();
            done += 1;
            job.report(kAfterTests * done / count, "checking " + result.kernel);
        });
        for (std::size_t d = 0; d < designs.size(); ++d) {
            job.checkpoint();
            job.report(kAfterTests + (1 - kAfterTests) * static_cast<double>(d) / count,
                       "measuring " + designs[d].name());
            KernelReport& kernel = report.kernels.emplace_back(zipml::measure(context, device, designs[d]));
            kernel.check = tests[d].passed() ? KernelReport::Check::Passed : KernelReport::Check::Failed;
            kernel.note = tests[d].failure;
        }
        return report;
    }
};

} // namespace

std::shared_ptr<DeviceSource> fpgaSource() {
    return std::make_shared<FpgaSource>();
}

} // namespace zipml
