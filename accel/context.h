#pragma once
/// A device with what it takes to work on it: one context, one in-order queue that takes times.

#include "accel/device_list.h"
#include "accel/error.h"

#include <chrono>

namespace zipml {

struct ComputeContext {
    /// @throws OpenClError
    explicit ComputeContext(const OpenClDevice& device);

    OpenClDevice info;
    cl::Context context;
    cl::CommandQueue queue;
};

/// Time that the device spent on a finished command.
/// @throws OpenClError where the queue takes no times
std::chrono::nanoseconds deviceTime(const cl::Event& event);

} // namespace zipml
