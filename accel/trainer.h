#pragma once
/// Training on an OpenCL device: rows, codes and model stay there for the whole run; the host enqueues
/// batches and reads one small record and the model an epoch.

#include "accel/accel.h"
#include "accel/context.h"

namespace zipml {

/// The store's bytes, built on the device; for tests and self-tests. Uniform grids.
std::vector<unsigned char> quantizeOnDevice(const ComputeContext& context, const Dataset& data,
                                            std::span<const Grid> grids, const StoreOptions& options,
                                            std::uint32_t epoch);

/// @param context outlives the result. @throws InputError where the task breaks a rule (opencl_rules.h)
std::unique_ptr<DeviceTrainer> makeOpenClTrainer(const ComputeContext& context, const DeviceTask& task);

} // namespace zipml
