#include "accel/context.h"

namespace zipml {

ComputeContext::ComputeContext(const OpenClDevice& device) : info(device) {
    openCl("open " + device.name, [&] {
        context = cl::Context(device.device);
        queue = cl::CommandQueue(context, device.device, CL_QUEUE_PROFILING_ENABLE);
    });
}

std::chrono::nanoseconds deviceTime(const cl::Event& event) {
    return openCl("read a command's times", [&] {
        return std::chrono::nanoseconds(event.getProfilingInfo<CL_PROFILING_COMMAND_END>() -
                                        event.getProfilingInfo<CL_PROFILING_COMMAND_START>());
    });
}

} // namespace zipml
