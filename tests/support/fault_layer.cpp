/// A layer of the OpenCL loader ($OPENCL_LAYERS, CL/cl_layer.h) in front of a real driver: lets calls pass,
/// and fails as a lost device or a full one does. $ZIPML_FAULT is CALL:N:CODE: the Nth call (from 1) of
/// "launch" (clEnqueueNDRangeKernel) or "allocate" (clCreateBuffer), and all behind it, return CODE. In the
/// program that checks drivers there is no such fault, but "abort", "hang" and "skip" (N and CODE say nothing):
/// a launch that ends the process, takes for ever, or does nothing; "listing" aborts when asked for devices.

#include <CL/cl.h>
#include <CL/cl_layer.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <unistd.h>

namespace {

struct Fault {
    std::string call;
    int first = 0;
    cl_int code = CL_SUCCESS;
    std::atomic<int> calls{0};

    Fault() {
        const char* text = std::getenv("ZIPML_FAULT");
        char name[16] = "";
        if (text != nullptr && std::sscanf(text, "%15[a-z]:%d:%d", name, &first, &code) == 3)
            call = name;
        const bool isCheck = std::strstr(program_invocation_name, "zipml-driver-check") != nullptr;
        if (isCheck != (call == "abort" || call == "hang" || call == "skip" || call == "listing"))
            call = "none";
    }
    bool strikes(const char* name) { return call == name && ++calls >= first; }
};

Fault& fault() {
    static Fault one;
    return one;
}

const cl_icd_dispatch* driver = nullptr;
cl_icd_dispatch layer;

cl_int CL_API_CALL launch(cl_command_queue queue, cl_kernel kernel, cl_uint dimensions, const size_t* offset,
                          const size_t* global, const size_t* local, cl_uint waits, const cl_event* wait,
                          cl_event* event) {
    if (fault().strikes("launch"))
        return fault().code;
    if (fault().call == "abort")
        std::abort();
    if (fault().call == "hang")
        ::pause();
    if (fault().call == "skip")
        return driver->clEnqueueMarkerWithWaitList(queue, waits, wait, event);
    return driver->clEnqueueNDRangeKernel(queue, kernel, dimensions, offset, global, local, waits, wait,
                                          event);
}

cl_mem CL_API_CALL allocate(cl_context context, cl_mem_flags flags, size_t size, void* host, cl_int* error) {
    if (!fault().strikes("allocate"))
        return driver->clCreateBuffer(context, flags, size, host, error);
    if (error != nullptr)
        *error = fault().code;
    return nullptr;
}

cl_int CL_API_CALL devices(cl_platform_id platform, cl_device_type type, cl_uint room, cl_device_id* found,
                           cl_uint* count) {
    if (fault().call == "listing")
        std::abort();
    return driver->clGetDeviceIDs(platform, type, room, found, count);
}

} // namespace

extern "C" {

CL_API_ENTRY cl_int CL_API_CALL clGetLayerInfo(cl_layer_info name, size_t size, void* value, size_t* needed) {
    constexpr cl_layer_api_version kVersion = CL_LAYER_API_VERSION_100;
    if (name != CL_LAYER_API_VERSION)
        return CL_INVALID_VALUE;
    if (needed != nullptr)
        *needed = sizeof kVersion;
    if (value != nullptr && size >= sizeof kVersion)
        std::memcpy(value, &kVersion, sizeof kVersion);
    return CL_SUCCESS;
}

CL_API_ENTRY cl_int CL_API_CALL clInitLayer(cl_uint entries, const cl_icd_dispatch* target, cl_uint* known,
                                            const cl_icd_dispatch** dispatch) {
    if (target == nullptr || known == nullptr || dispatch == nullptr)
        return CL_INVALID_VALUE;
    driver = target;
    std::memcpy(&layer, target,
                entries * sizeof(void*) < sizeof layer ? entries * sizeof(void*) : sizeof layer);
    layer.clEnqueueNDRangeKernel = launch;
    layer.clCreateBuffer = allocate;
    layer.clGetDeviceIDs = devices;
    *known = sizeof layer / sizeof(void*);
    *dispatch = &layer;
    return CL_SUCCESS;
}
}
