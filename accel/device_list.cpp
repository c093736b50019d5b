#include "accel/device_list.h"

#include "accel/accel.h"

#include "core/base/error.h"

namespace zipml {
namespace {

std::string typeName(cl_device_type type) {
    if ((type & CL_DEVICE_TYPE_GPU) != 0)
        return "gpu";
    if ((type & CL_DEVICE_TYPE_ACCELERATOR) != 0)
        return "accelerator";
    return (type & CL_DEVICE_TYPE_CPU) != 0 ? "cpu" : "other";
}

OpenClDevice describe(const cl::Platform& platform, const cl::Device& device) {
    OpenClDevice result;
    result.name = device.getInfo<CL_DEVICE_NAME>();
    result.platform = platform.getInfo<CL_PLATFORM_NAME>();
    result.type = typeName(device.getInfo<CL_DEVICE_TYPE>());
    result.version = device.getInfo<CL_DEVICE_OPENCL_C_VERSION>();
    result.driver = device.getInfo<CL_DRIVER_VERSION>();
    result.computeUnits = device.getInfo<CL_DEVICE_MAX_COMPUTE_UNITS>();
    result.megahertz = device.getInfo<CL_DEVICE_MAX_CLOCK_FREQUENCY>();
    result.memoryBytes = device.getInfo<CL_DEVICE_GLOBAL_MEM_SIZE>();
    result.mostBufferBytes = device.getInfo<CL_DEVICE_MAX_MEM_ALLOC_SIZE>();
    result.localBytes = device.getInfo<CL_DEVICE_LOCAL_MEM_SIZE>();
    result.mostGroupItems = device.getInfo<CL_DEVICE_MAX_WORK_GROUP_SIZE>();
    result.doubles = device.getInfo<CL_DEVICE_EXTENSIONS>().find("cl_khr_fp64") != std::string::npos;
    result.keepsPrograms = result.platform == "Portable Computing Language";
    result.device = device;
    return result;
}

void appendDevices(const cl::Platform& platform, std::vector<OpenClDevice>& found) {
    std::vector<cl::Device> devices;
    platform.getDevices(CL_DEVICE_TYPE_ALL, &devices);
    for (const auto& device : devices)
        found.push_back(describe(platform, device));
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

std::vector<OpenClSummary> openClSummaries() {
    std::vector<OpenClSummary> all;
    for (const auto& device : listOpenClDevices())
        all.push_back({device.name, device.platform, device.type, device.version, device.computeUnits,
                       device.memoryBytes, device.doubles});
    return all;
}

OpenClDevice openClDevice(std::size_t index) {
    const auto devices = listOpenClDevices();
    if (index < devices.size())
        return devices[index];
    const std::string wanted = "device: there is no opencl:" + std::to_string(index);
    if (devices.empty())
        throw InputError(wanted + ", because this machine has no OpenCL driver; install one (Debian: "
                                  "pocl-opencl-icd) or use device cpu");
    std::string offered;
    for (std::size_t i = 0; i < devices.size(); ++i)
        offered += (i > 0 ? ", opencl:" : "opencl:") + std::to_string(i) + " (" + devices[i].name + ")";
    throw InputError(wanted + "; this machine has " + offered);
}

} // namespace zipml
