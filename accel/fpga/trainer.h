#pragma once
/// Training through the FPGA pipeline, in its own arithmetic (reference.h): the lines stay on the device for
/// the whole run, or are sent anew where samples are rounded each epoch; the host sends and reads the model
/// alone, once an epoch. Losses are those of the unquantized rows, computed by the host.

#include "accel/accel.h"
#include "accel/fpga/device.h"

namespace zipml {

/// Rows as lines: the constant 1 of the intercept first, labels divided by 2^labelShift.
/// @param epoch keys the roundings. @param labelShift as of fpgaLabelShift
FpgaLines linesOf(const FpgaDesign& design, const Dataset& data, bool intercept, int labelShift,
                  std::uint64_t seed, std::uint32_t epoch);

/// @param pipeline of the design of fpgaDesignFor. @param device its name, for people
/// @param task what it refers to, and the context of the pipeline, outlive the result
std::unique_ptr<DeviceTrainer> makeFpgaTrainer(FpgaPipeline pipeline, const std::string& device,
                                               const DeviceTask& task);

} // namespace zipml
