#include "accel/device_list.h"

#include "accel/accel.h"
#include "accel/device_name.h"
#include "accel/driver_check.h"
#include "accel/icd_files.h"

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
    requireSoundDrivers();
    return askDriversForDevices([](const std::string&) {});
}

std::vector<OpenClDevice> askDriversForDevices(const std::function<void(const std::string&)>& asking) {
    std::vector<OpenClDevice> found;
    std::vector<cl::Platform> platforms;
    try {
        cl::Platform::get(&platforms);
    } catch (const cl::Error&) { // the loader reports "no platform" as an error
        return found;
    }
    for (const auto& platform : platforms) {
        try {
            asking(platform.getInfo<CL_PLATFORM_NAME>());
            appendDevices(platform, found);
        } catch (const cl::Error&) { // a platform without devices says so by an error; the others still count
        }
    }
    std::vector<std::string> names;
    names.reserve(found.size());
    for (const OpenClDevice& device : found)
        names.push_back(deviceNameOf(device.name, device.platform, device.driver));
    tellApart(names);
    for (std::size_t i = 0; i < found.size(); ++i)
        found[i].fullName = names[i];
    return found;
}

std::vector<OpenClSummary> openClSummaries() {
    std::vector<OpenClSummary> all;
    for (const auto& device : listOpenClDevices())
        all.push_back({device.name, device.platform, device.type, device.version, device.computeUnits,
                       device.memoryBytes, device.doubles});
    return all;
}

OpenClDevice openClDevice(std::string_view which) {
    const auto devices = listOpenClDevices();
    std::vector<std::string> names;
    names.reserve(devices.size());
    for (const OpenClDevice& device : devices)
        names.push_back(device.fullName);
    return devices[deviceMeant(which, names, "opencl", devices.empty() ? whyNoOpenClDevice() : "")];
}

} // namespace zipml
