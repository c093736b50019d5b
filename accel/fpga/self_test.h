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

/// Trains a few rows through the pipeline and by its design's reference. @return how they differ, naming the
/// design that the pipeline computes as where it is another one; empty: they do not. Its rows are then those.
/// @throws OpenClError
std::string fpgaDesignMismatch(FpgaPipeline& pipeline);

} // namespace zipml
