#include "accel/accel.h"
#include "app/cli/command.h"
#include "core/base/json_text.h"
#include "core/kernels/cpu.h"

#include <iostream>
#include <memory>

namespace zipml::cli {
namespace {

nlohmann::json describe() {
    const CpuInfo cpu = cpuInfo();
    nlohmann::json devices = nlohmann::json::array();
    devices.push_back({{"name", "cpu"}, {"type", "cpu"}, {"backend", "native"}, {"trains", true}});
    int index = 0;
    for (const auto& device : openClSummaries())
        devices.push_back({{"name", "opencl:" + std::to_string(index++)},
                           {"type", device.type},
                           {"backend", "opencl"},
                           {"model", device.name},
                           {"platform", device.platform},
                           {"version", device.version},
                           {"compute_units", device.computeUnits},
                           {"memory_bytes", device.memoryBytes},
                           {"trains", device.trains}});
    return {
        {"version", ZIPML_VERSION},
        {"cpu", {{"model", cpu.model}, {"cores", cpu.cores}, {"isa", cpu.isa}, {"available", cpu.available}}},
        {"devices", devices}};
}

void print(const nlohmann::json& info) {
    std::cout << "ZipML Lab " << info["version"].get<std::string>() << "\nCPU       "
              << info["cpu"]["model"].get<std::string>() << ", " << info["cpu"]["cores"]
              << " cores\nin use    " << info["cpu"]["isa"].get<std::string>() << "\navailable ";
    for (const auto& set : info["cpu"]["available"])
        std::cout << set.get<std::string>() << ' ';
    std::cout << "\ndevices\n";
    for (const auto& device : info["devices"])
        std::cout << "  " << device["name"].get<std::string>() << "  "
                  << device.value("model", info["cpu"]["model"].get<std::string>())
                  << (device["trains"].get<bool>() ? "" : "  (listed only: it has no 64-bit floats)") << '\n';
}

} // namespace

void addInfo(Command& app, Action& chosen) {
    auto* command = app.addSubcommand("info", "Version, CPU instruction sets, OpenCL platforms and devices");
    auto asJson = std::make_shared<bool>(false);
    command->addFlag("--json", *asJson, "Print JSON and nothing else");
    command->callback([&chosen, asJson] {
        chosen = [asJson] {
            *asJson ? printJson(describe()) : print(describe());
            return 0;
        };
    });
}

void printJson(const nlohmann::json& json) {
    std::cout << jsonText(json, 2) << '\n';
}

} // namespace zipml::cli
