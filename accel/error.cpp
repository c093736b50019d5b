#include "accel/error.h"

#include <sstream>

namespace zipml {
namespace {

struct Name {
    cl_int code;
    const char* name;
};

#define ZIPML_CL_NAME(code)                                                                                  \
    { code, #code }
constexpr Name kNames[] = {
    ZIPML_CL_NAME(CL_DEVICE_NOT_FOUND),
    ZIPML_CL_NAME(CL_DEVICE_NOT_AVAILABLE),
    ZIPML_CL_NAME(CL_COMPILER_NOT_AVAILABLE),
    ZIPML_CL_NAME(CL_MEM_OBJECT_ALLOCATION_FAILURE),
    ZIPML_CL_NAME(CL_OUT_OF_RESOURCES),
    ZIPML_CL_NAME(CL_OUT_OF_HOST_MEMORY),
    ZIPML_CL_NAME(CL_PROFILING_INFO_NOT_AVAILABLE),
    ZIPML_CL_NAME(CL_MEM_COPY_OVERLAP),
    ZIPML_CL_NAME(CL_BUILD_PROGRAM_FAILURE),
    ZIPML_CL_NAME(CL_MAP_FAILURE),
    ZIPML_CL_NAME(CL_MISALIGNED_SUB_BUFFER_OFFSET),
    ZIPML_CL_NAME(CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST),
    ZIPML_CL_NAME(CL_COMPILE_PROGRAM_FAILURE),
    ZIPML_CL_NAME(CL_LINKER_NOT_AVAILABLE),
    ZIPML_CL_NAME(CL_LINK_PROGRAM_FAILURE),
    ZIPML_CL_NAME(CL_KERNEL_ARG_INFO_NOT_AVAILABLE),
    ZIPML_CL_NAME(CL_INVALID_VALUE),
    ZIPML_CL_NAME(CL_INVALID_DEVICE_TYPE),
    ZIPML_CL_NAME(CL_INVALID_PLATFORM),
    ZIPML_CL_NAME(CL_INVALID_DEVICE),
    ZIPML_CL_NAME(CL_INVALID_CONTEXT),
    ZIPML_CL_NAME(CL_INVALID_QUEUE_PROPERTIES),
    ZIPML_CL_NAME(CL_INVALID_COMMAND_QUEUE),
    ZIPML_CL_NAME(CL_INVALID_HOST_PTR),
    ZIPML_CL_NAME(CL_INVALID_MEM_OBJECT),
    ZIPML_CL_NAME(CL_INVALID_BINARY),
    ZIPML_CL_NAME(CL_INVALID_BUILD_OPTIONS),
    ZIPML_CL_NAME(CL_INVALID_PROGRAM),
    ZIPML_CL_NAME(CL_INVALID_PROGRAM_EXECUTABLE),
    ZIPML_CL_NAME(CL_INVALID_KERNEL_NAME),
    ZIPML_CL_NAME(CL_INVALID_KERNEL_DEFINITION),
    ZIPML_CL_NAME(CL_INVALID_KERNEL),
    ZIPML_CL_NAME(CL_INVALID_ARG_INDEX),
    ZIPML_CL_NAME(CL_INVALID_ARG_VALUE),
    ZIPML_CL_NAME(CL_INVALID_ARG_SIZE),
    ZIPML_CL_NAME(CL_INVALID_KERNEL_ARGS),
    ZIPML_CL_NAME(CL_INVALID_WORK_DIMENSION),
    ZIPML_CL_NAME(CL_INVALID_WORK_GROUP_SIZE),
    ZIPML_CL_NAME(CL_INVALID_WORK_ITEM_SIZE),
    ZIPML_CL_NAME(CL_INVALID_GLOBAL_OFFSET),
    ZIPML_CL_NAME(CL_INVALID_EVENT_WAIT_LIST),
    ZIPML_CL_NAME(CL_INVALID_EVENT),
    ZIPML_CL_NAME(CL_INVALID_OPERATION),
    ZIPML_CL_NAME(CL_INVALID_BUFFER_SIZE),
    ZIPML_CL_NAME(CL_INVALID_GLOBAL_WORK_SIZE),
    ZIPML_CL_NAME(CL_INVALID_PROPERTY),
    ZIPML_CL_NAME(CL_INVALID_COMPILER_OPTIONS),
    ZIPML_CL_NAME(CL_INVALID_LINKER_OPTIONS),
    {-1001, "CL_PLATFORM_NOT_FOUND_KHR"},
};
#undef ZIPML_CL_NAME

/// The first line of a compiler's log that names an error, or else its first line.
std::string firstError(const std::string& log) {
    std::istringstream lines(log);
    std::string first;
    for (std::string line; std::getline(lines, line);) {
        if (line.find("error") != std::string::npos)
            return line;
        if (first.empty())
            first = line;
    }
    return first;
}

} // namespace

std::string openClErrorName(cl_int code) {
    for (const Name& each : kNames)
        if (each.code == code)
            return each.name;
    return "OpenCL error " + std::to_string(code);
}

OpenClError::OpenClError(const std::string& doing, cl_int code, std::string log)
    : RunError("cannot " + doing + ": " + openClErrorName(code) +
               (log.empty() ? std::string{} : ": " + firstError(log))),
      code_(code), log_(std::move(log)) {}

} // namespace zipml
