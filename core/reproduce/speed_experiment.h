#pragma once
/// Low precision against float32 on this machine: the 6.5 times that were published for an FPGA.

#include "core/reproduce/experiment.h"

namespace zipml {

/// Seconds of training until the loss is full precision's, within 1%, for every width.
std::unique_ptr<Experiment> convergenceExperiment();
/// Samples' values visited a second, for every store width.
std::unique_ptr<Experiment> throughputExperiment();

} // namespace zipml
