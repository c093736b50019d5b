#pragma once
/// The pipeline of each design against the scalar reference, bit for bit.

#include "accel/fpga/device.h"
#include "accel/self_test.h"

namespace zipml {

/// All designs that the device runs; on a board those whose images are there.
/// @param onResult hears of each design
std::vector<SelfTestResult> fpgaSelfTest(const ComputeContext& context, const FpgaDevice& device,
                                         const SelfTestOptions& options,
                                         const std::function<void(const SelfTestResult&)>& onResult = {});

} // namespace zipml
