/// A layer of the OpenCL loader ($OPENCL_LAYERS, CL/cl_layer.h) in front of a real driver: lets calls pass,
/// and fails as a lost device or a full one does. $ZIPML_FAULT is CALL:N:CODE: the Nth call (from 1) of
/// "launch" (clEnqueueNDRangeKernel) or "allocate" (clCreateBuffer), and all behind it, return CODE.

#include <CL/cl.h>
#include <CL/cl_layer.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

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
    *known = sizeof layer / sizeof(void*);
    *dispatch = &layer;
    return CL_SUCCESS;
}
}
