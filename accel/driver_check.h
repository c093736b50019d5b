#pragma once
/// A driver is checked before its first use, in a process of its own: drivers are known that end the process,
/// hang, or end long loops early and give wrong sums without a word. What was found is kept by platform,
/// device, driver's version and the environment that drivers read, so that it is found once.

#include "accel/device_list.h"
#include "core/base/job.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace zipml {

/// That the drivers can be asked for their devices; asked once in this process.
/// @throws RunError where one ends the process that asks, or does not answer, saying which and what to do
void requireSoundDrivers();

struct DriverVerdict {
    std::string failure; ///< what differs, or how it ended; empty: the device may be used
    [[nodiscard]] bool passed() const { return failure.empty(); }
};

/// What is known already.
std::optional<DriverVerdict> knownVerdict(const OpenClDevice& device);
/// Checked now, whatever is known. Takes seconds, most of it in the driver's compiler.
/// @throws Cancelled; RunError where the program that checks is missing
DriverVerdict checkDriver(const OpenClDevice& device, const Job& job);
/// Checks a device that nobody used yet. @throws InputError where it cannot be trusted; as checkDriver
void requireSound(const OpenClDevice& device, const Job& job);

/// Loads an FPGA's image and compares a few rows with the reference, in a process of its own: an image of
/// another version of the driver may end it. Each time, since the file may have changed.
/// @param design FpgaDesign::name @param folder of the images
DriverVerdict checkImage(const OpenClDevice& device, const std::string& design,
                         const std::filesystem::path& folder, const Job& job);

/// What the program that checks does (app/driver_check): every kernel against the CPU, also on shapes beyond
/// the limits of known drivers, and a program from its own image.
/// @param done hears each step behind it, so that it is known where a driver ended the process
/// @return the first difference, or ""
std::string examineDevice(const OpenClDevice& device, const std::function<void(const std::string&)>& done);
std::string examineImage(const OpenClDevice& device, const std::string& design,
                         const std::filesystem::path& folder,
                         const std::function<void(const std::string&)>& done);

} // namespace zipml
