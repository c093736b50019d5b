#include "accel/device_list.h"

#define CL_HPP_ENABLE_EXCEPTIONS
#define CL_HPP_MINIMUM_OPENCL_VERSION 120
#define CL_HPP_TARGET_OPENCL_VERSION 120
#include <CL/opencl.hpp>

namespace zipml {
namespace {

std::string typeName(cl_device_type type) {
    if ((type & CL_DEVICE_TYPE_GPU) != 0)
        return "gpu";
    if ((type & CL_DEVICE_TYPE_ACCELERATOR) != 0)
        return "accelerator";
    return (type & CL_DEVICE_TYPE_CPU) != 0 ? "cpu" : "other";
}

void appendDevices(const cl::Platform& platform, std::vector<OpenClDevice>& found) {
    std::vector<cl::Device> devices;
    platform.getDevices(CL_DEVICE_TYPE_ALL, &devices);
    for (const auto& device : devices)
        found.push_back(
            {device.getInfo<CL_DEVICE_NAME>(), platform.getInfo<CL_PLATFORM_NAME>(),
             typeName(device.getInfo<CL_DEVICE_TYPE>()), device.getInfo<CL_DEVICE_OPENCL_C_VERSION>(),
             device.getInfo<CL_DEVICE_MAX_COMPUTE_UNITS>(), device.getInfo<CL_DEVICE_GLOBAL_MEM_SIZE>()});
}

} // namespace

std::vector<OpenClDevice> listOpenClDevices() {
    std::vector<OpenClDevice> found;
    std::vector<cl::Platform> platforms;
    try {
        cl::Platform::get(&platforms);
    } catch (const cl::Error&) { // the loader reports "no platform" as an error
        return found;
    }
    for (const auto& platform : platforms) {
        try {
            appendDevices(platform, found);
        } catch (const cl::Error&) { // a platform without devices says so by an error; the others still count
        }
    }
    return found;
}

} // namespace zipml
