#include "ui/devices/device_memory.h"

#include "core/base/file.h"
#include "core/base/json_text.h"
#include "core/bench/device_json.h"

#include <QStandardPaths>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace zipml::ui {

std::filesystem::path usualDeviceFile() {
    return (QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + "/devices.json")
        .toStdString();
}

std::vector<RememberedDevice> readDeviceFile(const std::filesystem::path& file) {
    std::vector<RememberedDevice> devices;
    try {
        for (const auto& each : nlohmann::json::parse(readFile(file)))
            devices.push_back({deviceFromJson(each.at("report")),
                               QDate::fromString(QString::fromStdString(each.at("measured")), Qt::ISODate)});
    } catch (const InputError&) {
        return {};
    } catch (const nlohmann::json::exception&) {
        return {};
    }
    return devices;
}

void remember(const RememberedDevice& device, const std::filesystem::path& file) {
    auto devices = readDeviceFile(file);
    std::erase_if(devices, [&](const auto& each) { return sameDevice(each.report, device.report); });
    devices.push_back(device);
    auto json = nlohmann::json::array();
    for (const auto& each : devices)
        json.push_back({{"measured", each.measured.toString(Qt::ISODate).toStdString()},
                        {"report", toJson(each.report)}});
    std::error_code ignored; // writing says what is wrong
    std::filesystem::create_directories(file.parent_path(), ignored);
    writeFileAtomically(file, jsonText(json, 1));
}

bool sameDevice(const DeviceReport& one, const DeviceReport& other) {
    return one.recordName() == other.recordName() && one.name == other.name && one.platform == other.platform;
}

} // namespace zipml::ui
