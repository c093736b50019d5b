#pragma once
/// The OpenCL platforms and devices that this machine offers.

#include "accel/opencl.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace zipml {

struct OpenClDevice {
    std::string name;     ///< as the vendor states it
    std::string fullName; ///< with platform and driver's version; differs from all others' (device_name.h)
    std::string platform; ///< "Portable Computing Language"
    std::string type;     ///< "cpu", "gpu", "accelerator" or "other"
    std::string version;  ///< of OpenCL C
    std::string driver;   ///< its version
    std::uint32_t computeUnits = 0;
    std::uint32_t megahertz = 0;       ///< highest clock
    std::uint64_t memoryBytes = 0;     ///< global memory
    std::uint64_t mostBufferBytes = 0; ///< of one allocation
    std::uint64_t localBytes = 0;      ///< local memory of a work-group
    std::uint64_t mostGroupItems = 0;  ///< work-items of a work-group
    bool doubles = false;              ///< 64-bit floats
    bool keepsPrograms = false;        ///< its driver has a cache, and compiles anew for a binary
    cl::Device device;
};

/// In the drivers' order, the order of `opencl:I`. Empty where there is no OpenCL driver.
/// @throws RunError where a driver ends the program that asks for its devices (driver_check.h)
std::vector<OpenClDevice> listOpenClDevices();
/// The same without that check, for the program that makes it.
/// @param asking hears each platform's name before it is asked for its devices
std::vector<OpenClDevice> askDriversForDevices(const std::function<void(const std::string&)>& asking);

/// @param which as of deviceMeant. @throws InputError that says which devices there are
OpenClDevice openClDevice(std::string_view which);

} // namespace zipml
