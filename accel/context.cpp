#include "accel/context.h"

namespace zipml {

ComputeContext::ComputeContext(const OpenClDevice& device) : info(device) {
    openCl("open " + device.name, [&] {
        context = cl::Context(device.device);
        queue = cl::CommandQueue(context, device.device, CL_QUEUE_PROFILING_ENABLE);
    });
}

void ComputeContext::enqueue(const cl::Kernel& kernel, std::size_t items) const {
    constexpr std::size_t kWarp = 32;
    const std::size_t group = info.type == "cpu" ? 1 : kWarp;
    queue.enqueueNDRangeKernel(kernel, cl::NullRange, cl::NDRange((items + group - 1) / group * group),
                               cl::NDRange(group));
}

void ComputeContext::enqueueGroups(const cl::Kernel& kernel, std::size_t groups,
                                   std::size_t groupItems) const {
    queue.enqueueNDRangeKernel(kernel, cl::NullRange, cl::NDRange(groups * groupItems),
                               cl::NDRange(groupItems));
}

std::chrono::nanoseconds deviceTime(const cl::Event& event) {
    return openCl("read a command's times", [&] {
        return std::chrono::nanoseconds(event.getProfilingInfo<CL_PROFILING_COMMAND_END>() -
                                        event.getProfilingInfo<CL_PROFILING_COMMAND_START>());
    });
}

} // namespace zipml
