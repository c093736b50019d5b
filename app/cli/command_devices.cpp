#include "accel/driver_check.h"
#include "accel/fpga/image.h"
#include "accel/fpga/self_test.h"
#include "accel/icd_files.h"
#include "accel/measure.h"
#include "accel/self_test.h"
#include "app/cli/command.h"
#include "app/cli/progress.h"
#include "core/base/error.h"
#include "core/lab/compute_device.h"

#include <cstdio>
#include <functional>
#include <memory>
#include <optional>

namespace zipml::cli {
namespace {

using nlohmann::json;

struct DevicesFlags {
    std::string device; ///< empty: all
    std::string images; ///< folder of FPGA images; empty: of the environment
    bool test = false, quick = false, bench = false, boards = false, asJson = false;
    std::size_t rows = 463'715; ///< of boards: YearPrediction, which the published FPGA trains on
    std::optional<std::size_t> features;
    MeasureOptions measure;
};

/// What is known of its driver: "passed", "before the first use", or what failed.
std::string checkOf(const OpenClDevice& device) {
    const auto verdict = knownVerdict(device);
    return !verdict ? "before the first use" : verdict->passed() ? "passed" : verdict->failure;
}

json describe(const OpenClDevice& device, std::size_t index) {
    return {{"name", "opencl:" + std::to_string(index)},
            {"full_name", "opencl:" + device.fullName},
            {"type", device.type},
            {"backend", "opencl"},
            {"model", device.name},
            {"platform", device.platform},
            {"version", device.version},
            {"driver", device.driver},
            {"compute_units", device.computeUnits},
            {"megahertz", device.megahertz},
            {"memory_bytes", device.memoryBytes},
            {"most_buffer_bytes", device.mostBufferBytes},
            {"local_bytes", device.localBytes},
            {"most_group_items", device.mostGroupItems},
            {"doubles", device.doubles},
            {"check", checkOf(device)},
            {"trains", device.doubles && knownVerdict(device).value_or(DriverVerdict{}).passed()}};
}

json describe(const FpgaDevice& device, std::size_t index) {
    json designs = json::array();
    for (const FpgaDesign& design : designsOf(device))
        designs.push_back(design.name());
    return {{"name", "fpga:" + std::to_string(index)},
            {"full_name", "fpga:" + device.fullName()},
            {"type", device.device.type},
            {"backend", "fpga"},
            {"model", device.name()},
            {"platform", device.device.platform},
            {"driver", device.device.driver},
            {"emulated", device.emulated},
            {"images", device.images.string()},
            {"designs", designs},
            {"trains", !designs.empty()}};
}

void printFpga(const json& device) {
    std::string designs;
    for (const auto& design : device["designs"])
        designs += (designs.empty() ? "" : ", ") + design.get<std::string>();
    std::printf("%s  %s\n  the pipeline, driver %s; designs: %s\n", device["name"].get<std::string>().c_str(),
                device["model"].get<std::string>().c_str(), device["driver"].get<std::string>().c_str(),
                designs.empty() ? "none, for no image fits it" : designs.c_str());
}

void printDevice(const json& device) {
    std::printf("%s  %s\n", device["name"].get<std::string>().c_str(),
                device["model"].get<std::string>().c_str());
    std::printf("  %s, %s, driver %s, %s\n", device["type"].get<std::string>().c_str(),
                device["platform"].get<std::string>().c_str(), device["driver"].get<std::string>().c_str(),
                device["version"].get<std::string>().c_str());
    const auto megahertz = device["megahertz"].get<unsigned>();
    const std::string clock =
        megahertz > 0 ? " at " + std::to_string(megahertz) + " MHz" : ""; // some do not know
    const bool doubles = device["doubles"].get<bool>();
    std::printf("  %u compute units%s, %.1f GB of memory, %.1f GB a buffer, %.0f kB local, %s\n",
                device["compute_units"].get<unsigned>(), clock.c_str(),
                device["memory_bytes"].get<double>() / 1e9, device["most_buffer_bytes"].get<double>() / 1e9,
                device["local_bytes"].get<double>() / 1e3,
                device["trains"].get<bool>() ? "trains"
                : doubles                    ? "does not train"
                                             : "listed only: it has no 64-bit floats");
    std::printf("  checked: %s\n", device["check"].get<std::string>().c_str());
}

json toJson(const SelfTestResult& result) {
    return {{"kernel", result.kernel},
            {"cases", result.cases},
            {"passed", result.passed()},
            {"worst_relative_difference", result.worst},
            {"failure", result.failure}};
}

void print(const SelfTestResult& result) {
    if (result.passed())
        std::printf("  ok      %-32s %zu shapes, differences up to %.1e\n", result.kernel.c_str(),
                    result.cases, result.worst);
    else
        std::printf("  FAILED  %-32s %s\n", result.kernel.c_str(), result.failure.c_str());
    std::fflush(stdout);
}

json toJson(const DeviceRates& rates) {
    json rows = json::array();
    for (const DeviceRate& rate : rates.rows)
        rows.push_back({{"kernel", rate.kernel},
                        {"bits", rate.bits},
                        {"gelems_per_s", rate.valuesPerSecond / 1e9},
                        {"gbytes_per_s", rate.bytesPerSecond / 1e9},
                        {"ratio_to_float32", rate.ratioToFloat32}});
    return {{"read_gbytes_per_s", rates.readBytesPerSecond / 1e9},
            {"copy_gbytes_per_s", rates.copyBytesPerSecond / 1e9},
            {"rows", rows}};
}

void print(const DeviceRates& rates, const MeasureOptions& options) {
    std::printf("  memory: %.1f GB/s read, %.1f GB/s copied (read + written)\n",
                rates.readBytesPerSecond / 1e9, rates.copyBytesPerSecond / 1e9);
    std::printf("  epochs on %zu MB, %zu features, batches of %zu rows, %d repeats (medians)\n",
                options.megabytes, options.features, options.batch, options.repeats);
    std::printf("  %5s  %-20s %10s %10s %12s %12s\n", "bits", "kernel", "Gvalue/s", "GB/s", "of copy",
                "x float32");
    for (const DeviceRate& rate : rates.rows)
        std::printf("  %5d  %-20s %10.2f %10.2f %11.0f%% %12.2f\n", rate.bits, rate.kernel.c_str(),
                    rate.valuesPerSecond / 1e9, rate.bytesPerSecond / 1e9,
                    100 * rate.bytesPerSecond / rates.copyBytesPerSecond, rate.ratioToFloat32);
}

/// Of any kind of device. @param work calls what it is given with each result
/// @return whether all kernels passed
bool test(json& described, const DevicesFlags& options,
          const std::function<std::vector<SelfTestResult>(const std::function<void(const SelfTestResult&)>&)>&
              work) {
    bool passed = true;
    json tests = json::array();
    for (const SelfTestResult& result : work([&](const SelfTestResult& each) {
             if (!options.asJson)
                 print(each);
         })) {
        tests.push_back(toJson(result));
        passed = passed && result.passed();
    }
    described["self_test"] = tests;
    return passed;
}

/// In a process of its own, so that this one lives. @return whether its driver passed the check
bool sound(const OpenClDevice& device, json& described, const DevicesFlags& options) {
    DriverVerdict verdict;
    {
        ProgressBar bar;
        verdict =
            checkDriver(device, {{}, [&](double share, std::string_view what) { bar.show(share, what); }});
    }
    described["check"] = verdict.passed() ? "passed" : verdict.failure;
    described["trains"] = verdict.passed();
    if (!options.asJson)
        std::printf("  %s  driver's check%s%s\n", verdict.passed() ? "ok    " : "FAILED",
                    verdict.passed() ? "" : ": ", verdict.failure.c_str());
    return verdict.passed();
}

/// @return whether all kernels passed
bool examine(const OpenClDevice& device, json& described, const DevicesFlags& options) {
    if (!device.doubles || !(options.test || options.bench))
        return true;
    if (!options.quick && !sound(device, described, options))
        return false;
    const ComputeContext context(device);
    bool passed = true;
    if (options.test)
        passed = test(described, options,
                      [&](const auto& each) { return selfTest(context, {options.quick}, each); });
    if (options.bench) {
        DeviceRates rates;
        {
            ProgressBar bar;
            rates = measureDevice(context, options.measure,
                                  [&](double share, std::string_view what) { bar.show(share, what); });
        }
        described["bench"] = toJson(rates);
        if (!options.asJson)
            print(rates, options.measure);
    }
    return passed;
}

/// @return whether all kernels passed
bool examine(const FpgaDevice& device, json& described, const DevicesFlags& options) {
    if (!options.test)
        return true;
    if (device.emulated && !options.quick && !sound(device.device, described, options))
        return false;
    const ComputeContext context(device.device);
    return test(described, options,
                [&](const auto& each) { return fpgaSelfTest(context, device, {options.quick}, each); });
}

int run(DevicesFlags options) {
    if (options.boards)
        return printBoards(options.rows, options.features.value_or(90), options.asJson);
    if (!options.images.empty())
        setFpgaImageFolder(options.images);
    options.measure.features = options.features.value_or(options.measure.features);
    json all = json::array();
    if (const auto folder = fpgaImageFolder(); !folder.empty() && !options.asJson)
        std::printf("%s: %s\n", folder.string().c_str(), describeFpgaImages(folder).c_str());
    const std::string only = options.device.empty() ? "" : fullDeviceName(options.device);
    bool passed = true;
    const auto visit = [&](const auto& devices, const auto& show) {
        for (std::size_t i = 0; i < devices.size(); ++i) {
            json described = describe(devices[i], i);
            if (!only.empty() && described["full_name"] != only)
                continue;
            if (!options.asJson)
                show(described);
            passed = examine(devices[i], described, options) && passed;
            all.push_back(std::move(described));
        }
    };
    visit(listOpenClDevices(), [](const json& each) { printDevice(each); });
    visit(listFpgaDevices(), printFpga);
    if (options.asJson)
        printJson({{"devices", all}});
    else if (all.empty())
        std::printf("no OpenCL device: %s; runs train on the cpu\n", whyNoOpenClDevice().c_str());
    if (!passed)
        throw RunError("a kernel differs from the CPU's reference; do not train on this device");
    return 0;
}

} // namespace

void addDevices(Command& app, Action& chosen) {
    auto* command =
        app.addSubcommand("devices", "OpenCL devices and FPGAs: list, self-test of each kernel, throughput");
    auto options = std::make_shared<DevicesFlags>();
    command
        ->addOption("--device", options->device,
                    "This one only, by its place in the list or a part of its name [all]")
        ->typeName("opencl:I|opencl:NAME|fpga:I");
    command->addOption("--images", options->images, "Folder of FPGA images [of ZIPML_FPGA_IMAGES]")
        ->typeName("DIR");
    command->addFlag("--test", options->test, "Hold each kernel against the CPU's reference, on odd shapes");
    command->addFlag(
        "--quick", options->quick,
        "With --test: the smallest shapes only, without the driver's check in a process of its own");
    command->addFlag("--bench", options->bench, "Measure bandwidth and each kernel's throughput");
    command->addFlag("--boards", options->boards, "Predict the FPGA pipeline on named boards instead");
    command->addOption("--rows", options->rows, "With --boards: rows of an epoch")->showDefault()->positive();
    command
        ->addOption("--features", options->features,
                    "With --bench or --boards: features of a row [1024, with --boards 90]")
        ->range(1, 65'536);
    command
        ->addOption("--working-set-mb", options->measure.megabytes,
                    "With --bench: size of each store and of the float32 rows, in MB (2^20 bytes) [256]")
        ->range(1, 1 << 20);
    command
        ->addOption("--batch", options->measure.batch, "With --bench: rows a step, a multiple of 16 [2048]")
        ->range(16, 1 << 16);
    command
        ->addOption("--repeats", options->measure.repeats, "With --bench: epochs, after one to warm up [5]")
        ->range(1, 1000);
    command->addFlag("--json", options->asJson, "Print JSON and nothing else");
    command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

} // namespace zipml::cli
