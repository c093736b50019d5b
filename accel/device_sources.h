#pragma once
/// OpenCL devices, those of the FPGA pipeline, and predicted FPGA boards as the lab's window shows them
/// (core/bench/device_report.h).

#include "core/bench/device_report.h"

namespace zipml {

/// Measuring runs the self-test and some epochs of 256 MB on all of the device.
std::shared_ptr<DeviceSource> openClSource();

/// What the FPGA pipeline runs on (accel/fpga/device.h): measuring holds each design against the reference.
std::shared_ptr<DeviceSource> fpgaSource();

/// Boards of accel/fpga/pipeline_model.h, by formula: there is nothing to measure.
std::shared_ptr<DeviceSource> fpgaBoardSource();

} // namespace zipml
