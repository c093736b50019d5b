#pragma once
/// Measurements of earlier sessions, in a file of the app's data folder.

#include "core/bench/device_report.h"

#include <QDate>

#include <filesystem>

namespace zipml::ui {

struct RememberedDevice {
    DeviceReport report;
    QDate measured;
};

/// Where the app keeps them.
std::filesystem::path usualDeviceFile();

/// None where the file is missing, or is no such file: it only spares measuring again.
std::vector<RememberedDevice> readDeviceFile(const std::filesystem::path& file);

/// Adds a measurement, or puts it in the place of the device's earlier one. @throws RunError
void remember(const RememberedDevice& device, const std::filesystem::path& file);

/// Devices of one id may be exchanged; then an earlier measurement is another's.
bool sameDevice(const DeviceReport& one, const DeviceReport& other);

} // namespace zipml::ui
