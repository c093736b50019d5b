#include "core/bench/device_json.h"

#include <nlohmann/json.hpp>

namespace zipml {

using Check = KernelReport::Check;

nlohmann::json toJson(const DeviceReport& report) {
    auto capabilities = nlohmann::json::array();
    for (const auto& [name, value] : report.capabilities)
        capabilities.push_back({name, value});
    auto kernels = nlohmann::json::array();
    for (const auto& kernel : report.kernels)
        kernels.push_back({{"name", kernel.name},
                           {"bytes_per_value", kernel.bytesPerValue},
                           {"gvalues_per_second", kernel.gvalues},
                           {"check", nameOf(kernel.check)},
                           {"note", kernel.note}});
    return {{"id", report.id},
            {"name", report.name},
            {"platform", report.platform},
            {"kind", report.kind},
            {"capabilities", capabilities},
            {"bandwidth_gbytes_per_second", report.bandwidth},
            {"predicted", report.predicted},
            {"kernels", kernels},
            {"device", report.device}};
}

DeviceReport deviceFromJson(const nlohmann::json& json) {
    try {
        DeviceReport report;
        json.at("id").get_to(report.id);
        json.at("name").get_to(report.name);
        json.at("platform").get_to(report.platform);
        json.at("kind").get_to(report.kind);
        for (const auto& each : json.at("capabilities"))
            report.capabilities.emplace_back(each.at(0), each.at(1));
        json.at("bandwidth_gbytes_per_second").get_to(report.bandwidth);
        json.at("predicted").get_to(report.predicted);
        for (const auto& each : json.at("kernels"))
            report.kernels.push_back(
                {each.at("name"), each.at("bytes_per_value"), each.at("gvalues_per_second"),
                 parseName<Check>(each.at("check").get<std::string>(), "check"), each.at("note")});
        report.device = json.value("device", "");
        return report;
    } catch (const nlohmann::json::exception& error) {
        throw InputError(std::string("device report: ") + error.what());
    }
}

} // namespace zipml
