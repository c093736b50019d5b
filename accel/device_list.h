#pragma once
/// The OpenCL platforms and devices that this machine offers.

#include <cstdint>
#include <string>
#include <vector>

namespace zipml {

struct OpenClDevice {
    std::string name;     ///< as the vendor states it
    std::string platform; ///< "Portable Computing Language"
    std::string type;     ///< "cpu", "gpu", "accelerator" or "other"
    std::string version;  ///< of OpenCL C
    std::uint32_t computeUnits = 0;
    std::uint64_t memoryBytes = 0; ///< global memory
};

/// In the driver's order, the order of `opencl:I`. Empty where there is no OpenCL driver.
std::vector<OpenClDevice> listOpenClDevices();

} // namespace zipml
