#pragma once
/// A device with what it takes to work on it: one context, one in-order queue that takes times.

#include "accel/device_list.h"
#include "accel/error.h"

#include <chrono>
#include <map>
#include <string>

namespace zipml {

struct ComputeContext {
    /// @throws OpenClError
    explicit ComputeContext(const OpenClDevice& device);

    /// `items` independent work-items: on a CPU each is a group of its own, for a thread; elsewhere they
    /// share groups, and the last one may be padded with items that the kernel must leave idle.
    void enqueue(const cl::Kernel& kernel, std::size_t items) const;
    void enqueueGroups(const cl::Kernel& kernel, std::size_t groups, std::size_t groupItems) const;

    OpenClDevice info;
    cl::Context context;
    cl::CommandQueue queue;
    mutable std::map<std::string, cl::Program> programs; ///< built so far, by options and source
};

/// Time that the device spent on a finished command.
/// @throws OpenClError where the queue takes no times
std::chrono::nanoseconds deviceTime(const cl::Event& event);

} // namespace zipml
