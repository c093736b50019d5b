#pragma once
/// The rules of runs on OpenCL devices.

#include "core/lab/rules.h"

namespace zipml {

struct DeviceTask;

/// Of a run with device opencl:I.
std::span<const Rule> openClRules();
/// @throws InputError where a task breaks one of them, for callers that come with no run.
void requireOpenClGoes(const DeviceTask& task);

} // namespace zipml
